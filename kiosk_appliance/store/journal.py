"""The system log as a table: appended in others' transactions, bounded, read newest first."""

import sqlite3
from collections.abc import Mapping

from kiosk_appliance.domain.journal import Line
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.paging import Window
from kiosk_appliance.store.reader import Reads

# Weeks of a busy kiosk, some 10 MB; few enough to be looked through for a word.
MOST_LINES = 50_000
_MATCHES = """(:level is null or level = :level)
    and (:component is null or component = :component)
    and (:message is null or instr(message, :message) > 0)
    and (:correlation_id is null or correlation_id = :correlation_id)"""
FILTERS = ("level", "component", "message", "correlation_id")


class Journal:
    """The table, to be read."""

    def __init__(self, database: Reads) -> None:
        self._database = database

    async def page(self, window: Window, wanted: Mapping[str, str]) -> list[tuple[int, Line]]:
        """Return the lines that match every filter, newest first, with their places."""
        rows = await self._database.all(
            f"select * from log_lines where seq < :before and {_MATCHES}"
            " order by seq desc limit :limit",
            {**dict.fromkeys(FILTERS), **wanted, **window.parameters()},
        )
        return [(row["seq"], _line(row)) for row in rows]

    async def total(self, wanted: Mapping[str, str]) -> int:
        """Return how many match."""
        row = await self._database.one(
            f"select count(*) as count from log_lines where {_MATCHES}",
            {**dict.fromkeys(FILTERS), **wanted},
        )
        return int(row["count"]) if row else 0


def append(tx: Transaction, line: Line, most: int = MOST_LINES) -> None:
    """Add a line, and drop the oldest past `most`."""
    added = tx.execute(
        "insert into log_lines (id, at, level, component, message, correlation_id)"
        " values (?, ?, ?, ?, ?, ?)",
        (line.id, line.at, line.level, line.component, line.message, line.correlation_id),
    )
    tx.execute("delete from log_lines where seq <= ?", ((added.lastrowid or 0) - most,))


def _line(row: sqlite3.Row) -> Line:
    return Line(
        id=row["id"],
        at=row["at"],
        level=row["level"],
        component=row["component"],
        message=row["message"],
        correlation_id=row["correlation_id"],
    )
