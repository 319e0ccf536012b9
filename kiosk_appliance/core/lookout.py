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
    """The looks at one channel; `lane` is the one that it has now, if any."""

    name: str
    settings: Callable[[], Settings]
    lane: Callable[[str], Lane | None]
    clock: Clock

    async def look(self) -> None:
        """Ask the provider whether it can be used, if that is due."""
        lane = self.lane(self.name)
        if lane is None or not lane.channel.remote:
            return
        circuit, now = lane.circuit, self.clock.monotonic_ms()
        every_ms = round(self.settings().health.check_interval * 1000)
        if circuit.check_due(now, every_ms) and (circuit.is_doubted or lane.is_free):
            circuit.looked_at(now)
            await lane.probe()
