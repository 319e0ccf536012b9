"""Whoever watches is told what has changed, once, and holds nothing up."""

import asyncio
import gc
from typing import Any

import msgspec
import pytest

from kiosk_appliance.core.watching import MOST_WATCHERS, Watcher
from kiosk_appliance.domain.delivery import Cause
from kiosk_appliance.errors import DiskFailing, Unavailable
from tests.parts.loop import in_loop
from tests.parts.watched import Kiosk


async def told(watcher: Watcher) -> list[str]:
    news = await watcher.news(0)
    assert news is not None
    return [one.topic for one in news]


async def newest(watcher: Watcher, topic: str) -> Any:
    (one,) = (one for one in await watcher.news(0) or () if one.topic == topic)
    return msgspec.to_builtins(one.told)


def test_everything_comes_first_and_then_what_changes() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        watcher = await kiosk.watching.join()
        assert sorted(await told(watcher)) == ["connectivity", "health", "outbox"]
        await kiosk.watching.look()
        assert await told(watcher) == []
        kiosk.counts["storage"] = {"delivered": 1}
        await kiosk.watching.look()
        assert await told(watcher) == ["outbox"]
        kiosk.circuits["storage"].pause(kiosk.clock.mono, "No credit.")
        await kiosk.watching.look()
        assert await told(watcher) == ["connectivity"]
        kiosk.status = "degraded"
        kiosk.clock.pass_ms(5_000)
        await kiosk.watching.look()
        assert await told(watcher) == ["health"]
        # A line that is cut shows by the silence.
        kiosk.clock.pass_ms(10_000)
        await kiosk.watching.look()
        assert await told(watcher) == ["health"]

    in_loop(go())


def test_a_change_wakes_whoever_waits_and_so_does_the_end() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        watcher = await kiosk.watching.join()
        await watcher.news(0)
        waiting = asyncio.create_task(watcher.news(60))
        await asyncio.sleep(0)
        kiosk.counts = {}
        await kiosk.watching.look()
        assert [one.topic for one in await waiting or ()] == ["outbox"]
        waiting = asyncio.create_task(watcher.news(60))
        await asyncio.sleep(0)
        kiosk.watching.stop()
        assert await waiting is None
        assert await watcher.news(60) is None
        with pytest.raises(Unavailable):
            await kiosk.watching.join()

    in_loop(go())


def test_whoever_asks_late_is_told_the_newest_only() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        slow = await kiosk.watching.join()
        for number in range(1_000):
            kiosk.counts = {"storage": {"waiting": number}}
            await kiosk.watching.look()
        assert (await newest(slow, "outbox"))["counts"] == {"storage": {"waiting": 999}}
        assert await told(slow) == []

    in_loop(go())


def test_one_look_is_for_all_and_none_is_made_for_nobody() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        await kiosk.watching.look()
        assert kiosk.looks == 0
        watchers = [await kiosk.watching.join() for _ in range(3)]
        before = kiosk.looks
        await kiosk.watching.look()
        assert kiosk.looks == before + 1
        for one in watchers:
            one.leave()
        await kiosk.watching.look()
        assert kiosk.looks == before + 1

    in_loop(go())


def test_places_are_few_and_come_back_however_a_watcher_goes() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        watchers = [await kiosk.watching.join() for _ in range(MOST_WATCHERS)]
        with pytest.raises(Unavailable) as refused:
            await kiosk.watching.join()
        assert refused.value.retry_after_s
        watchers.pop().leave()
        watchers.append(await kiosk.watching.join())
        # Its stream was never begun, and is forgotten.
        watchers.pop()
        gc.collect()
        await kiosk.watching.join()

    in_loop(go())


def test_channels_say_since_when_and_why_and_erasures_are_none() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        watcher = await kiosk.watching.join()
        said = await newest(watcher, "connectivity")
        assert set(said["channels"]) == {"storage"}
        assert said["channels"]["storage"]["since"] is None
        kiosk.circuits["storage"].pause(kiosk.clock.mono, "No credit.")
        kiosk.clock.pass_ms(60_000)
        await kiosk.watching.look()
        channel = (await newest(watcher, "connectivity"))["channels"]["storage"]
        assert (channel["online"], channel["circuit"]) == (False, "paused")
        assert (channel["detail"], channel["since"]) == ("No credit.", "2026-11-22T10:00:00.000Z")
        assert channel["cause"] == "account"
        # What the other channels know changes why, though nothing has happened to this one.
        kiosk.cause = Cause.PROVIDER
        await kiosk.watching.look()
        channel = (await newest(watcher, "connectivity"))["channels"]["storage"]
        assert channel["cause"] == "provider"

    in_loop(go())


def test_a_failing_database_is_what_the_health_says() -> None:
    async def go() -> None:
        kiosk = Kiosk()
        kiosk.fault = DiskFailing("The disk answers with errors.")
        watcher = await kiosk.watching.join()
        assert sorted(await told(watcher)) == ["connectivity", "health"]
        kiosk.fault = None
        kiosk.clock.pass_ms(5_000)
        await kiosk.watching.look()
        assert sorted(await told(watcher)) == ["health", "outbox"]

    in_loop(go())
