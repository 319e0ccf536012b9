"""Makes the parcel that a channel is handed out of an outbox row and its capture.

Also says when there is no more point in handing it over.
"""

from collections.abc import Callable

from kiosk_appliance.core import landing
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import Parcel, is_erasure
from kiosk_appliance.domain.entry import Entry
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.photos import Photos

_STORAGE = "storage"
# What an upload takes at most.
_UPLOAD_S = 300


class Parcels:
    """Builds parcels; knows no channel but by what its parcels need."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        captures: Captures,
        photos: Photos,
        keeping: Keeping,
        links: Links,
        timekeeping: Timekeeping,
    ) -> None:
        self._settings = settings
        self._captures = captures
        self._photos = photos
        self._keeping = keeping
        self.links = links
        self._timekeeping = timekeeping

    async def make(self, delivery: Delivery, capture: Capture | None = None) -> Parcel:
        """Return the parcel of one attempt. Raises LookupError where its capture has gone."""
        if capture is None:
            capture = await self._captures.get(delivery.capture_id)
        if capture is None or (capture.erased_at and not is_erasure(delivery.channel)):
            raise LookupError(delivery.capture_id)
        erase_at, erase_after = self._erasure(delivery)
        return Parcel(
            delivery_id=delivery.id,
            capture_id=capture.id,
            token=capture.token,
            attempt=delivery.attempts,
            photo=self._photos.path(capture.id),
            page=self._page(capture, erase_at) if delivery.channel == _STORAGE else None,
            erase_at_s=erase_at,
            erase_after_s=erase_after,
            recipient=delivery.recipient,
            text=self.links.filled(delivery.text, capture.token),
            tag=delivery.tag,
            valid_for_s=self.life_left_s(delivery),
            entry=self._entry(capture, self._timekeeping.made_at_ms(delivery)),
        )

    def is_too_late(self, delivery: Delivery) -> bool:
        """Say whether nobody wants it any more: an old SMS, or a photo past its erasure."""
        if delivery.recipient:
            return self.life_left_s(delivery) <= 0
        kept_s = self._keeping.seconds
        if delivery.channel != _STORAGE or kept_s is None:
            return False
        # The storage refuses a date of erasure that has passed.
        return kept_s - self._age_s(delivery) < _UPLOAD_S

    def life_left_s(self, delivery: Delivery) -> int:
        """Return how long an SMS may still be sent; 0 or less once it is too old."""
        return round(self._settings().sms.expires_after) - self._age_s(delivery)

    def _age_s(self, delivery: Delivery) -> int:
        return self._timekeeping.age_ms(delivery) // 1000

    def _entry(self, capture: Capture, made_at: int | None) -> Entry:
        return Entry(
            kiosk=self._settings().kiosk.name,
            capture=capture.id,
            version=capture.version,
            created_at=capture.created_at if made_at is None else made_at,
            phone=capture.phone,
            email=capture.email,
            consent_sms=capture.consent.sms,
            consent_marketing=capture.consent.marketing,
            background_id=capture.background_id,
            download_url=self.links.final(capture.download_url, capture.token),
            width=capture.width,
            height=capture.height,
            file_size=capture.file_size,
        )

    def _erasure(self, delivery: Delivery) -> tuple[int | None, int | None]:
        """Return when the photo is erased, or in how many seconds where no more is known."""
        kept_s = self._keeping.seconds
        if kept_s is None:
            return None, None
        made_at = self._timekeeping.made_at_ms(delivery)
        if made_at is not None:
            return made_at // 1000 + kept_s, None
        return None, kept_s - self._age_s(delivery)

    def _page(self, capture: Capture, erase_at_s: int | None) -> bytes | None:
        if not self._settings().links.landing_page:
            return None
        guest = self._settings().guest
        return landing.render(
            offers=landing.Offers(review_url=guest.review_url, contact=guest.privacy_contact),
            photo_url=f"{capture.token}.jpg",
            width=capture.width,
            height=capture.height,
            erase_at_s=erase_at_s,
        )
