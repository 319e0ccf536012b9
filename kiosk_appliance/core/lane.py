"""One channel's lane: takes what is due from the outbox and hands it over, as the circuit allows.

`wake` is cheap and may be called at any time: by a fresh capture, by an ended attempt, by the
scheduler's tick. A lane drains what is due and then rests; while its circuit is open it costs one
probe per wait and not a single row. A channel whose attempts can't be repeated takes one at a
time, so that a look-up is never made twice at once; any other takes the next up while the outcome
of the last is being written, so that both share a commit. While a guest is near, the backlog leaves
one by one, with a rest after each: its threads and its syncs would take turns with those of her
photo.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from functools import partial

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.attempts import Attempts
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.settling import Settling
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.domain.pace import Bucket
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.outbox import Claimed, Outbox

log = structlog.get_logger("replay")

# Ten a second at most: more than the uplink of most malls carries, and a day's photos in minutes.
_REST_MS = 100


async def _at_once() -> None:
    """Give way to nobody."""


def _nobody() -> bool:
    return False


@dataclass(frozen=True, slots=True)
class Means:
    """What a lane works with; it waits for `give_way` before it takes anything up.

    `guest_is_near` says whether the backlog has to leave a guest the processor.
    """

    outbox: Outbox
    parcels: Parcels
    settling: Settling
    clock: Clock
    give_way: Callable[[], Awaitable[None]] = _at_once
    guest_is_near: Callable[[], bool] = _nobody


class Lane:
    """The drain of one channel."""

    def __init__(
        self,
        channel: Channel,
        circuit: Circuit,
        means: Means,
        bucket: Bucket | None,
        holds_backlog: Callable[[], bool] = lambda: False,
    ) -> None:
        """Take a bucket for the pace, and when only what is fresh may leave (quiet hours)."""
        self.channel = channel
        self.bucket = bucket
        self.circuit = circuit
        self.on_progress: Callable[[], None] = self.wake
        self.attempts = Attempts(channel, circuit, means.parcels, means.settling, means.give_way)
        self._means = means
        self._holds_backlog = holds_backlog
        self._is_alone = False
        self._has_more = False
        self._draining: asyncio.Task[None] | None = None
        self._again = False
        self._under_way: dict[asyncio.Task[None], Delivery | None] = {}
        self._called: set[str] = set()
        self._pace_timer: asyncio.TimerHandle | None = None
        self._rests_until_ms = 0
        self._stopping = False

    def wake(self) -> None:
        """Look again for what is due."""
        self._again = True
        if self._draining is None and not self._stopping:
            self._drain_by(self._drain())

    @property
    def is_free(self) -> bool:
        """Say whether the provider can be asked something without keeping a guest waiting."""
        allowed = self.circuit.allowance(self._means.clock.monotonic_ms())
        return bool(allowed) and not self._stopping and not self._under_way

    def _drain_by(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        self._draining = asyncio.create_task(work)
        self._draining.add_done_callback(self._rested)
        return self._draining

    def _rested(self, task: asyncio.Task[None]) -> None:
        self._draining = None
        if task.cancelled():
            return
        error = task.exception()
        self.attempts.noticed("draining", error)
        # After a fault of the disk the next tick tries again.
        if error is None and self._again:
            self.wake()

    async def _drain(self) -> None:
        while self._again and not self._stopping:
            self._again = False
            if self.circuit.probe_due(self._means.clock.monotonic_ms()):
                await self.probe()
            while await self._start_some():
                pass

    async def probe(self) -> None:
        """Ask the provider once whether it can be used, and tell the circuit."""
        await self.attempts.probe()

    async def first_probe(self) -> None:
        """Probe before the first drain, so that a start knows early how things stand."""
        await asyncio.shield(self.begin_with_a_probe())

    def begin_with_a_probe(self) -> asyncio.Task[None]:
        """Begin to probe, before anything is drained, and return that."""
        return self._drain_by(self.probe())

    async def _start_some(self) -> bool:
        await self._means.give_way()
        # A claim that waited for a commit would be as small as the room was when it began to wait.
        # Who may not call anyway waits for none: it may hang, and probes with it.
        if self._room(self._means.clock.monotonic_ms()):
            await self._means.outbox.lull()
        mono = self._means.clock.monotonic_ms()
        room = self._room(mono)
        if not room:
            return False
        # A claim that finds nothing costs a commit: without a sign of more the reader is asked.
        if not self._has_more:
            rest_ms = self._rest_ms
            up = await self._next_up(mono)
            if self._stopping:
                return False
            if up is None:
                await self._nothing_up(rest_ms)
                return False
            if up.state is State.UNCERTAIN:
                self._start(self.attempts.look_up(up), None)
                return True
        if self.bucket is not None and (wait := self.bucket.wait_ms(mono)):
            self._wake_in(wait / 1000)
            return False
        singly = self._means.guest_is_near()
        most = 1 if singly or self.bucket is not None else room
        claimed = await self._claim(mono, most)
        self._has_more = self.channel.repeatable and len(claimed) == most and not singly
        for one in claimed:
            self._start_claimed(one, mono)
        if claimed and singly:
            self._rests_until_ms = mono + _REST_MS
        return len(claimed) == most

    async def _nothing_up(self, rest_ms: int) -> None:
        # The rest as it was before the look: one that has ended since hid the backlog from it.
        if rest_ms:
            self._wake_in(rest_ms / 1000)
        elif self._takes_backlog:
            await self._means.settling.nobody_else()

    def _start_claimed(self, claimed: Claimed, mono: int) -> None:
        delivery = claimed.delivery
        # A suspect takes nobody with it.
        self._is_alone = delivery.is_suspect
        if self._means.parcels.is_too_late(delivery):
            self._start(self.attempts.expire(delivery), delivery)
            return
        if self.bucket is not None:
            self.bucket.take(mono)
        called = partial(self._answered, delivery)
        self._start(self.attempts.make(delivery, claimed.capture, called), delivery)

    def _answered(self, delivery: Delivery) -> None:
        if self.channel.repeatable:
            self._called.add(delivery.id)
            self.wake()

    def _room(self, mono: int) -> int:
        if self._stopping or (self._is_alone and self._under_way):
            return 0
        allowed = self.circuit.allowance(mono)
        # What the disk does not take must not grow without bound.
        return max(min(allowed - self._calls, 2 * allowed - len(self._under_way)), 0)

    @property
    def _calls(self) -> int:
        return len(self._under_way) - len(self._called)

    @property
    def _takes_backlog(self) -> bool:
        if self._holds_backlog():
            return False
        return not (self._means.guest_is_near() and (self._calls or self._rest_ms))

    @property
    def _rest_ms(self) -> int:
        return max(self._rests_until_ms - self._means.clock.monotonic_ms(), 0)

    async def _next_up(self, mono: int) -> Delivery | None:
        now, backlog = self._means.clock.now_ms(), self._takes_backlog
        return await self._means.outbox.next_up(self.channel.name, now, mono, backlog=backlog)

    async def _claim(self, mono: int, most: int) -> list[Claimed]:
        # A suspect comes last, and alone.
        claimed = await self._claimed(mono, most, suspects=False)
        if claimed or self._under_way:
            return claimed
        return await self._claimed(mono, 1, suspects=True)

    async def _claimed(self, mono: int, most: int, *, suspects: bool) -> list[Claimed]:
        return await self._means.outbox.claim(
            self.channel.name,
            self._means.clock.now_ms(),
            mono,
            most=most,
            suspects=suspects,
            backlog=self._takes_backlog,
        )

    def _wake_in(self, seconds: float) -> None:
        # One timer at most: each tick comes by here while the pace is used up.
        if self._pace_timer is not None:
            self._pace_timer.cancel()
        self._pace_timer = asyncio.get_running_loop().call_later(seconds, self.wake)

    def _start(self, work: Coroutine[None, None, None], claimed: Delivery | None) -> None:
        task = asyncio.create_task(work)
        self._under_way[task] = claimed
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        if (delivery := self._under_way.pop(task, None)) is not None:
            self._called.discard(delivery.id)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("settling_failed", channel=self.channel.name, exc_info=error)
        self.on_progress()

    async def retire(self) -> None:
        """Claim nothing more, let what is under way end as it may, then close the channel.

        The lane that takes its place need not wait: what both might look up is settled once.
        """
        self._stopping = True
        if self._pace_timer is not None:
            self._pace_timer.cancel()
        while running := {*self._under_way, *filter(None, (self._draining,))}:
            await asyncio.wait(running)
        self.channel.close()

    async def stop(self, grace_s: float) -> None:
        """Claim nothing more, give running attempts `grace_s` seconds in all, decide the rest."""
        self._stopping = True
        if self._pace_timer is not None:
            self._pace_timer.cancel()
        loop = asyncio.get_running_loop()
        until = loop.time() + grace_s
        if self._draining is not None:
            await asyncio.wait({self._draining}, timeout=grace_s)
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=max(until - loop.time(), 0))
        if self._draining is not None:
            self._draining.cancel()
        for task, delivery in list(self._under_way.items()):
            task.cancel()
            if delivery is not None:
                await self.attempts.interrupt(delivery)
