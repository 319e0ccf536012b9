"""The figures against what was done, also after erasures, changes of mind and a lost database."""

from functools import partial
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.statistics import Counting, Statistics
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.store import adoption, erasures, interventions
from kiosk_appliance.store.adoption import Doubt
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.erasures import Ending
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.records import Record
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture, claim_one, draft

NUMBER = "+33612345678"
DAY_MS = 86_400_000


async def figures(database: Database) -> Statistics:
    return await Counting(database).statistics()


async def deliver(outbox: Outbox, clock: SetClock, channel: str, after_ms: int) -> None:
    claimed = await claim_one(outbox, channel, clock)
    assert claimed is not None
    assert await outbox.delivered(claimed, "", clock.now_ms() + after_ms)


async def refuse(outbox: Outbox, clock: Clock, reason: str) -> str:
    claimed = await claim_one(outbox, "storage", clock)
    assert claimed is not None
    assert await outbox.ended(claimed, State.REFUSED, reason, clock.now_ms())
    return claimed.id


def test_erasing_takes_nothing_from_the_figures(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            outbox = Outbox(database, Run("r", clock.boot))
            added = await add_capture(database, clock, [NUMBER])
            await deliver(outbox, clock, "storage", 1000)
            await deliver(outbox, clock, "sms", 4000)
            before = await figures(database)
            (day,) = before.per_day
            assert (day.captures, day.sms_sent, day.bytes) == (1, 1, 100)
            assert (before.totals.captures, before.totals.sms_sent) == (1, 1)
            assert [(one.background_id, one.captures) for one in before.per_background] == [
                (None, 1)
            ]
            ending = Ending(State.CANCELLED, "erased")
            await database.write(
                lambda tx: erasures.bury(tx, added.capture.id, ending, clock.now_ms())
            )
            await database.write(lambda tx: adoption.forget(tx, [added.capture.id], 1))
            assert await figures(database) == before

    in_loop(go())


def test_a_date_that_is_put_right_moves_its_capture_to_its_day(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            await add_capture(database, clock)
            await add_capture(database, clock)
            (before,) = (await figures(database)).per_day
            await database.write(
                lambda tx: tx.execute(
                    "update captures set created_at = created_at + ? where seq = 1", (DAY_MS,)
                )
            )
            days = (await figures(database)).per_day
            assert [(one.captures, one.bytes) for one in days] == [(1, 100), (1, 100)]
            assert days[0].day > days[1].day == before.day

    in_loop(go())


def test_what_is_tried_again_after_all_is_no_failure(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            outbox = Outbox(database, Run("r", clock.boot))
            for _ in range(60):
                await add_capture(database, clock)
            ended = [await refuse(outbox, clock, f"reason {number}") for number in range(60)]
            found = (await figures(database)).failures
            assert len(found) == 51
            assert (found[0].channel, found[0].reason, found[0].count) == (
                "storage", "Other reasons.", 10,
            )  # fmt: skip
            for delivery_id in (ended[0], ended[-1]):
                assert await database.write(
                    partial(interventions.reopen, delivery_id=delivery_id, reason=None)
                )
            found = (await figures(database)).failures
            assert (len(found), found[0].count) == (50, 9)
            assert "reason 0" not in {one.reason for one in found}

    in_loop(go())


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 5_000_000), min_size=1, max_size=30))
def test_delays_are_within_a_step_of_the_truth(tmp_path_factory: Any, after: list[int]) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path_factory.mktemp("delays") / "kiosk.db") as database:
            outbox = Outbox(database, Run("r", clock.boot))
            for delay_ms in after:
                await add_capture(database, clock)
                await deliver(outbox, clock, "storage", delay_ms)
            delay = (await figures(database)).delivery_delays["storage"]
            ordered = sorted(after)
            for told_s, share in ((delay.median_s, 0.5), (delay.p95_s, 0.95)):
                true_ms = ordered[-(-len(ordered) * round(share * 100) // 100) - 1]
                assert true_ms / 1.26 - 100 <= told_s * 1000 <= true_ms * 1.26 + 100

    in_loop(go())


def test_a_database_rebuilt_from_records_has_its_captures_counted(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "lost.db") as lost:
            added = [await add_capture(lost, clock, [NUMBER]) for _ in range(3)]
        async with opened(tmp_path / "kiosk.db") as database:
            outbox = Outbox(database, Run("r", clock.boot))
            doubt = Doubt(clock.boot, 0, 0)

            def work(tx: Transaction) -> None:
                for one in added:
                    orders = (
                        draft(one.capture, clock, "storage"),
                        draft(one.capture, clock, "sms", NUMBER),
                    )
                    # Twice, as after a start that was cut short.
                    assert adoption.adopt(tx, Record(one.capture, orders), doubt)
                    assert adoption.adopt(tx, Record(one.capture, orders), doubt)

            await database.write(work)
            found = await figures(database)
            assert (found.totals.captures, found.totals.bytes) == (3, 300)
            assert found.totals.sms_sent == 0
            await deliver(outbox, clock, "storage", 500)
            assert "storage" in (await figures(database)).delivery_delays

    in_loop(go())
