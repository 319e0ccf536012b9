"""A clock that only a test moves."""

from kiosk_appliance.clock import SYSTEM, Clock, Reckoning

# 2026-11-22T10:00:00Z
NOON_MS = 1_795_341_600_000


class SetClock(Clock):
    """The system's clock, monotonic time, boot and kernel as the test has set them."""

    def __init__(self, *, now: int = NOON_MS, mono: int = 1_000_000, boot: str = "boot-1") -> None:
        self.now, self.mono, self.synchronised = now, mono, False
        super().__init__()
        self.boot = boot

    def wall_ms(self) -> int:
        return self.now

    def monotonic_ms(self) -> int:
        return self.mono

    def kernel_is_synchronised(self) -> bool:
        return self.synchronised

    def pass_ms(self, milliseconds: int) -> None:
        """Let time pass, as it does when nobody sets the clock."""
        self.now += milliseconds
        self.mono += milliseconds

    def step(self, milliseconds: int) -> None:
        """Set the system's clock, and have it noticed."""
        self.now += milliseconds
        self.look()

    def reboot(self) -> None:
        """Start the machine anew: its monotonic clock begins again, and nobody has told the time.

        The process starts with it: what it kept in memory is gone.
        """
        self.boot = f"boot-{int(self.boot.removeprefix('boot-')) + 1}"
        self.mono = 5_000
        self._heard_ms, self._floor_ahead_ms = 0, None
        self._reckoning = Reckoning(self.now - self.mono, SYSTEM)
