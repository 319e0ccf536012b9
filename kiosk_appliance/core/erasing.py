"""Erases captures: here at once, everywhere else by deliveries of their own.

Order: one transaction takes everybody's data out of the rows, ends what waits and queues what has
to be taken back elsewhere; then a tombstone takes the place of the record, and photo and thumbnail
go. A power cut before the transaction leaves the capture, one after it an erasure that the next
start ends; a rebuilt database goes by the tombstone, which stays until nothing is owed elsewhere.
What is under way at that moment is not overtaken: it ends, is emptied, and the cloud's erasure
follows it. Knows nothing of whose captures they are and why they go.
"""

import asyncio
from collections.abc import Callable, Iterable, Iterator, Sequence

import structlog

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock, Stamp
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.domain.delivery import ERASURES, State
from kiosk_appliance.errors import DiskFull, NotFound, Unavailable
from kiosk_appliance.store import audit, captures, deliveries, erasures
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Draft
from kiosk_appliance.store.erasures import Ending, Open
from kiosk_appliance.store.photos import Photos
from kiosk_appliance.store.records import Record, Records, tombstone

log = structlog.get_logger("erasing")

ASKED_FOR = Ending(State.CANCELLED, "The photo has been erased.")
# What is looked through at once, so that nobody waits long for the reader.
_WINDOW = 200


