"""Days without a network, then the drain: what it costs, and whether the drain keeps its limits.

In virtual time with the real objects, as the seasons are. Guests come while the kiosk is offline;
some come while the backlog drains, and are served first.
"""

import asyncio
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from pathlib import Path

import msgspec

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.domain.capture import Consent
from kiosk_appliance.web.use_cases import UseCases
from tests.faults.world import verdict
from tests.faults.world.entropy import drawn_from
from tests.faults.world.kiosk import Life, Machine
from tests.faults.world.providers import stand_ins
from tests.faults.world.virtual import VirtualLoop
from tests.faults.world.weather import Spells, Weather
from tests.faults.world.world import Odds, World
from tests.parts.pictures import jpeg

_HOUR_S = 3600.0
_LOOK_S = 60.0
_LINK_UP_S = 600.0
_FRESH = 20
_KIND = Odds(*[0.0] * len(fields(Odds)))
_FRESH_APART_S = 20.0


@dataclass(frozen=True)
class Days:
    """So many captures with one SMS each, spread over so many hours without a network."""

    captures: int
    hours: float = 72.0
    expires_after: str = "30 days"
    slower: float = 1.0
    seed: int = 1


@dataclass
class Toll:
    """What it came to; times in seconds."""

    attempts_offline: int = -1
    probes: dict[str, int] = field(default_factory=dict)
    wal_bytes: int = 0
    expired_offline: int = 0
    waiting_sms_offline: int = 0
    first_probe_s: float = float("inf")
    most_uploads_at_once: int = 0
    sms_in_a_minute: int = 0
    sms_in_a_second: int = 0
    slowest_fresh_s: float = 0.0
    ends: dict[str, int] = field(default_factory=dict)
    sms_on_handsets: int = 0
    fresh: int = _FRESH
    violations: list[str] = field(default_factory=list)


def sit_out(days: Days, tell: Callable[[str], None]) -> Toll:
    """Carry it out."""
    with drawn_from(days.seed), tempfile.TemporaryDirectory(prefix="offline-") as folder:
        loop = VirtualLoop(0.0)
        weather = Weather(days.seed, Spells())
        weather.clear_up(0.0)
        end = days.hours * _HOUR_S
        weather.cut_off(0.0, end)
        world = World(days.seed, _KIND, weather, tell, loop)
        life = Life(Path(folder), loop, Machine(), stand_ins(world, loop), days.expires_after)
        stay = _Stay(days, world, life, end)
        try:
            life.run(stay.live())
        finally:
            life.tidy_away()
        stay.toll.violations = world.violations
        return stay.toll


class _Stay:
    """The one life of the kiosk."""

    def __init__(self, days: Days, world: World, life: Life, end: float) -> None:
        self.toll = Toll()
        self._days = days
        self._world = world
        self._life = life
        self._end = end
        self._photo = jpeg(64, 48)
        self._fresh: dict[str, float] = {}

    async def live(self) -> None:
        kiosk = await self._life.start()
        self._life.slower = self._days.slower
        self._life.begin(self._watch_wal())
        apart = (self._end - _LINK_UP_S) / self._days.captures
        for number in range(self._days.captures):
            await asyncio.sleep(apart)
            await self._come(kiosk, f"+336{10_000_000 + number:08}")
        await asyncio.sleep(self._end - self._world.now)
        await self._look_at_the_toll()
        self._life.slower = 1.0
        # The kernel's word that there is a route again.
        kiosk.replay.hurry()
        for number in range(_FRESH):
            await asyncio.sleep(_FRESH_APART_S)
            sms_id = await self._come(kiosk, f"+337{60_000_000 + number:08}")
            self._fresh[sms_id] = self._world.now
        await verdict.wait_for_the_end(self._life)
        await self._look_at_the_drain()

    async def _come(self, kiosk: UseCases, phone: str) -> str:
        order = Order(photo=self._photo, phone=phone, consent=Consent(sms=True))
        sms_id: str = msgspec.json.decode(await kiosk.capturing.take(order))["sms_id"]
        return sms_id

    async def _watch_wal(self) -> None:
        wal = self._life.folder / "data" / "kiosk.db-wal"
        while True:
            self.toll.wal_bytes = max(self.toll.wal_bytes, wal.stat().st_size)
            await asyncio.sleep(_LOOK_S)

    async def _look_at_the_toll(self) -> None:
        rows = await self._life.store.database.all(
            "select channel, state, sum(attempts) as attempts, count(*) as number"
            " from deliveries group by channel, state"
        )
        self.toll.attempts_offline = sum(row["attempts"] for row in rows)
        sms = {row["state"]: row["number"] for row in rows if row["channel"] == "sms"}
        self.toll.expired_offline = sms.get("expired", 0)
        self.toll.waiting_sms_offline = sms.get("waiting", 0)
        self.toll.probes = {name: len(at) for name, at in self._world.probed_at.items()}

    async def _look_at_the_drain(self) -> None:
        world, toll = self._world, self.toll
        toll.first_probe_s = max(
            min(at for at in probes if at >= self._end) - self._end
            for probes in world.probed_at.values()
        )
        toll.most_uploads_at_once = world.most_uploads_at_once
        toll.sms_in_a_minute = most_within(world.sms_at, 60)
        toll.sms_in_a_second = most_within(world.sms_at, 1)
        rows = await self._life.store.database.all("select * from deliveries where channel = 'sms'")
        toll.sms_on_handsets = sum(len(got) for got in world.handsets.values())
        for row in rows:
            toll.ends[row["state"]] = toll.ends.get(row["state"], 0) + 1
            if row["id"] in self._fresh:
                got = world.got(row["tag"])
                took = got[0].at - self._fresh[row["id"]] if got else float("inf")
                toll.slowest_fresh_s = max(toll.slowest_fresh_s, took)


def most_within(moments: list[float], seconds: float) -> int:
    """Return how many of the moments, which are in order, lie within any such time."""
    most, first = 0, 0
    for last, moment in enumerate(moments):
        while moment - moments[first] >= seconds:
            first += 1
        most = max(most, last - first + 1)
    return most
