"""Backups: whole copies of the database, each checked before it counts.

A copy is made through a connection of its own that only reads: two connections that write and
checkpoint can lose transactions (SQLite before 3.51.3). It holds one snapshot and goes by small
steps, so that nobody's photo waits for it. Backups are numbered: a kiosk's clock may be wrong.
"""

import os
import re
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from kiosk_appliance.store import schema
from kiosk_appliance.store.files import sync_folder

_NAME = re.compile(r"kiosk-([0-9]{6,9})-([0-9]{8}T[0-9]{6}Z)\.db")
_DATE = "%Y%m%dT%H%M%SZ"
_PART = ".kiosk.db.part"
# 1 MiB a step, and a pause that leaves the disk to the guests.
_PAGES, _PAUSE_S = 256, 0.01


class BackupFailed(Exception):
    """The copy could not be made, or is not sound; the reason is for the operator."""


@dataclass(frozen=True, slots=True)
class Backup:
    """One backup; `made_at` is UTC milliseconds by the kiosk's clock of then.

    `captures` is how many it holds, known of one that has just been made.
    """

    number: int
    made_at: int
    path: Path
    captures: int | None = None


class Backups:
    """The backups in one folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def every(self) -> list[Backup]:
        """Return all backups, newest first; none where the folder can't be read."""
        with suppress(OSError):
            found = [_backup(path) for path in self._folder.iterdir() if path.is_file()]
            return sorted(filter(None, found), key=lambda one: one.number, reverse=True)
        return []

    def make(self, database: Path, now_ms: int, keep: int, *, go_on: Callable[[], bool]) -> Backup:
        """Copy the database that this process has open, check the copy, keep the `keep` newest.

        Blocks for a second per 50 MB; `go_on` is asked at each step. Raises BackupFailed.
        """
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            part = self._folder / _PART
            captures = copy(database, part, go_on)
            if _captures_in(part) != captures:
                raise BackupFailed("The copy is not sound.")
            return replace(self._accept(part, now_ms, keep), captures=captures)
        except OSError as error:
            raise BackupFailed(f"{self._folder} can't be written: {error.strerror}.") from error
        except sqlite3.DatabaseError as error:
            raise BackupFailed(f"The database can't be copied: {error}.") from error

    def _accept(self, part: Path, now_ms: int, keep: int) -> Backup:
        earlier = self.every()
        number = earlier[0].number + 1 if earlier else 1
        date = datetime.fromtimestamp(now_ms // 1000, UTC).strftime(_DATE)
        path = self._folder / f"kiosk-{number:06d}-{date}.db"
        part.replace(path)
        sync_folder(self._folder)
        for old in earlier[keep - 1 :]:
            old.path.unlink(missing_ok=True)
        return Backup(number, now_ms // 1000 * 1000, path)


def _backup(path: Path) -> Backup | None:
    match = _NAME.fullmatch(path.name)
    if match is None:
        return None
    try:
        made = datetime.strptime(match[2], _DATE).replace(tzinfo=UTC)
    except ValueError:
        return None
    return Backup(int(match[1]), int(made.timestamp()) * 1000, path)


def copy(database: Path, part: Path, go_on: Callable[[], bool]) -> int:
    """Copy durably, and return how many captures there were.

    Raises BackupFailed where it may not go on, OSError, sqlite3.DatabaseError.
    """
    # What a power cut has left of an earlier one goes with it.
    descriptor = os.open(part, os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)

    def pause(_status: int, _remaining: int, _total: int) -> None:
        if not go_on():
            raise BackupFailed("The appliance is stopping.")
        # Step by step to the disk, too: all at once would keep a guest's fsync waiting.
        os.fdatasync(descriptor)
        time.sleep(_PAUSE_S)

    try:
        with closing(_reading(database)) as source, closing(sqlite3.connect(part)) as target:
            target.execute("pragma journal_mode = off")
            target.execute("pragma synchronous = off")
            # Within a transaction the copy is of one moment; otherwise each write of a guest
            # would begin it anew.
            source.execute("begin")
            captures = _count(source)
            source.backup(target, pages=_PAGES, progress=pause)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return captures


def _captures_in(path: Path) -> int | None:
    """Return how many captures a backup holds; None where it is no sound database of ours."""
    with closing(_reading(path, "&immutable=1")) as connection:
        (application,) = connection.execute("pragma application_id").fetchone()
        (word,) = connection.execute("pragma quick_check(1)").fetchone()
        if application != schema.APPLICATION_ID or word != "ok":
            return None
        return _count(connection)


def _count(connection: sqlite3.Connection) -> int:
    (captures,) = connection.execute("select count(*) from captures").fetchone()
    return int(captures)


def _reading(path: Path, more: str = "") -> sqlite3.Connection:
    uri = f"file:{quote(str(path.absolute()))}?mode=ro{more}"
    connection = sqlite3.connect(uri, uri=True, isolation_level=None)
    connection.execute("pragma wal_autocheckpoint = 0")
    return connection
