"""Ages and dates across boots, steps of the clock and the arrival of somebody who knows."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import hypothesis.strategies as st
from hypothesis import HealthCheck, settings
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.store.database import Database, open_database
from kiosk_appliance.store.deliveries import Deliveries, Delivery
from kiosk_appliance.store.memory import Memory
from tests.parts.clocks import NOON_MS, SetClock
from tests.parts.loop import in_loop
from tests.parts.rows import Added, add_capture

MINUTE, HOUR = 60_000, 3_600_000
DAY, YEAR = 24 * HOUR, 365 * 24 * HOUR
T = TypeVar("T")


@dataclass
class Kiosk:
    """A kiosk whose machine and clock a test moves."""

    database: Database
    clock: SetClock
    timekeeping: Timekeeping

    async def start(self, *, off_ms: int | None = None) -> None:
        """Start the process; with `off_ms` the machine too, after being off for so long."""
        if off_ms is not None:
            self.clock.now += off_ms
            self.clock.reboot()
        self.timekeeping = Timekeeping(self.clock, self.database)
        await self.timekeeping.begin()
        await self.timekeeping.tick()

    async def live(self, milliseconds: int) -> None:
        """Let time pass as the scheduler would see it, a minute at a time."""
        for part in [MINUTE] * (milliseconds // MINUTE) + [milliseconds % MINUTE]:
            self.clock.pass_ms(part)
            await self.timekeeping.tick()

    async def delivery(self, added: Added) -> Delivery:
        (found,) = await Deliveries(self.database).of_capture(added.capture.id)
        return found

    async def dates(self, added: Added) -> tuple[int, bool]:
        """Return what capture and upload agree on."""
        rows = [
            await self.database.one(f"select created_at, dated from {table} where id = ?", (key,))
            for table, key in (("captures", added.capture.id), ("deliveries", added.upload))
        ]
        (one, two) = [(row["created_at"], bool(row["dated"])) for row in rows if row is not None]
        assert one == two
        return one


async def kiosk(folder: Path, now: int) -> Kiosk:
    clock = SetClock(now=now)
    database = await open_database(folder / "kiosk.db")
    made = Kiosk(database, clock, Timekeeping(clock, database))
    await made.start()
    return made


def play(folder: Path, work: Callable[[Kiosk], Awaitable[None]], now: int = NOON_MS) -> None:
    async def go() -> None:
        at = await kiosk(folder, now)
        try:
            await work(at)
        finally:
            await at.database.close()

    in_loop(go())


def test_what_was_made_under_a_wrong_clock_is_dated_when_somebody_knows(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        added = await add_capture(at.database, at.clock)
        await at.live(HOUR)
        assert await at.dates(added) == (0, False)
        at.clock.learn(NOON_MS, "OVH")
        before = await at.delivery(added)
        assert at.timekeeping.made_at_ms(before) == NOON_MS - HOUR, "known before it is written"
        await at.timekeeping.tick()
        assert await at.dates(added) == (NOON_MS - HOUR, True)
        row = await at.database.one("select version from captures")
        assert row is not None
        assert row["version"] == 2
        fresh = await add_capture(at.database, at.clock)
        assert await at.dates(fresh) == (NOON_MS, True)

    play(tmp_path, work, now=0)


def test_a_word_that_turns_out_wrong_is_corrected_in_the_rows_too(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        at.clock.synchronised = True
        await at.timekeeping.tick()
        added = await add_capture(at.database, at.clock)
        at.clock.learn(NOON_MS + HOUR, "OVH")
        await at.timekeeping.tick()
        assert await at.dates(added) == (NOON_MS + HOUR, True)

    play(tmp_path, work)


def test_a_step_that_nobody_vouches_for_moves_no_date_that_is_believed(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        at.clock.learn(NOON_MS, "OVH")
        added = await add_capture(at.database, at.clock)
        await at.timekeeping.tick()
        await at.start()
        assert at.clock.is_trusted(), "told before the process was started again"
        for step in (-10 * YEAR, 50 * YEAR, HOUR):
            at.clock.step(step)
            await at.timekeeping.tick()
            assert await at.dates(added) == (NOON_MS, True)

    play(tmp_path, work)


def test_another_boots_rows_keep_the_dates_they_have(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        added = await add_capture(at.database, at.clock)
        await at.start(off_ms=DAY)
        fresh = await add_capture(at.database, at.clock)
        at.clock.learn(at.clock.now + HOUR, "OVH")
        await at.timekeeping.tick()
        assert await at.dates(added) == (NOON_MS, False)
        assert await at.dates(fresh) == (NOON_MS + DAY + HOUR, True)

    play(tmp_path, work)


def test_a_row_that_was_written_late_is_dated_a_minute_later(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        unknowing = SetClock(now=0)
        at.clock.learn(NOON_MS, "OVH")
        await at.timekeeping.tick()
        added = await add_capture(at.database, unknowing)
        await at.live(MINUTE)
        assert await at.dates(added) == (NOON_MS, True)

    play(tmp_path, work, now=0)


def test_nights_count_where_the_dates_are_believed_and_not_where_they_are_not(
    tmp_path: Path,
) -> None:
    async def work(at: Kiosk) -> None:
        unknown = await add_capture(at.database, at.clock)
        for _ in range(3):
            await at.live(8 * HOUR)
            await at.start(off_ms=16 * HOUR)
        at.clock.learn(at.clock.now, "OVH")
        known = await add_capture(at.database, at.clock)
        await at.live(8 * HOUR)
        await at.start(off_ms=16 * HOUR)
        assert at.timekeeping.age_ms(await at.delivery(known)) == 8 * HOUR, "nobody knows yet"
        at.clock.learn(at.clock.now, "OVH")
        assert at.timekeeping.age_ms(await at.delivery(known)) == DAY
        assert at.timekeeping.age_ms(await at.delivery(unknown)) == 4 * 8 * HOUR

    play(tmp_path, work)


def test_so_many_boots_that_some_are_forgotten_never_make_anything_older(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        await at.live(40 * HOUR)
        added = await add_capture(at.database, at.clock)
        for _ in range(100):
            await at.start(off_ms=MINUTE)
        assert at.timekeeping.age_ms(await at.delivery(added)) <= 100 * MINUTE
        await at.live(HOUR)
        assert at.timekeeping.age_ms(await at.delivery(added)) >= HOUR
        row = await at.database.one("select length(value) as size from remembered")
        assert row is not None
        assert row["size"] < 5_000

    play(tmp_path, work)


def test_notes_that_can_not_be_read_stop_nothing(tmp_path: Path) -> None:
    async def work(at: Kiosk) -> None:
        added = await add_capture(at.database, at.clock)
        for damaged in ("", "{", '{"lived_ms": 1, "boots": []}', '{"lived_ms": "x"}', "[]"):
            await Memory(at.database).remember("time", damaged)
            await at.start(off_ms=HOUR)
            assert at.timekeeping.age_ms(await at.delivery(added)) <= HOUR

    play(tmp_path, work)


@settings(
    max_examples=25, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
)
class Years(RuleBasedStateMachine):
    """Any life of a kiosk: boots, nights, crashes, steps of its clock, people who know the time.

    Compared with the true time, which the kiosk never sees but by a provider.
    """

    @initialize(wrong=st.integers(-56 * YEAR, 50 * YEAR))
    def begin(self, wrong: int) -> None:
        self.loop = asyncio.new_event_loop()
        self.folder = TemporaryDirectory()
        self.true = NOON_MS
        self.kiosk = self.run(kiosk(Path(self.folder.name), NOON_MS + wrong))
        self.made: list[tuple[Added, int, str]] = []
        self.knows = False

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @rule(milliseconds=st.integers(0, 30 * MINUTE))
    def lives(self, milliseconds: int) -> None:
        self.true += milliseconds
        self.run(self.kiosk.live(milliseconds))

    @rule()
    def a_guest_comes(self) -> None:
        clock = self.kiosk.clock
        self.made.append((self.run(add_capture(self.kiosk.database, clock)), self.true, clock.boot))

    @rule(step=st.one_of(st.integers(-60 * YEAR, 60 * YEAR), st.integers(-2 * HOUR, 2 * HOUR)))
    def somebody_sets_the_clock(self, step: int) -> None:
        self.kiosk.clock.step(step)
        self.run(self.kiosk.timekeeping.tick())

    @rule(late=st.integers(0, 900), ticks=st.booleans())
    def a_provider_answers(self, late: int, ticks: bool) -> None:
        self.kiosk.clock.learn(self.true - late // 2, "OVH", took_ms=late)
        self.knows = True
        if ticks:
            self.run(self.kiosk.timekeeping.tick())

    @rule()
    def the_process_dies(self) -> None:
        self.knows = False
        self.run(self.kiosk.start())

    @rule(off=st.integers(0, 3 * DAY), keeps_time=st.booleans())
    def the_plug_is_pulled(self, off: int, keeps_time: bool) -> None:
        self.true += off
        if not keeps_time:
            self.kiosk.clock.now -= off
        self.knows = False
        self.run(self.kiosk.start(off_ms=off))

    @invariant()
    def no_age_is_too_high_and_each_is_right_where_the_time_is_known(self) -> None:
        clock, timekeeping = self.kiosk.clock, self.kiosk.timekeeping
        if self.knows:
            assert clock.is_trusted()
        if clock.is_trusted():
            assert abs(clock.now_ms() - self.true) <= 2_000 + 450
        for added, made, boot in self.made:
            row = self.run(self.kiosk.delivery(added))
            age = timekeeping.age_ms(row)
            assert 0 <= age <= self.true - made + 5_000
            if boot == clock.boot:
                assert age == self.true - made
            if row.dated:
                assert abs(row.created_at - made) <= 5_000
                assert not clock.is_trusted() or abs(age - (self.true - made)) <= 7_500
            at = timekeeping.made_at_ms(row)
            assert at is None or abs(at - made) <= 5_000

    def teardown(self) -> None:
        self.run(self.kiosk.database.close())
        self.loop.close()
        self.folder.cleanup()


TestYears = Years.TestCase
