"""What each outcome of an attempt means for its delivery and for its channel's circuit.

The only place where the two meet. Reasons are words for the operator; they hold no number. What
writes may be called again where the disk failed: a claim is settled once.
"""

from collections.abc import Callable
from dataclasses import dataclass

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import (
    Blame,
    Delivered,
    Found,
    LanePaused,
    LookUp,
    LookUpFailed,
    NotFound,
    NotSent,
    Outcome,
    Refused,
    State,
    Throttled,
    Transient,
    Uncertain,
)
from kiosk_appliance.domain.pace import backoff_ms
from kiosk_appliance.domain.refusals import Refusals
from kiosk_appliance.ids import fraction
from kiosk_appliance.store.deliveries import Delivery
from kiosk_appliance.store.interventions import TOO_OLD
from kiosk_appliance.store.orphans import CUT
from kiosk_appliance.store.outbox import Outbox

log = structlog.get_logger("replay")

# After an uncertain call the provider is asked at 30 s, 2 min and 10 min (contract, "Uncertain").
LOOK_UPS_MS = (30_000, 90_000, 480_000)
_LONGEST_FOR_THE_WORLD_MS = 300_000
FIRST_LOOK_UP_MS = LOOK_UPS_MS[0]
# A receipt is asked for first when most have come: usually within 10 s.
FIRST_RECEIPT_MS = 30_000
# For so long an item that the set-up was blamed for lets others be tried, until one succeeds.
_STEP_BACK_MS = 15 * 60_000
_UNKNOWN = "The provider does not know it yet."
_AGAIN = "It never reached the provider; sent once more."
_PARKED = "It may have been sent: look at the provider's list of sent SMS, then retry or cancel it."


@dataclass(frozen=True, slots=True)
class Patience:
    """How often an item's own failures are forgiven, and the first wait in seconds.

    `endless` for what has to be done whatever is answered: an erasure is owed to somebody.
    """

    attempts: int
    first_wait_s: float
    endless: bool = False


