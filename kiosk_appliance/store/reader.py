"""A connection that only reads, opened when it is first asked.

The database has two: one for guests, who must never wait for a long query, and one aside for
whoever looks after the kiosk. Knows no table.
"""

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from kiosk_appliance.store.connection import Connection, connect

Parameters = Sequence[str | int | float | bytes | None] | dict[str, str | int | None]


class Reads(Protocol):
    """What reads rows: the database itself by its guests' reader, or its reader aside."""

    async def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None. Raises Unavailable where the disk fails."""
        ...

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Return every row of a query; the query bounds how many. Raises as `one` does."""
        ...


class Reader:
    """One such connection; `meaning` says as what an error of SQLite is raised."""

    def __init__(
        self,
        path: Path,
        pragmas: Sequence[str],
        meaning: Callable[[sqlite3.DatabaseError], Exception],
        connection: Connection | None = None,
    ) -> None:
        """Take the connection where it is open already."""
        self._path = path
        self._pragmas = pragmas
        self._meaning = meaning
        self._connection = connection
        self._closed = False
        self._opening = asyncio.Lock()

    async def open(self) -> Connection:
        """Return the connection, opened if it is not yet; raises ValueError once it is closed."""
        async with self._opening:
            if self._closed:
                raise ValueError("the database is closed")
            if self._connection is None:
                self._connection = await connect(self._path, self._pragmas)
            return self._connection

    async def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None. Raises Unavailable where the disk fails."""
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Return every row of a query; the query bounds how many. Raises as `one` does."""
        # In one go: while any statement of the connection is unfinished, all of them see the past.
        try:
            connection = self._connection or await self.open()
            return list(await connection.execute_fetchall(sql, parameters))
        except sqlite3.DatabaseError as error:
            raise self._meaning(error) from error

    async def close(self) -> None:
        """Close it for good; a query that runs comes to its end first."""
        async with self._opening:
            self._closed = True
            connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()
