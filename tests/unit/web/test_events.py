"""The stream of events: a comment where it is silent, an end where its reader may know no more."""

import asyncio

from kiosk_appliance.web.admin.events import stream
from tests.parts.loop import in_loop
from tests.parts.watched import Kiosk


class Reader:
    """Reads a stream of a kiosk whose outbox changes each time the reader has read it all."""

    def __init__(self) -> None:
        self.kiosk = Kiosk()
        self.may_know = True

    async def begin(self) -> None:
        watcher = await self.kiosk.watching.join()
        self._stream = stream(watcher, self._may_know, lambda: self.kiosk.clock.mono / 1000)
        retry = await anext(self._stream)
        assert retry.retry
        topics = {(await anext(self._stream)).event for _ in range(3)}
        assert topics == {"connectivity", "health", "outbox"}

    async def after_s(self, seconds: int) -> str:
        """Let time pass, change the outbox, and say what is told next."""
        self.kiosk.clock.pass_ms(seconds * 1000)
        self.kiosk.counts["storage"]["waiting"] += 1
        await self.kiosk.watching.look()
        return await self.next()

    async def next(self) -> str:
        async with asyncio.timeout(10):
            told = await anext(self._stream, None)
        return "end" if told is None else told.event or f": {told.comment}"

    async def _may_know(self) -> bool:
        return self.may_know


def test_a_comment_comes_every_fifteen_seconds() -> None:
    async def go() -> None:
        reader = Reader()
        await reader.begin()
        for _ in range(2):
            assert await reader.after_s(14) == "outbox"
            assert await reader.next() == "health"
            assert await reader.after_s(1) == "outbox"
            assert await reader.next() == ": still here"

    in_loop(go())


def test_whoever_may_know_no_more_is_told_nothing_more() -> None:
    async def go() -> None:
        reader = Reader()
        await reader.begin()
        reader.may_know = False
        assert await reader.after_s(2) == "end"
        looks = reader.kiosk.looks
        await reader.kiosk.watching.look()
        assert reader.kiosk.looks == looks, "nobody watches any more"

    in_loop(go())
