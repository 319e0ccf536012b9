"""Looks at a channel's provider while nothing is sent to it, so that a dead one shows in time.

A kiosk without guests learns of an outage within `[health] check_interval`, and one failed attempt
is followed up at once: a dead provider shows within 90 s. A look never keeps a guest waiting, and
is not made while calls are under way, which tell more than it would.
"""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.lane import Lane
from kiosk_appliance.settings import Settings


@dataclass(frozen=True, slots=True)
class Lookout:
    """The looks at one remote channel."""

    settings: Callable[[], Settings]
    lane: Lane
    clock: Clock

    async def look(self) -> None:
        """Ask the provider whether it can be used, if that is due."""
        circuit, now = self.lane.circuit, self.clock.monotonic_ms()
        every_ms = round(self.settings().health.check_interval * 1000)
        if circuit.check_due(now, every_ms) and (circuit.is_doubted or self.lane.is_free):
            circuit.looked_at(now)
            await self.lane.probe()
