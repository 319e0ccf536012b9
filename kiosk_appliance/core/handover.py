"""Hands parcels to a channel, one blocking call in a thread of its own.

The border round a provider's SDK: whatever is raised behind it becomes a value, and a channel
whose attempts may simply be repeated is never in doubt.
"""

from collections.abc import Callable

import structlog

from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.delivery import (
    LookUp,
    LookUpFailed,
    Outcome,
    Parcel,
    Transient,
    Uncertain,
)

log = structlog.get_logger("replay")


class Handover:
    """The calls to one channel."""

    def __init__(self, channel: Channel) -> None:
        self._channel = channel

    async def probe(self) -> Outcome:
        """Ask the provider whether it can be used."""
        return await self._call(self._channel.probe)

    async def deliver(self, parcel: Parcel) -> Outcome:
        """Make one attempt."""
        return await self._call(lambda: self._channel.deliver(parcel))

    async def look_up(self, parcel: Parcel) -> LookUp:
        """Ask whether the provider has it."""
        name = self._channel.name
        try:
            return await in_daemon_thread(f"{name}-look-up", lambda: self._channel.look_up(parcel))
        except Exception as error:  # the border round a provider's SDK
            log.exception("channel_raised", channel=name)
            return LookUpFailed(f"The look-up failed unexpectedly ({type(error).__name__}).")

    async def _call(self, call: Callable[[], Outcome]) -> Outcome:
        name = self._channel.name
        try:
            outcome = await in_daemon_thread(f"{name}-call", call)
        except Exception as error:  # the border round a provider's SDK
            log.exception("channel_raised", channel=name)
            outcome = Uncertain(f"The {name} channel failed unexpectedly ({type(error).__name__}).")
        if isinstance(outcome, Uncertain) and self._channel.repeatable:
            return Transient(outcome.reason)
        return outcome
