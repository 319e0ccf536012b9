"""The one reader of time: what moves UTC, and what does not."""

import time
from datetime import UTC, datetime

import pytest

from kiosk_appliance.clock import FLOOR, KERNEL, SYSTEM, Clock, Reckoning, rfc3339
from tests.parts.clocks import NOON_MS, SetClock

SECOND, HOUR = 1_000, 3_600_000
YEAR = 365 * 24 * HOUR
STEPS = (-10 * YEAR, -HOUR, HOUR, 10 * YEAR, 50 * YEAR)


def test_utc_and_monotonic_time_in_milliseconds() -> None:
    clock = Clock()
    assert abs(clock.now_ms() - time.time() * 1000) < 1_000
    assert abs(clock.wall_ms() - time.time() * 1000) < 1_000
    first = clock.monotonic_ms()
    assert first <= clock.monotonic_ms() < first + 1_000
    assert Clock().boot == clock.boot, "one boot, one name"
    assert clock.kernel_is_synchronised() in {True, False}


@pytest.mark.parametrize(
    ("now", "credible"),
    [
        (0, False),
        (NOON_MS - YEAR, False),
        (NOON_MS, True),
        (NOON_MS + 10 * YEAR, False),
        (NOON_MS + 50 * YEAR, False),
    ],
)
def test_only_a_date_of_this_programs_days_is_credible(now: int, credible: bool) -> None:
    clock = SetClock(now=now)
    clock.look()
    assert clock.is_credible() is credible
    assert not clock.is_trusted()


@pytest.mark.parametrize("step", STEPS)
def test_a_step_of_the_system_moves_nothing_once_a_provider_has_spoken(step: int) -> None:
    clock = SetClock()
    clock.learn(NOON_MS, "OVH", 40)
    clock.pass_ms(5 * SECOND)
    clock.synchronised = True
    clock.step(step)
    assert (clock.now_ms(), clock.off_by_ms()) == (NOON_MS + 5 * SECOND, step)
    assert clock.stamp().dated


@pytest.mark.parametrize(
    ("step", "followed"),
    [(-10 * YEAR, False), (-HOUR, True), (HOUR, True), (10 * YEAR, False), (50 * YEAR, False)],
)
def test_without_a_word_a_step_is_followed_only_to_where_it_can_be_right(
    step: int, followed: bool
) -> None:
    clock = SetClock()
    clock.step(step)
    assert clock.now_ms() == NOON_MS + step * followed
    assert clock.is_credible()
    assert not clock.stamp().dated


def test_the_kernel_is_believed_while_it_vouches_for_its_clock() -> None:
    clock = SetClock()
    clock.synchronised = True
    clock.look()
    assert clock.reckoning == Reckoning(NOON_MS - clock.mono, KERNEL)
    clock.synchronised = False
    clock.step(HOUR)
    assert clock.now_ms() == NOON_MS, "somebody set it by hand"
    clock.synchronised = True
    clock.look()
    assert clock.now_ms() == NOON_MS + HOUR, "the time service corrected it"
    clock.step(50 * YEAR)
    assert clock.now_ms() == NOON_MS + HOUR, "no time service is fifty years off"


@pytest.mark.parametrize("wall", [0, NOON_MS - YEAR, NOON_MS + 50 * YEAR])
def test_a_provider_corrects_whatever_the_clock_began_with(wall: int) -> None:
    clock = SetClock(now=wall)
    clock.learn(NOON_MS, "OVH", 400)
    assert clock.now_ms() == NOON_MS + 200
    assert clock.reckoning.source == "OVH"


def test_time_does_not_jitter_between_sources() -> None:
    clock = SetClock()
    for source, off, took in (
        ("OVH", -1_900, 0),
        ("the storage", 1_500, 200),
        ("OVH", 4_000, 4_200),
    ):
        clock.learn(NOON_MS + off - took // 2, source, took)
        assert clock.now_ms() == NOON_MS
    assert clock.reckoning.source == "OVH", "the first who spoke"


def test_two_providers_that_disagree_do_not_swing_time_to_and_fro() -> None:
    clock = SetClock()
    clock.learn(NOON_MS + HOUR, "OVH")
    clock.learn(NOON_MS, "the storage")
    assert clock.now_ms() == NOON_MS + HOUR
    clock.learn(NOON_MS + 2 * HOUR, "OVH")
    assert clock.now_ms() == NOON_MS + 2 * HOUR, "the same one may correct itself"
    clock.pass_ms(600 * SECOND)
    clock.learn(NOON_MS, "the storage")
    assert clock.now_ms() == NOON_MS, "after a long silence"


@pytest.mark.parametrize("utc", [0, NOON_MS - YEAR, NOON_MS + 200 * YEAR, 999_999_999_999_000])
def test_a_word_that_can_not_be_right_is_none(utc: int) -> None:
    clock = SetClock()
    clock.learn(utc, "OVH")
    clock.learn(NOON_MS + HOUR, "OVH", took_ms=10_001)
    assert clock.reckoning == Reckoning(NOON_MS - clock.mono, SYSTEM)


@pytest.mark.parametrize("wall", [0, NOON_MS - HOUR, NOON_MS + 50 * YEAR])
def test_the_last_known_time_goes_on_where_the_clock_is_wrong(wall: int) -> None:
    clock = SetClock(now=wall)
    clock.not_before(NOON_MS - clock.mono)
    clock.look()
    clock.pass_ms(HOUR)
    clock.look()
    assert (clock.now_ms(), clock.reckoning.source) == (NOON_MS + HOUR, FLOOR)
    assert not clock.is_credible()
    clock.now = NOON_MS + 2 * HOUR
    clock.look()
    assert (clock.now_ms(), clock.is_credible()) == (clock.now, True), "an operator has set it"


def test_what_an_earlier_run_was_told_in_this_boot_holds_unless_there_is_news() -> None:
    told = Reckoning(NOON_MS + HOUR, "OVH")
    clock = SetClock()
    clock.resume(told)
    assert clock.reckoning == told
    clock = SetClock()
    clock.learn(NOON_MS, "the storage")
    clock.resume(told)
    assert clock.now_ms() == NOON_MS


@pytest.mark.parametrize("milliseconds", [0, 1, 999, NOON_MS, NOON_MS + 123, 4_102_444_800_001])
def test_rfc3339_has_milliseconds_and_reads_back(milliseconds: int) -> None:
    text = rfc3339(milliseconds)
    assert text.endswith("Z")
    assert len(text) == 24
    moment = datetime.fromisoformat(text)
    assert moment.tzinfo == UTC
    assert round(moment.timestamp() * 1000) == milliseconds
