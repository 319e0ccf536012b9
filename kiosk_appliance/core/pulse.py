"""How far the event loop is behind: whatever blocks it, keeps every guest waiting."""

import asyncio
from collections import deque

_BEAT_S = 0.05
# One beat a second: the worst of the last minute, so that no scrape misses it.
_KEPT = 60


class Pulse:
    """Measures the loop's lag at each beat."""

    def __init__(self) -> None:
        self._lags: deque[float] = deque(maxlen=_KEPT)

    async def beat(self) -> None:
        """Measure once: by how much a short sleep was too long."""
        loop = asyncio.get_running_loop()
        due = loop.time() + _BEAT_S
        await asyncio.sleep(_BEAT_S)
        self._lags.append(max(loop.time() - due, 0.0))

    @property
    def lag_s(self) -> float:
        """Return the worst lag of the last minute, in seconds."""
        return max(self._lags, default=0.0)