class Settling:
    """Writes outcomes down for one channel."""

    def __init__(
        self,
        *,
        outbox: Outbox,
        circuit: Circuit,
        clock: Clock,
        patience: Callable[[], Patience],
        note: Callable[[Outcome], None] = lambda _outcome: None,
    ) -> None:
        self._outbox = outbox
        self._circuit = circuit
        self._clock = clock
        self._patience = patience
        self._note = note
        self._refusals = Refusals()
        self._stepped_back: set[str] = set()

    async def attempt(self, delivery: Delivery, outcome: Outcome) -> None:
        """Settle what an attempt ended in."""
        mono = self._clock.monotonic_ms()
        match outcome:
            case Refused(reason) if self._patience().endless:
                settled = await self._again(delivery, reason, mono)
            case Delivered(reference, followed):
                await self._outbox.hurry(self._refusals.excused)
                settled = await self._delivered(delivery, reference, followed=followed)
                self._refusals.succeeded()
            case NotSent(reason) | LanePaused(reason) | Throttled(reason):
                settled = await self._outbox.put_back(delivery, reason, mono, uncounted=True)
            case Refused(reason, Blame.UNSURE):
                settled = await self._refused_perhaps(delivery, reason, mono)
            case Refused(reason, blame):
                barred = blame is Blame.RECIPIENT
                settled = await self._end(delivery, State.REFUSED, reason, barred=barred)
            case Uncertain(reason):
                settled = await self._doubt(delivery, reason, mono)
            case Transient(reason, own=True):
                settled = await self._again(delivery, reason, mono)
            case Transient(reason):
                # The world's fault: for ever, but no faster than a dead provider is probed.
                wait = backoff_ms(delivery.attempts, self._patience().first_wait_s, fraction())
                due = mono + min(wait, _LONGEST_FOR_THE_WORLD_MS)
                settled = await self._outbox.put_back(delivery, reason, due)
        self._note(outcome)
        if not settled:
            log.error("claim_lost", delivery=delivery.id, outcome=type(outcome).__name__)

    async def nobody_else(self) -> None:
        """Make due who had let others be tried: there are no others."""
        if items := self._stepped_back:
            await self._outbox.hurry(tuple(items))
            items.clear()

    def signal(self, outcome: Outcome) -> None:
        """Tell the circuit what a call or a probe showed of the provider."""
        mono = self._clock.monotonic_ms()
        match outcome:
            case Delivered() | Refused():
                self._circuit.succeeded()
            case NotSent(reason, cause):
                self._circuit.unreachable(mono, reason, fraction(), cause)
            case LanePaused(reason, cause):
                self._circuit.pause(mono, reason, fraction(), cause)
            case Throttled(_, retry_after_s):
                self._circuit.hold(mono, retry_after_s or 30.0)
            case Transient(own=True):
                pass
            case Transient(reason) | Uncertain(reason):
                self._circuit.faltered(mono, reason, fraction())

    async def look_up(self, delivery: Delivery, answer: LookUp) -> None:
        """Settle what a look-up of an uncertain delivery found."""
        mono = self._clock.monotonic_ms()
        match answer:
            case Found(reference, followed):
                await self._delivered(delivery, reference, followed=followed)
            case NotFound() if delivery.look_ups + 1 < len(LOOK_UPS_MS):
                wait = LOOK_UPS_MS[delivery.look_ups + 1]
                await self._outbox.looked_up(delivery, _UNKNOWN, mono + wait)
            case NotFound() if delivery.resends:
                await self._outbox.look_up_later(delivery, _PARKED, None)
            case NotFound():
                await self._outbox.resend(delivery, _AGAIN)
            case LookUpFailed(_, refused=True):
                await self._outbox.look_up_later(delivery, _PARKED, None)
            case LookUpFailed(reason):
                await self._outbox.look_up_later(delivery, reason, mono + FIRST_LOOK_UP_MS)

    async def expired(self, delivery: Delivery) -> None:
        """End an SMS that nobody wants any more."""
        await self._end(delivery, State.EXPIRED, TOO_OLD, uncounted=True)

    async def lost(self, delivery: Delivery) -> None:
        """End a delivery whose capture has gone."""
        await self._end(delivery, State.CANCELLED, "The photo has been erased.", uncounted=True)

    async def unmade(self, delivery: Delivery, reason: str) -> None:
        """Put back what could not even be handed to the channel; nothing left the kiosk."""
        if delivery.state is State.UNCERTAIN:
            await self.look_up(delivery, LookUpFailed(reason))
            return
        due = self._clock.monotonic_ms() + backoff_ms(1, self._patience().first_wait_s, fraction())
        await self._outbox.put_back(delivery, reason, due, uncounted=True)

    async def interrupted(self, delivery: Delivery, *, repeatable: bool) -> None:
        """Decide an attempt that the stop of the appliance cut short."""
        mono = self._clock.monotonic_ms()
        if repeatable:
            await self._outbox.put_back(delivery, CUT, mono, uncounted=True)
        else:
            await self._doubt(delivery, CUT, mono)

    async def _delivered(self, delivery: Delivery, reference: str, *, followed: bool) -> bool:
        ask_at = self._clock.monotonic_ms() + FIRST_RECEIPT_MS if followed else None
        return await self._outbox.delivered(delivery, reference, self._clock.now_ms(), ask_at)

    async def _refused_perhaps(self, delivery: Delivery, reason: str, mono: int) -> bool:
        """End it as refused, unless the same words for several items blame the set-up."""
        blamed = self._refusals.add(delivery.id, reason, mono)
        if blamed is None:
            return await self._end(delivery, State.REFUSED, reason)
        self._circuit.pause(mono, reason, fraction(), since_ms=blamed.since_ms)
        await self._outbox.reopen(blamed.ended, reason)
        # The others first: it may be this one's fault after all.
        due = mono + _STEP_BACK_MS
        settled = await self._outbox.put_back(delivery, reason, due, uncounted=True)
        self._stepped_back.add(delivery.id)
        self._refusals.reopened()
        return settled

    async def _end(
        self,
        delivery: Delivery,
        state: State,
        reason: str,
        *,
        uncounted: bool = False,
        barred: bool = False,
    ) -> bool:
        return await self._outbox.ended(
            delivery, state, reason, self._clock.now_ms(), uncounted=uncounted, barred=barred
        )

    async def _doubt(self, delivery: Delivery, reason: str, mono: int) -> bool:
        # One resend is all a guest's peace allows; a second doubt is the operator's to decide.
        if delivery.resends:
            return await self._outbox.doubt(delivery, f"{reason} {_PARKED}", None)
        return await self._outbox.doubt(delivery, reason, mono + FIRST_LOOK_UP_MS)

    async def _again(self, delivery: Delivery, reason: str, mono: int) -> bool:
        failures = delivery.failures + 1
        if failures >= self._patience().attempts and not self._patience().endless:
            given_up = f"Given up after {failures} failures of its own: {reason}"
            return await self._end(delivery, State.REFUSED, given_up)
        wait = backoff_ms(failures, self._patience().first_wait_s, fraction())
        return await self._outbox.put_back(delivery, reason, mono + wait, own=True)
