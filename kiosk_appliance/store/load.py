"""What lies in the outbox, in figures for the health."""

from collections.abc import Sequence
from dataclasses import dataclass

from kiosk_appliance.store.database import Database
from kiosk_appliance.store.deliveries import IS_IN_DOUBT, IS_UNHAPPY, SUSPECT_FROM


@dataclass(frozen=True, slots=True)
class Load:
    """What lies in the outbox: unfinished deliveries, and what ended badly lately.

    `parked` are those of `uncertain` that wait for the operator.
    """

    waiting: int = 0
    running: int = 0
    uncertain: int = 0
    parked: int = 0
    suspect: int = 0
    expired: int = 0
    refused: int = 0
    lost_uploads: int = 0


@dataclass(frozen=True, slots=True)
class Standing:
    """The unfinished deliveries of a channel in one state, and the age of the oldest."""

    channel: str
    state: str
    count: int
    oldest_s: float


async def standings_of(database: Database, now: int) -> Sequence[Standing]:
    """Return what is unfinished, by channel and state; `now` in UTC milliseconds."""
    rows = await database.all(_STANDINGS)
    return [
        Standing(row["channel"], row["state"], row["n"], max(now - row["oldest"], 0) / 1000)
        for row in rows
    ]


async def load_of(database: Database, since: int) -> Load:
    """Return what lies in the outbox, and what ended badly since `since` (UTC milliseconds)."""
    row = await database.one(_LOAD, {"since": since})
    return Load(**dict(zip(row.keys(), row, strict=True))) if row else Load()


# Each part by its own index, as those of the unfinished ones in `deliveries`.
_LOAD = f"""
    select
        ready.n + dependent.n as waiting, doubt.running, doubt.uncertain, doubt.parked,
        suspect.n as suspect, unhappy.expired, unhappy.refused, unhappy.lost_uploads
    from
        (select count(*) n from deliveries where state = 'waiting' and depends_on is null) ready,
        (select count(*) n from deliveries where state = 'waiting' and depends_on is not null)
            dependent,
        (select count(*) n from deliveries where crashes >= {SUSPECT_FROM} and state = 'waiting')
            suspect,
        (select count(*) filter (where state = 'running') running,
                count(*) filter (where state = 'uncertain') uncertain,
                count(*) filter (where state = 'uncertain' and due_mono is null) parked
         from deliveries where {IS_IN_DOUBT}) doubt,
        (select count(*) filter (where state = 'expired') expired,
                count(*) filter (where state = 'refused') refused,
                count(*) filter (where state = 'refused' and channel = 'storage') lost_uploads
         from deliveries
         where {IS_UNHAPPY} and ended_at >= :since) unhappy
"""

_STANDINGS = f"""
    select channel, state, sum(n) as n, min(oldest) as oldest
    from (
        select channel, 'waiting' as state, count(*) as n, min(created_at) as oldest
        from deliveries where state = 'waiting' and depends_on is null group by channel
        union all
        select channel, 'waiting', count(*), min(created_at)
        from deliveries where state = 'waiting' and depends_on is not null group by channel
        union all
        select channel, state, count(*), min(created_at)
        from deliveries where {IS_IN_DOUBT} group by channel, state
    )
    group by channel, state
"""
