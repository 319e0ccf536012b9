"""What is too old to be sent ends, and nothing else."""

import sqlite3
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.core.expiring import Expiring
from kiosk_appliance.domain.delivery import NotSent
from kiosk_appliance.store.database import Database, Transaction
from tests.parts.lanes import World, defaults, play
from tests.parts.rows import dump, row_of

NUMBER = "+33612345678"
DAY_MS = 24 * 3600 * 1000


@pytest.fixture
def offline(tmp_path: Path) -> Callable[[Callable[[World, Expiring], Awaitable[None]]], None]:
    """Run a test's coroutine in a world whose OVH can't be reached."""

    def run(work: Callable[[World, Expiring], Awaitable[None]]) -> None:
        async def go(at: World) -> None:
            at.sms.on_probe = lambda: NotSent("No network.")
            await at.replay.start()
            settings = defaults(tmp_path)
            await work(
                at, Expiring(settings=lambda: settings, database=at.database, clock=at.clock)
            )
            assert at.sms.delivered == []

        play(tmp_path, go)

    return run


Offline = Callable[[Callable[[World, Expiring], Awaitable[None]]], None]


async def change(database: Database, what: str, delivery_id: str) -> None:
    def work(tx: Transaction) -> None:
        tx.execute(f"update deliveries set {what} where id = ?", (delivery_id,))

    await database.write(work)


def test_sms_end_after_their_life_also_while_the_provider_is_away(offline: Offline) -> None:
    async def work(at: World, expiring: Expiring) -> None:
        waits, depends = await at.add(NUMBER), await at.add(NUMBER)
        await at.until(lambda: at.is_in(waits.upload, "delivered"))
        at.storage.on_probe = lambda: NotSent("No network.")
        await change(at.database, f"depends_on = '{depends.upload}'", depends.sms[0])
        at.clock.pass_ms(DAY_MS - 1)
        await expiring.sweep()
        assert await at.is_in(waits.sms[0], "waiting")
        at.clock.pass_ms(1)
        with capture_logs() as logs:
            await expiring.sweep()
        told = [one for one in logs if one["event"] == "sms_expired"]
        assert [one["count"] for one in told] == [2]
        for added in (waits, depends):
            row = await row_of(at.database, added.sms[0])
            assert (row["state"], row["attempts"], row["depends_on"]) == ("expired", 0, None)
            assert row["last_error"] == "It could not be sent in time."
            assert row["ended_at"] == at.clock.now

    offline(work)


@pytest.mark.parametrize(
    ("dated", "age_ms", "told", "state"),
    [
        (1, DAY_MS, True, "expired"),
        (1, DAY_MS - 1, True, "waiting"),
        (1, DAY_MS, False, "waiting"),
        (0, 50 * 365 * DAY_MS, True, "waiting"),
        (1, -DAY_MS, True, "waiting"),
    ],
)
def test_of_another_boot_only_dates_that_can_be_believed_count(
    *, offline: Offline, dated: int, age_ms: int, told: bool, state: str
) -> None:
    async def work(at: World, expiring: Expiring) -> None:
        added = await at.add(NUMBER)
        made = at.clock.now - age_ms
        if told:
            at.clock.learn(at.clock.now, "OVH")
        # Its monotonic time is another clock's, and says nothing here.
        await change(
            at.database,
            f"created_boot = 'earlier', created_mono = -{DAY_MS * 9}, created_at = {made},"
            f" dated = {dated}",
            added.sms[0],
        )
        await expiring.sweep()
        assert await at.is_in(added.sms[0], state)

    offline(work)


@pytest.mark.parametrize("state", ["running", "uncertain", "delivered", "refused", "cancelled"])
def test_only_what_waits_expires(offline: Offline, state: str) -> None:
    async def work(at: World, expiring: Expiring) -> None:
        added = await at.add(NUMBER)
        await change(at.database, f"state = '{state}', depends_on = null", added.sms[0])
        at.clock.pass_ms(2 * DAY_MS)
        await expiring.sweep()
        assert await at.is_in(added.sms[0], state)
        assert not await at.is_in(added.upload, "expired"), "a photo is never too old"

    offline(work)


def test_a_wall_clock_that_steps_ends_nothing_within_one_boot(offline: Offline) -> None:
    async def work(at: World, expiring: Expiring) -> None:
        added = await at.add(NUMBER)
        for step in (50 * 365 * DAY_MS, -60 * 365 * DAY_MS):
            at.clock.now += step
            await expiring.sweep()
            assert await at.is_in(added.sms[0], "waiting")

    offline(work)


def test_a_kiosk_where_nothing_is_too_old_writes_nothing(offline: Offline, tmp_path: Path) -> None:
    path = tmp_path / "var" / "kiosk.db"

    def version() -> int:
        """Each commit of another connection changes it."""
        found: int = watcher.execute("pragma data_version").fetchone()[0]
        return found

    async def work(at: World, expiring: Expiring) -> None:
        added = await at.add(NUMBER)
        await at.until(lambda: at.is_in(added.upload, "delivered"))
        # A lane may still look for more, in a commit of its own.
        await at.replay.stop()
        before, rows = version(), dump(path)
        with capture_logs() as logs:
            for _ in range(5):
                await expiring.sweep()
        assert (version(), dump(path), logs) == (before, rows, [])
        at.clock.pass_ms(DAY_MS)
        await expiring.sweep()
        assert version() != before

    (tmp_path / "var").mkdir()
    watcher = sqlite3.connect(path, check_same_thread=False)
    offline(work)
    watcher.close()


def test_the_sms_of_years_are_never_looked_through(offline: Offline) -> None:
    """A sweep each minute must cost what waits, not what has ever been."""

    async def work(at: World, expiring: Expiring) -> None:
        steps = 0

        def step() -> None:
            nonlocal steps
            steps += 1

        def many(tx: Transaction) -> None:
            tx.execute(
                """
                with recursive n(i) as (select 1 union all select i + 1 from n where i < 20000)
                insert into deliveries (id, capture_id, channel, recipient, state, created_at,
                    created_boot, created_mono, ended_at)
                select 'old-' || i, ?, 'sms', 'number-' || i, 'delivered', i, 'earlier', i, i
                from n
                """,
                (added.capture.id,),
            )

        added = await at.add(NUMBER)
        await at.database.write(many)
        # The reader's virtual machine, in units of a hundred steps.
        reader = await at.database._reader.open()  # noqa: SLF001 - nothing else shows what a query costs
        await reader.set_progress_handler(step, 100)
        await expiring.sweep()
        assert steps < 50

    offline(work)
