"""A dead provider shows although nobody sends anything."""

import asyncio
import time
from pathlib import Path

import pytest

from kiosk_appliance.core.lookout import Lookout
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import NotSent, Throttled, Transient
from tests.parts.lanes import World, defaults, play

DEAD = Transient("There was no answer.")


def lookout(at: World, folder: Path, name: str = "storage") -> Lookout:
    settings = defaults(folder)
    return Lookout(name, lambda: settings, at.lanes.get, at.clock)


def test_an_idle_lane_is_looked_at_each_check_interval(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        look = lookout(at, tmp_path).look
        await look()
        began = at.storage.probes
        for _ in range(600):
            at.clock.pass_ms(1_000)
            await look()
        assert at.storage.probes - began == 10
        assert at.replay.online()

    play(tmp_path, work)


def test_an_idle_kiosk_learns_that_its_network_is_gone(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        look = lookout(at, tmp_path).look
        at.storage.on_probe = lambda: NotSent("No network.")
        at.clock.pass_ms(60_000)
        await look()
        assert not at.replay.online()
        asked = at.storage.probes
        at.clock.pass_ms(3_600_000)
        await look()
        assert at.storage.probes == asked, "an open circuit is its lane's to probe"

    play(tmp_path, work)


def test_a_dead_provider_shows_within_90_s_of_the_first_failed_attempt(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        at.storage.on_deliver = lambda _: DEAD
        at.storage.on_probe = lambda: DEAD
        look = lookout(at, tmp_path).look
        await look()
        await at.failed((await at.add()).upload)
        failed_at, slow_ms = at.clock.mono, 35_000
        while at.replay.online():
            assert at.clock.mono - failed_at < 90_000
            at.clock.pass_ms(2_000)
            asked = at.storage.probes
            await look()
            at.clock.pass_ms(slow_ms * (at.storage.probes - asked))

    play(tmp_path, work)


def test_a_look_leaves_calls_under_way_alone(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        at.storage.gate.clear()
        await at.add()
        at.replay.wake()
        deadline = time.monotonic() + 30
        while not at.storage.delivered:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        asked = at.storage.probes
        at.clock.pass_ms(120_000)
        await lookout(at, tmp_path).look()
        assert at.storage.probes == asked

    play(tmp_path, work)


@pytest.mark.parametrize("outcome", [DEAD, Throttled("Slow down.", 600.0)])
def test_one_bad_look_alone_is_no_outage(tmp_path: Path, outcome: Transient | Throttled) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        look = lookout(at, tmp_path).look
        at.storage.on_probe = lambda: outcome
        at.clock.pass_ms(60_000)
        await look()
        await look()
        assert at.replay.online()
        assert at.storage.probes == 2, "the start's, and one look"

    play(tmp_path, work)


def test_doubt_is_followed_up_no_later_than_the_interval() -> None:
    circuit = Circuit(4)
    circuit.faltered(0, "Cut.")
    assert not circuit.check_due(999, 1_000)
    assert circuit.check_due(1_000, 1_000)
    assert not circuit.check_due(4_999, 60_000)
    assert circuit.check_due(5_000, 60_000)
