"""Whether a file is a whole database of ours.

What is found here is a destroyed database. A disk that answers with errors is none, nor is the
file of a newer version.
"""

import asyncio
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

import structlog

from kiosk_appliance.errors import KioskError
from kiosk_appliance.store import schema
from kiosk_appliance.store.connection import Connection
from kiosk_appliance.store.sqlite_faults import is_damage, is_interruption, meaning

log = structlog.get_logger("database")


class DatabaseDestroyed(KioskError):
    """The file is none of ours any more; `detail` says how."""

    code = "database-destroyed"
    title = "Database destroyed"


@contextmanager
def opening() -> Iterator[None]:
    """Raise what SQLite says to an opening by its meaning, DatabaseDestroyed for damage."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        if is_damage(error):
            raise DatabaseDestroyed("The database can't be read as one.") from error
        raise meaning(error) from error


async def identify(connection: Connection, *, is_fresh: bool, may_be_new: bool) -> None:
    """Raise DatabaseDestroyed for another program's file, and a fresh one that can't be new."""
    if is_fresh and not may_be_new:
        raise DatabaseDestroyed("The database is empty.")
    if not await schema.is_ours(connection):
        raise DatabaseDestroyed("The database is another program's.")


async def look_for_damage(connection: Connection, within_s: float) -> None:
    """Raise DatabaseDestroyed for what is found within the time: guests wait for the start."""
    checking = asyncio.create_task(_quick_check(connection))
    await asyncio.wait({checking}, timeout=within_s)
    if not checking.done():
        await connection.interrupt()
    try:
        word = await checking
    except sqlite3.OperationalError as error:
        if not is_interruption(error):
            raise
        log.warning("database_check_unfinished", seconds=within_s)
    else:
        if word != "ok":
            raise DatabaseDestroyed("The database is damaged inside.")


async def _quick_check(connection: Connection) -> str:
    rows = await connection.execute_fetchall("pragma quick_check(1)")
    return next(str(row[0]) for row in rows)
