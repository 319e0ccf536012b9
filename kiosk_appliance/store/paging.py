"""How every long list is read: from a place downwards, never by counting rows that are passed over.

A list's place is its table's `seq`, which grows with each row and is never given twice: rows that
come or go meanwhile move no other, and page 10,000 is found as fast as page 1. A query takes
`seq < :before order by seq desc limit :limit`.
"""

from dataclasses import dataclass

from kiosk_appliance.store.reader import Reads

# Above every seq: an `or :before is null` instead would keep SQLite from seeking.
TOP = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is asked for: `limit` rows below `before`."""

    limit: int
    before: int = TOP

    def parameters(self) -> dict[str, str | int | None]:
        """Return the query's parameters; one row more says whether there is a next page."""
        return {"before": self.before, "limit": self.limit + 1}


async def tally(database: Reads, name: str) -> int:
    """Return how many rows a table has, as its triggers have kept it."""
    row = await database.one("select count from tallies where name = ?", (name,))
    return int(row["count"]) if row else 0
