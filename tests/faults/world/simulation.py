"""A season of one kiosk: guests, bad weather, kills; then fair weather until all is done.

Everything is drawn from the seed. After each restart, and at the end, what was promised to guests
is held against what the outbox says and what the world knows.
"""

import asyncio
import random
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.capture import Consent
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.web.use_cases import UseCases
from tests.faults.world import verdict
from tests.faults.world.entropy import drawn_from
from tests.faults.world.kiosk import Life, Machine
from tests.faults.world.providers import stand_ins
from tests.faults.world.verdict import Figures, Promise
from tests.faults.world.virtual import Killed, VirtualLoop
from tests.faults.world.weather import Spells, Weather
from tests.faults.world.world import Odds, World
from tests.parts.pictures import jpeg

Tell = Callable[[str], None]

# In fair weather nothing is missed by looking less often.
_CALM = 5.0
# So many guests think better of it within a minute.
_ERASE = 0.15
_YEAR_MS = 366 * 24 * 3_600_000
_CLOCK_STEPS_MS = (-10 * _YEAR_MS, -3_600_000, 3_600_000, 50 * _YEAR_MS)
_CLOCK_STEPS_APART_S = 1_800.0


@dataclass(frozen=True)
class Plan:
    """What is played; the seed and these alone decide how it goes."""

    seed: int
    sms: int
    apart_s: float = 6.0
    odds: Odds = field(default_factory=Odds)
    spells: Spells = field(default_factory=Spells)
    expires_after: str = "24 h"
    kills_apart_s: float = 1_200.0
    channels: Callable[[World, VirtualLoop], Sequence[Channel]] = stand_ins


@dataclass(frozen=True)
class Guest:
    """When she comes, her number, and that of a friend to whom she sends the photo as well."""

    number: int
    at: float
    phone: str
    friend: str | None
    thinks_s: float


def play(plan: Plan, tell: Tell) -> Figures:
    """Carry the plan out and return what came of it."""
    with drawn_from(plan.seed), tempfile.TemporaryDirectory(prefix="world-") as folder:
        return Season(plan, Path(folder), tell).run()


