"""Erases captures by age, everywhere, and forgets their tombstones a year later.

Only what is certainly old goes: by its date where the capture's and the present one can both be
believed, by the time that the kiosk has lived through where nobody told the date. A clock that is
wrong erases nothing. What could not be delivered in all its days goes too, for its guest was told
the day; its deliveries end as expired, and the log says how many there were. Goes by small
batches, each complete in itself: a run that is cut short is gone on with by the next.
"""

import asyncio
from collections.abc import Callable
from functools import partial

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.copies import Copies
from kiosk_appliance.core.erasing import Erasing
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.store import aged
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.erasures import Ending

log = structlog.get_logger("retention")

TOO_OLD = Ending(State.EXPIRED, "Its days were over before it could be delivered.")
_BATCH = 20
# Between two batches, so that guests come first.
_PAUSE_S = 0.05
# For so long the link of an erased photo is answered with 410.
_TOMBSTONE_MS = 366 * 24 * 3600 * 1000
# Whoever asks for a run waits no longer for its end.
_PATIENCE_S = 20.0


class Retention:
    """The use case behind the regular clean-up and `POST /admin/cleanup`."""

    def __init__(
        self,
        *,
        database: Database,
        keeping: Keeping,
        erasing: Erasing,
        copies: Copies,
        timekeeping: Timekeeping,
        clock: Clock,
    ) -> None:
        self._database = database
        self._keeping = keeping
        self._erasing = erasing
        self._copies = copies
        self._timekeeping = timekeeping
        self._clock = clock
        self._turn = asyncio.Lock()
        self._runs: set[asyncio.Task[None]] = set()
        self._stopping = False

    async def sweep(self) -> None:
        """Erase what is old, give up what the cloud keeps; called regularly."""
        async with self._turn:
            await self._sweep(lambda _count: None)

    async def clean_up(self) -> int:
        """Do the same now; return how many captures have been erased.

        A run of more than 20 s goes on by itself, and its number is what it has come to by then.
        Raises Unavailable where the disk fails.
        """
        counts: list[int] = []

        async def run() -> None:
            async with self._turn:
                await self._sweep(counts.append)

        task = asyncio.create_task(run())
        self._runs.add(task)
        task.add_done_callback(self._ended)
        done, _ = await asyncio.wait({task}, timeout=_PATIENCE_S)
        if done:
            await task
        return sum(counts)

    async def stop(self) -> None:
        """End the runs under way behind their present batch."""
        self._stopping = True
        if self._runs:
            await asyncio.wait(self._runs)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._runs.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("clean_up_cut_short", reason=repr(error))

    async def _sweep(self, tell: Callable[[int], None]) -> None:
        await self._erase_old(tell)
        if self._clock.is_trusted():
            await self._copies.give_up(lambda: not self._stopping)
            await self._forget()

    async def _erase_old(self, tell: Callable[[int], None]) -> None:
        total = undelivered = 0
        try:
            while not self._stopping and (batch := await self._old()):
                undelivered += await self._erasing.erase_all(batch, TOO_OLD)
                total += len(batch)
                tell(len(batch))
                await asyncio.sleep(_PAUSE_S)
        finally:
            if total:
                log.info("captures_outlived", count=total, days=self._keeping.days)
            if undelivered:
                log.warning("erased_undelivered", count=undelivered)

    async def _old(self) -> list[str]:
        """Return some captures that are certainly older than they may get."""
        if self._keeping.seconds is None:
            return []
        life_ms = self._keeping.seconds * 1000
        if self._clock.is_trusted():
            before = self._clock.now_ms() - life_ms
            if found := await aged.taken_before(self._database, before, _BATCH):
                return found
        undated = await aged.undated(self._database, _BATCH)
        return [one.id for one in undated if self._timekeeping.age_ms(one) >= life_ms]

    async def _forget(self) -> None:
        before = self._clock.now_ms() - _TOMBSTONE_MS
        while not self._stopping and (
            batch := await aged.forgotten_before(self._database, before, _BATCH)
        ):
            await self._database.write(partial(aged.purge, capture_ids=batch))
            await asyncio.sleep(_PAUSE_S)
        await self._database.write(partial(aged.purge_orders, moment=before))
