"""Captures as the admin looks through them: newest first, erased ones left out, by what they have.

What is looked for is found by its index where it is rare. What many have is looked for from the
top of the list instead, so that no page gathers them all, and how many that are is kept.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import ENDED, State
from kiosk_appliance.store import listed
from kiosk_appliance.store.captures import capture_of
from kiosk_appliance.store.deliveries import IS_ENDED, IS_UNFINISHED, Delivery, delivery_of
from kiosk_appliance.store.paging import TOP, Window, tally
from kiosk_appliance.store.reader import Reads

# Fewer are gathered in a few milliseconds.
_MANY = 5_000
_OF_PHONE = """
    seq in (select seq from captures where phone = :phone and phone is not null
            union
            select captures.seq from deliveries
            join captures on captures.id = deliveries.capture_id
            where deliveries.recipient = :phone and deliveries.channel = 'sms')
"""
_OF_EMAIL = "lower(email) = lower(:email) and email is not null"


@dataclass(frozen=True, slots=True)
class Sought:
    """Which captures are listed: those for which all that is given here holds.

    `phone` is E.164, also where only an SMS went to it; `state` is that of any of its deliveries;
    `since` (inclusive) and `until` (exclusive) are UTC milliseconds.
    """

    phone: str | None = None
    email: str | None = None
    state: State | None = None
    since: int | None = None
    until: int | None = None


class Album:
    """The table of captures, to be looked through."""

    def __init__(self, database: Reads) -> None:
        self._database = database

    async def page(self, sought: Sought, window: Window) -> list[tuple[int, Capture]]:
        """Return captures with their place in the list, newest first."""
        rows = await self._database.all(
            f"""
            select * from captures
            where {await self._conditions(sought)} and seq < :before
            order by seq desc limit :limit
            """,
            _parameters(sought) | window.parameters(),
        )
        return [(row["seq"], capture_of(row)) for row in rows]

    async def total(self, sought: Sought) -> int:
        """Return how many captures are listed."""
        if sought == Sought():
            return await tally(self._database, "captures")
        if sought == Sought(state=sought.state, since=sought.since, until=sought.until):
            if sought.state in ENDED:
                return await listed.ended(self._database, sought.state, sought.since, sought.until)
            if sought.state is None:
                return await listed.taken(self._database, *_span(sought))
        row = await self._database.one(
            f"select count(*) as n from captures where {await self._conditions(sought)}",
            _parameters(sought),
        )
        return int(row["n"]) if row else 0

    async def deliveries_of(self, capture_ids: Sequence[str]) -> dict[str, list[Delivery]]:
        """Return the deliveries of each of them, oldest first."""
        rows = await self._database.all(
            "select * from deliveries where capture_id in (select value from json_each(?))"
            " order by seq",
            (json.dumps([*capture_ids]),),
        )
        found: dict[str, list[Delivery]] = {capture_id: [] for capture_id in capture_ids}
        for row in rows:
            found[row["capture_id"]].append(delivery_of(row))
        return found

    async def _conditions(self, sought: Sought) -> str:
        parts = ["erased_at is null", *_simple_conditions(sought)]
        if (sought.since, sought.until) != (None, None):
            parts.append(await self._in_span(sought))
        if sought.state is not None:
            parts.append(await self._in_state(sought.state))
        return " and ".join(parts)

    async def _in_span(self, sought: Sought) -> str:
        if await listed.taken(self._database, *_span(sought), _MANY) < _MANY:
            return (
                "seq in (select seq from captures where erased_at is null"
                " and created_at >= :since and created_at < :until)"
            )
        # With the plus the list is read in its order, not gathered by date and sorted each time.
        return "+created_at >= :since and +created_at < :until"

    async def _in_state(self, state: State) -> str:
        row = await self._database.one(
            "select sum(count) as n from ended_deliveries where state = ?", (state,)
        )
        if row and (row["n"] or 0) > _MANY:
            return (
                "exists (select 1 from deliveries"
                " where capture_id = captures.id and state = :state)"
            )
        some = IS_ENDED if state in ENDED else IS_UNFINISHED
        return (
            "id in (select capture_id from deliveries"
            f" where deliveries.state = :state and {some.strip()})"
        )


def _simple_conditions(sought: Sought) -> Iterator[str]:
    if sought.phone is not None:
        yield _OF_PHONE
    if sought.email is not None:
        yield _OF_EMAIL


def _span(sought: Sought) -> tuple[int, int]:
    return sought.since or 0, TOP if sought.until is None else sought.until


def _parameters(sought: Sought) -> dict[str, str | int | None]:
    since, until = _span(sought)
    return {
        "phone": sought.phone,
        "email": sought.email,
        "state": sought.state,
        "since": since,
        "until": until,
    }
