"""The only reader of time: UTC for records, monotonic time for delays.

Nothing else calls `time.time()`. A kiosk's clock starts wrong often enough, and is set while
people use it, that UTC is reckoned here: monotonic time plus an offset which only somebody who can
be believed may move. Persists nothing; `core/timekeeping` does.
"""

import ctypes
import threading
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from datetime import time as time_of_day
from pathlib import Path

SYSTEM, FLOOR, KERNEL = "system", "floor", "kernel"
_UNPROVEN = (SYSTEM, FLOOR)
_OWN = (*_UNPROVEN, KERNEL)

# 2026-01-01: no kiosk of this program existed before; an earlier date is a flat battery's.
_PROGRAM_MS = 1_767_225_600_000
_YEAR_MS = 366 * 24 * 3_600_000
# Longer than any kiosk lies in a store room, shorter than the ten years by which clocks jump.
_SPAN_MS = 9 * _YEAR_MS
_CENTURY_MS = 100 * _YEAR_MS
# Quartz drifts some seconds a week while nobody corrects it.
_DRIFT_MS = 10 * 60_000
# A smaller difference is drift, rounding or the way of an answer: time does not jitter by it.
STEP_MS = 2_000
# Whoever spoke first is contradicted only after so long a silence.
_SILENCE_MS = 10 * 60_000
# After so long on its way an answer no longer says what time it is.
_STALE_MS = 10_000
_KERNEL_ERROR = 5
_TIMEX_BYTES = 512


@dataclass(frozen=True, slots=True)
class Reckoning:
    """How UTC follows from the monotonic clock, and who says so."""

    ahead_ms: int
    source: str

    @property
    def is_trusted(self) -> bool:
        """Say whether somebody who can be believed has told the time in this boot."""
        return self.source not in _UNPROVEN


@dataclass(frozen=True, slots=True)
class Stamp:
    """When something was made; `dated` says that `at_ms` (UTC) can be believed."""

    at_ms: int
    dated: bool
    boot: str
    mono_ms: int


