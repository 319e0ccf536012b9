"""What makes a password good enough."""

import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.settings import MistakesFound, load
from kiosk_appliance.settings.passwords import weakness


@pytest.mark.parametrize(
    "password",
    ["correct horse battery", "Zürich—im—Regen", "changeme123!", "k9#tWq2!mzPa",
     "x" * 3 + "y" * 253],
)  # fmt: skip
def test_good_ones(password: str) -> None:
    assert weakness(password) is None


@pytest.mark.parametrize(
    "password",
    ["", "elevenchars", "password1234", "PassWord1234", "administrator", "123456789012",
     "210987654321", "abcdefghijkl", "aaaaaaaaaaaa", "motdepassemotdepasse", "qwertyuiop123",
     "x\ny" * 9, "half\ud800of a character", "x" * 128 + "y" * 129],
)  # fmt: skip
def test_poor_ones(password: str) -> None:
    assert weakness(password)


def test_length_counts_characters_not_how_they_are_written() -> None:
    assert weakness("e\u0301" * 11) is not None
    assert weakness("e\u0301te\u0301 a\u0300 la plage") is None


@given(st.text(max_size=300))
def test_what_is_too_short_or_too_long_is_never_good(password: str) -> None:
    problem = weakness(password)
    in_bounds = 12 <= len(unicodedata.normalize("NFC", password)) <= 256
    assert in_bounds or problem


def test_poor_password_file_is_a_mistake_that_shows_nothing(tmp_path: Path) -> None:
    (tmp_path / "password").write_text("password1234\n", encoding="utf-8")
    (tmp_path / "kiosk.toml").write_text('[admin]\npassword_file = "password"\n', encoding="utf-8")
    with pytest.raises(MistakesFound) as found:
        load(tmp_path / "kiosk.toml", {})
    assert "tried first" in found.value.detail
    assert "password1234" not in found.value.detail
