"""The admin's list of the whole outbox: what waits, what has ended, and how many of each."""

import msgspec

from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core.following import next_attempt_at
from kiosk_appliance.core.oversight import parse_channel, parse_state
from kiosk_appliance.core.paging import page_of
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.paging import Window
from kiosk_appliance.store.queue import Counts
from kiosk_appliance.store.queue import Queue as Rows


class OutboxItem(msgspec.Struct, frozen=True):
    """One delivery; nothing personal."""

    id: str
    capture_id: str
    channel: str
    state: str
    attempts: int
    next_attempt_at: str | None
    last_error: str | None
    created_at: str


class OutboxPage(msgspec.Struct, frozen=True):
    """A part of the list, newest first; `counts` by channel and state are of the whole outbox."""

    items: list[OutboxItem]
    next_cursor: str | None
    total: int
    counts: Counts


class Queue:
    """Looks through the outbox for whoever looks after the kiosk."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._rows = Rows(database.aside)
        self._clock = clock

    async def page(self, channel: str | None, state: str | None, window: Window) -> OutboxPage:
        """Return a page of the deliveries; raises InvalidRequest naming the wrong field."""
        of_channel, in_state = parse_channel(channel), parse_state(state)
        rows = await self._rows.page(of_channel, in_state, window)
        counts = await self._rows.counts()
        total = sum(
            number
            for name, states in counts.items()
            for one, number in states.items()
            if of_channel in {None, name} and in_state in {None, one}
        )
        page = page_of(rows, window, total, self._item)
        return OutboxPage(page.items, page.next_cursor, page.total, counts)

    async def counts(self) -> Counts:
        """Return how many deliveries there are, by channel and state; none of them is zero."""
        return await self._rows.counts()

    def _item(self, row: Delivery) -> OutboxItem:
        return OutboxItem(
            id=row.id,
            capture_id=row.capture_id,
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            next_attempt_at=next_attempt_at(row, self._clock),
            last_error=row.last_error,
            created_at=rfc3339(row.created_at),
        )
