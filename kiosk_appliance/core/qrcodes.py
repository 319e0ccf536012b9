"""QR codes of links, drawn off the event loop and remembered for the guest who looks at one."""

import asyncio
from collections import OrderedDict

from kiosk_appliance.core.darkroom import Darkroom

_MOST = 64


class QrCodes:
    """Draws QR codes; the last few are kept."""

    def __init__(self, darkroom: Darkroom) -> None:
        self._darkroom = darkroom
        self._drawn: OrderedDict[tuple[str, int, bool], bytes] = OrderedDict()

    async def draw(self, url: str, size: int, *, svg: bool) -> bytes:
        """Return the code of a link, `size` pixels a side (64 to 2048), as SVG or PNG."""
        key = (url, size, svg)
        if key not in self._drawn:
            loop = asyncio.get_running_loop()
            picture = await loop.run_in_executor(
                self._darkroom.pool, lambda: self._darkroom.draw_qr(url, size, svg=svg)
            )
            self._drawn[key] = picture
            if len(self._drawn) > _MOST:
                self._drawn.popitem(last=False)
        return self._drawn[key]
