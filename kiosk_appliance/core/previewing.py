"""What a guest sees before she keeps anything: herself on the beach, live, and then her picture.

Owns how many may wait (a late frame is worth nothing), and that a photo never does: of each kind
one at a time is in the pool, and none begins while a photo is being taken.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.studio import Shown, Studio
from kiosk_appliance.errors import Unavailable

_MOST_AT_ONCE = 2


class Previewing:
    """The use cases behind `POST /api/preview/...`; nothing of a guest stays here.

    `frames` and `pictures` are the places to be held from before a body is read.
    """

    def __init__(self, darkroom: Darkroom, studio: Studio) -> None:
        self._darkroom = darkroom
        self._studio = studio
        self.frames, self.pictures = Places(), Places()

    async def mask(self, frame: bytes) -> bytes:
        """Return a grey PNG of 256 x 256 that is white where people are.

        Raises PhotoRefused, NotFound, and Unavailable `overloaded` while photos are taken.
        """
        async with self._turn(self.frames):
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._darkroom.pool, self._darkroom.mask, frame)

    async def picture(
        self, photo: bytes, background_id: str, screen: tuple[int, int] | None = None
    ) -> Shown:
        """Return the very picture that a capture of this photo would become, or as a screen has it.

        `screen` is its width and height in pixels: a picture larger than that is made to fit.
        Raises PhotoRefused, InvalidRequest `background-unknown`, and Unavailable `overloaded`
        while photos are taken.
        """
        async with self._turn(self.pictures):
            return await self._studio.show(photo, background_id, screen)

    async def rest(self) -> None:
        """Give memory back where nobody has been looked at for a while."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._darkroom.pool, self._darkroom.drop_idle)

    @asynccontextmanager
    async def _turn(self, places: "Places") -> AsyncIterator[None]:
        async with places.turn:
            await self._studio.give_way()
            yield


class Places:
    """Two may be there: one whose turn it is, and one who is next."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self._taken = 0

    @contextmanager
    def one(self) -> Iterator[None]:
        """Hold one of them; raises Unavailable `overloaded`."""
        if self._taken >= _MOST_AT_ONCE:
            raise Unavailable("Those before are still looked at; skip this.", retry_after_s=1)
        self._taken += 1
        try:
            yield
        finally:
            self._taken -= 1
