"""Gives the kiosk's own copy of a photo up once the cloud has had it for a while.

Its record stays and says where the photo is, before the photo goes: also a rebuilt database knows
that it is not lost. A folder that stands in for the cloud is no place that a link could lead to:
there the copy stays.
"""

import asyncio
from collections.abc import Callable
from dataclasses import replace

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import aged, captures
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.photos import Photos
from kiosk_appliance.store.records import Records, recorded

log = structlog.get_logger("retention")

_WINDOW = 200
# Records are written inside the transaction, and guests wait for the writer meanwhile.
_BATCH = 5
_PAUSE_S = 0.05


class Copies:
    """The use case behind `[retention] local_after_sync`."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        database: Database,
        photos: Photos,
        records: Records,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._database = database
        self._photos = photos
        self._records = records
        self._clock = clock

    async def give_up(self, go_on: Callable[[], bool]) -> None:
        """Remove each photo that has been in the cloud for long enough.

        `go_on` is asked between batches. Raises Unavailable where the disk fails.
        """
        before = self._clock.now_ms() - round(self._settings().retention.local_after_sync * 1000)
        last, total = aged.START, 0
        while go_on():
            window = await aged.copies_after(self._database, last, before, _WINDOW)
            ready = [one.id for one in window if one.may_go]
            for start in range(0, len(ready), _BATCH):
                await self._give_up(ready[start : start + _BATCH])
                await asyncio.sleep(_PAUSE_S)
            total += len(ready)
            if len(window) < _WINDOW:
                break
            last = window[-1]
        if total:
            log.info("copies_given_up", count=total)

    async def _give_up(self, capture_ids: list[str]) -> None:
        now = self._clock.now_ms()

        def work(tx: Transaction) -> list[str]:
            gone = []
            for capture_id in capture_ids:
                capture = captures.get_for_update(tx, capture_id)
                if capture is None or capture.erased_at is not None:
                    continue
                aged.give_up(tx, capture_id, now)
                self._records.write(recorded(tx, replace(capture, given_up_at=now)))
                gone.append(capture_id)
            return gone

        gone = await self._database.write(work)
        await in_daemon_thread("retention", lambda: self._photos.erase(gone))
