"""Whether somebody stands before the kiosk, told by what the guest page asks for.

Work that can wait asks here, and is done in smaller steps meanwhile. Knows nothing of who it is.
"""

from kiosk_appliance.clock import Clock

# From the choice of a background to the photo, or from one guest of a queue to the next.
_STAYS_MS = 60_000


class Presence:
    """When a guest last did something."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._until_ms = 0

    def note(self) -> None:
        """A guest is doing something right now."""
        self._until_ms = self._clock.monotonic_ms() + _STAYS_MS

    def is_near(self) -> bool:
        """Say whether a guest did something within the last minute."""
        return self._clock.monotonic_ms() < self._until_ms
