"""The circuit of one channel, in invented time."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.circuit import Circuit, Position

JITTER = st.floats(0, 1, exclude_min=True)
FAILURE = st.sampled_from(("unreachable", "pause", "faltered"))


def opened(at: int = 0) -> Circuit:
    circuit = Circuit(4)
    circuit.unreachable(at, "No network.")
    return circuit


def wait_after(circuit: Circuit, now: int) -> int:
    """Return in how many milliseconds the next probe is due."""
    step = 0
    while not circuit.probe_due(now + step):
        step += 1_000 if not circuit.probe_due(now + step + 1_000) else 1
    return step


def test_a_start_is_slow() -> None:
    circuit = Circuit(4)
    allowed = []
    for _ in range(4):
        allowed.append(circuit.allowance(0))
        circuit.succeeded()
    assert allowed == [1, 2, 4, 4]


def test_an_outage_makes_the_start_slow_again() -> None:
    circuit = Circuit(4)
    for _ in range(3):
        circuit.succeeded()
    circuit.unreachable(1_000, "No network.")
    assert circuit.allowance(1_000) == 0
    circuit.succeeded()
    assert (circuit.position, circuit.reason, circuit.allowance(1_000)) == (Position.CLOSED, "", 1)


def test_one_unreachable_provider_opens_at_once() -> None:
    circuit = opened(7_000)
    assert circuit.position is Position.OPEN
    assert circuit.reason == "No network."
    assert circuit.since_ms == 7_000


def test_three_halfway_failures_in_a_row_open_and_fewer_do_not() -> None:
    circuit = Circuit(4)
    for _ in range(2):
        circuit.faltered(0, "Cut.")
    assert circuit.position is Position.CLOSED
    circuit.succeeded()
    for _ in range(2):
        circuit.faltered(0, "Cut.")
    assert circuit.position is Position.CLOSED
    circuit.faltered(0, "Cut.")
    assert circuit.position is Position.OPEN


def test_one_slow_transfer_alone_degrades_nothing() -> None:
    circuit = Circuit(4)
    for _ in range(3):
        circuit.succeeded()
    circuit.faltered(0, "Too slow.")
    assert (circuit.position, circuit.allowance(0)) == (Position.CLOSED, 4)


@given(steps=st.lists(st.tuples(FAILURE, JITTER, st.integers(0, 40_000)), min_size=1, max_size=80))
def test_the_wait_is_never_longer_than_a_quarter_of_the_outage(
    steps: list[tuple[str, float, int]],
) -> None:
    circuit, now = opened(), 0
    for failure, jitter, late in steps:
        now += wait_after(circuit, now) + late
        getattr(circuit, failure)(now, "Down.", jitter)
        assert not circuit.probe_due(now), "the next probe must wait"
        wait = wait_after(circuit, now)
        outage = now - circuit.since_ms
        assert 2_000 <= wait <= min(max(outage / 4, 2_000), 300_000)
        assert circuit.allowance(now) == 0


@pytest.mark.parametrize("seed", range(20))
def test_three_days_offline_cost_fewer_than_900_probes(seed: int) -> None:
    dice, circuit, now, probes = random.Random(seed), opened(), 0, 0
    while now < 72 * 3600 * 1000:
        # the scheduler looks each second
        now += 1_000
        if circuit.probe_due(now):
            circuit.unreachable(now, "No network.", 1 - dice.random())
            probes += 1
    assert probes < 900


@given(now=st.integers(0, 10**9))
def test_a_wake_makes_the_probe_due(now: int) -> None:
    circuit = opened(now)
    assert not circuit.probe_due(now)
    circuit.wake(now)
    assert circuit.probe_due(now)


def test_a_closed_circuit_is_never_probed() -> None:
    assert not Circuit(4).probe_due(10**12)


@given(wait_s=st.floats(0, 1e9), jitter=JITTER)
def test_a_throttle_is_held_at_most_fifteen_minutes(wait_s: float, jitter: float) -> None:
    circuit = Circuit(4)
    circuit.succeeded()
    circuit.hold(1_000, wait_s)
    held = min(round(wait_s * 1000), 900_000)
    if held:
        assert circuit.allowance(1_000 + held - 1) == 0
    assert circuit.allowance(1_000 + held) == 1
    assert circuit.position is Position.CLOSED


def test_a_negative_wait_holds_nothing() -> None:
    circuit = Circuit(4)
    circuit.hold(1_000, -5)
    assert circuit.allowance(1_000) == 1


def test_a_late_success_does_not_lift_the_providers_hold() -> None:
    circuit = Circuit(4)
    circuit.hold(0, 60)
    circuit.succeeded()
    assert circuit.allowance(59_999) == 0
    assert circuit.allowance(60_000) > 0


def test_a_probe_that_is_throttled_shows_that_the_provider_is_there() -> None:
    circuit = opened()
    circuit.hold(10_000, 60)
    assert circuit.position is Position.CLOSED
    assert not circuit.probe_due(10_000)
    assert circuit.allowance(69_999) == 0
    assert circuit.allowance(70_000) == 1


def test_a_throttled_probe_of_a_paused_lane_waits_and_keeps_the_reason() -> None:
    circuit = Circuit(1)
    circuit.pause(0, "No credit.")
    circuit.hold(10_000, 60)
    assert (circuit.position, circuit.reason) == (Position.PAUSED, "No credit.")
    assert not circuit.probe_due(69_999)
    assert circuit.probe_due(70_000)


def test_a_probe_that_falters_waits_like_any_other() -> None:
    circuit = opened()
    circuit.faltered(100_000, "500.", 1.0)
    assert not circuit.probe_due(100_000 + 24_999)
    assert circuit.probe_due(100_000 + 25_000)


def test_an_account_fault_after_an_outage_takes_the_place_of_its_reason() -> None:
    circuit = opened(1_000)
    circuit.pause(50_000, "No credit.")
    assert (circuit.position, circuit.reason) == (Position.PAUSED, "No credit.")
    assert circuit.since_ms == 1_000


def test_a_wake_leaves_the_pause_that_the_provider_asked_for() -> None:
    circuit = Circuit(4)
    circuit.hold(0, 60)
    circuit.wake(1_000)
    assert circuit.allowance(59_000) == 0
    assert circuit.allowance(60_000) == 1
