"""Takes a photo in: checked, composed, durable on disk, its deliveries queued, then answered.

`201` is a promise. Order: the files of the photo and of its record, then one transaction with the
capture and everything that must happen to it, then the answer. The record holds what the rows
hold, so that the loss of the database loses nothing. Pictures are made off the event loop in a
bounded pool.
"""

import asyncio
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace

import msgspec

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock, Stamp
from kiosk_appliance.core.answer import encoded_answer
from kiosk_appliance.core.journaling import line_of
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.space import Space
from kiosk_appliance.core.studio import StoredPicture, Studio
from kiosk_appliance.core.texting import Texting
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.core.turns import Turns
from kiosk_appliance.domain.capture import Capture, Consent
from kiosk_appliance.domain.guest import parse_email
from kiosk_appliance.errors import DiskFailing, DiskFull, InvalidRequest
from kiosk_appliance.store import captures, deliveries, journal
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Draft
from kiosk_appliance.store.records import Record, Records


@dataclass(frozen=True, slots=True)
class Order:
    """What a guest's page hands in: the photo's bytes and the fields beside it."""

    photo: bytes = field(repr=False)
    phone: str | None = None
    email: str | None = None
    background_id: str | None = None
    consent: Consent = field(default_factory=Consent)
    idempotency_key: str | None = None
    notice: str | None = None
    """Which text on data protection the guest was shown: language and version."""

    def fingerprint(self) -> str:
        """Return a digest of the photo and the fields, whatever form they came in."""
        fields = (self.phone, self.email, self.background_id)
        digest = hashlib.sha256(msgspec.json.encode((fields, self.consent)))
        digest.update(self.photo)
        return digest.hexdigest()


class Capturing:
    """The use case behind `POST /api/capture`.

    `central` says whether a fleet's central database is told of each capture, too; `queued` is told
    of each channel that has something to deliver at once.
    """

    def __init__(
        self,
        *,
        studio: Studio,
        texting: Texting,
        database: Database,
        records: Records,
        links: Links,
        space: Space,
        clock: Clock,
        central: Callable[[], bool],
        timekeeping: Timekeeping,
        online: Callable[[], bool],
        queued: Callable[[str], None],
    ) -> None:
        self._studio = studio
        self._texting = texting
        self._database = database
        self._records = records
        self._captures = captures.Captures(database)
        self._links = links
        self._space = space
        self._clock = clock
        self._central = central
        self._timekeeping = timekeeping
        self._online = online
        self._queued = queued
        self._turns = Turns()

    async def admit(self, key: str | None) -> None:
        """Raise Unavailable `insufficient-storage` where there is no room for another photo.

        Asked before a body is read. What was kept under its key is answered again all the same.
        """
        if self._space.is_short and (key is None or await self._kept(key) is None):
            self._space.admit()

    async def take(self, order: Order) -> bytes:
        """Return the JSON of the answer once the capture is durable.

        Raises PhotoRefused and InvalidRequest for the guest's input, Unavailable for the disk.
        """
        key = order.idempotency_key
        if key is None:
            return await self._take(order, fingerprint="")
        loop = asyncio.get_running_loop()
        fingerprint = await loop.run_in_executor(None, order.fingerprint)
        async with self._turns.of(key):
            return await self._replayed(key, fingerprint) or await self._take(order, fingerprint)

    async def _replayed(self, key: str, fingerprint: str) -> bytes | None:
        kept = await self._kept(key)
        if kept is None:
            return None
        if kept.fingerprint != fingerprint:
            raise InvalidRequest(
                "This Idempotency-Key was used for another capture; use a new key for each photo.",
                code="idempotency-key-reused",
                title="Idempotency-Key reused",
            )
        return kept.body

    async def _kept(self, key: str) -> captures.KeptAnswer | None:
        return await self._captures.kept_answer(
            key, self._timekeeping.lived_ms() - captures.KEPT_MS
        )

    async def _take(self, order: Order, fingerprint: str) -> bytes:
        self._space.admit()
        phone = self._texting.read_number(order.phone) if order.phone is not None else None
        email = parse_email(order.email) if order.email is not None else None
        capture_id, token = ids.new_id(), ids.new_id()

        def record(picture: StoredPicture) -> Record:
            made = self._clock.stamp()
            capture = Capture(
                id=capture_id,
                token=token,
                created_at=made.at_ms,
                dated=made.dated,
                download_url=self._links.download_url(token),
                width=picture.width,
                height=picture.height,
                file_size=picture.file_size,
                sha256=picture.sha256,
                phone=phone.e164 if phone else None,
                email=email,
                consent=order.consent,
                background_id=order.background_id,
            )
            orders = [_draft(capture, "storage", made)]
            if phone is not None and order.consent.sms:
                orders.append(self._texting.draft(capture, phone, orders[0].id))
            if self._central():
                orders.append(_draft(capture, "postgres", made))
            made_of = Record(capture, tuple(orders), cut_out=picture.cut_out)
            return self._answered(made_of, order.idempotency_key, fingerprint)

        try:
            durable = await self._studio.make(capture_id, order.photo, order.background_id, record)
        except DiskFull:
            await self._space.look_again()
            raise
        durable = await self._commit(durable, order.notice)
        for delivery in durable.deliveries:
            if delivery.depends_on is None:
                self._queued(delivery.channel)
        return durable.answer.body if durable.answer else self._body(durable)

    def _answered(self, record: Record, key: str | None, fingerprint: str) -> Record:
        if key is None:
            return record
        body = self._body(record)
        return replace(
            record,
            answer=captures.KeptAnswer(
                key, fingerprint, record.capture.id, body, self._timekeeping.lived_ms()
            ),
        )

    async def _commit(self, record: Record, notice: str | None) -> Record:
        """Make the rows of a record; return it as the caps have left it, or leave no file of it."""
        shown = f": {record.capture.id}, after notice {notice}" if notice else ""
        noted = line_of(self._clock, "capturing", f"capture taken{shown}")

        def work(tx: Transaction) -> Record:
            final = self._within_caps(tx, record)
            captures.insert(tx, final.capture)
            journal.append(tx, noted)
            for order in final.deliveries:
                deliveries.insert(tx, order)
            if final.answer is not None:
                since = final.answer.lived_ms - captures.KEPT_MS
                captures.keep_answer(tx, final.answer, since)
            return final

        try:
            return await self._database.write(work)
        except DiskFailing:
            # The row may be there all the same: the photo stays, and the next start sets it aside
            # unless it has its row.
            self._studio.disown(record.capture.id)
            raise
        except Exception:
            self._studio.discard(record.capture.id)
            raise

    def _within_caps(self, tx: Transaction, record: Record) -> Record:
        if record.sms is None:
            return record
        sms = self._texting.admitted(tx, record.sms)
        if sms is not None:
            return replace(record, deliveries=(*record.without_sms, sms))
        final = replace(record, deliveries=record.without_sms)
        if final.answer is not None:
            final = replace(final, answer=replace(final.answer, body=self._body(final)))
        # What stands in a record is sent should the database be lost.
        self._records.write(final)
        return final

    def _body(self, record: Record) -> bytes:
        return encoded_answer(record, online=self._online())


def _draft(capture: Capture, channel: str, made: Stamp) -> Draft:
    return Draft(
        id=ids.new_id(),
        capture_id=capture.id,
        channel=channel,
        created_at=made.at_ms,
        created_boot=made.boot,
        created_mono=made.mono_ms,
        dated=made.dated,
    )
