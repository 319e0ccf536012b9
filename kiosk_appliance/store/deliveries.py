"""Rows of deliveries: added with their capture, read by whoever shows them.

Knows nothing of claims and outcomes; those are the outbox's.
"""

import sqlite3
from dataclasses import dataclass

from kiosk_appliance.domain.delivery import Receipt, State
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.reader import Reads


@dataclass(frozen=True, slots=True)
class Run:
    """This run of the process: its id, and the boot whose monotonic clock counts."""

    id: str
    boot: str


# So many ends of the process in a row make a delivery that was under way a suspect.
SUSPECT_FROM = 3


@dataclass(frozen=True, slots=True)
class Delivery:
    """One row of the outbox; times are UTC milliseconds, `due_mono` those of `due_boot`.

    `dated` says that `created_at` can be believed.
    `claim` names the attempt under way: the run of the process and its own number.
    """

    seq: int
    id: str
    capture_id: str
    channel: str
    recipient: str
    text: str
    tag: str
    state: State
    depends_on: str | None
    attempts: int
    failures: int
    crashes: int
    look_ups: int
    resends: int
    due_boot: str
    due_mono: int | None
    created_at: int
    created_boot: str
    created_mono: int
    dated: bool
    ended_at: int | None
    reference: str
    last_error: str | None
    claim: str | None
    receipt: Receipt
    receipt_asks: int

    @property
    def is_suspect(self) -> bool:
        """Say whether the process has ended so often while it was under way that it may be why."""
        return self.crashes >= SUSPECT_FROM


@dataclass(frozen=True, slots=True)
class Draft:
    """A delivery that is about to be added.

    `reference` is where an upload lies already, known of a photo that the kiosk gave up.
    """

    id: str
    capture_id: str
    channel: str
    created_at: int
    created_boot: str
    created_mono: int
    dated: bool = False
    recipient: str = ""
    text: str = ""
    tag: str = ""
    depends_on: str | None = None
    refused: str | None = None
    reference: str = ""


class Deliveries:
    """The table of deliveries, to be read."""

    def __init__(self, database: Reads) -> None:
        self._database = database

    async def of_capture(self, capture_id: str) -> list[Delivery]:
        """Return a capture's deliveries, oldest first."""
        rows = await self._database.all(
            "select * from deliveries where capture_id = ? order by seq", (capture_id,)
        )
        return [delivery_of(row) for row in rows]

    async def get(self, delivery_id: str) -> Delivery | None:
        """Return one delivery."""
        row = await self._database.one("select * from deliveries where id = ?", (delivery_id,))
        return delivery_of(row) if row else None

    async def page(
        self, *, channel: str | None, state: State | None, before: int | None, limit: int
    ) -> list[Delivery]:
        """Return deliveries, newest first; without a state, those that have not ended.

        `before` is the `seq` of the last one seen.
        """
        rows = await self._database.all(
            f"""
            select * from deliveries
            where {IS_UNFINISHED if state is None else "state = :state"}
              and (:channel is null or channel = :channel)
              and (:before is null or seq < :before)
            order by seq desc limit :limit
            """,
            {"channel": channel, "state": state, "before": before, "limit": limit},
        )
        return [delivery_of(row) for row in rows]

    async def counts(self) -> dict[str, dict[str, int]]:
        """Return how many deliveries are unfinished, by channel and state."""
        rows = await self._database.all(
            f"select channel, state, count(*) as n from deliveries where {IS_UNFINISHED}"
            " group by channel, state"
        )
        counts: dict[str, dict[str, int]] = {}
        for row in rows:
            counts.setdefault(row["channel"], {})[row["state"]] = row["n"]
        return counts


# Each part by its own index, so that a million ended ones are never looked through: SQLite takes a
# partial index only for its very own words, which is why some queries seem to say a thing twice.
IS_IN_DOUBT = "(state = 'running' or state = 'uncertain')"
IS_UNHAPPY = "(state = 'expired' or state = 'refused' or state = 'cancelled')"
IS_ENDED = "(state = 'delivered' or state = 'expired' or state = 'refused' or state = 'cancelled')"
IS_UNFINISHED = f"""
    seq in (select seq from deliveries where state = 'waiting' and depends_on is null
            union all
            select seq from deliveries where state = 'waiting' and depends_on is not null
            union all
            select seq from deliveries where {IS_IN_DOUBT})
"""


def insert(tx: Transaction, draft: Draft) -> None:
    """Add a delivery; one that is refused from the start ends at once, with `attempts` 0."""
    tx.execute(
        """
        insert into deliveries (id, capture_id, channel, recipient, text, tag, state, depends_on,
            created_at, created_boot, created_mono, dated, ended_at, last_error)
        values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
        """,
        (
            draft.id,
            draft.capture_id,
            draft.channel,
            draft.recipient,
            draft.text,
            draft.tag,
            State.REFUSED if draft.refused else State.WAITING,
            None if draft.refused else draft.depends_on,
            draft.created_at,
            draft.created_boot,
            draft.created_mono,
            int(draft.dated),
            draft.created_at if draft.refused else None,
            draft.refused,
        ),
    )


def get_for_update(tx: Transaction, delivery_id: str) -> Delivery | None:
    """Return a delivery as the running transaction sees it."""
    row = tx.execute("select * from deliveries where id = ?", (delivery_id,)).fetchone()
    return delivery_of(row) if row else None


def ids_of(tx: Transaction, capture_id: str) -> list[str]:
    """Return the deliveries of a capture, oldest first."""
    rows = tx.execute("select id from deliveries where capture_id = ? order by seq", (capture_id,))
    return [row["id"] for row in rows]


def find(tx: Transaction, capture_id: str, channel: str, recipient: str = "") -> Delivery | None:
    """Return the one delivery of a capture to a recipient, as the running transaction sees it."""
    row = tx.execute(
        "select * from deliveries where capture_id = ? and channel = ? and recipient = ?",
        (capture_id, channel, recipient),
    ).fetchone()
    return delivery_of(row) if row else None


def delivery_of(row: sqlite3.Row) -> Delivery:
    """Return a row of the table as a value."""
    # A row looks for each name among all of its columns.
    of = dict(zip(row.keys(), row, strict=True))
    return Delivery(
        seq=of["seq"],
        id=of["id"],
        capture_id=of["capture_id"],
        channel=of["channel"],
        recipient=of["recipient"],
        text=of["text"],
        tag=of["tag"],
        state=State(of["state"]),
        depends_on=of["depends_on"],
        attempts=of["attempts"],
        failures=of["failures"],
        crashes=of["crashes"],
        look_ups=of["look_ups"],
        resends=of["resends"],
        due_boot=of["due_boot"],
        due_mono=of["due_mono"],
        created_at=of["created_at"],
        created_boot=of["created_boot"],
        created_mono=of["created_mono"],
        dated=bool(of["dated"]),
        ended_at=of["ended_at"],
        reference=of["reference"],
        last_error=of["last_error"],
        claim=of["run_id"],
        receipt=Receipt(of["receipt"]),
        receipt_asks=of["receipt_asks"],
    )
