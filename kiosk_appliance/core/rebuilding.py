"""Opens the database at a start, and rebuilds it where it has been destroyed.

What has been lost comes back from what is left of it, or else from the newest good backup, from the
records beside the photos, and from the copy of what an admin has set. At most one SMS a request:
what may have been sent comes back uncertain. A disk that answers with errors is no destroyed
database: nothing is rebuilt on it.
"""

import asyncio
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.settling import FIRST_LOOK_UP_MS
from kiosk_appliance.core.studio import MOST_AT_ONCE
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store import adoption, overrides
from kiosk_appliance.store.adoption import Doubt
from kiosk_appliance.store.backups import Backups
from kiosk_appliance.store.captures import KEPT_MS, Captures
from kiosk_appliance.store.database import Database, MakeRoom, Transaction, open_database
from kiosk_appliance.store.destruction import Remains
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.load import load_of
from kiosk_appliance.store.overrides import OverridesCopy
from kiosk_appliance.store.photos import Photos
from kiosk_appliance.store.records import Record, RecordDamaged, Records
from kiosk_appliance.store.schema import SchemaTooNew
from kiosk_appliance.store.soundness import DatabaseDestroyed

log = structlog.get_logger("rebuilding")

# A start answers within 5 s however it ended before; 100 MB are looked through in this time.
_CHECK_S = 2.0
_UNHURRIED_S = 3600.0
_BATCH = 500


@dataclass(frozen=True, slots=True)
class Survivors:
    """What a database can be rebuilt from, and the place where that is done."""

    records: Records
    photos: Photos
    overrides: OverridesCopy
    backups: Backups
    remains: Remains


