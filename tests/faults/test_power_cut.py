"""Power cuts at a size for every run; `make faults` has the full one."""

import pytest

from tests.faults import shim
from tests.faults.power_cut import Plan, cut_power
from tests.parts.requirements import need

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]


def test_no_answered_capture_is_lost(ext4: None) -> None:
    figures = cut_power(Plan("ext4", cuts=20, seed=2), print)
    assert not figures.faults, "\n".join(map(str, figures.faults))
    assert figures.cuts >= 20
    assert figures.answered >= 200


@pytest.mark.parametrize("step", shim.STEPS)
def test_step_left_out_is_found(step: str, ext4: None) -> None:
    lacking = shim.missing()
    need(lacking is None, f"leaving {step} out: {lacking}")
    plan = Plan("ext4", cuts=30, seed=3, leave_out=step, until_first_loss=True)
    figures = cut_power(plan, print)
    assert figures.lost, f"{figures}: this harness would not notice"
