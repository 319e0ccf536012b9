"""Which captures are one person's, and the erasures that were ordered for persons.

An erasure's rows say which captures it was about, never who.
"""

import sqlite3
from dataclasses import dataclass

from kiosk_appliance.domain.delivery import ERASURES
from kiosk_appliance.store.database import Database, Transaction

_ORDERS = ", ".join(f"'{channel}'" for channel in ERASURES.values())


@dataclass(frozen=True, slots=True)
class Ordered:
    """An erasure that was ordered for somebody."""

    id: str
    created_at: int
    captures: int


@dataclass(frozen=True, slots=True)
class Place:
    """One place that a capture has to be erased from; `done_at` is UTC milliseconds, or None."""

    capture_id: str
    place: str
    done_at: int | None


def by_phone(tx: Transaction, phone: str) -> list[str]:
    """Return the captures with this number (E.164), also those that were only sent to it."""
    rows = tx.execute(
        """
        select id from captures where phone = :phone and phone is not null and erased_at is null
        union
        select capture_id from deliveries join captures on captures.id = deliveries.capture_id
        where recipient = :phone and channel = 'sms' and erased_at is null
        """,
        {"phone": phone},
    )
    return [row["id"] for row in rows]


def by_email(tx: Transaction, email: str) -> list[str]:
    """Return the captures with this address, whatever its case."""
    rows = tx.execute(
        "select id from captures"
        " where lower(email) = lower(?) and email is not null and erased_at is null",
        (email,),
    )
    return [row["id"] for row in rows]


def order(tx: Transaction, ordered: Ordered, capture_ids: list[str]) -> None:
    """Write down an erasure and what it is about."""
    tx.execute(
        "insert into erasures (id, created_at, captures) values (?, ?, ?)",
        (ordered.id, ordered.created_at, ordered.captures),
    )
    tx.executemany(
        "insert into erasure_items (erasure_id, capture_id) values (?, ?)",
        [(ordered.id, capture_id) for capture_id in capture_ids],
    )


async def get(database: Database, erasure_id: str) -> Ordered | None:
    """Return the erasure with this id."""
    row = await database.one("select * from erasures where id = ?", (erasure_id,))
    return Ordered(row["id"], row["created_at"], row["captures"]) if row else None


async def places(database: Database, erasure_id: str) -> list[Place]:
    """Return every place that an erasure has to reach: the kiosk, and each channel's provider."""
    rows = await database.all(
        f"""
        select captures.seq, captures.id, 0 as turn, 'kiosk' as place, removed_at as done_at
        from erasure_items join captures on captures.id = capture_id where erasure_id = :id
        union all
        select captures.seq, captures.id, deliveries.seq,
            replace(channel, 'erase-', ''), iif(state = 'delivered', ended_at, null)
        from erasure_items join captures on captures.id = erasure_items.capture_id
        join deliveries on deliveries.capture_id = captures.id
        where erasure_id = :id and channel in ({_ORDERS})
        order by 1, 3
        """,
        {"id": erasure_id},
    )
    return [_place(row) for row in rows]


def _place(row: sqlite3.Row) -> Place:
    return Place(row["id"], row["place"], row["done_at"])
