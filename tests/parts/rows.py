"""Captures and deliveries as rows of a real database, without the photo's way there."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk_appliance.clock import Clock
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.ids import new_id, new_tag
from kiosk_appliance.store import captures, deliveries
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.outbox import Outbox


@dataclass(frozen=True)
class Added:
    """The ids of a capture, its upload and its SMS."""

    capture: Capture
    upload: str
    sms: tuple[str, ...] = ()


async def add_capture(database: Database, clock: Clock, phones: Sequence[str] = ()) -> Added:
    """Record a capture, its upload, and an SMS to each number after it."""
    made = clock.stamp()
    capture = Capture(
        id=new_id(),
        token=new_id(),
        created_at=made.at_ms,
        dated=made.dated,
        download_url="http://kiosk.example/x",
        width=4,
        height=3,
        file_size=100,
        sha256="00" * 32,
    )
    upload = draft(capture, clock, "storage")
    texts = [draft(capture, clock, "sms", phone, upload.id) for phone in phones]

    def work(tx: Transaction) -> None:
        captures.insert(tx, capture)
        for one in (upload, *texts):
            deliveries.insert(tx, one)

    await database.write(work)
    return Added(capture, upload.id, tuple(text.id for text in texts))


def draft(
    capture: Capture, clock: Clock, channel: str, phone: str = "", after: str | None = None
) -> deliveries.Draft:
    """Return a delivery that could be added for a capture."""
    made = clock.stamp()
    return deliveries.Draft(
        id=new_id(),
        capture_id=capture.id,
        channel=channel,
        created_at=made.at_ms,
        created_boot=made.boot,
        created_mono=made.mono_ms,
        dated=made.dated,
        recipient=phone,
        text="Your photo: http://kiosk.example/x" if phone else "",
        tag=new_tag() if phone else "",
        depends_on=after,
    )


async def in_doubt(outbox: Outbox, mono: int) -> Delivery | None:
    """Return the uncertain SMS whose look-up is due."""
    up = await outbox.next_up("sms", mono, mono)
    return up if up is not None and up.state is State.UNCERTAIN else None


async def row_of(database: Database, delivery_id: str) -> sqlite3.Row:
    """Return one row of the outbox."""
    row = await database.one("select * from deliveries where id = ?", (delivery_id,))
    assert row is not None
    return row


def dump(path: Path) -> list[tuple[object, ...]]:
    """Return every row of the outbox as another program would read it."""
    connection = sqlite3.connect(path)
    try:
        return connection.execute("select * from deliveries order by seq").fetchall()
    finally:
        connection.close()


async def claim_one(
    outbox: Outbox, channel: str, clock: Clock, *, suspects: bool = True, backlog: bool = True
) -> Delivery | None:
    """Claim the next due delivery, as a lane with room for one does."""
    claimed = await outbox.claim(
        channel, clock.now_ms(), clock.monotonic_ms(), suspects=suspects, backlog=backlog
    )
    return claimed[0].delivery if claimed else None
