"""The one reader of time."""

import time
from datetime import UTC, datetime

import pytest

from kiosk_appliance.clock import CREDIBLE_FROM_MS, Clock, rfc3339
from tests.parts.clocks import NOON_MS, SetClock


def test_wall_and_monotonic_time_in_milliseconds() -> None:
    clock = Clock()
    assert abs(clock.now_ms() - time.time() * 1000) < 1_000
    first = clock.monotonic_ms()
    assert first <= clock.monotonic_ms() < first + 1_000
    assert Clock().boot == clock.boot, "one boot, one name"


@pytest.mark.parametrize(
    ("now", "credible"),
    [(0, False), (CREDIBLE_FROM_MS - 1, False), (CREDIBLE_FROM_MS, True), (NOON_MS, True)],
)
def test_a_date_before_this_program_is_a_flat_batterys(now: int, credible: bool) -> None:
    assert SetClock(now=now).is_credible() is credible


@pytest.mark.parametrize("milliseconds", [0, 1, 999, NOON_MS, NOON_MS + 123, 4_102_444_800_001])
def test_rfc3339_has_milliseconds_and_reads_back(milliseconds: int) -> None:
    text = rfc3339(milliseconds)
    assert text.endswith("Z")
    assert len(text) == 24
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo == UTC
    assert round(moment.timestamp() * 1000) == milliseconds
