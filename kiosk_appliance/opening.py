"""Opens the data directory and closes it: lock, reserve, database, what a sudden stop has left.

Part of the composition root; the appliance and a command that runs alone begin in the same way.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.erasing import finish_removals
from kiosk_appliance.core.rebuilding import Rebuilding, Survivors
from kiosk_appliance.core.recording import complete_records
from kiosk_appliance.core.space import Space
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backups import Backups
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.destruction import Remains
from kiosk_appliance.store.directory import DirectoryLock, Layout
from kiosk_appliance.store.overrides import OverridesCopy
from kiosk_appliance.store.photos import Photos
from kiosk_appliance.store.records import Records
from kiosk_appliance.store.reserve import Reserve

log = structlog.get_logger("appliance")


@dataclass(frozen=True, slots=True)
class Store:
    """The opened data directory."""

    layout: Layout
    database: Database
    photos: Photos
    records: Records
    space: Space


@asynccontextmanager
async def open_store(settings: Settings, clock: Clock) -> AsyncIterator[Store]:
    """Lock and open the data directory, rebuild what was destroyed, clean up after a sudden stop.

    Raises DataDirectoryInUse and SchemaTooNew, and Unavailable or OSError for the disk.
    """
    layout = Layout(settings.kiosk.data_dir)
    layout.create()
    lock = DirectoryLock(layout)
    try:
        space = Space(lambda: settings, Reserve(layout.reserve))
        await space.make_way()
        photos, records = Photos(layout), Records(layout)
        backups = Backups(settings.backup.directory or layout.backups)
        copy = OverridesCopy(layout.overrides)
        survivors = Survivors(records, photos, copy, backups, Remains(layout))
        rebuilding = Rebuilding(
            survivors, clock, sms_life_s=settings.sms.expires_after, make_room=space.relieve
        )
        database = await rebuilding.open(left_open=lock.left_open, commits=lock.commits)
        store = Store(layout, database, photos, records, space)
        try:
            lock.database_opened(await database.commits())
            database.note_commits(lock.note_commits)
            await _clean_up(store, clock)
            yield store
        finally:
            photos.close()
            # Otherwise the next start looks closely.
            with suppress(OSError):
                if not database.is_damaged:
                    lock.database_closing()
            await database.close()
    finally:
        lock.release()


async def _clean_up(store: Store, clock: Clock) -> None:
    """Put right what a sudden stop has left: photos without a row, rows without their record."""
    await finish_removals(store.database, store.photos, store.records, clock)
    captures = Captures(store.database)
    known, photoless = await captures.ids(), await captures.photoless()
    aside, missing = await asyncio.to_thread(
        store.photos.reconcile, known - photoless, clock.now_ms(), photoless
    )
    if aside:
        log.warning("photos_set_aside", count=aside)
    if missing:
        log.error("photos_missing", count=len(missing))
    await complete_records(store.database, store.records, known - set(missing))
