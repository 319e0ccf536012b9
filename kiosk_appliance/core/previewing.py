"""The guest sees herself on the beach before the countdown, where her browser can't do it alone.

Owns how many frames may wait: a late one is worth nothing, and a photo comes first.
"""

import asyncio

from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.errors import Unavailable

_MOST_AT_ONCE = 2


class Previewing:
    """The use case behind `POST /api/preview/mask`."""

    def __init__(self, darkroom: Darkroom) -> None:
        self._darkroom = darkroom
        self._waiting = 0

    async def mask(self, frame: bytes) -> bytes:
        """Return a grey PNG of 256 x 256 that is white where people are.

        Raises PhotoRefused, NotFound, and Unavailable `overloaded` past two frames at once.
        """
        if self._waiting >= _MOST_AT_ONCE:
            raise Unavailable("The frames before are still looked at; skip this.", retry_after_s=1)
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._darkroom.pool, self._darkroom.mask, frame)
        finally:
            self._waiting -= 1

    async def rest(self) -> None:
        """Give memory back where nobody has been looked at for a while."""
        loop = asyncio.get_running_loop()
        await loop.run_in_executor(self._darkroom.pool, self._darkroom.drop_idle)
