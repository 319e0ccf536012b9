"""The whole outbox as a list, what has ended included: newest first, and how many there are.

What is unfinished is little and is gathered. Of what has ended, each state of each channel is read
from its own end of the index, so that no filter looks through a million rows.
"""

from kiosk_appliance.domain.delivery import State
from kiosk_appliance.store.deliveries import (
    IS_ENDED,
    IS_UNFINISHED,
    Deliveries,
    Delivery,
    delivery_of,
)
from kiosk_appliance.store.paging import Window
from kiosk_appliance.store.reader import Reads

Counts = dict[str, dict[str, int]]

_FITS = "(:channel is null or channel = :channel) and (:state is null or state = :state)"
_FILTERED = f"""
    seq in (
        select seq from deliveries where {IS_UNFINISHED} and {_FITS} and seq < :before
        union all
        select ended.seq
        from (select channel as of_channel, state as of_state from ended_deliveries
              where count > 0 and {_FITS}) as kind
        join deliveries as ended on ended.seq in (
            select seq from deliveries
            where state = of_state and channel = of_channel and {IS_ENDED} and seq < :before
            order by seq desc limit :limit
        )
    )
"""


class Queue:
    """The table of deliveries, to be looked through."""

    def __init__(self, database: Reads) -> None:
        self._database = database

    async def page(
        self, channel: str | None, state: State | None, window: Window
    ) -> list[tuple[int, Delivery]]:
        """Return deliveries with their place in the list, newest first."""
        filters: dict[str, str | int | None] = {}
        if channel is not None or state is not None:
            filters = {"channel": channel, "state": state}
        rows = await self._database.all(
            f"select * from deliveries where {_FILTERED if filters else 'seq < :before'}"
            " order by seq desc limit :limit",
            filters | window.parameters(),
        )
        return [(row["seq"], delivery_of(row)) for row in rows]

    async def counts(self) -> Counts:
        """Return how many deliveries there are, by channel and state; none of them is zero."""
        counts = await Deliveries(self._database).counts()
        for row in await self._database.all("select * from ended_deliveries where count > 0"):
            counts.setdefault(row["channel"], {})[row["state"]] = row["count"]
        return counts
