"""Passwords are hashed with argon2id, off the event loop and one at a time (64 MiB each).

The only module that knows argon2.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from kiosk_appliance.errors import Unavailable
from kiosk_appliance.settings.passwords import normalised

T = TypeVar("T")

# Each takes a tenth of a second, more on a slow kiosk: past these, waiting is no answer.
_MOST_WAITING = 16


class Hashing:
    """Hashes and verifies; whoever comes waits for those before."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return argon2's string for a password. Raises Unavailable past the queue's bound."""
        return await self._in_turn(lambda: _hash(password))

    async def verify(self, password: str, hashed: str) -> bool:
        """Say whether this is the password that was hashed. Raises Unavailable as `hash` does."""
        return await self._in_turn(lambda: _verify(password, hashed))

    async def _in_turn(self, work: Callable[[], T]) -> T:
        if self._waiting >= _MOST_WAITING:
            raise Unavailable("Too many logins at once; try again in a moment.", retry_after_s=2)
        self._waiting += 1
        try:
            async with self._turn:
                return await asyncio.to_thread(work)
        finally:
            self._waiting -= 1


def _hash(password: str) -> str:
    from argon2 import PasswordHasher  # noqa: PLC0415 - slow to import; a start need not wait

    return PasswordHasher().hash(normalised(password))


def _verify(password: str, hashed: str) -> bool:
    from argon2 import PasswordHasher  # noqa: PLC0415 - as above
    from argon2.exceptions import InvalidHashError, VerificationError  # noqa: PLC0415 - as above

    try:
        return PasswordHasher().verify(hashed, normalised(password))
    except (VerificationError, InvalidHashError):
        return False
