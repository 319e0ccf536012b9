"""The record beside each photo: everything that its rows hold, should the database be lost.

One small file of JSON, durable before the guest is answered, and its owner's alone. An erasure puts
a tombstone in its place, which holds nobody's data and goes once nothing is owed elsewhere. What is
read back was on a disk that may be failing: whatever is not whole is no
record. Knows how rows become a record, not how a record becomes rows (`adoption`).
"""

import os
from dataclasses import dataclass, replace

import msgspec

from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State, is_erasure
from kiosk_appliance.store.captures import KeptAnswer
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Draft, delivery_of
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import sync_folder, write

_SMS = "sms"
# A record with as many SMS as a day allows is a tenth of it.
_MOST_BYTES = 2 * 1024 * 1024
# The year 3000 in milliseconds. A date behind the year 9999 can't be written out, nor the days to
# keep a photo be added to it; no other number is as large.
_MOST = 32_503_680_000_000
_LEFT_OUT = frozenset({State.EXPIRED, State.CANCELLED})


class RecordDamaged(Exception):
    """The file is not a whole record of its capture."""


@dataclass(frozen=True, slots=True)
class Record:
    """A capture, what had to happen to it, and what its Idempotency-Key was answered with."""

    capture: Capture
    deliveries: tuple[Draft, ...]
    answer: KeptAnswer | None = None
    # How people came onto their background, for the answer; the rows don't hold it.
    cut_out: str | None = None

    @property
    def sms(self) -> Draft | None:
        """Return the first SMS."""
        return next((order for order in self.deliveries if order.channel == _SMS), None)

    @property
    def has_photo(self) -> bool:
        """Say whether the kiosk must have its photo."""
        return self.capture.erased_at is None and self.capture.given_up_at is None

    @property
    def without_sms(self) -> tuple[Draft, ...]:
        """Return the other deliveries."""
        return tuple(order for order in self.deliveries if order.channel != _SMS)

    def encoded(self) -> bytes:
        """Return the bytes of its file."""
        return msgspec.json.encode(self)


class Records:
    """The files of the records, one for each capture id."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    def write(self, *records: Record) -> None:
        """Put records in place of what was there; they survive a power cut when this returns.

        Raises Unavailable (507, 503) where the disk is full or fails; the old ones stay then.
        """
        try:
            for record in records:
                write(self._layout.record(record.capture.id), record.encoded(), sync=True)
            sync_folder(self._layout.photos)
        except OSError as error:
            raise disk_fault(error) from error

    def remove(self, capture_id: str) -> None:
        """Remove a record durably; one that is gone already is no fault. Raises Unavailable."""
        try:
            self._layout.record(capture_id).unlink(missing_ok=True)
            sync_folder(self._layout.photos)
        except OSError as error:
            raise disk_fault(error) from error

    def ids(self) -> set[str]:
        """Return the id of every capture that has a record. Raises OSError."""
        # What is no file may keep whoever reads it waiting for ever.
        with os.scandir(self._layout.photos) as entries:
            names = [entry.name for entry in entries if entry.is_file()]
        return {
            name.removesuffix(".json")
            for name in names
            if name.endswith(".json") and not name.startswith(".")
        }

    def read(self, capture_id: str) -> Record:
        """Return a capture's record. Raises RecordDamaged, and OSError where it can't be read."""
        with self._layout.record(capture_id).open("rb") as file:
            return decoded(file.read(_MOST_BYTES), capture_id)


def decoded(data: bytes, capture_id: str) -> Record:
    """Return the record of this capture that the bytes are; raises RecordDamaged."""
    try:
        record = msgspec.json.decode(data, type=Record)
    except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
        raise RecordDamaged(str(error)) from error
    own = {record.capture.id, *(order.capture_id for order in record.deliveries)}
    if record.answer is not None:
        own.add(record.answer.capture_id)
    if own != {capture_id}:
        raise RecordDamaged("it is another capture's")
    if not all(_fits(part) for part in (record.capture, *record.deliveries, record.answer)):
        raise RecordDamaged("it holds a number out of bounds")
    return record


def _fits(part: Capture | Draft | KeptAnswer | None) -> bool:
    numbers = (value for value in msgspec.to_builtins(part or {}).values() if type(value) is int)
    return all(0 <= number <= _MOST for number in numbers)


def recorded(tx: Transaction, capture: Capture) -> Record:
    """Return the record of a capture as the running transaction has its rows.

    What has expired or been cancelled is left out: it must not come back.
    """
    rows = tx.execute("select * from deliveries where capture_id = ? order by seq", (capture.id,))
    orders = [delivery_of(row) for row in rows]
    answers = tx.execute(
        "select key, fingerprint, capture_id, answer as body, lived_ms from idempotency"
        " where capture_id = ?",
        (capture.id,),
    )
    return Record(
        capture,
        tuple(
            Draft(
                id=order.id,
                capture_id=order.capture_id,
                channel=order.channel,
                created_at=order.created_at,
                created_boot=order.created_boot,
                created_mono=order.created_mono,
                dated=order.dated,
                recipient=order.recipient,
                text=order.text,
                tag=order.tag,
                depends_on=order.depends_on,
                refused=order.last_error if order.state is State.REFUSED else None,
                reference=order.reference if capture.given_up_at is not None else "",
            )
            for order in orders
            if order.state not in _LEFT_OUT
        ),
        next((KeptAnswer(**dict(row)) for row in answers), None),
    )


def tombstone(tx: Transaction, capture: Capture) -> Record:
    """Return what stands in a record's place once its capture is erased: what is owed elsewhere."""
    orders = recorded(tx, capture).deliveries
    return Record(
        capture, tuple(replace(one, depends_on=None) for one in orders if is_erasure(one.channel))
    )
