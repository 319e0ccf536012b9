"""Tries the providers on the technician's behalf, beside the outbox: one SMS, one object.

Nothing of it is a guest's: no row, no cap and no circuit knows of it. Whatever a provider does is
an answer, in its own words, and comes within a minute for each step.
"""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import msgspec

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.handover import Handover
from kiosk_appliance.delivery.channel import Channel, Fetching
from kiosk_appliance.domain.delivery import Delivered, Outcome, Parcel
from kiosk_appliance.domain.guest import parse_phone
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.settings import Settings

T = TypeVar("T")

_TEXT = "Borne photo : ceci est un SMS d'essai."
_STEP_S = 60.0
# Should it not be removed, the cloud forgets it by itself.
_KEPT_S = 24 * 3600
_VALID_S = 3600


class Trial(msgspec.Struct, frozen=True):
    """What came of it, in words for the technician, and how long each step took, in ms."""

    ok: bool
    detail: str
    timings_ms: dict[str, int]


class Trials:
    """The use cases behind `POST /admin/test/...`."""

    def __init__(
        self, *, settings: Callable[[], Settings], channel: Callable[[str], Channel], clock: Clock
    ) -> None:
        self._settings = settings
        self._channel = channel
        self._clock = clock
        self._turns = {name: asyncio.Lock() for name in ("sms", "storage")}

    async def sms(self, typed: str) -> Trial:
        """Send one SMS now; raises InvalidRequest `phone-invalid`, Unavailable for a second one."""
        phone = parse_phone(typed, self._settings().sms.countries)
        if not phone.textable:
            return Trial(ok=False, detail="A landline can't receive SMS.", timings_ms={})
        async with self._turn("sms"):
            steps = _Steps(self._clock)
            parcel = _parcel(Path("none"), recipient=phone.e164, text=_TEXT)
            outcome = await steps.timed(
                "send", Handover(self._channel("sms"), _STEP_S).deliver(parcel)
            )
        return steps.ended(_trouble(outcome), "The SMS has been handed over.")

    async def storage(self) -> Trial:
        """Write an object, read it back, compare, remove it; raises Unavailable for a second."""
        async with self._turn("storage"):
            steps = _Steps(self._clock)
            try:
                with tempfile.TemporaryDirectory(prefix="kiosk-trial-") as folder:
                    trouble = await self._store(steps, Path(folder) / "trial.jpg")
            except OSError as error:
                trouble = f"The kiosk's own disk: {error.strerror}."
        return steps.ended(trouble, "An object was written, read back, compared and removed.")

    async def _store(self, steps: "_Steps", file: Path) -> str | None:
        content = ids.new_key()
        await asyncio.to_thread(file.write_bytes, content)
        parcel, channel = _parcel(file), self._channel("storage")
        lane = Handover(channel, _STEP_S)
        trouble = _trouble(await steps.timed("write", lane.deliver(parcel)))
        if trouble is not None:
            return trouble
        if isinstance(channel, Fetching):
            found = await steps.timed("read", lane.fetch(channel, parcel))
            if not isinstance(found, bytes):
                trouble = _trouble(found)
            elif found != content:
                trouble = "What was read back is not what was written."
        removing = Handover(self._channel("erase-storage"), _STEP_S)
        removed = await steps.timed("remove", removing.deliver(parcel))
        return trouble or _trouble(removed)

    @asynccontextmanager
    async def _turn(self, name: str) -> AsyncIterator[None]:
        turn = self._turns[name]
        if turn.locked():
            raise Unavailable("Such a test is under way; wait for its answer.", retry_after_s=5)
        async with turn:
            yield


class _Steps:
    """The steps of one trial as they are timed."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._timings: dict[str, int] = {}

    async def timed(self, step: str, work: Awaitable[T]) -> T:
        started = self._clock.monotonic_ms()
        try:
            return await work
        finally:
            self._timings[step] = self._clock.monotonic_ms() - started

    def ended(self, trouble: str | None, otherwise: str) -> Trial:
        return Trial(ok=trouble is None, detail=trouble or otherwise, timings_ms=self._timings)


def _parcel(photo: Path, recipient: str = "", text: str = "") -> Parcel:
    return Parcel(
        delivery_id=ids.new_id(),
        capture_id=ids.new_id(),
        token=ids.new_id(),
        attempt=1,
        photo=photo,
        erase_after_s=_KEPT_S,
        recipient=recipient,
        text=text,
        tag=ids.new_tag(),
        valid_for_s=_VALID_S,
    )


def _trouble(outcome: Outcome) -> str | None:
    return None if isinstance(outcome, Delivered) else outcome.reason