class Season:
    """The lives of one kiosk, one after the other."""

    def __init__(self, plan: Plan, folder: Path, tell: Tell) -> None:
        self._plan = plan
        self._folder = folder
        self._rng = random.Random(f"season {plan.seed}")
        self._photo = jpeg(64, 48)
        loop = VirtualLoop(0.0)
        self._machine = Machine()
        self._world = World(plan.seed, plan.odds, Weather(plan.seed, plan.spells), tell, loop)
        self._guests = _guests(plan, self._rng)
        self._promises: dict[str, Promise] = {}
        self._figures = Figures()

    def run(self) -> Figures:
        """Play one life after the other until nothing is left to do."""
        life = self._life()
        try:
            while not self._has_lived(life):
                life = self._next_after(life)
        finally:
            life.tidy_away()
        self._figures.violations = self._world.violations
        return self._figures

    def _has_lived(self, life: Life) -> bool:
        try:
            life.run(self._live(life))
        except Killed:
            return False
        return True

    def _life(self) -> Life:
        folder = self._folder / str(self._figures.kills)
        folder.mkdir(exist_ok=True)
        loop = self._world.loop
        channels = self._plan.channels(self._world, loop)
        return Life(folder, loop, self._machine, channels, self._plan.expires_after)

    def _next_after(self, life: Life) -> Life:
        """Prepare the next life; at times the whole machine has gone down with this one."""
        self._figures.kills += 1
        power_cut = self._rng.random() < 0.3
        self._world.note("power cut" if power_cut else "process killed")
        self._world.cut.update(life.leave_to(self._folder / str(self._figures.kills)))
        self._world.settle_wire()
        down_s = self._rng.choice((30.0, 90.0, 600.0)) if power_cut else self._rng.uniform(1, 5)
        loop = VirtualLoop(self._world.now + down_s)
        self._world.off_s += down_s
        if power_cut:
            self._machine.reboot(loop.time())
        self._world.loop = loop
        life.tidy_away()
        return self._life()

    async def _live(self, life: Life) -> None:
        world = self._world
        kiosk = await life.start()
        await verdict.after_start(life, world, self._promises)
        life.begin(self._die_some_day())
        life.begin(self._play_with_clock())
        await self._receive(life, kiosk)
        if not world.fair:
            await asyncio.sleep(self._rng.uniform(0, 900))
            world.note("fair weather from now on")
            world.clear_up()
        life.slower = _CALM
        await verdict.wait_for_the_end(life)
        await verdict.at_the_end(life, world, self._promises, self._figures)

    async def _die_some_day(self) -> None:
        await asyncio.sleep(self._rng.expovariate(1 / self._plan.kills_apart_s))
        if not self._world.fair:
            self._world.note("the process will die at random")
            self._world.loop.kill_in(self._rng.randint(0, 60))

    async def _play_with_clock(self) -> None:
        machine = self._machine
        while not self._world.fair:
            if not machine.synchronised:
                await asyncio.sleep(self._rng.uniform(60, 900))
                machine.ahead_ms, machine.synchronised = 0, True
                self._world.note("the clock is right, and the kernel knows it")
            await asyncio.sleep(self._rng.expovariate(1 / _CLOCK_STEPS_APART_S))
            machine.ahead_ms, machine.synchronised = self._rng.choice(_CLOCK_STEPS_MS), False
            self._world.note(f"the clock steps {machine.ahead_ms / 1000:.0f} s ahead")

    async def _receive(self, life: Life, kiosk: UseCases) -> None:
        """Let those guests come, or come back, whom no earlier life has served."""
        visits = []
        for guest in list(self._guests.values()):
            await asyncio.sleep(max(guest.at - self._world.now, 0))
            visits.append(life.begin(self._visit(kiosk, guest)))
        for visit in visits:
            await visit

    async def _visit(self, kiosk: UseCases, guest: Guest) -> None:
        order = Order(
            photo=self._photo,
            phone=guest.phone,
            consent=Consent(sms=True),
            idempotency_key=f"guest {guest.number}",
        )
        answer = msgspec.json.decode(await _patiently(kiosk, order))
        self._promise(answer["sms_id"], answer["id"], guest.phone)
        if guest.friend is not None:
            await asyncio.sleep(guest.thinks_s)
            queued = await kiosk.texting.send(answer["id"], guest.friend)
            self._promise(queued.sms_id, answer["id"], guest.friend)
        elif self._world.always("erases", guest.phone) < _ERASE:
            # Some while the upload is under way.
            await asyncio.sleep(guest.thinks_s / 10)
            await kiosk.erasing.erase_by_token(answer["token"])
            self._world.erased[answer["id"]] = answer["token"]
            self._world.note(f"guest {guest.phone} has erased her photo")
        del self._guests[guest.number]

    def _promise(self, sms_id: str, capture_id: str, phone: str) -> None:
        # A guest who comes back under her key gets the same answer.
        if sms_id not in self._promises:
            self._promises[sms_id] = Promise(sms_id, capture_id, phone, self._world.now)
            self._world.note(f"guest {phone} was promised {sms_id}")


async def _patiently(kiosk: UseCases, order: Order) -> bytes:
    while True:
        try:
            return await kiosk.capturing.take(order)
        except Unavailable:
            await asyncio.sleep(1)


def _guests(plan: Plan, rng: random.Random) -> dict[int, Guest]:
    guests: dict[int, Guest] = {}
    at, ordered = 1.0, 0
    while ordered < plan.sms:
        number = len(guests)
        at += rng.expovariate(1 / plan.apart_s)
        friend = f"+337{50_000_000 + number:08}" if rng.random() < 0.1 else None
        phone = f"+336{10_000_000 + number:08}"
        guests[number] = Guest(number, at, phone, friend, rng.uniform(0, 40))
        ordered += 1 + (friend is not None)
    return guests
