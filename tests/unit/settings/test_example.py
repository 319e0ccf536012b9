"""kiosk.toml.example: the committed file is the rendered one, and each key of it works."""

import re
from pathlib import Path

import pytest

from kiosk_appliance.settings import load
from kiosk_appliance.settings.declarations import DECLARATIONS, Settings
from kiosk_appliance.settings.example import render_example

_COMMITTED = Path(__file__).parents[3] / "kiosk.toml.example"


def test_the_committed_example_is_the_rendered_one() -> None:
    assert _COMMITTED.read_text(encoding="utf-8") == render_example()


def test_the_example_as_it_stands_is_the_defaults(tmp_path: Path) -> None:
    file = tmp_path / "kiosk.toml"
    file.write_text(render_example(), encoding="utf-8")
    loaded = load(file, {})
    assert set(loaded.origins.values()) == {"default"}
    assert loaded.notes == []


def test_the_example_with_every_key_uncommented_is_the_defaults_too(tmp_path: Path) -> None:
    text = re.sub(r"^# ([a-z_]+ = )", r"\1", render_example(), flags=re.MULTILINE)
    secret = tmp_path / "secret"
    secret.write_text("postgresql://u:p@db.example/kiosk\n", encoding="utf-8")
    secret.chmod(0o600)
    text = re.sub(r'_file = "[^"]*"', f'_file = "{secret}"', text)
    file = tmp_path / "kiosk.toml"
    file.write_text(text, encoding="utf-8")
    loaded = load(file, {})
    assert set(loaded.origins.values()) == {"kiosk.toml"}
    plain = Settings()
    for key, declaration in DECLARATIONS.items():
        value = getattr(getattr(loaded.settings, declaration.table), declaration.name)
        if declaration.terms.default is None:
            assert value is not None
        elif key != "kiosk.data_dir":
            assert value == getattr(getattr(plain, declaration.table), declaration.name)


@pytest.mark.parametrize("line", render_example().splitlines())
def test_every_line_fits_a_screen(line: str) -> None:
    assert len(line) <= 100
