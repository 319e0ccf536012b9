"""Which copy a start takes in place of a broken kiosk.toml, and when it takes none."""

from contextlib import chdir
from pathlib import Path

import pytest

from kiosk_appliance.errors import SettingsInvalid
from kiosk_appliance.settings import Loaded, MistakesFound, load
from kiosk_appliance.settings.last_good import NAME, load_last_good

GOOD = '[kiosk]\nname = "good"\ndata_dir = "{}"\n'


def keep(folder: Path, text: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / NAME).write_text(text, encoding="utf-8")


def started(file: Path, environ: dict[str, str] | None = None) -> Loaded:
    with pytest.raises(MistakesFound) as broken:
        load(file, environ or {})
    loaded = load_last_good(file, environ or {}, broken.value)
    assert loaded.in_place_of is broken.value
    return loaded


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "kiosk.toml"


@pytest.mark.parametrize(
    ("broken", "told_by_the_unit"),
    [
        (b'[kiosk]\ndata_dir = "data"\nnam = "x"\n', False),
        (b'[kiosk]\nname = "x\ndata_dir = "data"\n[gest]\n', False),
        (b'[kiosk\ndata_dir = "data"\n', False),
        (b'[kiosk]\ndata_dir = "data\n', True),
        (b"[kiosk]\ndata_dir = 7\n", True),
        (b'[[kiosk]]\ndata_dir = "elsewhere"\n', True),
        (b'[kiosk]\ndata_dir = "moved"\nnam = "x"\n', True),
        (bytes(500), True),
        (b"\xff\xfe[kiosk]", True),
        (b"nonsense", True),
    ],
)
def test_it_is_found_where_the_file_still_says_or_else_where_the_unit_does(
    file: Path, broken: bytes, told_by_the_unit: bool
) -> None:
    data = file.parent / "data"
    keep(data, GOOD.format("data"))
    file.write_bytes(broken)
    environ = {"STATE_DIRECTORY": f"/nowhere:{data}"} if told_by_the_unit else {}
    loaded = started(file, environ)
    assert (loaded.settings.kiosk.name, loaded.settings.kiosk.data_dir) == ("good", data)
    assert loaded.source == file
    if told_by_the_unit:
        with pytest.raises(MistakesFound):
            started(file)


def test_without_a_word_on_the_data_it_lies_where_the_default_is(file: Path) -> None:
    keep(file.parent / "var", '[kiosk]\nname = "good"\n')
    file.write_text("[gest]\n", encoding="utf-8")
    assert started(file).settings.kiosk.name == "good"


def test_the_copy_of_another_kiosk_is_not_taken(file: Path) -> None:
    keep(file.parent / "data", GOOD.format("elsewhere"))
    file.write_text('[kiosk]\ndata_dir = "data"\n[gest]\n', encoding="utf-8")
    with pytest.raises(MistakesFound, match="gest"):
        started(file)


def test_a_copy_that_is_no_good_any_more_is_told_too(file: Path) -> None:
    keep(file.parent / "data", GOOD.format("data") + '[admin]\npassword_file = "gone"\n')
    file.write_text('[kiosk]\ndata_dir = "data"\n[gest]\n', encoding="utf-8")
    with pytest.raises(SettingsInvalid) as both:
        started(file)
    assert "gest" in both.value.detail
    assert f"there is no file {file.parent / 'gone'}" in both.value.detail


def test_without_a_file_there_is_no_copy_of_it(tmp_path: Path) -> None:
    error = SettingsInvalid("a credential is no good")
    with chdir(tmp_path), pytest.raises(SettingsInvalid, match="credential"):
        load_last_good(None, {}, error)
