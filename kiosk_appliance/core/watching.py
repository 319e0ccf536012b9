"""How the kiosk stands, told to whoever watches it as it changes: one look, shared by all.

Nothing is queued for anybody: a watcher is told the newest of each topic when it asks, and one that
asks late has missed what lay between. Nobody looks while nobody watches. Knows no HTTP.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from weakref import WeakSet

import msgspec

from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core import vitals
from kiosk_appliance.core.space import Check
from kiosk_appliance.core.vitals import Vitals
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import is_erasure
from kiosk_appliance.errors import KioskError, Unavailable
from kiosk_appliance.store.queue import Counts

MOST_WATCHERS = 16
# Health is said at the latest after this, so that its figures, and a cut line, show.
_PULSE_MS = 10_000
_CHECKED_EVERY_MS = 5_000
_RETRY_S = 30


class ChannelNews(msgspec.Struct, frozen=True):
    """Whether a channel's provider can be used, since when (null: since the start), and why not."""

    online: bool
    circuit: str
    since: str | None
    cause: str | None
    detail: str


class ConnectivityNews(msgspec.Struct, frozen=True):
    """The topic `connectivity`."""

    online: bool
    channels: dict[str, ChannelNews]


class OutboxNews(msgspec.Struct, frozen=True):
    """The topic `outbox`: all deliveries by channel and state; since when the oldest one waits."""

    counts: Counts
    oldest: dict[str, str]


class HealthNews(msgspec.Struct, frozen=True):
    """The topic `health`: as `GET /health` says it, and when it was said."""

    status: str
    online: bool
    checks: dict[str, Check]
    uptime_s: int
    at: str


@dataclass(frozen=True, slots=True)
class News:
    """The newest of one topic; numbers grow over all topics."""

    number: int
    topic: str
    told: ConnectivityNews | OutboxNews | HealthNews


