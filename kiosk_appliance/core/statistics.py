"""How much the kiosk has done, how fast, and what went wrong; from counters, never by counting.

Captures count as taken, also those that were erased since.
"""

from collections.abc import Sequence
from itertools import groupby

import msgspec

from kiosk_appliance.store import counters
from kiosk_appliance.store.counters import Day, Failure, OfBackground, Step
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.reader import Reads


class Totals(msgspec.Struct, frozen=True):
    """Everything so far."""

    captures: int
    sms_sent: int
    bytes: int


class Delay(msgspec.Struct, frozen=True):
    """How long half of the deliveries took at most, and 95 % of them; to an eighth or so."""

    median_s: float
    p95_s: float


class Statistics(msgspec.Struct, frozen=True):
    """The answer of `GET /admin/stats`."""

    totals: Totals
    per_day: list[Day]
    per_background: list[OfBackground]
    delivery_delays: dict[str, Delay]
    failures: list[Failure]


class Counting:
    """The use case of whoever wants the figures."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def statistics(self) -> Statistics:
        """Return all of it. Raises Unavailable where the disk fails."""
        return await _statistics(self._database.aside)


async def _statistics(database: Reads) -> Statistics:
    days = await counters.days(database)
    return Statistics(
        totals=Totals(
            captures=sum(day.captures for day in days),
            sms_sent=sum(day.sms_sent for day in days),
            bytes=sum(day.bytes for day in days),
        ),
        per_day=days,
        per_background=await counters.backgrounds(database),
        delivery_delays={
            channel: _delay([*steps])
            for channel, steps in groupby(
                await counters.delays(database), key=lambda step: step.channel
            )
        },
        failures=await counters.failures(database),
    )


def _delay(steps: Sequence[Step]) -> Delay:
    return Delay(_quantile_s(steps, 0.5), _quantile_s(steps, 0.95))


def _quantile_s(steps: Sequence[Step], share: float) -> float:
    """Return the delay that this share of the deliveries kept to, as if spread evenly in a step."""
    left = share * sum(step.count for step in steps)
    for step in steps:
        if left <= step.count:
            ms = step.over_ms + (step.upto_ms - step.over_ms) * left / step.count
            return round(ms / 1000, 3)
        left -= step.count
    return steps[-1].upto_ms / 1000
