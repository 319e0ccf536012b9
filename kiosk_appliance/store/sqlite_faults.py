"""What SQLite's errors mean for whoever wrote or read."""

import sqlite3

from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.disk import disk_failing, disk_full

_DAMAGE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
_DISK_FAULTS = _DAMAGE | {
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
}


def meaning(error: sqlite3.DatabaseError) -> Exception:
    """Return the error to answer with: of the disk, of another program, or `error` itself."""
    if is_disk_full(error):
        return disk_full()
    if is_disk_fault(error):
        return disk_failing()
    if _code(error) == sqlite3.SQLITE_BUSY:
        return Unavailable("Another program holds the database; try again.", retry_after_s=2)
    return error


def is_disk_full(error: BaseException) -> bool:
    """Say whether there was no room."""
    return _code(error) == sqlite3.SQLITE_FULL


def is_disk_fault(error: BaseException) -> bool:
    """Say whether the disk failed, after which no connection that saw it can be trusted."""
    return _code(error) in _DISK_FAULTS


def is_damage(error: BaseException) -> bool:
    """Say whether what was read is no database, or no whole one."""
    return _code(error) in _DAMAGE


def is_interruption(error: BaseException) -> bool:
    """Say whether somebody called the statement off."""
    return _code(error) == sqlite3.SQLITE_INTERRUPT


def _code(error: BaseException) -> int:
    # Errors of the module itself, such as a wrong number of parameters, bear no code.
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)) & 0xFF
