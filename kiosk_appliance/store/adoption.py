"""How a record becomes rows again, and what a database that has lost rows must doubt.

Whether an SMS had left when its row was lost, only its provider knows: it comes back uncertain,
and is looked up before anything else happens to it. An upload may simply be repeated. What a
record holds may contradict the rows; then it adds nothing.
"""

import json
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.store import captures, deliveries
from kiosk_appliance.store.captures import KeptAnswer
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Draft
from kiosk_appliance.store.records import Record

_SMS, _STORAGE = "sms", "storage"
_IN_DOUBT = "What the kiosk knew of it was lost: it may have been sent."
_TOO_LATE = "What the kiosk knew of it was lost, and by now it is too late to send it."
_HAD_ENDED = "It had been cancelled, or had expired, before the database was lost."


@dataclass(frozen=True, slots=True)
class Doubt:
    """When an uncertain SMS is looked up, and from which creation on it may still be sent.

    `due_mono` is in monotonic milliseconds of `boot`, `not_before` in UTC milliseconds.
    """

    boot: str
    due_mono: int
    not_before: int


def adopt(tx: Transaction, record: Record, doubt: Doubt) -> bool:
    """Add what the rows lack of a record; False, and nothing, where the two contradict."""
    tx.execute("savepoint record")
    try:
        _add(tx, record, doubt)
    except sqlite3.IntegrityError:
        tx.execute("rollback to record")
        return False
    finally:
        tx.execute("release record")
    return True


def _add(tx: Transaction, record: Record, doubt: Doubt) -> None:
    known = captures.get_for_update(tx, record.capture.id)
    if record.capture.erased_at is not None:
        _bury(tx, record, record.capture.erased_at, known)
        return
    if known is not None and known.erased_at is not None:
        return
    if known is None:
        captures.insert(tx, record.capture)
    for order in record.deliveries:
        if deliveries.find(tx, order.capture_id, order.channel, order.recipient) is None:
            deliveries.insert(tx, order)
            if order.channel == _SMS and order.refused is None:
                _doubt_one(tx, order, doubt)
    _end_what_had_ended(tx, record)
    if record.capture.given_up_at is not None:
        _give_up(tx, record, record.capture.given_up_at)
    if record.answer is not None and known is None:
        _keep(tx, record.answer)


def _bury(tx: Transaction, record: Record, erased_at: int, known: Capture | None) -> None:
    """Erase what an older state of the database still knows; go on with what is owed elsewhere."""
    if known is None:
        captures.insert(tx, record.capture)
    if known is None or known.erased_at is None:
        forget(tx, [record.capture.id], erased_at)
        tx.execute(
            "update captures set forgotten_at = null, version = ? where id = ?",
            (record.capture.version, record.capture.id),
        )
    for order in record.deliveries:
        if deliveries.find(tx, order.capture_id, order.channel) is None:
            deliveries.insert(tx, order)


def _give_up(tx: Transaction, record: Record, given_up_at: int) -> None:
    tx.execute("update captures set given_up_at = ? where id = ?", (given_up_at, record.capture.id))
    for order in record.deliveries:
        if order.reference and order.channel == _STORAGE:
            tx.execute(
                "update deliveries set state = 'delivered', ended_at = ?, reference = ?"
                " where id = ? and state <> 'delivered'",
                (given_up_at, order.reference, order.id),
            )
            tx.execute("update deliveries set depends_on = null where depends_on = ?", (order.id,))


def _doubt_one(tx: Transaction, order: Draft, doubt: Doubt) -> None:
    if order.dated and order.created_at < doubt.not_before:
        tx.execute(
            "update deliveries set state = 'expired', ended_at = created_at, depends_on = null,"
            " last_error = ? where id = ?",
            (_TOO_LATE, order.id),
        )
        return
    tx.execute(
        "update deliveries set state = 'uncertain', attempts = 1, due_boot = ?, due_mono = ?,"
        " last_error = ? where id = ?",
        (doubt.boot, doubt.due_mono, _IN_DOUBT, order.id),
    )


def _end_what_had_ended(tx: Transaction, record: Record) -> None:
    """Cancel each SMS that an older state of the database calls unsent and the record left out.

    The plus keeps SQLite from going through every SMS in doubt, and after a rebuild all are.
    """
    tx.execute(
        """
        update deliveries
        set state = 'cancelled', ended_at = created_at, depends_on = null, last_error = ?
        where capture_id = ? and channel = 'sms' and +state = 'uncertain'
            and id not in (select value from json_each(?))
        """,
        (_HAD_ENDED, record.capture.id, json.dumps([order.id for order in record.deliveries])),
    )


def _keep(tx: Transaction, answer: KeptAnswer) -> None:
    tx.execute(
        "insert or replace into idempotency (key, fingerprint, capture_id, answer, lived_ms)"
        " values (?, ?, ?, ?, ?)",
        (answer.key, answer.fingerprint, answer.capture_id, answer.body, answer.lived_ms),
    )


def doubt_pending(tx: Transaction, doubt: Doubt) -> None:
    """Doubt every SMS that an older state of the database calls unsent."""
    tx.execute(
        """
        update deliveries
        set state = 'uncertain', attempts = max(attempts, 1), look_ups = 0, run_id = null,
            due_boot = ?, due_mono = ?, last_error = ?
        where channel = 'sms' and state in ('waiting', 'running')
        """,
        (doubt.boot, doubt.due_mono, _IN_DOUBT),
    )


def forget(tx: Transaction, capture_ids: Iterable[str], now: int) -> None:
    """Mark captures as erased that have been since, and drop what their rows say of anybody."""
    for capture_id in capture_ids:
        tx.execute("delete from idempotency where capture_id = ?", (capture_id,))
        tx.execute("delete from deliveries where capture_id = ?", (capture_id,))
        tx.execute(
            "update captures set erased_at = :now, removed_at = :now, forgotten_at = :now,"
            " phone = null, email = null, download_url = '', sha256 = '' where id = :id",
            {"now": now, "id": capture_id},
        )
