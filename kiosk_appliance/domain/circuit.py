"""The circuit of one channel: whether its provider is worth calling now.

A pure state machine; every method is given the monotonic time in milliseconds. Being offline
costs one probe per wait, and the wait grows with the outage: never longer than a quarter of it,
at least 2 s, at most 5 min (delivery contract, "Probes").
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk_appliance.domain.delivery import Cause

_WAIT_MIN_MS = 2_000
_WAIT_MAX_MS = 300_000
_THROTTLE_MAX_MS = 900_000
_SOFT_LIMIT = 3
# Two more failures, each after a time-out of 35 s, then show a dead provider within 90 s.
_DOUBT_MS = 5_000
# Jitter takes at most a quarter of a wait away: 72 h offline stay below 900 probes that way.
_SPREAD = 0.25


class Position(StrEnum):
    """Closed: calls flow. Open: the provider can't be reached. Paused: it won't have us."""

    CLOSED = "closed"
    OPEN = "open"
    PAUSED = "paused"


@dataclass(slots=True)
class Circuit:
    """Mutable circuit of one channel; `limit` is the most calls it ever allows at once."""

    limit: int
    position: Position = Position.CLOSED
    reason: str = ""
    since_ms: int = 0
    cause: Cause | None = None
    _probe_at_ms: int = 0
    _looked_at_ms: int = 0
    _held_until_ms: int = 0
    _allowed: int = 1
    _soft_failures: int = 0

    def allowance(self, now_ms: int) -> int:
        """Return how many calls may be under way now; 0 while a probe has to come first."""
        if self.position is not Position.CLOSED or now_ms < self._held_until_ms:
            return 0
        return self._allowed

    def probe_due(self, now_ms: int) -> bool:
        """Say whether a probe should be made now."""
        return self.position is not Position.CLOSED and now_ms >= self._probe_at_ms

    @property
    def is_doubted(self) -> bool:
        """Say whether calls flow although the last one failed halfway."""
        return self.position is Position.CLOSED and self._soft_failures > 0

    def check_due(self, now_ms: int, every_ms: int) -> bool:
        """Say whether a closed circuit should be looked at: each `every_ms`, in doubt sooner."""
        if self.position is not Position.CLOSED or now_ms < self._held_until_ms:
            return False
        wait = min(_DOUBT_MS, every_ms) if self.is_doubted else every_ms
        return now_ms - self._looked_at_ms >= wait

    def looked_at(self, now_ms: int) -> None:
        """A look is being made: the next one waits."""
        self._looked_at_ms = now_ms

    def succeeded(self) -> None:
        """A call or a probe went through: close, and start slowly after an outage."""
        if self.position is Position.CLOSED:
            self._allowed = min(self._allowed * 2, self.limit)
        else:
            self._close()
            self._allowed = 1
        # A hold stays: the provider may have set it after it took this call.
        self._soft_failures = 0

    def unreachable(
        self, now_ms: int, reason: str, jitter: float = 1.0, cause: Cause = Cause.PROVIDER
    ) -> None:
        """The provider can't be reached; `jitter` (0 to 1] shortens the wait for the probe."""
        self._open(Position.OPEN, now_ms, reason, jitter)
        self.cause = cause

    def pause(
        self,
        now_ms: int,
        reason: str,
        jitter: float = 1.0,
        cause: Cause = Cause.ACCOUNT,
        since_ms: int | None = None,
    ) -> None:
        """The account or the set-up is at fault; probes find out when it is cured.

        `since_ms` where the fault is older than this pause: the waits go on growing.
        """
        self._open(Position.PAUSED, now_ms, reason, jitter, since_ms)
        self.cause = cause

    def faltered(self, now_ms: int, reason: str, jitter: float = 1.0) -> None:
        """One item failed halfway; only three in a row say that the provider is down.

        A probe that fails halfway leaves the circuit as it was, for another wait.
        """
        self._soft_failures += 1
        self._looked_at_ms = now_ms
        if self.position is not Position.CLOSED:
            self._open(self.position, now_ms, reason, jitter)
        elif self._soft_failures >= _SOFT_LIMIT:
            self.unreachable(now_ms, reason, jitter)

    def hold(self, now_ms: int, wait_s: float) -> None:
        """The provider asked for fewer calls: none until the time is over (at most 15 min).

        Whoever asks so can be reached: an open circuit closes. A paused one keeps its reason, and
        its next probe waits as well.
        """
        self._held_until_ms = now_ms + min(max(round(wait_s * 1000), 0), _THROTTLE_MAX_MS)
        self._allowed = 1
        if self.position is Position.OPEN:
            self._close()
            self._soft_failures = 0
        self._probe_at_ms = self._held_until_ms

    def wake(self, now_ms: int) -> None:
        """The world may have changed: the next probe is due at once, the next ones soon.

        A pause that the provider asked for goes on: its wish has nothing to do with our network.
        """
        self._probe_at_ms = max(now_ms, self._held_until_ms)
        self.since_ms = now_ms

    def _close(self) -> None:
        self.position, self.reason, self.cause = Position.CLOSED, "", None

    def _open(
        self,
        position: Position,
        now_ms: int,
        reason: str,
        jitter: float,
        since_ms: int | None = None,
    ) -> None:
        if self.position is Position.CLOSED:
            self.since_ms = now_ms if since_ms is None else since_ms
        self.position, self.reason, self._soft_failures = position, reason, 0
        quarter = (now_ms - self.since_ms) / 4
        spread = 1 - _SPREAD * (1 - jitter)
        wait = min(max(quarter * spread, _WAIT_MIN_MS), _WAIT_MAX_MS)
        self._probe_at_ms = now_ms + int(wait)
