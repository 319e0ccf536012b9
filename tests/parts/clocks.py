"""A clock that only a test moves."""

from kiosk_appliance.clock import Clock

# 2026-11-22T10:00:00Z
NOON_MS = 1_795_341_600_000


class SetClock(Clock):
    """Wall time, monotonic time and boot as the test has set them."""

    def __init__(self, *, now: int = NOON_MS, mono: int = 1_000_000, boot: str = "boot-1") -> None:
        self.now, self.mono, self.boot = now, mono, boot

    def now_ms(self) -> int:
        return self.now

    def monotonic_ms(self) -> int:
        return self.mono

    def pass_ms(self, milliseconds: int) -> None:
        """Let time pass, as it does when nobody sets the clock."""
        self.now += milliseconds
        self.mono += milliseconds

    def reboot(self) -> None:
        """Start the machine anew: its monotonic clock begins again."""
        self.boot = f"boot-{int(self.boot.removeprefix('boot-')) + 1}"
        self.mono = 5_000
