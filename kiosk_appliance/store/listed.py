"""How many captures a list has in all: kept by triggers for what many are in, counted for a day.

Of a span of time the whole days are added up, and only its ends are counted.
"""

from kiosk_appliance.domain.delivery import State
from kiosk_appliance.store.paging import TOP
from kiosk_appliance.store.reader import Reads

_DAY_MS = 24 * 3600 * 1000
_BETWEEN = "erased_at is null and created_at >= :since and created_at < :until"


async def taken(database: Reads, since: int, until: int, most: int = TOP) -> int:
    """Return how many were taken then, at most `most`; UTC milliseconds, `until` is left out."""
    row = await database.one(
        f"select count(*) as n from (select 1 from captures where {_BETWEEN} limit :most)",
        {"since": since, "until": until, "most": most},
    )
    return int(row["n"]) if row else 0


async def ended(database: Reads, state: State, since: int | None, until: int | None) -> int:
    """Return how many taken then have a delivery that has ended so."""
    first = 0 if since is None else -(-since // _DAY_MS)
    behind = TOP if until is None else until // _DAY_MS
    if since is not None and until is not None and first >= behind:
        return await _counted(database, state, since, until)
    row = await database.one(
        "select sum(count) as n from listed_counters"
        " where state = :state and day >= :first and day < :behind",
        {"state": state, "first": first, "behind": behind},
    )
    total = int(row["n"] or 0) if row else 0
    if since is not None:
        total += await _counted(database, state, since, first * _DAY_MS)
    if until is not None:
        total += await _counted(database, state, behind * _DAY_MS, until)
    return total


async def _counted(database: Reads, state: State, since: int, until: int) -> int:
    row = await database.one(
        f"""
        select count(*) as n from captures
        where {_BETWEEN} and exists (
            select 1 from deliveries where capture_id = captures.id and state = :state)
        """,
        {"state": state, "since": since, "until": until},
    )
    return int(row["n"]) if row else 0
