"""The only reader of time: wall time for records, monotonic time for delays.

Nothing else calls `time.time()`; a kiosk starts with a wrong clock often enough that the
difference between "when did it happen" and "how long until" must be visible in every signature.
"""

import time
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path

# 2026-01-01: no kiosk of this program existed before; an earlier date is a flat battery's.
CREDIBLE_FROM_MS = 1_767_225_600_000


class Clock:
    """Wall and monotonic time of this machine, in integer milliseconds."""

    def __init__(self) -> None:
        self.boot: str = _boot_id()

    def now_ms(self) -> int:
        """Return UTC wall time in milliseconds since 1970; may be wrong, may step."""
        return time.time_ns() // 1_000_000

    def is_credible(self) -> bool:
        """Say whether the wall clock can be right: not before this program existed."""
        return self.now_ms() >= CREDIBLE_FROM_MS

    def time_of_day(self) -> time_of_day:
        """Return the local time of day."""
        return datetime.fromtimestamp(self.now_ms() / 1000).astimezone().time()

    def monotonic_ms(self) -> int:
        """Return milliseconds that never step; comparable within one boot of the machine."""
        return time.monotonic_ns() // 1_000_000


def rfc3339(milliseconds: int) -> str:
    """Return UTC milliseconds as `2026-11-22T10:00:00.123Z`."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        # Without a boot id no stored monotonic time can be trusted: each start is its own boot.
        return f"start-{time.time_ns()}"
