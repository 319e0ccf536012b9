"""Adds, lists and removes backgrounds, and gives a new kiosk its first ones."""

import asyncio
import hashlib
import unicodedata
from collections.abc import Callable
from typing import TypeVar

import structlog

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import InvalidRequest, KioskError, NotFound
from kiosk_appliance.imaging import originals
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.disk import disk_fault, reason, too_many_open
from kiosk_appliance.store.memory import Memory

log = structlog.get_logger("curation")

T = TypeVar("T")

_NAME_MAX = 80
_ORDER_MAX = 999_999
# Control characters, line and paragraph separators, halves of what is no text at all.
_NO_TEXT = frozenset({"Cc", "Zl", "Zp", "Cs"})
_GIVEN = "originals"


def checked_name(name: str) -> str:
    """Return a background's name without surrounding blanks; raises InvalidRequest."""
    name = name.strip()
    if not name or len(name) > _NAME_MAX:
        raise InvalidRequest.field("name", f"Give a name of 1 to {_NAME_MAX} characters.")
    if any(unicodedata.category(character) in _NO_TEXT for character in name):
        raise InvalidRequest.field(
            "name", "Give a name of one line of text, without control characters."
        )
    return name


def no_such_background() -> NotFound:
    """Return what is said about a background that is not there."""
    return NotFound("There is no such background.")


class Curation:
    """The use cases of whoever chooses what guests may choose."""

    def __init__(
        self, *, backgrounds: Backgrounds, memory: Memory, darkroom: Darkroom, clock: Clock
    ) -> None:
        self._backgrounds = backgrounds
        self._memory = memory
        self._darkroom = darkroom
        self._clock = clock
        self._giving: asyncio.Task[None] | None = None

    async def add(self, picture: bytes, name: str, mode: str, display_order: int) -> Background:
        """Keep a new background; raises InvalidRequest naming the wrong field."""
        modes = await self._in_pool(self._darkroom.modes)
        if mode not in modes:
            raise InvalidRequest.field("mode", f"Choose one of: {', '.join(sorted(modes))}.")
        name = checked_name(name)
        if not 0 <= display_order <= _ORDER_MAX:
            raise InvalidRequest.field("order", f"Give an order from 0 to {_ORDER_MAX}.")
        facts = await self._in_pool(lambda: self._darkroom.inspect(picture))
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
        """Return those that guests may choose; a new kiosk's first ones are waited for."""
        if self._giving is not None:
            await asyncio.wait({self._giving})
        return await self._backgrounds.active()

    async def get(self, background_id: str) -> Background:
        """Return one that guests may choose; raises NotFound."""
        background = await self._backgrounds.get(background_id)
        if background is None or not background.is_active:
            raise no_such_background()
        return background

    async def picture(self, background_id: str, *, thumbnail: bool) -> bytes:
        """Return the file of a background, or its thumbnail (PNG).

        Raises NotFound where the file is gone or can't be read: guests see one background less.
        """
        path = (
            self._backgrounds.thumbnail(background_id)
            if thumbnail
            else self._backgrounds.picture(background_id)
        )
        try:
            return await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            if too_many_open(error):
                raise disk_fault(error) from error
            log.error("background_unreadable", file=path.name, errno=reason(error))  # noqa: TRY400 - no bug
            raise no_such_background() from error

    async def remove(self, background_id: str) -> None:
        """Drop a background; captures that used it stay. Raises NotFound."""
        if not await self._backgrounds.remove(background_id):
            raise no_such_background()

    def start_giving(self, served: asyncio.Event) -> None:
        """Give a new kiosk its first backgrounds while guests are served already."""
        self._giving = asyncio.create_task(self._give_loudly(served))

    async def _give_loudly(self, served: asyncio.Event) -> None:
        # Promised before the first guest can ask, made once she is answered.
        await served.wait()
        try:
            await self.give_originals()
        except KioskError as error:
            # A full disk: the next start tries again.
            log.error("originals_not_given", reason=error.detail)  # noqa: TRY400 - no bug

    async def _in_pool(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._darkroom.pool, work)

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
