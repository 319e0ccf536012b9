"""One channel's lane: takes what is due from the outbox and hands it over, as the circuit allows.

`wake` is cheap and may be called at any time: by a fresh capture, by an ended attempt, by the
scheduler's tick. A lane drains what is due and then rests; while its circuit is open it costs one
probe per wait and not a single row. A channel whose attempts can't be repeated takes one at a
time, so that a look-up is never made twice at once.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.settling import Settling
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import (
    LookUp,
    LookUpFailed,
    Outcome,
    Parcel,
    Transient,
    Uncertain,
)
from kiosk_appliance.domain.pace import Bucket
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.outbox import Outbox

log = structlog.get_logger("replay")


@dataclass(frozen=True, slots=True)
class Means:
    """What a lane works with."""

    outbox: Outbox
    parcels: Parcels
    settling: Settling
    clock: Clock


class Lane:
    """The drain of one channel."""

    def __init__(
        self, channel: Channel, circuit: Circuit, means: Means, bucket: Bucket | None
    ) -> None:
        self.channel = channel
        self.circuit = circuit
        self.on_progress: Callable[[], None] = self.wake
        self._means = means
        self._bucket = bucket
        self._draining: asyncio.Task[None] | None = None
        self._again = False
        self._under_way: dict[asyncio.Task[None], Delivery | None] = {}
        self._stopping = False

    def wake(self) -> None:
        """Look again for what is due."""
        self._again = True
        if self._draining is None and not self._stopping:
            self._draining = asyncio.create_task(self._drain())
            self._draining.add_done_callback(self._rested)

    def _rested(self, task: asyncio.Task[None]) -> None:
        self._draining = None
        if not task.cancelled() and (error := task.exception()) is not None:
            # A failing disk: the next tick tries again.
            log.error("lane_failed", channel=self.channel.name, error=repr(error))
        elif self._again:
            self.wake()

    async def _drain(self) -> None:
        while self._again and not self._stopping:
            self._again = False
            if self.circuit.probe_due(self._means.clock.monotonic_ms()):
                await self.probe()
            while await self._start_one():
                pass

    async def probe(self) -> None:
        """Ask the provider once whether it can be used, and tell the circuit."""
        before = self.circuit.position
        outcome = await self._call(self.channel.probe)
        self._means.settling.signal(outcome)
        if self.circuit.position is not before:
            log.info(
                "circuit_changed",
                channel=self.channel.name,
                position=self.circuit.position,
                reason=self.circuit.reason,
            )

    async def first_probe(self) -> None:
        """Probe before the first drain, so that a start knows early how things stand."""
        self._draining = asyncio.create_task(self.probe())
        self._draining.add_done_callback(self._rested)
        await asyncio.shield(self._draining)

    async def _start_one(self) -> bool:
        mono = self._means.clock.monotonic_ms()
        if self._stopping or len(self._under_way) >= self.circuit.allowance(mono):
            return False
        doubtful = await self._means.outbox.in_doubt(self.channel.name, mono)
        if doubtful is not None:
            self._start(doubtful, look_up=True)
            return True
        if self._bucket is not None and (wait := self._bucket.wait_ms(mono)):
            asyncio.get_running_loop().call_later(wait / 1000, self.wake)
            return False
        now = self._means.clock.now_ms()
        claimed = await self._means.outbox.claim(self.channel.name, now, mono)
        if claimed is None:
            return False
        if self._bucket is not None:
            self._bucket.take(mono)
        self._start(claimed, look_up=False)
        return True

    def _start(self, delivery: Delivery, *, look_up: bool) -> None:
        work = self._look_up(delivery) if look_up else self._attempt(delivery)
        task = asyncio.create_task(work)
        self._under_way[task] = None if look_up else delivery
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._under_way.pop(task, None)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("settling_failed", channel=self.channel.name, error=repr(error))
        self.on_progress()

    async def _attempt(self, delivery: Delivery) -> None:
        try:
            parcel = await self._means.parcels.make(delivery)
        except LookupError:
            await self._means.settling.lost(delivery)
            return
        if delivery.recipient and parcel.valid_for_s <= 0:
            await self._means.settling.expired(delivery)
            return
        outcome = await self._call(lambda: self.channel.deliver(parcel))
        await self._means.settling.attempt(delivery, outcome)
        log.info(
            "delivery_attempted",
            channel=self.channel.name,
            delivery=delivery.id,
            attempt=delivery.attempts,
            outcome=type(outcome).__name__,
            reason=getattr(outcome, "reason", ""),
        )

    async def _call(self, call: Callable[[], Outcome]) -> Outcome:
        try:
            return await in_daemon_thread(f"{self.channel.name}-call", call)
        except Exception as error:  # the border round a provider's SDK
            log.exception("channel_raised", channel=self.channel.name)
            reason = (
                f"The {self.channel.name} channel failed unexpectedly ({type(error).__name__})."
            )
            return Transient(reason) if self.channel.repeatable else Uncertain(reason)

    async def _look_up(self, delivery: Delivery) -> None:
        parcel = await self._means.parcels.make(delivery)
        answer = await self._asked(parcel)
        await self._means.settling.look_up(delivery, answer)

    async def _asked(self, parcel: Parcel) -> LookUp:
        try:
            return await in_daemon_thread(
                f"{self.channel.name}-look-up", lambda: self.channel.look_up(parcel)
            )
        except Exception as error:  # the border round a provider's SDK
            log.exception("channel_raised", channel=self.channel.name)
            return LookUpFailed(f"The look-up failed unexpectedly ({type(error).__name__}).")

    async def stop(self, grace_s: float) -> None:
        """Claim nothing more, give running attempts `grace_s` seconds, decide the rest."""
        self._stopping = True
        if self._draining is not None:
            await asyncio.wait({self._draining}, timeout=grace_s)
        if self._under_way:
            await asyncio.wait(set(self._under_way), timeout=grace_s)
        for task, delivery in list(self._under_way.items()):
            task.cancel()
            if delivery is not None:
                await self._means.settling.interrupted(delivery, repeatable=self.channel.repeatable)
