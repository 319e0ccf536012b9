"""Hands parcels to a channel, one blocking call in a thread of its own.

The border round a provider's SDK: whatever is raised behind it becomes a value, and a channel
whose attempts may simply be repeated is never in doubt. A channel bounds each of its waits; the
deadline here is for what it can't bound, such as a name look-up that hangs or an answer that drips.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog

from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.delivery.channel import Channel, Fetching, Followed
from kiosk_appliance.domain.delivery import (
    LookUp,
    LookUpFailed,
    Outcome,
    Parcel,
    Told,
    Transient,
    Uncertain,
)

log = structlog.get_logger("replay")

Answer = TypeVar("Answer")

# Longer than any transfer that still gets on: 1 MB over 4 kB/s.
_DEADLINE_S = 300.0
_TOO_LONG = "There was no answer for too long; the call was given up."


class Handover:
    """The calls to one channel."""

    def __init__(self, channel: Channel, deadline_s: float = _DEADLINE_S) -> None:
        self._channel = channel
        self._deadline_s = deadline_s

    async def probe(self) -> Outcome:
        """Ask the provider whether it can be used."""
        return await self._call(self._channel.probe)

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Make one attempt."""
        return await self._call(lambda: self._channel.deliver(parcel))

    async def look_up(self, parcel: Parcel) -> LookUp:
        """Ask whether the provider has it."""
        return await self._answer("look-up", lambda: self._channel.look_up(parcel), LookUpFailed)

    async def fetch(self, channel: Fetching, parcel: Parcel) -> bytes | Outcome:
        """Read back what was handed over, or return why that can't be done."""
        return await self._answer("fetch", lambda: channel.fetch(parcel), Transient)

    async def receipt(self, channel: Followed, reference: str) -> Told | None:
        """Ask what became of a delivery; None for no usable answer."""
        return await self._answer("receipt", lambda: channel.receipt(reference), lambda _: None)

    async def _call(self, call: Callable[[], Outcome]) -> Outcome:
        outcome = await self._answer("call", call, Uncertain)
        if isinstance(outcome, Uncertain) and self._channel.repeatable:
            return Transient(outcome.reason)
        return outcome

    async def _answer(
        self, what: str, call: Callable[[], Answer], otherwise: Callable[[str], Answer]
    ) -> Answer:
        """Return what the call returns, or `otherwise` of the reason why it returns nothing."""
        name = self._channel.name
        try:
            async with asyncio.timeout(self._deadline_s):
                return await in_daemon_thread(f"{name}-{what}", call)
        except TimeoutError:
            return otherwise(_TOO_LONG)
        except Exception as error:  # the border round a provider's SDK
            log.exception("channel_raised", channel=name)
            return otherwise(f"The {name} channel failed unexpectedly ({type(error).__name__}).")
