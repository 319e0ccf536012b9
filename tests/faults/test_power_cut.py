"""Power cuts: a few in every run, hundreds in `make faults`."""

from collections.abc import Callable

import pytest

from tests.faults import shim, volume
from tests.faults.power_cut import Plan, cut_power
from tests.parts.requirements import need

pytestmark = pytest.mark.faults

Tell = Callable[[object], None]


@pytest.mark.parametrize(("kind", "few", "many"), [("ext4", 10, 300), ("xfs", 5, 100)])
def test_no_answered_capture_is_lost(
    kind: str, few: int, many: int, full: bool, tell: Tell
) -> None:
    cuts = many if full else few
    lacking = volume.missing(kind)
    need(lacking is None, f"power cuts: {lacking}")
    figures = cut_power(Plan(kind, cuts=cuts, seed=2), print)
    tell(figures)
    assert not figures.faults, "\n".join(map(str, figures.faults))
    assert figures.cuts >= cuts
    assert figures.answered >= 10 * cuts


@pytest.mark.parametrize("step", shim.STEPS)
def test_step_left_out_is_found(step: str, ext4: None, tell: Tell) -> None:
    lacking = shim.missing()
    need(lacking is None, f"leaving {step} out: {lacking}")
    plan = Plan("ext4", cuts=30, seed=3, leave_out=step, until_first_loss=True)
    figures = cut_power(plan, print)
    tell(figures)
    assert figures.lost, f"{figures}: this harness would not notice"