class Erasing:
    """The use case behind every erasure."""

    def __init__(
        self,
        *,
        database: Database,
        photos: Photos,
        records: Records,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._database = database
        self._captures = captures.Captures(database)
        self._photos = photos
        self._records = records
        self._clock = clock
        self._wake = wake
        # Each capture's files are one's at a time: the last look must find what the first one left.
        self._turn = asyncio.Lock()
        self._reached = 0
        # What a crash has left in the log was folded back at the start.
        self._log_is_clean = True

    async def erase(self, capture_id: str, actor: Actor, action: Action = Action.ERASE) -> None:
        """Erase one capture, and write down who did it; once more is harmless.

        Raises NotFound for one that never was, and Unavailable where the disk fails: what has
        begun goes on by itself.
        """
        at = self._clock.stamp()
        noted = entry(self._clock, actor, action, capture_id)

        def work(tx: Transaction) -> None:
            if captures.get_for_update(tx, capture_id) is None:
                raise NotFound("There is no such photo.")
            if mark(tx, capture_id, at) is not None:
                audit.append(tx, noted)

        await self._database.write(work)
        await self.remove([capture_id])

    async def erase_by_token(self, token: str) -> None:
        """Erase the capture with this token for its guest; raises as `erase` does."""
        capture = await self._captures.find(token)
        # The id stands in links that anybody may have seen; only the token is its guest's.
        if capture is None or capture.token != token:
            raise NotFound("There is no such photo here; check the link.")
        await self.erase(capture.id, Actor.GUEST)

    async def erase_all(self, capture_ids: Sequence[str], ending: Ending) -> int:
        """Erase captures in one transaction, then their files.

        Returns how many had not been delivered everywhere. Raises Unavailable for the disk.
        """
        at = self._clock.stamp()
        unfinished = await self._database.write(
            lambda tx: sum(bool(mark(tx, capture_id, at, ending)) for capture_id in capture_ids)
        )
        await self.remove(capture_ids)
        return unfinished

    async def remove(self, capture_ids: Sequence[str]) -> None:
        """Remove the files of captures that are marked as erased, and see to what follows."""
        self._log_is_clean = False
        self._wake()
        async with self._turn:
            await _remove(self._database, self._photos, self._records, self._clock, capture_ids)
        await self._clean_log()

    async def tick(self) -> None:
        """Go on with erasures that have not come to their end; called every few seconds."""
        await self._clean_log()
        some = await erasures.open_ones(self._database, self._reached, _WINDOW)
        self._reached = some[-1].seq if len(some) == _WINDOW else 0
        fault: Unavailable | None = None
        for one in some:
            try:
                await self._go_on(one)
            except Unavailable as error:
                # One file that can't be removed keeps no other.
                fault = error
        if fault is not None:
            raise fault

    async def _go_on(self, one: Open) -> None:
        if one.is_here:
            await self.remove([one.id])
        elif one.has_strays:
            await self._settle(one)
        elif not one.is_owed:
            await self._forget(one)

    async def _settle(self, one: Open) -> None:
        """End what was under way at the erasure and has come back."""
        now = self._clock.now_ms()
        await self._database.write(lambda tx: erasures.settle(tx, one.id, ASKED_FOR, now))
        self._log_is_clean = False
        self._wake()

    async def _forget(self, one: Open) -> None:
        """Close an erasure: nothing is owed to anybody, and nothing is left to be told of it."""
        now = self._clock.now_ms()

        def work(tx: Transaction) -> None:
            erasures.settle(tx, one.id, ASKED_FOR, now)
            erasures.forgotten(tx, one.id, now)

        async with self._turn:
            await in_daemon_thread("erasing", lambda: self._records.remove(one.id))
            await self._database.write(work)
        self._log_is_clean = False

    async def _clean_log(self) -> None:
        """Empty the database's log: its pages still hold what was erased from the file."""
        if not self._log_is_clean:
            self._log_is_clean = await self._database.fold_log()


def mark(tx: Transaction, capture_id: str, at: Stamp, ending: Ending = ASKED_FOR) -> bool | None:
    """Erase the rows of a capture and queue its erasure elsewhere.

    Returns whether anything had not been delivered yet; None where there was nothing to erase.
    """
    capture = captures.get_for_update(tx, capture_id)
    if capture is None or capture.erased_at is not None:
        return None
    unfinished = erasures.bury(tx, capture_id, ending, at.at_ms)
    for channel, erasure in ERASURES.items():
        if deliveries.find(tx, capture_id, channel) is not None:
            # An upload under way would come in behind it.
            before = erasures.running(tx, capture_id, channel)
            deliveries.insert(tx, _draft(capture_id, erasure, before, at))
    return unfinished


def _draft(capture_id: str, channel: str, before: str | None, at: Stamp) -> Draft:
    return Draft(
        id=ids.new_id(),
        capture_id=capture_id,
        channel=channel,
        created_at=at.at_ms,
        created_boot=at.boot,
        created_mono=at.mono_ms,
        dated=at.dated,
        depends_on=before,
    )


async def finish_removals(
    database: Database, photos: Photos, records: Records, clock: Clock
) -> None:
    """Remove, at a start, the files of captures whose erasure a sudden stop has cut short.

    What the disk refuses is logged, and tried again while the appliance runs.
    """
    after = 0
    while some := await erasures.open_ones(database, after, _WINDOW):
        after = some[-1].seq
        try:
            here = [one.id for one in some if one.is_here]
            await _remove(database, photos, records, clock, here)
        except Unavailable as error:
            log.warning("files_not_removed", reason=error.detail)
            return


async def _remove(
    database: Database,
    photos: Photos,
    records: Records,
    clock: Clock,
    capture_ids: Sequence[str],
) -> None:
    if not capture_ids:
        return
    graves = await database.write(lambda tx: list(_graves(tx, capture_ids)))
    here = [grave.capture.id for grave in graves]

    def remove() -> None:
        try:
            records.write(*graves)
        except DiskFull:
            # The photos make room for their tombstones.
            photos.erase(here)
            records.write(*graves)
        photos.erase(here)

    await in_daemon_thread("erasing", remove)
    now = clock.now_ms()
    await database.write(lambda tx: erasures.removed(tx, here, now))
    for capture_id in here:
        log.info("capture_erased", capture=capture_id)


def _graves(tx: Transaction, capture_ids: Iterable[str]) -> Iterator[Record]:
    for capture_id in capture_ids:
        capture = captures.get_for_update(tx, capture_id)
        if capture is not None and not erasures.is_removed(tx, capture_id):
            yield tombstone(tx, capture)
