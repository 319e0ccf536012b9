"""Backs the database up each night, and says where its safety needs somebody.

A night without power is made up for: a backup is due whenever the newest is older than the last
time of day at which one should have been made. Knows the clock may be wrong: what is dated in the
future counts as old.
"""

import asyncio
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, time, timedelta
from weakref import WeakSet

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backups import Backup, BackupFailed, Backups
from kiosk_appliance.store.carrying import Carried, carried
from kiosk_appliance.store.destruction import Remains
from kiosk_appliance.store.directory import Layout

log = structlog.get_logger("safekeeping")

# Each is as large as the database, on the disk.
_MOST_TAKEN = 2
_AGAIN_MS = 15 * 60 * 1000


class TakenAway:
    """A backup on its way out of the kiosk; `made_at_s` is Unix time."""

    def __init__(self, copy: Carried, made_at_s: int) -> None:
        self.made_at_s = made_at_s
        self._copy = copy

    def packed(self) -> Iterator[bytes]:
        """Yield the bytes of a `.tar.gz`; each takes milliseconds of the processor."""
        yield from self._copy.packed(self.made_at_s)


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
        # Also without a word: what is never sent is held by nobody.
        self._taken: WeakSet[TakenAway] = WeakSet()
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

    async def take_away(self) -> "TakenAway":
        """Return a copy of the database as it is now, without secrets, to be packed and sent.

        Raises Unavailable where as many as may be are on their way, or none can be made.
        """
        if self._turn.locked() or len(self._taken) >= _MOST_TAKEN:
            raise Unavailable("A backup is under way; try again in a while.", retry_after_s=10)
        async with self._turn:
            try:
                copy = await in_daemon_thread(
                    "backup",
                    lambda: carried(
                        self._layout.database,
                        self._layout.root,
                        go_on=lambda: not self._stopping.is_set(),
                    ),
                )
            except BackupFailed as error:
                log.error("backup_failed", reason=str(error))  # noqa: TRY400 - no bug of ours
                raise Unavailable(
                    f"No backup could be made. {error}", code="storage-failed"
                ) from error
        taken = TakenAway(copy, self._clock.now_ms() // 1000)
        self._taken.add(taken)
        return taken

    def let_go(self, taken: "TakenAway") -> None:
        """Note that a backup has been sent, or that nobody waits for it any more."""
        self._taken.discard(taken)

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
