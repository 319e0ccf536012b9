"""Crashes at single writes: a few in every run, hundreds in `make faults`."""

from collections.abc import Callable

import pytest

from tests.faults import every_write, shim
from tests.faults.every_write import Plan, crash_at_writes
from tests.parts.requirements import need

pytestmark = pytest.mark.faults

Tell = Callable[[object], None]


@pytest.fixture(scope="module")
def fuse() -> None:
    lacking = every_write.missing()
    need(lacking is None, f"noting every write: {lacking}")


def test_no_answered_capture_is_lost_at_any_write(fuse: None, full: bool, tell: Tell) -> None:
    points = 500 if full else 40
    figures = crash_at_writes(Plan(points, seed=5), print)
    tell(figures)
    assert not figures.faults, "\n".join(map(str, figures.faults))
    assert figures.points == points
    assert figures.held >= 50 * points


def test_each_step_left_out_is_found(fuse: None, full: bool, tell: Tell) -> None:
    lacking = shim.missing()
    need(lacking is None, f"leaving steps out: {lacking}")
    # The one that is hardest to see; all of them are left out under power cuts in every run.
    for step in shim.STEPS if full else ("folder-fsync",):
        figures = crash_at_writes(Plan(200, seed=5, leave_out=step, until_first_loss=True), print)
        tell(f"{step}: {figures}")
        assert figures.lost, f"{step}: {figures}: this harness would not notice"
