"""Each row is somebody's, once, and what goes wrong in either thread is heard."""

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.imaging import strips


@given(st.integers(1, 2000))
def test_each_row_is_done_once(height: int) -> None:
    done = np.zeros(height, np.uint8)

    def work(rows: slice) -> None:
        assert 0 < len(done[rows]) <= strips.ROWS
        done[rows] += 1

    strips.by_two(height, work)
    assert (done == 1).all()


def test_two_work_on_it_at_a_time() -> None:
    together = threading.Barrier(2, timeout=30)

    def work(_: slice) -> None:
        together.wait()

    strips.by_two(4 * strips.ROWS, work)


@pytest.mark.parametrize("nth", range(3))
def test_what_one_raises_is_raised(nth: int) -> None:
    def work(rows: slice) -> None:
        if rows.start == nth * strips.ROWS:
            raise MemoryError

    with pytest.raises(MemoryError):
        strips.by_two(3 * strips.ROWS, work)
