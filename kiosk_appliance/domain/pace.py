"""How fast deliveries may follow each other: a token bucket, and the back-off of one item.

Pure; given the monotonic time in milliseconds and the randomness.
"""

from dataclasses import dataclass

LONGEST_BACKOFF_MS = 3_600_000


@dataclass(slots=True)
class Bucket:
    """A token bucket: bursts of at most `burst`, on average one per `interval_ms`.

    It begins with one at `at_ms`: nobody knows what an earlier run has just taken.
    """

    burst: int
    interval_ms: int
    at_ms: int
    _level: float = 1.0

    def wait_ms(self, now_ms: int) -> int:
        """Return how long until one may be taken; 0: now."""
        level = self._refill(now_ms)
        return 0 if level >= 1 else round((1 - level) * self.interval_ms) + 1

    def take(self, now_ms: int) -> None:
        """Take one; call only when `wait_ms` is 0."""
        self._level = self._refill(now_ms) - 1

    def _refill(self, now_ms: int) -> float:
        gained = max(now_ms - self.at_ms, 0) / self.interval_ms
        self._level = min(self._level + gained, float(self.burst))
        self.at_ms = max(now_ms, self.at_ms)
        return self._level


def backoff_ms(attempt: int, first_s: float, randomness: float) -> int:
    """Return the wait after the given attempt (1 for the first), in milliseconds.

    Doubles from `first_s` up to an hour; `randomness` in [0, 1) spreads it over its upper half,
    so that items that failed together do not return together.
    """
    full = min(first_s * 1000 * (1 << min(attempt - 1, 20)), LONGEST_BACKOFF_MS)
    return round(full * (0.5 + randomness / 2))
