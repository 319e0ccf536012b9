"""One attempt, one look-up, one probe of a channel: the parcel, the call, and what it came to.

An outcome that the disk does not take is written again until it does: nothing that was claimed is
forgotten. Knows nothing of when and how many.
"""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from kiosk_appliance.core.handover import Handover
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.settling import Settling
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import Outcome, Parcel
from kiosk_appliance.store.deliveries import Delivery

log = structlog.get_logger("replay")

_DISK_S = 1.0
_UNMADE = "The kiosk could not read what has to be sent."


class Attempts:
    """The calls of one channel, each settled."""

    def __init__(
        self,
        channel: Channel,
        circuit: Circuit,
        parcels: Parcels,
        settling: Settling,
        give_way: Callable[[], Awaitable[None]],
    ) -> None:
        """Wait for `give_way` before an outcome is written that could be had again."""
        self.handover = Handover(channel)
        self._channel = channel
        self._circuit = circuit
        self._parcels = parcels
        self._settling = settling
        self._give_way = give_way
        self._faults: dict[str, str] = {}

    async def probe(self) -> None:
        """Ask the provider once whether it can be used, and tell the circuit."""
        self._signal(await self.handover.probe())

    async def make(
        self, delivery: Delivery, capture: Capture | None, called: Callable[[], None]
    ) -> None:
        """Make the attempt that was claimed; without its capture there is nothing to send.

        `called` is told when the provider has answered: the outcome is still to be written.
        """
        parcel = await self._parcel(delivery, capture)
        if parcel is None:
            return
        outcome = await self.handover.deliver(parcel)
        self._signal(outcome)
        called()
        if self._channel.repeatable:
            await self._give_way()
        await self._settled(lambda: self._settling.attempt(delivery, outcome))
        log.info(
            "delivery_attempted",
            channel=self._channel.name,
            delivery=delivery.id,
            attempt=delivery.attempts,
            outcome=type(outcome).__name__,
            reason=getattr(outcome, "reason", ""),
        )

    async def look_up(self, delivery: Delivery) -> None:
        """Ask whether the provider has what is in doubt."""
        parcel = await self._parcel(delivery)
        if parcel is None:
            return
        answer = await self.handover.look_up(parcel)
        await self._settled(lambda: self._settling.look_up(delivery, answer))
        log.info(
            "delivery_looked_up",
            channel=self._channel.name,
            delivery=delivery.id,
            answer=type(answer).__name__,
            reason=getattr(answer, "reason", ""),
        )

    async def expire(self, delivery: Delivery) -> None:
        """End what was claimed too late."""
        await self._settled(lambda: self._settling.expired(delivery))

    async def interrupt(self, delivery: Delivery) -> None:
        """Decide an attempt that the stop of the appliance cuts short."""
        repeatable = self._channel.repeatable
        try:
            await self._settling.interrupted(delivery, repeatable=repeatable)
        except Exception:  # the next start decides it as an orphan
            log.exception("interruption_unwritten", delivery=delivery.id)

    def noticed(self, where: str, error: BaseException | None) -> None:
        """Log a fault and its end, one line for each change: a lane is woken each second."""
        fault = "" if error is None else repr(error)
        if fault == self._faults.get(where, ""):
            return
        self._faults[where] = fault
        if error is None:
            log.info("lane_recovered", channel=self._channel.name, where=where)
        else:
            log.error("lane_failed", channel=self._channel.name, where=where, exc_info=error)

    async def _parcel(self, delivery: Delivery, capture: Capture | None = None) -> Parcel | None:
        """Return what to hand over; None where nothing can be made, and that is settled."""
        try:
            return await self._parcels.make(delivery, capture)
        except LookupError:
            await self._settled(lambda: self._settling.lost(delivery))
        except Exception:  # whatever a failing disk does to reading
            log.exception("parcel_unmade", channel=self._channel.name, delivery=delivery.id)
            await self._settled(lambda: self._settling.unmade(delivery, _UNMADE))
        return None

    def _signal(self, outcome: Outcome) -> None:
        before = (self._circuit.position, self._circuit.reason)
        self._settling.signal(outcome)
        now = (self._circuit.position, self._circuit.reason)
        if now != before:
            closed = self._circuit.position is Position.CLOSED
            tell = log.info if closed else log.warning
            tell("circuit_changed", channel=self._channel.name, position=now[0], reason=now[1])

    async def _settled(self, write: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                await write()
            except Exception as error:  # noqa: BLE001 - whatever a failing disk does to writing
                self.noticed("settling", error)
                await asyncio.sleep(_DISK_S)
            else:
                self.noticed("settling", None)
                return
