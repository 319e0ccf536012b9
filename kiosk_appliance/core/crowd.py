"""How many are at something together, and the moment when the last of them has gone."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


class Crowd:
    """Who has come and not gone yet."""

    def __init__(self) -> None:
        self.size = 0
        self._empty = asyncio.Event()
        self._empty.set()

    @contextmanager
    def joined(self) -> Iterator[None]:
        """Be one of them."""
        self.size += 1
        self._empty.clear()
        try:
            yield
        finally:
            self.size -= 1
            if not self.size:
                self._empty.set()

    async def gone(self, patience_s: float) -> bool:
        """Say whether there was a moment without anybody, waiting so long for one."""
        # A lane asks twice for each delivery, and a timer costs more than the look.
        if self._empty.is_set():
            return True
        try:
            await asyncio.wait_for(self._empty.wait(), patience_s)
        except TimeoutError:
            return False
        return True
