"""What the figures of a disk mean: the marks, their shares of a small disk, and the reserve."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.space import LEAST_FILES, Figures, Marks, Standing, marks_on
from kiosk_appliance.settings.declarations import Disk

MB, GB = 1 << 20, 1 << 30
MARKS = Marks(warn_below=2000 * MB, refuse_below=500 * MB, reserve=64 * MB)


def standing(free: int, held: int = 64 * MB, files: int | None = None) -> Standing:
    return MARKS.standing(Figures(8 * GB, free, files), held)


def test_each_mark_begins_below_its_figure() -> None:
    assert standing(2000 * MB) is Standing.ROOM
    assert standing(2000 * MB - 1) is Standing.LOW
    assert standing(500 * MB) is Standing.LOW
    assert standing(500 * MB - 1) is Standing.SHORT


def test_what_is_missing_of_the_reserve_is_no_room_for_photos() -> None:
    assert standing(520 * MB, held=44 * MB) is Standing.LOW
    assert standing(520 * MB - 1, held=44 * MB) is Standing.SHORT
    assert standing(563 * MB, held=0) is Standing.SHORT


def test_a_disk_that_takes_no_more_files_is_short_whatever_is_free() -> None:
    assert standing(4 * GB, files=LEAST_FILES) is Standing.ROOM
    assert standing(4 * GB, files=LEAST_FILES - 1) is Standing.SHORT


@given(st.integers(32 * MB, 10_000 * GB))
def test_no_empty_disk_locks_itself_out_by_the_defaults(total: int) -> None:
    marks = marks_on(total, Disk())
    empty = Figures(total, total - total // 10, None)
    assert marks.standing(empty, held=0) is not Standing.SHORT
    assert marks.refuse_below <= 500 * MB
    assert marks.reserve <= 64 * MB


def test_an_8_gb_disk_has_the_defaults_as_they_are_written() -> None:
    marks = marks_on(8 * GB, Disk())
    assert (marks.warn_below, marks.refuse_below, marks.reserve) == (2 * GB, 500 * MB, 64 * MB)


def test_what_somebody_has_set_holds_on_any_disk() -> None:
    marks = marks_on(128 * MB, Disk(warn_below=GB, refuse_below=100 * GB, reserve=65 * MB))
    assert (marks.warn_below, marks.refuse_below, marks.reserve) == (GB, 100 * GB, 65 * MB)


@given(free=st.integers(0, 8 * GB), held=st.integers(0, 64 * MB), given=st.integers(0, 64 * MB))
def test_no_slice_that_the_database_is_given_makes_room_for_a_photo(
    free: int, held: int, given: int
) -> None:
    given = min(given, held)
    if standing(free, held) is Standing.SHORT:
        assert standing(free + given, held - given) is Standing.SHORT
