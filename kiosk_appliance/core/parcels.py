"""Makes the parcel that a channel is handed out of an outbox row and its capture."""

from collections.abc import Callable

from kiosk_appliance.clock import Clock
from kiosk_appliance.core import landing
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.links import Links
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import Parcel
from kiosk_appliance.domain.entry import Entry
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.files import Photos


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
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._captures = captures
        self._photos = photos
        self._keeping = keeping
        self.links = links
        self._clock = clock

    async def make(self, delivery: Delivery) -> Parcel:
        """Return the parcel of one attempt. Raises LookupError where its capture has gone."""
        capture = await self._captures.get(delivery.capture_id)
        if capture is None:
            raise LookupError(delivery.capture_id)
        return Parcel(
            delivery_id=delivery.id,
            capture_id=capture.id,
            token=capture.token,
            attempt=delivery.attempts,
            photo=self._photos.path(capture.id),
            page=self._page(capture) if delivery.channel == "storage" else None,
            erase_at_s=self._keeping.erase_at_s(capture),
            recipient=delivery.recipient,
            text=self.links.filled(delivery.text, capture.token),
            tag=delivery.tag,
            valid_for_s=self.life_left_s(delivery),
            entry=self._entry(capture),
        )

    def life_left_s(self, delivery: Delivery) -> int:
        """Return how long an SMS may still be sent; 0 or less once it is too old."""
        return round(self._settings().sms.expires_after - self._age_ms(delivery) / 1000)

    def _age_ms(self, delivery: Delivery) -> int:
        # Within one boot the monotonic clock is right whatever happens to the wall clock.
        if delivery.created_boot == self._clock.boot:
            return self._clock.monotonic_ms() - delivery.created_mono
        return max(self._clock.now_ms() - delivery.created_at, 0)

    def _entry(self, capture: Capture) -> Entry:
        return Entry(
            kiosk=self._settings().kiosk.name,
            capture=capture.id,
            version=capture.version,
            created_at=capture.created_at,
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

    def _page(self, capture: Capture) -> bytes | None:
        if not self._settings().links.landing_page:
            return None
        return landing.render(
            photo_url=f"{capture.token}.jpg",
            width=capture.width,
            height=capture.height,
            erase_at_s=self._keeping.erase_at_s(capture),
        )
