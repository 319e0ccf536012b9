"""Backs the database up each night, and says where its safety needs somebody.

A night without power is made up for: a backup is due whenever the newest is older than the last
time of day at which one should have been made. Knows the clock may be wrong: what is dated in the
future counts as old.
"""

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backups import Backup, BackupFailed, Backups
from kiosk_appliance.store.destruction import Remains
from kiosk_appliance.store.directory import Layout

log = structlog.get_logger("safekeeping")

_AGAIN_MS = 15 * 60 * 1000


class Safekeeping:
    """The use case behind the nightly backup and a backup on demand."""

    def __init__(self, *, settings: Callable[[], Settings], layout: Layout, clock: Clock) -> None:
        self._settings = settings
        self._layout = layout
        self._remains = Remains(layout)
        self._clock = clock
        self._turn = asyncio.Lock()
        self._stopping = threading.Event()
        self._fault = ""
        self._not_before = clock.monotonic_ms()

    async def tick(self) -> None:
        """Make a backup if one is due; after a failure it is tried again in a while."""
        if self._clock.monotonic_ms() < self._not_before or not self._clock.is_credible():
            return
        newest = await asyncio.to_thread(lambda: next(iter(self._backups().every()), None))
        if not is_due(newest, self._clock.now_ms(), self._settings().backup.at):
            return
        try:
            await self.back_up()
        except BackupFailed:
            self._not_before = self._clock.monotonic_ms() + _AGAIN_MS

    async def back_up(self) -> Backup:
        """Make a backup now; a failure shows in the health until one succeeds.

        Raises BackupFailed.
        """
        async with self._turn:
            keep, backups = self._settings().backup.keep, self._backups()
            try:
                made = await in_daemon_thread(
                    "backup",
                    lambda: backups.make(
                        self._layout.database,
                        self._clock.now_ms(),
                        keep,
                        go_on=lambda: not self._stopping.is_set(),
                    ),
                )
            except BackupFailed as error:
                self._fault = str(error)
                log.error("backup_failed", reason=self._fault)  # noqa: TRY400 - no bug of ours
                raise
            self._fault = ""
            log.info("backup_made", database_file=made.path.name, captures=made.captures)
            return made

    def alarm(self) -> str | None:
        """Return what somebody has to look at, in plain words; None where all is well."""
        alarms = []
        if folders := self._remains.folders():
            alarms.append(
                f"The database was destroyed and has been rebuilt: see {folders[-1]} in the data"
                " directory, have the disk checked, and remove that folder."
            )
        if self._fault:
            alarms.append(f"There is no new backup. {self._fault}")
        return " ".join(alarms) or None

    async def stop(self) -> None:
        """Give up a backup that is under way; the next start makes it."""
        self._stopping.set()
        async with self._turn:
            pass

    def _backups(self) -> Backups:
        return Backups(self._settings().backup.directory or self._layout.backups)


def is_due(newest: Backup | None, now_ms: int, at: time) -> bool:
    """Say whether a backup should have been made since the newest, at this local time of day."""
    if newest is None or newest.made_at > now_ms:
        return True
    now = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone()
    last = now.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
    if last > now:
        last -= timedelta(days=1)
    return newest.made_at < last.timestamp() * 1000
