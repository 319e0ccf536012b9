"""Asks providers what became of SMS that they have taken: at 30 s, 2 min, 10 min, 1 h and 24 h.

A delivery stays delivered whatever is told: the provider has accepted it. What is told is for the
operator, and a number that turned out to be barred gets no further SMS (`texting`). Asking comes
after sending: while a lane is busy or its provider can't be used, nothing is asked.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.lane import Lane
from kiosk_appliance.delivery.channel import Followed
from kiosk_appliance.domain.delivery import Receipt, Told
from kiosk_appliance.store import receipts
from kiosk_appliance.store.deliveries import Delivery

log = structlog.get_logger("replay")

# From one ask to the next; the first is due 30 s after the SMS was taken.
_WAITS_MS = (90_000, 480_000, 3_000_000, 82_800_000)
_AT_ONCE = 3
_SILENT = Told(Receipt.UNKNOWN, "The provider has not said within a day whether it arrived.")


@dataclass(frozen=True, slots=True)
class Receipts:
    """The receipts of one channel; `lane` is the one that it has now, if any."""

    name: str
    lane: Callable[[str], Lane | None]
    rows: receipts.Receipts
    clock: Clock

    async def ask(self) -> None:
        """Ask for a few receipts that are due."""
        lane = self.lane(self.name)
        if lane is None or not isinstance(lane.channel, Followed) or not lane.is_free:
            return
        due = await self.rows.due(self.name, self.clock.monotonic_ms(), _AT_ONCE)
        for delivery in due:
            told = await lane.attempts.handover.receipt(lane.channel, delivery.reference)
            if told is None and not await _is_there(lane):
                # Nothing is known, and nothing counted; it is asked once the lane goes on.
                return
            await self._note(delivery, told or Told(Receipt.PENDING))

    async def _note(self, delivery: Delivery, told: Told) -> None:
        is_open = told.receipt is Receipt.PENDING
        if is_open and delivery.receipt_asks >= len(_WAITS_MS):
            told, is_open = _SILENT, False
        wait = _WAITS_MS[delivery.receipt_asks] if is_open else 0
        due = self.clock.monotonic_ms() + wait
        await self.rows.put(delivery, told.receipt, told.reason or None, due)
        if not is_open:
            log.info("receipt", delivery=delivery.id, receipt=told.receipt, reason=told.reason)


async def _is_there(lane: Lane) -> bool:
    """Say whether the provider can be used, after a question that it did not answer.

    A message that it never tells of must not keep the others from being asked for.
    """
    await lane.probe()
    return lane.is_free
