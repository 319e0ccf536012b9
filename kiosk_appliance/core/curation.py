"""Adds, lists and removes backgrounds, and gives a new kiosk its first ones."""

import asyncio
import hashlib

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import InvalidRequest, NotFound
from kiosk_appliance.imaging import originals
from kiosk_appliance.imaging.backgrounds import inspect
from kiosk_appliance.imaging.modes import MODES
from kiosk_appliance.imaging.photo import PhotoLimits
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.memory import Memory

_NAME_MAX = 80
_GIVEN = "originals"


class Curation:
    """The use cases of whoever chooses what guests may choose."""

    def __init__(
        self, *, backgrounds: Backgrounds, memory: Memory, limits: PhotoLimits, clock: Clock
    ) -> None:
        self._backgrounds = backgrounds
        self._memory = memory
        self._limits = limits
        self._clock = clock

    async def add(self, picture: bytes, name: str, mode: str, display_order: int) -> Background:
        """Keep a new background; raises InvalidRequest naming the wrong field."""
        if mode not in MODES:
            raise InvalidRequest.field("mode", f"Choose one of: {', '.join(sorted(MODES))}.")
        name = name.strip()
        if not name or len(name) > _NAME_MAX:
            raise InvalidRequest.field("name", f"Give a name of 1 to {_NAME_MAX} characters.")
        facts = await asyncio.to_thread(inspect, picture, self._limits)
        if mode == "frame" and not facts.has_alpha:
            raise InvalidRequest.field(
                "file",
                "A frame needs a transparent part for the guest: give a PNG or WebP with one.",
            )
        background = Background(
            id=ids.new_id(),
            name=name,
            mode=mode,
            media_type=facts.media_type,
            version=hashlib.sha256(picture).hexdigest(),
            file_size=len(picture),
            width=facts.width,
            height=facts.height,
            is_active=True,
            display_order=display_order,
            created_at=self._clock.now_ms(),
        )
        await self._backgrounds.add(background, picture, facts.thumbnail)
        return background

    async def every(self) -> list[Background]:
        """Return all backgrounds in display order."""
        return await self._backgrounds.every()

    async def active(self) -> list[Background]:
        """Return those that guests may choose."""
        return await self._backgrounds.active()

    async def get(self, background_id: str) -> Background:
        """Return one that guests may choose; raises NotFound."""
        background = await self._backgrounds.get(background_id)
        if background is None or not background.is_active:
            raise NotFound("There is no such background.")
        return background

    async def picture(self, background_id: str, *, thumbnail: bool) -> bytes:
        """Return the file of a background, or its thumbnail (PNG)."""
        path = (
            self._backgrounds.thumbnail(background_id)
            if thumbnail
            else self._backgrounds.picture(background_id)
        )
        return await asyncio.to_thread(path.read_bytes)

    async def remove(self, background_id: str) -> None:
        """Drop a background; captures that used it stay. Raises NotFound."""
        if not await self._backgrounds.remove(background_id):
            raise NotFound("There is no such background.")

    async def give_originals(self) -> None:
        """Give a new kiosk the backgrounds that come with the program, once in its life."""
        if await self._memory.recall(_GIVEN) is not None:
            return
        known = {background.version for background in await self._backgrounds.every()}
        for order, original in enumerate(originals.ORIGINALS):
            picture = originals.read(original)
            if hashlib.sha256(picture).hexdigest() not in known:
                await self.add(picture, original.name, original.mode, order)
        await self._memory.remember(_GIVEN, "1")
