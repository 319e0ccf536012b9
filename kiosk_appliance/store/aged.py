"""Captures by their age: which are old, which only the cloud has to keep, which may be forgotten.

Knows neither settings nor clocks: moments come in as UTC milliseconds.
"""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk_appliance.store.database import Database, Transaction

_UPLOAD = """
    join deliveries on deliveries.capture_id = captures.id
        and deliveries.channel = 'storage' and deliveries.recipient = ''
"""


@dataclass(frozen=True, slots=True)
class Undated:
    """A capture whose date proves nothing, with the stamp of its making."""

    id: str
    created_at: int
    dated: bool
    created_boot: str
    created_mono: int


@dataclass(frozen=True, slots=True)
class Copied:
    """A dated capture, and whether the kiosk may give its own copy up."""

    seq: int
    created_at: int
    id: str
    may_go: bool


START = Copied(0, 0, "", may_go=False)


async def taken_before(database: Database, moment: int, limit: int) -> list[str]:
    """Return the oldest captures with a date that can be believed and lies before a moment."""
    rows = await database.all(
        "select id from captures where erased_at is null and dated = 1 and created_at <= ?"
        " order by created_at limit ?",
        (moment, limit),
    )
    return [row["id"] for row in rows]


async def undated(database: Database, limit: int) -> list[Undated]:
    """Return the first captures that were made while nobody could tell the date."""
    rows = await database.all(
        "select captures.id, deliveries.created_at, deliveries.dated, created_boot, created_mono"
        f" from captures {_UPLOAD} where captures.erased_at is null and captures.dated = 0"
        " order by captures.seq limit ?",
        (limit,),
    )
    return [_undated(row) for row in rows]


async def copies_after(
    database: Database, last: Copied, uploaded_before: int, limit: int
) -> list[Copied]:
    """Return captures taken before a moment in their order, from behind `last` on.

    Each with whether it was uploaded before that moment to where anybody can read it.
    """
    rows = await database.all(
        f"""
        select captures.seq, captures.created_at, captures.id,
            given_up_at is null and deliveries.state = 'delivered'
                and reference like 'http%' and ended_at <= :moment as may_go
        from captures {_UPLOAD}
        where erased_at is null and captures.dated = 1 and captures.created_at <= :moment
            and (captures.created_at, captures.seq) > (:created_at, :seq)
        order by captures.created_at, captures.seq limit :limit
        """,
        {
            "moment": uploaded_before,
            "created_at": last.created_at,
            "seq": last.seq,
            "limit": limit,
        },
    )
    return [_copied(row) for row in rows]


def give_up(tx: Transaction, capture_id: str, now: int) -> None:
    """Note that only the cloud has the photo."""
    tx.execute("update captures set given_up_at = ? where id = ?", (now, capture_id))


async def forgotten_before(database: Database, moment: int, limit: int) -> list[str]:
    """Return erased captures of which nothing has been left anywhere since a moment."""
    rows = await database.all(
        "select id from captures where forgotten_at is not null and forgotten_at <= ? limit ?",
        (moment, limit),
    )
    return [row["id"] for row in rows]


def purge(tx: Transaction, capture_ids: Sequence[str]) -> None:
    """Remove the last traces of erased captures: their links are unknown from now on."""
    for capture_id in capture_ids:
        tx.execute("delete from erasure_items where capture_id = ?", (capture_id,))
        tx.execute("delete from idempotency where capture_id = ?", (capture_id,))
        tx.execute("delete from deliveries where capture_id = ?", (capture_id,))
        tx.execute("delete from captures where id = ?", (capture_id,))


def purge_orders(tx: Transaction, moment: int) -> None:
    """Remove the erasures of persons that were ordered before a moment and are about nothing."""
    tx.execute(
        "delete from erasures where created_at <= ?"
        " and id not in (select erasure_id from erasure_items)",
        (moment,),
    )


def _undated(row: sqlite3.Row) -> Undated:
    return Undated(
        id=row["id"],
        created_at=row["created_at"],
        dated=bool(row["dated"]),
        created_boot=row["created_boot"],
        created_mono=row["created_mono"],
    )


def _copied(row: sqlite3.Row) -> Copied:
    return Copied(
        seq=row["seq"],
        created_at=row["created_at"],
        id=row["id"],
        may_go=bool(row["may_go"]),
    )
