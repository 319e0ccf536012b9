"""What the kiosk has done, read from the counters that the database's triggers keep.

A handful of rows however many captures there are; nothing in them is of anybody.
"""

from dataclasses import dataclass

from kiosk_appliance.store.reader import Reads


@dataclass(frozen=True, slots=True)
class Day:
    """A day (UTC, `2026-06-01`); `bytes` are those of the final photos."""

    day: str
    captures: int
    sms_sent: int
    bytes: int


@dataclass(frozen=True, slots=True)
class OfBackground:
    """How often a background was chosen; None for no background, or for a name that is gone."""

    background_id: str | None
    name: str | None
    captures: int


@dataclass(frozen=True, slots=True)
class Step:
    """How many deliveries took more than `over_ms` and no more than `upto_ms`."""

    channel: str
    over_ms: int
    upto_ms: int
    count: int


@dataclass(frozen=True, slots=True)
class Failure:
    """How many deliveries of a channel ended for a reason."""

    channel: str
    reason: str
    count: int


async def days(database: Reads) -> list[Day]:
    """Return every day with anything to tell, newest first."""
    rows = await database.all(
        "select * from day_counters where captures > 0 or sms_sent > 0 order by day desc"
    )
    return [Day(row["day"], row["captures"], row["sms_sent"], row["bytes"]) for row in rows]


async def backgrounds(database: Reads) -> list[OfBackground]:
    """Return what was chosen, the most frequent first."""
    rows = await database.all(
        "select nullif(background_id, '') as background_id, name, captures"
        " from background_counters left join backgrounds on backgrounds.id = background_id"
        " order by captures desc, background_id"
    )
    return [OfBackground(row["background_id"], row["name"], row["captures"]) for row in rows]


async def delays(database: Reads) -> list[Step]:
    """Return how long deliveries took, by channel, the fastest first."""
    rows = await database.all(
        """
        select channel, upto_ms, count, coalesce((
            select max(upto_ms) from delay_steps
            where delay_steps.upto_ms < delay_counters.upto_ms), 0) as over_ms
        from delay_counters order by channel, upto_ms
        """
    )
    return [Step(row["channel"], row["over_ms"], row["upto_ms"], row["count"]) for row in rows]


async def failures(database: Reads) -> list[Failure]:
    """Return what deliveries ended for, by channel, the most frequent first."""
    rows = await database.all(
        "select * from failure_counters where count > 0 order by channel, count desc, reason"
    )
    return [Failure(row["channel"], row["reason"], row["count"]) for row in rows]
