"""The replay of the outbox: a lane for each channel, woken by new work and by the scheduler.

There is no global "online" flag that work waits for: a captive portal or one provider's outage
never blocks the other lanes. `online` only tells guests and operators how things stand.
"""

import asyncio
from collections.abc import Collection, Sequence
from dataclasses import dataclass

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.lane import Lane
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.settling import FIRST_LOOK_UP_MS, LOOK_UPS_MS
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import ERASURES, is_erasure
from kiosk_appliance.store.memory import Memory
from kiosk_appliance.store.outbox import Outbox

log = structlog.get_logger("replay")

_FIRST_PROBE_S = 2.0
_STOP_S = 8.0
_CONTAINER = "container-address"


@dataclass(slots=True)
class Address:
    """Where links learn the container's address: its name tells it from an earlier container."""

    links: Links
    memory: Memory
    container: str
    _remembered: str | None = None

    async def recall(self) -> None:
        """Take the address that an earlier run has learnt."""
        self._remembered = None
        if self.links.learns:
            self._remembered = await self.memory.recall(self._key)
        if self._remembered is not None:
            self.links.learn(self._remembered)

    async def learn(self, address: str) -> None:
        """Take the address as the provider gave it, and remember it for starts without network."""
        self.links.learn(address)
        if self.links.learns and address != self._remembered:
            await self.memory.remember(self._key, address)
            self._remembered = address

    @property
    def _key(self) -> str:
        return f"{_CONTAINER} {self.container}"


class Replay:
    """All lanes together."""

    def __init__(
        self, *, lanes: Sequence[Lane], outbox: Outbox, address: Address, clock: Clock
    ) -> None:
        self._lanes = {lane.channel.name: lane for lane in lanes}
        self._retiring: dict[asyncio.Task[None], Lane] = {}
        self._outbox = outbox
        self.address = address
        self._clock = clock
        for lane in lanes:
            lane.on_progress = self._progress

    async def start(self) -> None:
        """Decide what another run left behind, and try every remote provider once.

        Waits for the providers 2 s at most: guests come first, and a lane goes on by itself.
        """
        repeatable = {name for name, lane in self._lanes.items() if lane.channel.repeatable}
        # Their lanes may have been switched off since.
        repeatable |= {"postgres", *ERASURES.values()}
        now = self._clock.monotonic_ms()
        orphans = await self._outbox.adopt_orphans(repeatable, now, now + FIRST_LOOK_UP_MS)
        if orphans:
            log.warning("orphans_adopted", count=orphans)
        await self._outbox.wait_anew(LOOK_UPS_MS, self._clock.monotonic_ms())
        await self.address.recall()
        probes = [
            asyncio.create_task(lane.first_probe())
            for lane in self._lanes.values()
            if lane.channel.remote
        ]
        if probes:
            await asyncio.wait(probes, timeout=_FIRST_PROBE_S)
        await self.tick()

    async def tick(self) -> None:
        """Wake every lane; called each second by the scheduler."""
        self.wake()
        await self._learn_container()

    def hurry(self) -> None:
        """Probe every provider at once: the network came back, or somebody says that it did."""
        now = self._clock.monotonic_ms()
        for lane in self._lanes.values():
            lane.circuit.wake(now)
        self.wake()

    def lane(self, name: str) -> Lane | None:
        """Return the lane that a channel has now; None for one that is not configured."""
        return self._lanes.get(name)

    def channel(self, name: str) -> Channel:
        """Return a channel as it is now; raises KeyError for one that is not configured."""
        return self._lanes[name].channel

    def names(self) -> frozenset[str]:
        """Return the names of the channels that are configured now."""
        return frozenset(self._lanes)

    def counting(self) -> frozenset[str]:
        """Return those on which it depends whether a capture is synced."""
        return self.names() - {"sms"}

    def replace(self, names: Collection[str], lanes: Sequence[Lane]) -> None:
        """Let other lanes take the place of those of these channels, from now on.

        What is under way on the old ones ends there; nothing else is handed to them.
        """
        for name in names:
            if old := self._lanes.pop(name, None):
                task = asyncio.create_task(old.retire())
                self._retiring[task] = old
                task.add_done_callback(self._retired)
        for lane in lanes:
            self._lanes[lane.channel.name] = lane
            lane.on_progress = self._progress
            if lane.channel.remote:
                lane.begin_with_a_probe()
            else:
                lane.wake()

    def _retired(self, task: asyncio.Task[None]) -> None:
        lane = self._retiring.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("channel_unclosed", channel=lane.channel.name, exc_info=error)

    def queued(self, channel: str) -> None:
        """Look for due deliveries of a channel, to which one has just been added."""
        if lane := self._lanes.get(channel):
            lane.wake()

    def wake(self) -> None:
        """Look for due deliveries of every channel now."""
        for lane in self._lanes.values():
            lane.wake()

    def room_returned(self) -> None:
        """Try the channels that write to this disk: there is room on it again."""
        for lane in self._lanes.values():
            if not lane.channel.remote:
                lane.circuit.wake(self._clock.monotonic_ms())
                lane.wake()

    def _progress(self) -> None:
        # An ended upload may free another lane's SMS; its link needs the address at once.
        for lane in self._lanes.values():
            address = lane.channel.public_base()
            if address is not None:
                self.address.links.learn(address)
        self.wake()

    def online(self) -> bool:
        """Say whether every enabled remote provider can be used; always, with local ones only.

        That something can't be taken back elsewhere just now is no guest's concern.
        """
        return all(
            lane.circuit.position is Position.CLOSED
            for lane in self._lanes.values()
            if lane.channel.remote and not is_erasure(lane.channel.name)
        )

    def reaches_anyone(self) -> bool:
        """Say whether any remote provider can be used: then there is a network."""
        return any(
            lane.circuit.position is Position.CLOSED
            for lane in self._lanes.values()
            if lane.channel.remote
        )

    def circuits(self) -> dict[str, Circuit]:
        """Return each channel's circuit."""
        return {name: lane.circuit for name, lane in self._lanes.items()}

    async def stop(self) -> None:
        """Stop claiming, wait at most 8 s for what is under way, decide the rest."""
        lanes = [*self._lanes.values(), *self._retiring.values()]
        for task in self._retiring:
            task.cancel()
        await asyncio.gather(*(lane.stop(_STOP_S) for lane in lanes))
        for lane in lanes:
            lane.channel.close()

    async def _learn_container(self) -> None:
        for lane in self._lanes.values():
            address = lane.channel.public_base()
            if address is not None:
                await self.address.learn(address)
