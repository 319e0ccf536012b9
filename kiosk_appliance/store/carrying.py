"""A copy of the database to be carried away: without secrets, in no folder, packed as it is read.

The copy loses its name as soon as it is whole, so that whatever happens to whoever reads it,
nothing of it stays on the disk.
"""

import shutil
import sqlite3
import tarfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from kiosk_appliance.store import backups
from kiosk_appliance.store.backups import BackupFailed
from kiosk_appliance.store.disk import disk_full

_PART = ".carried.db.part"
_CHUNK = 256 * 1024
_GZIP = 31


class Carried:
    """One such copy; made, read and dropped in threads."""

    def __init__(self, file: BinaryIO, size: int) -> None:
        self._file = file
        self._size = size

    def packed(self, made_at_s: int) -> Iterator[bytes]:
        """Yield the bytes of a `.tar.gz` with `kiosk.db` in it; the copy is gone afterwards."""
        member = tarfile.TarInfo("kiosk.db")
        member.size, member.mtime, member.mode = self._size, made_at_s, 0o600
        gzip = zlib.compressobj(wbits=_GZIP)
        with self._file:
            yield gzip.compress(member.tobuf(tarfile.GNU_FORMAT))
            while chunk := self._file.read(_CHUNK):
                yield gzip.compress(chunk)
            rest = -self._size % tarfile.BLOCKSIZE
            yield gzip.compress(bytes(rest + 2 * tarfile.BLOCKSIZE))
            yield gzip.flush()


def carried(database: Path, folder: Path, *, go_on: Callable[[], bool]) -> Carried:
    """Copy the database that this process has open, by way of a file in `folder`.

    One at a time. Blocks for a second per 50 MB; `go_on` is asked at each step. Raises
    BackupFailed, and DiskFull where the copy would leave no room.
    """
    try:
        size = database.stat().st_size + database.with_name(f"{database.name}-wal").stat().st_size
        if shutil.disk_usage(folder).free < 2 * size:
            raise disk_full()
        part = folder / _PART
        try:
            backups.copy(database, part, go_on)
            _take_secrets_out(part)
            file = part.open("rb")
        finally:
            part.unlink(missing_ok=True)
        return Carried(file, file.seek(0, 2) - file.seek(0))
    except OSError as error:
        raise BackupFailed(f"The copy can't be written: {error.strerror}.") from error
    except sqlite3.DatabaseError as error:
        raise BackupFailed(f"The database can't be copied: {error}.") from error


def _take_secrets_out(path: Path) -> None:
    """Drop who is logged in; the password, the keys and the accounts are in no table."""
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        # One file, whoever opens it next.
        copy.execute("pragma journal_mode = delete")
        copy.execute("pragma secure_delete = on")
        copy.execute("delete from sessions")
