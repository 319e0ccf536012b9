"""The audit trail: appended in the transaction of what it tells of, bounded, read newest first."""

import sqlite3

from kiosk_appliance.domain.audit import Action, Actor, Entry
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.paging import Window, tally
from kiosk_appliance.store.reader import Reads

# Years of a busy kiosk, some 15 MB.
MOST_ENTRIES = 100_000


class Audit:
    """The table, to be read."""

    def __init__(self, database: Reads) -> None:
        self._database = database

    async def page(self, window: Window) -> list[tuple[int, Entry]]:
        """Return entries with their place in the list, newest first."""
        rows = await self._database.all(
            "select * from audit where seq < :before order by seq desc limit :limit",
            window.parameters(),
        )
        return [(row["seq"], _entry(row)) for row in rows]

    async def total(self) -> int:
        """Return how many entries there are."""
        return await tally(self._database, "audit")


def append(tx: Transaction, entry: Entry, most: int = MOST_ENTRIES) -> None:
    """Add an entry, and drop the oldest past `most`."""
    added = tx.execute(
        "insert into audit (id, at, actor, action, target, detail) values (?, ?, ?, ?, ?, ?)",
        (entry.id, entry.at, entry.actor, entry.action, entry.target, entry.detail),
    )
    tx.execute("delete from audit where seq <= ?", ((added.lastrowid or 0) - most,))


def _entry(row: sqlite3.Row) -> Entry:
    return Entry(
        id=row["id"],
        at=row["at"],
        actor=Actor(row["actor"]),
        action=Action(row["action"]),
        target=row["target"],
        detail=row["detail"],
    )