class Clock:
    """UTC and monotonic time in integer milliseconds; may be asked and told from any thread."""

    def __init__(self) -> None:
        self.boot: str = _boot_id()
        self._telling = threading.Lock()
        self._floor_ahead_ms: int | None = None
        self._heard_ms = 0
        self._reckoning = Reckoning(self._wall_ahead_ms(), SYSTEM)

    def monotonic_ms(self) -> int:
        """Return milliseconds that never step; comparable within one boot of the machine."""
        # A machine that sleeps goes on ageing: not CLOCK_MONOTONIC.
        return time.clock_gettime_ns(time.CLOCK_BOOTTIME) // 1_000_000

    def wall_ms(self) -> int:
        """Return what the system calls UTC; may be wrong, may step."""
        return time.time_ns() // 1_000_000

    def kernel_is_synchronised(self) -> bool:
        """Say whether the kernel vouches for its clock, as a time service lets it."""
        return _kernel_state() in range(_KERNEL_ERROR)

    @property
    def reckoning(self) -> Reckoning:
        """Return what UTC is reckoned by now."""
        return self._reckoning

    def now_ms(self) -> int:
        """Return UTC in milliseconds since 1970, as well as it is known; steps only when told."""
        return self.monotonic_ms() + self._reckoning.ahead_ms

    def stamp(self) -> Stamp:
        """Return the present moment, of one piece."""
        mono, reckoning = self.monotonic_ms(), self._reckoning
        return Stamp(mono + reckoning.ahead_ms, reckoning.is_trusted, self.boot, mono)

    def time_of_day(self) -> time_of_day:
        """Return the local time of day."""
        return datetime.fromtimestamp(self.now_ms() / 1000).astimezone().time()

    def is_trusted(self) -> bool:
        """Say whether somebody who can be believed has told the time in this boot."""
        return self._reckoning.is_trusted

    def is_credible(self) -> bool:
        """Say whether the date is trusted, or at least can be right."""
        return self.is_trusted() or (
            self._reckoning.source == SYSTEM and self._can_be_now(self.now_ms())
        )

    def is_plausible(self, utc_ms: int) -> bool:
        """Say whether something that exists can have been made then."""
        return self.is_credible() and _PROGRAM_MS <= utc_ms <= self.now_ms() + STEP_MS

    def off_by_ms(self) -> int:
        """Return how far the system's clock is ahead of UTC as reckoned here."""
        return self.wall_ms() - self.now_ms()

    def learn(self, utc_ms: int, source: str, took_ms: int = 0) -> None:
        """Take UTC from a provider that proved who it is, in an exchange of `took_ms` just ended.

        What agrees within the length of its way changes nothing, and two providers that disagree
        don't make time swing to and fro.
        """
        if not _PROGRAM_MS <= utc_ms <= _PROGRAM_MS + _CENTURY_MS or took_ms > _STALE_MS:
            return
        with self._telling:
            mono = self.monotonic_ms()
            ahead, known = utc_ms + took_ms // 2 - mono, self._reckoning
            agrees = abs(ahead - known.ahead_ms) <= STEP_MS + took_ms // 2
            is_first = known.source in _OWN
            spoke_lately = not is_first and mono - self._heard_ms < _SILENCE_MS
            if not agrees and spoke_lately and source != known.source:
                return
            self._heard_ms = mono
            if is_first or not agrees:
                self._reckoning = Reckoning(known.ahead_ms if agrees else ahead, source)

    def look(self) -> None:
        """Follow the system's clock while no provider has spoken; to be called each second.

        The kernel is believed while it vouches for its clock. Otherwise a step is followed, for
        an operator may have set the clock, but never to where the date can't be right.
        """
        with self._telling:
            known, ahead = self._reckoning, self._wall_ahead_ms()
            if known.source not in _OWN:
                return
            can_be = self._can_be_now(self.monotonic_ms() + ahead)
            if abs(ahead - known.ahead_ms) <= STEP_MS:
                ahead = known.ahead_ms
            if can_be and self.kernel_is_synchronised():
                self._reckoning = Reckoning(ahead, KERNEL)
            elif can_be and not known.is_trusted:
                self._reckoning = Reckoning(ahead, SYSTEM)
            elif self._floor_ahead_ms is not None and not self.is_credible():
                self._reckoning = Reckoning(self._floor_ahead_ms, FLOOR)

    def resume(self, reckoning: Reckoning) -> None:
        """Go on with what an earlier run of the process was told in this boot."""
        with self._telling:
            if not self.is_trusted():
                self._reckoning = reckoning

    def not_before(self, floor_ahead_ms: int) -> None:
        """Take a lower bound of UTC, as milliseconds ahead of the monotonic clock."""
        with self._telling:
            self._floor_ahead_ms = floor_ahead_ms

    def _can_be_now(self, utc_ms: int) -> bool:
        floor = _PROGRAM_MS
        if self._floor_ahead_ms is not None:
            floor = max(floor, self.monotonic_ms() + self._floor_ahead_ms - _DRIFT_MS)
        return floor <= utc_ms <= floor + _SPAN_MS

    def _wall_ahead_ms(self) -> int:
        return self.wall_ms() - self.monotonic_ms()


def rfc3339(milliseconds: int) -> str:
    """Return UTC milliseconds as `2026-11-22T10:00:00.123Z`."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _kernel_state() -> int:
    """Return what adjtimex(2) answers to a mere question; -1 where it may not be asked."""
    # Modes are zero, so nothing is set; the state is the answer itself, whatever the layout.
    state: int = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(_TIMEX_BYTES))
    return state


def _boot_id() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        # Without a boot id no stored monotonic time can be trusted: each start is its own boot.
        return f"start-{time.time_ns()}"