class Rebuilding:
    """The start's way to an open and whole database at `Layout.database`."""

    def __init__(
        self, survivors: Survivors, clock: Clock, *, sms_life_s: float, make_room: MakeRoom
    ) -> None:
        self._survivors = survivors
        self._remains = survivors.remains
        self._clock = clock
        self._sms_life_ms = round(sms_life_s * 1000)
        self._make_room = make_room

    async def open(self, *, left_open: bool, commits: int = 0) -> Database:
        """Return the database; `left_open` says that the last process did not close it.

        `commits` is how many were made in it, as far as anybody has noted.

        Raises SchemaTooNew, and Unavailable where the disk fails.
        """
        try:
            return await self._open_what_is_there(left_open=left_open, commits=commits)
        except DatabaseDestroyed as error:
            log.error("database_destroyed", reason=error.detail)  # noqa: TRY400 - no bug of ours
            await self._rebuild()
        return await open_database(self._remains.database, self._make_room)

    async def _open_what_is_there(self, *, left_open: bool, commits: int) -> Database:
        may_be_new = not await asyncio.to_thread(self._remains.has_history)
        check_s = _CHECK_S if left_open else 0
        database = await open_database(
            self._remains.database, self._make_room, may_be_new=may_be_new, check_s=check_s
        )
        try:
            await _hold_to(database, commits)
            await self._adopt_the_unanswered(database)
        except BaseException as error:
            await database.close()
            if database.is_damaged:
                raise DatabaseDestroyed("The database can't be read to its end.") from error
            raise
        return database

    async def _adopt_the_unanswered(self, database: Database) -> None:
        """Take in what a sudden stop has caught between its record and its row."""
        rowless = await self._record_ids() - await Captures(database).every_id()
        if len(rowless) > MOST_AT_ONCE:
            raise DatabaseDestroyed("The database has lost captures that were answered.")
        if rowless:
            adopted = await self._adopt(database, rowless)
            log.warning("captures_adopted", count=adopted)

    async def _rebuild(self) -> None:
        folder = await asyncio.to_thread(self._remains.set_aside, self._clock.now_ms())
        database, source = await self._best_source(folder)
        try:
            doubt = self._doubt([])
            await database.write(lambda tx: adoption.doubt_pending(tx, doubt))
            restored = await Captures(database).ids()
            adopted = await self._adopt(database, await self._record_ids())
            erased = await asyncio.to_thread(self._erased_since, restored)
            now = self._clock.now_ms()
            await database.write(lambda tx: adoption.forget(tx, erased, now))
            await self._restore_overrides(database)
            load = await load_of(database, now)
            # Only what is in the file itself goes to the old place.
            await database.checkpoint()
        finally:
            await database.close()
        folder = await asyncio.to_thread(self._remains.complete, now)
        log.error(
            "database_rebuilt",
            database_file=source,
            captures=len(restored),
            records=adopted,
            sms_in_doubt=load.uncertain,
            erased_since=len(erased),
            destroyed_files=folder.name,
        )

    async def _best_source(self, folder: Path) -> tuple[Database, str]:
        """Open a copy of the best that is left: what was set aside, a backup, or nothing."""
        aside = folder / self._remains.database.name
        for path in (aside, *(backup.path for backup in self._survivors.backups.every())):
            try:
                place = await asyncio.to_thread(self._remains.begin, path)
                database = await open_database(
                    place, self._make_room, may_be_new=False, check_s=_UNHURRIED_S
                )
            except (DatabaseDestroyed, SchemaTooNew) as error:
                log.warning("source_unusable", database_file=path.name, reason=error.detail)
            except Unavailable as error:
                # The folder of backups may be another disk's.
                if path == aside:
                    raise
                log.warning("source_unusable", database_file=path.name, reason=error.detail)
            else:
                return database, path.name
        place = await asyncio.to_thread(self._remains.begin, None)
        return await open_database(place, self._make_room), "records alone"

    async def _restore_overrides(self, database: Database) -> None:
        """Let what an admin has set hold as in its copy, which no backup is newer than."""
        kept = await asyncio.to_thread(self._survivors.overrides.read)
        if kept is not None:
            await database.write(lambda tx: overrides.restore(tx, kept))

    async def _record_ids(self) -> set[str]:
        try:
            return await asyncio.to_thread(self._survivors.records.ids)
        except OSError as error:
            raise disk_fault(error) from error

    async def _adopt(self, database: Database, capture_ids: set[str]) -> int:
        known = await Captures(database).every_id()
        records = await asyncio.to_thread(self._whole, capture_ids, known)
        doubt = self._doubt(records)
        adopted = 0
        for start in range(0, len(records), _BATCH):
            batch = records[start : start + _BATCH]

            def work(tx: Transaction, batch: list[Record] = batch) -> int:
                return sum(adoption.adopt(tx, record, doubt) for record in batch)

            adopted += await database.write(work)
        return adopted

    def _whole(self, capture_ids: set[str], known: set[str]) -> list[Record]:
        """Return the records that can be believed, oldest first."""
        found = []
        for capture_id in capture_ids:
            try:
                record = self._survivors.records.read(capture_id)
                size = record.capture.file_size
                # Its row came after its photo was whole: otherwise nobody was answered for it.
                if (
                    capture_id in known
                    or not record.has_photo
                    or self._photo_size(capture_id) == size
                ):
                    found.append(record)
            except (RecordDamaged, OSError) as error:
                log.warning("record_unusable", capture=capture_id, reason=type(error).__name__)
        found.sort(key=lambda record: (record.capture.created_at, record.capture.id))
        return list(_answered(found))

    def _photo_size(self, capture_id: str) -> int:
        return self._survivors.photos.path(capture_id).stat().st_size

    def _erased_since(self, restored: set[str]) -> set[str]:
        """Return those whose photo and record are both gone: only an erasure removes both."""
        without_record = restored - self._survivors.records.ids()
        return {i for i in without_record if not self._survivors.photos.path(i).exists()}

    def _doubt(self, records: list[Record]) -> Doubt:
        # The newest capture is a proof that it was as late as that, whatever the clock says now.
        dates = (one.capture.created_at for one in records if one.capture.dated)
        newest = max(dates, default=0)
        return Doubt(
            boot=self._clock.boot,
            due_mono=self._clock.monotonic_ms() + FIRST_LOOK_UP_MS,
            not_before=min(newest, self._clock.now_ms()) - self._sms_life_ms,
        )


def _answered(records: list[Record]) -> Iterator[Record]:
    """Leave out a capture whose key was answered with a later one: it failed, and was repeated."""
    latest: dict[str, Record] = {}
    for record in records:
        if record.answer is not None:
            latest[record.answer.key] = record
    for record in records:
        later = latest[record.answer.key] if record.answer is not None else record
        if later is record or later.capture.created_at - record.capture.created_at > KEPT_MS:
            yield record


async def _hold_to(database: Database, commits: int) -> None:
    """Raise DatabaseDestroyed where the file knows of fewer commits than were made in it.

    A log that is gone proves nothing: another program that opened the file folds it in, and what
    a crash leaves of it may be empty.
    """
    if await database.commits() < commits:
        raise DatabaseDestroyed("The database has lost its latest commits.")