class Watching:
    """Looks once for all who watch; `counts` are those of the whole outbox."""

    def __init__(
        self,
        *,
        vitals: Vitals,
        online: Callable[[], bool],
        circuits: Callable[[], Mapping[str, Circuit]],
        counts: Callable[[], Awaitable[Counts]],
        clock: Clock,
    ) -> None:
        self._vitals = vitals
        self._online = online
        self._circuits = circuits
        self._counts = counts
        self._clock = clock
        # A watcher holds its place for as long as it is there, however it goes.
        self._watchers: WeakSet[Watcher] = WeakSet()
        self._looking = asyncio.Lock()
        self._number = 0
        self._newest: dict[str, News] = {}
        self._marks: dict[str, object] = {}
        self._checked_at = self._said_at = -_PULSE_MS
        self.turned = asyncio.Event()
        self.is_over = False

    def admit(self) -> None:
        """Raise Unavailable where nobody more may watch."""
        if self.is_over:
            raise Unavailable("The kiosk is being stopped; try again in a moment.", retry_after_s=5)
        if len(self._watchers) >= MOST_WATCHERS:
            raise Unavailable(
                f"{MOST_WATCHERS} pages watch this kiosk already; close one, or try again later.",
                retry_after_s=_RETRY_S,
            )

    async def join(self) -> "Watcher":
        """Return a watcher that has everything to be told; raises Unavailable past the most."""
        self.admit()
        is_first = not self._watchers
        watcher = Watcher(self)
        self._watchers.add(watcher)
        if is_first:
            # What was seen when somebody last watched may be days old.
            self._checked_at = -_PULSE_MS
        await self.look()
        return watcher

    def leave(self, watcher: "Watcher") -> None:
        """Give a watcher's place back."""
        self._watchers.discard(watcher)

    async def look(self) -> None:
        """Look, and wake the watchers where something has changed; called each second."""
        if not self._watchers:
            return
        async with self._looking:
            before = self._number
            self._look_at_channels()
            # The health says what ails the database.
            with suppress(KioskError):
                await self._look_at_outbox()
            if self._clock.monotonic_ms() - self._checked_at >= _CHECKED_EVERY_MS:
                await self._look_at_health()
        if self._number != before:
            self._wake()

    def stop(self) -> None:
        """Let every watcher end at once, and take no other."""
        self.is_over = True
        self._wake()

    def newer_than(self, number: int) -> list[News]:
        """Return what has been said since, oldest first."""
        newer = (news for news in self._newest.values() if news.number > number)
        return sorted(newer, key=lambda news: news.number)

    def _wake(self) -> None:
        turned, self.turned = self.turned, asyncio.Event()
        turned.set()

    def _look_at_channels(self) -> None:
        circuits = {
            name: circuit for name, circuit in self._circuits().items() if not is_erasure(name)
        }
        online = self._online()
        told = ConnectivityNews(
            online, {name: self._channel(one) for name, one in circuits.items()}
        )
        mark = [
            (name, one.position, one.since_ms, one.reason, told.channels[name].cause)
            for name, one in circuits.items()
        ]
        self._say("connectivity", told, (online, mark))

    def _channel(self, circuit: Circuit) -> ChannelNews:
        is_closed = circuit.position is Position.CLOSED
        cause = None if is_closed else self._vitals.cause_of(circuit)
        ago_ms = self._clock.monotonic_ms() - circuit.since_ms
        return ChannelNews(
            online=is_closed,
            circuit=str(circuit.position),
            since=rfc3339(self._clock.now_ms() - ago_ms) if circuit.since_ms else None,
            cause=cause and str(cause),
            detail="" if is_closed else circuit.reason,
        )

    async def _look_at_outbox(self) -> None:
        counts = await self._counts()
        now = self._clock.now_ms()
        oldest: dict[str, float] = {}
        for one in await self._vitals.standings():
            oldest[one.channel] = max(oldest.get(one.channel, 0.0), one.oldest_s)
        since = {name: rfc3339(now - round(age * 1000)) for name, age in sorted(oldest.items())}
        self._say("outbox", OutboxNews(counts, since), counts)

    async def _look_at_health(self) -> None:
        now = self._checked_at = self._clock.monotonic_ms()
        try:
            checks = await self._vitals.checks()
        except KioskError as error:
            checks = {"database": {"status": "failing", "detail": str(error)}}
        if now - self._said_at >= _PULSE_MS:
            self._marks.pop("health", None)
        told = HealthNews(
            status=vitals.overall(checks),
            online=self._online(),
            checks=checks,
            uptime_s=self._vitals.uptime_s,
            at=rfc3339(self._clock.now_ms()),
        )
        mark = {name: (one["status"], one["detail"]) for name, one in checks.items()}
        if self._say("health", told, mark):
            self._said_at = now

    def _say(
        self, topic: str, told: ConnectivityNews | OutboxNews | HealthNews, mark: object
    ) -> bool:
        """Keep what there is to tell of a topic; False where its mark is the one before."""
        if topic in self._marks and self._marks[topic] == mark:
            return False
        self._marks[topic] = mark
        self._number += 1
        self._newest[topic] = News(self._number, topic, told)
        return True


class Watcher:
    """Somebody who watches; gives up its place with `leave`, or by being forgotten."""

    def __init__(self, watching: Watching) -> None:
        self._watching = watching
        self._seen = 0

    async def news(self, patience_s: float) -> list[News] | None:
        """Return the newest of what has changed since the last call; at first, of everything.

        Waits up to `patience_s` for a change, and returns none then; None once all is over.
        """
        turned = self._watching.turned
        found = self._watching.newer_than(self._seen)
        if not found and not self._watching.is_over:
            with suppress(TimeoutError):
                async with asyncio.timeout(patience_s):
                    await turned.wait()
            found = self._watching.newer_than(self._seen)
        if self._watching.is_over:
            return None
        if found:
            self._seen = found[-1].number
        return found

    def leave(self) -> None:
        """Give the place back."""
        self._watching.leave(self)
