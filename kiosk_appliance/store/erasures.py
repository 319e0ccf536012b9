"""Rows of what is being erased: what is left of a capture, and how far its erasure has come.

An erased capture keeps its id, its token and its dates, so that its link can be answered with 410;
it says nothing of anybody. Each function works inside the transaction it is given.
"""

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk_appliance.domain.delivery import ERASURES, State
from kiosk_appliance.store.database import Database, Transaction

_UNDONE = "state in ('waiting', 'running', 'uncertain')"
_ORDERS = ", ".join(f"'{channel}'" for channel in ERASURES.values())


@dataclass(frozen=True, slots=True)
class Ending:
    """How the deliveries end that an erasure comes before: cancelled, or expired with the photo."""

    state: State
    reason: str


@dataclass(frozen=True, slots=True)
class Open:
    """A capture whose erasure has not come to its end.

    `is_here` while the kiosk has files of it, `has_strays` while a delivery may still be tried,
    `is_owed` while anything is under way or has to be taken back elsewhere.
    """

    seq: int
    id: str
    is_here: bool
    has_strays: bool
    is_owed: bool


def bury(tx: Transaction, capture_id: str, ending: Ending, now: int) -> bool:
    """Erase what the rows of a capture say of anybody, and end its deliveries.

    What is under way can't be called back: it is left running (see `settle`). The kept answer
    stays for its day, so that a request that comes twice does not bring the photo back; it names
    nobody. Returns whether anything had not been delivered yet.
    """
    tx.execute(
        """
        update captures
        set erased_at = ?, phone = null, email = null, consent_sms = 0, consent_marketing = 0,
            download_url = '', sha256 = '', version = version + 1
        where id = ?
        """,
        (now, capture_id),
    )
    undelivered = tx.execute(
        f"select 1 from deliveries where capture_id = ? and {_UNDONE}"
        f" and channel not in ({_ORDERS}) limit 1",
        (capture_id,),
    ).fetchone()
    settle(tx, capture_id, ending, now)
    return undelivered is not None


def settle(tx: Transaction, capture_id: str, ending: Ending, now: int) -> None:
    """End what of an erased capture still waits or is in doubt, and empty all that has ended."""
    tx.execute(
        f"""
        update deliveries
        set state = ?, ended_at = ?, last_error = ?, depends_on = null, due_mono = null
        where capture_id = ? and state in ('waiting', 'uncertain') and channel not in ({_ORDERS})
        """,
        (ending.state, now, ending.reason, capture_id),
    )
    # An own number for each, since no two SMS of a capture may have the same recipient.
    tx.execute(
        f"""
        update deliveries
        set recipient = iif(channel = 'sms', id, ''), text = '', tag = '', reference = '',
            receipt = iif(receipt = 'pending', 'unknown', receipt)
        where capture_id = ? and state <> 'running' and channel not in ({_ORDERS})
        """,
        (capture_id,),
    )
    tx.execute(
        f"""
        update deliveries set depends_on = null
        where capture_id = ? and channel in ({_ORDERS}) and depends_on in
            (select id from deliveries where capture_id = ? and state <> 'running')
        """,
        (capture_id, capture_id),
    )


def running(tx: Transaction, capture_id: str, channel: str) -> str | None:
    """Return the delivery of a capture that is under way in a channel."""
    row = tx.execute(
        "select id from deliveries where capture_id = ? and channel = ? and state = 'running'",
        (capture_id, channel),
    ).fetchone()
    return row["id"] if row else None


def is_removed(tx: Transaction, capture_id: str) -> bool:
    """Say whether the kiosk has no file of an erased capture any more."""
    row = tx.execute(
        "select 1 from captures where id = ? and removed_at is not null", (capture_id,)
    ).fetchone()
    return row is not None


def removed(tx: Transaction, capture_ids: Iterable[str], now: int) -> None:
    """Note that the kiosk has no file of them any more."""
    tx.executemany(
        "update captures set removed_at = ? where id = ?", [(now, one) for one in capture_ids]
    )


def forgotten(tx: Transaction, capture_id: str, now: int) -> None:
    """Note that nothing is left of it anywhere."""
    tx.execute("update captures set forgotten_at = ? where id = ?", (now, capture_id))


async def open_ones(database: Database, after: int, limit: int) -> list[Open]:
    """Return erasures that have not come to their end, in the order of their captures."""
    rows = await database.all(
        f"""
        select seq, id, removed_at is null as is_here,
            exists (select 1 from deliveries where capture_id = captures.id
                    and state in ('waiting', 'uncertain') and channel not in ({_ORDERS})) as strays,
            exists (select 1 from deliveries where capture_id = captures.id and {_UNDONE}) as owed
        from captures
        where erased_at is not null and forgotten_at is null and seq > ?
        order by seq limit ?
        """,
        (after, limit),
    )
    return [_open(row) for row in rows]


def _open(row: sqlite3.Row) -> Open:
    return Open(
        seq=row["seq"],
        id=row["id"],
        is_here=bool(row["is_here"]),
        has_strays=bool(row["strays"]),
        is_owed=bool(row["owed"]),
    )
