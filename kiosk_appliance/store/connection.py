"""A connection that runs more than one statement in one go, in its own thread.

Knows SQLite's results only; what its errors mean is the database's to say.
"""

import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import aiosqlite

T = TypeVar("T")


class Connection(aiosqlite.Connection):
    """aiosqlite's connection with one method more; made by `connect`."""

    async def run(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Return what `work` returns, or raise what it raises."""
        # As each public method of aiosqlite does it for one statement.
        result: T = await self._execute(work, self._conn)  # type: ignore[no-untyped-call]
        return result


async def connect(path: Path, pragmas: Sequence[str] = ()) -> Connection:
    """Open `path` in SQLite's own transaction mode, with these pragmas."""
    connection = Connection(lambda: sqlite3.connect(path, isolation_level=None), iter_chunk_size=64)
    await connection
    try:
        for pragma in pragmas:
            await connection.execute_fetchall(pragma)
    except BaseException:
        await connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection
