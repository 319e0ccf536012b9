"""What a guest can see of her capture afterwards: its state, its photo, its landing page."""

import asyncio
from collections.abc import Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from pathlib import Path

import msgspec

from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core import landing
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.links import Links
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.errors import Gone, NotFound
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.deliveries import Deliveries, Delivery
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.photos import Photos

_UNKNOWN = "There is no such photo here; check the link."
_NOT_HERE = "This photo is not on the kiosk any more."


class DeliveryView(msgspec.Struct, frozen=True):
    """One delivery as the public status shows it: nothing personal."""

    channel: str
    state: str
    attempts: int
    next_attempt_at: str | None
    last_error: str | None


class StatusView(msgspec.Struct, frozen=True):
    """The answer of `GET /api/status/{capture_id}`."""

    id: str
    created_at: str
    status: str
    is_synced: bool
    sms_sent: bool
    sync_attempts: int
    download_url: str
    photo_remote_url: str | None
    deliveries: list[DeliveryView]


class Existence(msgspec.Struct, frozen=True):
    """One line of the status map."""

    exists: bool
    is_synced: bool


@dataclass(frozen=True, slots=True)
class OpenPhoto:
    """A photo to be handed out: its file, or the cloud's address once the kiosk gave it up."""

    capture: Capture
    path: Path
    remote_url: str | None

    async def read(self) -> bytes:
        """Return the JPEG. Raises NotFound where it has just gone, Unavailable for the disk."""
        try:
            return await asyncio.to_thread(self.path.read_bytes)
        except FileNotFoundError as error:
            raise NotFound(_NOT_HERE) from error
        except OSError as error:
            raise disk_fault(error) from error


class Following:
    """Looks captures up for their guests.

    `lanes` are the channels in use. What still waits for one that has been switched off, such as
    the central database, keeps no capture pending: nobody works on it.
    """

    def __init__(
        self,
        *,
        captures: Captures,
        deliveries: Deliveries,
        photos: Photos,
        keeping: Keeping,
        links: Links,
        clock: Clock,
        lanes: Callable[[], AbstractSet[str]],
        review_url: Callable[[], str | None],
    ) -> None:
        self._review_url = review_url
        self._captures = captures
        self._deliveries = deliveries
        self._photos = photos
        self._keeping = keeping
        self._links = links
        self._clock = clock
        self._lanes = lanes

    async def status(self, capture_id: str) -> StatusView:
        """Return the state of a capture; raises NotFound for unknown and erased ones."""
        capture = await self._captures.get(capture_id)
        if capture is None or capture.erased_at is not None:
            raise NotFound(_UNKNOWN)
        return self.view(capture, await self._deliveries.of_capture(capture_id))

    def view(self, capture: Capture, rows: Sequence[Delivery]) -> StatusView:
        """Return the state of a capture with these deliveries."""
        counting = self._counting()
        synced = all(row.state is State.DELIVERED for row in rows if row.channel in counting)
        storage = [row for row in rows if row.channel == "storage"]
        return StatusView(
            id=capture.id,
            created_at=rfc3339(capture.created_at),
            status="synced" if synced else "pending",
            is_synced=synced,
            sms_sent=any(r.channel == "sms" and r.state is State.DELIVERED for r in rows),
            sync_attempts=sum(row.attempts for row in storage),
            download_url=self._links.final(capture.download_url, capture.token),
            photo_remote_url=_remote_url(rows),
            deliveries=[self._delivery(row) for row in rows],
        )

    def _counting(self) -> AbstractSet[str]:
        return self._lanes() - {"sms"}

    async def existence(self, capture_ids: Sequence[str]) -> dict[str, Existence]:
        """Say of each id whether there is such a capture, not erased, and whether it is synced."""
        found = await self._captures.synced(capture_ids, self._counting())
        return {one: Existence(one in found, found.get(one, False)) for one in capture_ids}

    async def photo(self, key: str) -> OpenPhoto:
        """Return the photo behind a token or an id; raises NotFound, or Gone once erased."""
        return await self._open(await self._captures.find(key))

    async def photo_of(self, capture_id: str) -> OpenPhoto:
        """Return the photo of a capture by its id alone; raises NotFound, or Gone once erased."""
        return await self._open(await self._captures.get(capture_id))

    async def _open(self, capture: Capture | None) -> OpenPhoto:
        if capture is None:
            raise NotFound(_UNKNOWN)
        if capture.erased_at is not None:
            raise Gone("This photo has been erased.")
        path = self._photos.path(capture.id)
        try:
            is_here = path.exists()
        except OSError as error:
            raise disk_fault(error) from error
        if is_here:
            return OpenPhoto(capture, path, None)
        remote = _remote_url(await self._deliveries.of_capture(capture.id))
        if remote is None:
            raise NotFound(_NOT_HERE)
        return OpenPhoto(capture, path, remote)

    async def page(self, capture: Capture) -> bytes:
        """Return the landing page of a capture as the kiosk serves it."""
        return landing.render(
            photo_url=f"/uploads/{capture.id}.jpg",
            width=capture.width,
            height=capture.height,
            erase_at_s=self._keeping.erase_at_s(capture),
            offers=landing.Offers(review_url=self._review_url(), token=capture.token),
        )

    async def link(self, token: str) -> str:
        """Return the final link of a token; raises NotFound."""
        capture = await self._captures.find(token)
        if capture is None or capture.erased_at is not None:
            raise NotFound(_UNKNOWN)
        return self._links.final(capture.download_url, capture.token)

    def _delivery(self, row: Delivery) -> DeliveryView:
        return DeliveryView(
            channel=row.channel,
            state=row.state,
            attempts=row.attempts,
            next_attempt_at=self._next_attempt(row),
            last_error=row.last_error,
        )

    def _next_attempt(self, row: Delivery) -> str | None:
        return next_attempt_at(row, self._clock) if row.channel in self._lanes() else None


def next_attempt_at(row: Delivery, clock: Clock) -> str | None:
    """Return when a delivery is tried or looked up next, RFC 3339; None: never, or not by time."""
    if row.state not in {State.WAITING, State.UNCERTAIN} or row.due_mono is None:
        return None
    wait = 0
    if row.due_boot == clock.boot:
        wait = max(row.due_mono - clock.monotonic_ms(), 0)
    return rfc3339(clock.now_ms() + wait)


def _remote_url(rows: Sequence[Delivery]) -> str | None:
    for row in rows:
        if (
            row.channel == "storage"
            and row.state is State.DELIVERED
            and row.reference.startswith("http")
        ):
            return row.reference
    return None
