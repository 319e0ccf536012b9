"""Queues an SMS with the link: who may get one, how many, and what it says.

The caps (for each photo, for each number and day, for each day) are counted in the transaction that
queues the SMS, so that two taps at once can't pass one. Knows no provider: whether and when it
leaves is the outbox's matter.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.links import Links
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import ENDED, State
from kiosk_appliance.domain.guest import Phone, parse_phone
from kiosk_appliance.domain.sms_texts import in_language
from kiosk_appliance.errors import Conflict, NotFound, NumberReason, NumberRefused, TooMany
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import caps, captures, deliveries
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.records import Records, recorded

CHANNEL = "sms"
_DAY_MS = 24 * 3600 * 1000
# A group in one picture; more is somebody playing with other people's numbers.
_PER_CAPTURE = 10
_BARRED = "This number can't get SMS: an earlier one was turned away for good."
_LANDLINE = "A landline can't receive SMS."


@dataclass(frozen=True, slots=True)
class QueuedSms:
    """The delivery's id, and whether this request made it."""

    sms_id: str
    is_new: bool


class Texting:
    """The rules for SMS, and their place in the outbox."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        database: Database,
        records: Records,
        links: Links,
        clock: Clock,
        wake: Callable[[], None],
    ) -> None:
        self._settings = settings
        self._database = database
        self._records = records
        self._links = links
        self._clock = clock
        self._wake = wake

    def read_number(self, typed: str) -> Phone:
        """Return the number; raises NumberRefused."""
        return parse_phone(typed, self._settings().sms.countries)

    def refusal(self, typed: str) -> NumberReason | None:
        """Say why no SMS would reach a number, before anybody asks for one; None: one may."""
        try:
            return None if self.read_number(typed).textable else "landline"
        except NumberRefused as error:
            return error.reason

    async def send(self, capture_id: str, typed: str, language: str = "") -> QueuedSms:
        """Queue an SMS for an existing capture; the same number again is the same SMS.

        `language` is the guest's, two letters; it matters where the text is ours. One that we do
        not write is the kiosk's.

        Raises NumberRefused for the number, NotFound for the capture (also an erased one),
        TooMany `sms-limit` past a cap, Conflict where the photo's upload ended in failure.
        """
        phone = self.read_number(typed)

        def work(tx: Transaction) -> QueuedSms:
            capture = captures.get_for_update(tx, capture_id)
            if capture is None or capture.erased_at is not None:
                raise NotFound("There is no such photo, or it has been erased.")
            known = deliveries.find(tx, capture_id, CHANNEL, phone.e164)
            if known is not None:
                return QueuedSms(known.id, is_new=False)
            upload = self._upload(tx, capture_id)
            sms = self.admitted(tx, self.draft(capture, phone, upload, language))
            if sms is None:
                raise TooMany(
                    "No more SMS can be sent for this photo or today; keep the QR code instead.",
                    code="sms-limit",
                    title="SMS limit reached",
                    retry_after_s=self._until_tomorrow_s(),
                )
            deliveries.insert(tx, sms)
            # Before the commit: once it is in the outbox it may be sent, and a rebuilt database
            # has to know of it.
            self._records.write(recorded(tx, capture))
            return QueuedSms(sms.id, is_new=True)

        queued = await self._database.write(work)
        if queued.is_new:
            self._wake()
        return queued

    def admitted(self, tx: Transaction, sms: deliveries.Draft) -> deliveries.Draft | None:
        """Return the SMS as it may be queued, None past a cap.

        For a number that the provider has found unreachable it is refused from the start.
        """
        rules = self._settings().sms
        now = self._clock.now_ms()
        today = now - now % _DAY_MS
        counts = (
            (caps.count_sms_of(tx, sms.capture_id), _PER_CAPTURE),
            (caps.count_sms(tx, today, now, sms.recipient), rules.per_number_per_day),
            (caps.count_sms(tx, today, now), rules.per_day),
        )
        if any(queued >= most for queued, most in counts):
            return None
        if sms.refused is None and caps.is_barred(tx, sms.recipient):
            return replace(sms, refused=_BARRED)
        return sms

    def draft(
        self, capture: Capture, phone: Phone, after: str | None, language: str = ""
    ) -> deliveries.Draft:
        """Return an SMS with the link that waits for the delivery `after`."""
        made = self._clock.stamp()
        settings = self._settings()
        return deliveries.Draft(
            id=ids.new_id(),
            capture_id=capture.id,
            channel=CHANNEL,
            created_at=made.at_ms,
            created_boot=made.boot,
            created_mono=made.mono_ms,
            dated=made.dated,
            recipient=phone.e164,
            text=self._links.text(
                in_language(settings.sms.text, language, settings.kiosk.language),
                self._links.final(capture.download_url, capture.token),
            ),
            tag=ids.new_tag(),
            depends_on=after,
            refused=None if phone.textable else _LANDLINE,
        )

    def _until_tomorrow_s(self) -> int:
        return (_DAY_MS - self._clock.now_ms() % _DAY_MS) // 1000 + 1

    def _upload(self, tx: Transaction, capture_id: str) -> str | None:
        upload = deliveries.find(tx, capture_id, "storage")
        if upload is None or upload.state is State.DELIVERED:
            return None
        if upload.state in ENDED:
            raise Conflict("The photo could not be uploaded, so its link would not open.")
        return upload.id
