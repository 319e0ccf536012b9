"""The reserve's file: really allocated, given back in slices, never half made."""

import resource
import stat
from pathlib import Path

import pytest

from kiosk_appliance.store.reserve import Reserve

MB = 1 << 20


def test_a_reserve_is_allocated_and_its_owner_s_alone(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve")
    assert reserve.held() == 0
    reserve.make(MB)
    found = (tmp_path / "reserve").stat()
    assert (reserve.held(), found.st_size) == (MB, MB)
    assert found.st_blocks * 512 >= MB
    assert stat.S_IMODE(found.st_mode) == 0o600


def test_bytes_that_are_only_promised_are_not_held(tmp_path: Path) -> None:
    with (tmp_path / "reserve").open("wb") as file:
        file.truncate(MB)
    reserve = Reserve(tmp_path / "reserve")
    assert reserve.held() == 0
    reserve.make(MB)
    assert reserve.held() == MB


def test_slice_after_slice_is_given_back_until_nothing_is_left(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve")
    reserve.make(MB)
    held = [MB]
    while reserve.give():
        held.append(reserve.held())
    assert held == sorted(held, reverse=True)
    assert held[-1] == 0
    assert len(held) > 2


def test_another_size_takes_the_place_of_the_first(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve")
    for size in (MB, 3 * MB, 2 * MB):
        reserve.make(size)
        assert reserve.held() == size
    reserve.make(0)
    assert not (tmp_path / "reserve").exists()


def test_a_reserve_that_can_not_be_made_leaves_nothing(tmp_path: Path) -> None:
    reserve = Reserve(tmp_path / "reserve")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MB, hard))
    try:
        with pytest.raises(OSError, match="File too large"):
            reserve.make(2 * MB)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert not (tmp_path / "reserve").exists()


def test_the_figures_are_those_of_the_file_system(tmp_path: Path) -> None:
    figures = Reserve(tmp_path / "reserve").figures()
    assert 0 < figures.free < figures.total
    with pytest.raises(OSError, match="No such file"):
        Reserve(tmp_path / "nothing" / "reserve").figures()
