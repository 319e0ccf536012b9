"""What runs each second finds its rows by an index, however many have ended."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk_appliance.clock import Stamp
from kiosk_appliance.core.erasing import mark
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.store import aged, erasures, persons
from kiosk_appliance.store.adoption import Doubt, adopt
from kiosk_appliance.store.album import Album, Sought
from kiosk_appliance.store.caps import count_sms
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Deliveries, Delivery, Run, insert
from kiosk_appliance.store.interventions import expire_sms, hurry_all, is_any_too_old
from kiosk_appliance.store.load import load_of, standings_of
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.paging import Window
from kiosk_appliance.store.queue import Queue
from kiosk_appliance.store.receipts import Receipts
from kiosk_appliance.store.records import recorded
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture, claim_one, draft, in_doubt

NUMBER = "+33612345678"
_SCAN = r"SCAN (deliveries|captures|erasure_items)"


@dataclass
class Watched:
    """A database that keeps the plan of every statement about deliveries."""

    database: Database
    plans: dict[str, list[str]] = field(default_factory=dict)

    async def one(self, sql: str, parameters: Any = ()) -> Any:
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, parameters: Any = ()) -> list[Any]:
        plan = await self.database.all(f"explain query plan {sql}", parameters)
        self.plans[sql] = [row["detail"] for row in plan]
        return await self.database.all(sql, parameters)

    async def write(self, work: Callable[[Transaction], Any]) -> Any:
        said: list[str] = []
        await self.database.write(lambda tx: tx.set_trace_callback(said.append))
        result = await self.database.write(work)
        await self.database.write(lambda tx: tx.set_trace_callback(None))
        for sql in said:
            if re.match(r"\s*(select|update|delete|insert)\b", sql):
                plan = await self.database.all(f"explain query plan {sql}")
                self.plans[sql] = [row["detail"] for row in plan]
        return result


def test_no_step_of_a_delivery_looks_through_all_rows(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            watched = Watched(database)
            outbox = Outbox(watched, Run("run1", clock.boot))  # type: ignore[arg-type]

            async def claim(channel: str) -> Delivery:
                clock.pass_ms(1_000)
                claimed = await claim_one(outbox, channel, clock)
                assert claimed is not None
                return claimed

            async def doubt() -> Delivery:
                clock.pass_ms(1_000)
                found = await in_doubt(outbox, clock.mono)
                assert found is not None
                return found

            for _ in range(3):
                await add_capture(watched, clock, [NUMBER])  # type: ignore[arg-type]
            await outbox.adopt_orphans({"storage"}, clock.mono, clock.mono)
            await outbox.wait_anew((30_000, 90_000), clock.mono)
            await outbox.delivered(await claim("storage"), "", clock.now)
            await outbox.ended(await claim("storage"), State.REFUSED, "No.", clock.now)
            await outbox.put_back(await claim("storage"), "Later.", clock.mono)
            await outbox.doubt(await claim("sms"), "Perhaps.", clock.mono)
            await outbox.looked_up(await doubt(), "Not yet.", clock.mono)
            await outbox.look_up_later(await doubt(), "Cut.", clock.mono)
            await outbox.resend(await doubt(), "Once more.")
            await outbox.delivered(await claim("sms"), "7", clock.now, clock.mono)
            at = Stamp(clock.now, dated=True, boot=clock.boot, mono_ms=clock.mono)
            await Receipts(watched, Run("run1", clock.boot)).due("sms", clock.mono, 5)  # type: ignore[arg-type]
            await Deliveries(watched).counts()
            await load_of(watched, clock.now)  # type: ignore[arg-type]
            await standings_of(watched, clock.now)  # type: ignore[arg-type]
            await watched.write(lambda tx: count_sms(tx, 0, clock.now))
            await watched.write(lambda tx: count_sms(tx, 0, clock.now, NUMBER))
            await watched.write(lambda tx: expire_sms(tx, at, 1))
            await is_any_too_old(watched, at, 1)  # type: ignore[arg-type]
            assert len(watched.plans) > 20
            for sql, plan in watched.plans.items():
                scans = [step for step in plan if re.fullmatch(r"SCAN (deliveries|captures)", step)]
                assert not scans, sql

    in_loop(go())


def test_no_erasure_looks_through_all_rows(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            watched: Any = Watched(database)
            added = await add_capture(watched, clock, [NUMBER])
            at = clock.stamp()
            await watched.write(lambda tx: persons.by_phone(tx, NUMBER))
            await watched.write(lambda tx: persons.by_email(tx, "a@example.com"))
            await watched.write(lambda tx: mark(tx, added.capture.id, at))
            await persons.places(watched, "none")
            await erasures.open_ones(watched, 0, 10)
            await aged.taken_before(watched, clock.now, 10)
            await aged.undated(watched, 10)
            await aged.copies_after(watched, aged.START, clock.now, 10)
            await aged.forgotten_before(watched, clock.now, 10)
            await watched.write(lambda tx: aged.purge(tx, [added.capture.id]))
            assert len(watched.plans) > 20
            for sql, plan in watched.plans.items():
                scans = [step for step in plan if re.fullmatch(_SCAN, step)]
                assert not scans, sql
                # A window of a long list is read in its order, never sorted.
                assert " limit " not in sql or not any("FOR ORDER BY" in step for step in plan), sql

    in_loop(go())


def test_no_page_of_a_list_looks_through_all_rows(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            watched: Any = Watched(database)
            added = await add_capture(watched, clock, [NUMBER])
            album = Album(watched)
            for sought in (
                Sought(),
                Sought(phone=NUMBER),
                Sought(email="a@example.com"),
                Sought(since=0, until=clock.now),
                Sought(state=State.DELIVERED, since=0, until=clock.now),
                *(Sought(state=state) for state in State),
            ):
                await album.page(sought, Window(50))
                await album.total(sought)
            await album.deliveries_of([added.capture.id])
            queue = Queue(watched)
            for channel, state in ((None, None), ("sms", None), (None, State.REFUSED)):
                await queue.page(channel, state, Window(50))
            await queue.counts()
            await watched.write(lambda tx: hurry_all(tx, clock.boot, clock.mono))
            assert len(watched.plans) > 10
            for sql, plan in watched.plans.items():
                scans = [step for step in plan if re.fullmatch(_SCAN, step)]
                assert not scans, (sql, plan)
                # Few are in such a state: they are gathered. All others are read in their order.
                is_sorted = any("FOR ORDER BY" in step for step in plan)
                assert not is_sorted or " limit " not in sql or "state" in sql, (sql, plan)

    in_loop(go())


def test_no_record_taken_in_after_a_rebuild_looks_through_all_that_is_in_doubt(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            watched: Any = Watched(database)
            added = await add_capture(watched, clock, [NUMBER])
            record = await database.write(lambda tx: recorded(tx, added.capture))
            watched.plans.clear()
            doubt = Doubt(clock.boot, clock.mono, 0)
            assert await watched.write(lambda tx: adopt(tx, record, doubt))
            assert len(watched.plans) > 2
            for sql, plan in watched.plans.items():
                assert not [step for step in plan if "deliveries_in_doubt" in step], (sql, plan)

    in_loop(go())


def test_what_a_delivery_costs_is_not_planned_anew_each_time(tmp_path: Path) -> None:
    tells = "select 1 from pragma_module_list where name = 'sqlite_stmt'"
    planned = "select sql, reprep from sqlite_stmt where run > 5 and sql like '%deliveries%'"

    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            if not await database.all(tells):
                pytest.skip("this SQLite does not tell of its statements")
            outbox = Outbox(database, Run("run1", clock.boot))
            for turn in range(20):
                channel = f"channel-{turn % 3}"
                await add_delivery(database, clock, channel)
                clock.pass_ms(1_000)
                assert await outbox.next_up(channel, clock.now, clock.mono)
                claimed = await claim_one(outbox, channel, clock)
                assert claimed is not None
                if turn % 2:
                    await outbox.put_back(claimed, "Later.", clock.mono)
                else:
                    await outbox.delivered(claimed, "", clock.now)
            seen = await database.all(planned)
            seen += await database.write(lambda tx: tx.execute(planned).fetchall())
            assert len(seen) > 3
            assert [row["sql"] for row in seen if row["reprep"] > 2] == []

    in_loop(go())


async def add_delivery(database: Database, clock: SetClock, channel: str) -> None:
    added = await add_capture(database, clock)
    one = draft(added.capture, clock, channel)
    await database.write(lambda tx: insert(tx, one))


def test_no_step_of_a_delivery_builds_a_table_for_a_list_of_words(tmp_path: Path) -> None:
    """`state in (...)` in an index, a check or a trigger costs more than the change itself."""

    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            watched: Any = Watched(database)
            outbox = Outbox(watched, Run("run1", clock.boot))
            await add_delivery(watched, clock, "channel")
            clock.pass_ms(1_000)
            claimed = await claim_one(outbox, "channel", clock)
            assert claimed is not None
            await outbox.put_back(claimed, "Later.", clock.mono)
            claimed = await claim_one(outbox, "channel", clock)
            assert claimed is not None
            await outbox.delivered(claimed, "", clock.now)
            assert len(watched.plans) > 6
            for sql in watched.plans:
                steps = await database.all(f"explain {sql}")
                lists = [row for row in steps if row["opcode"] == "OpenEphemeral" and row["p4"]]
                assert lists == [], sql

    in_loop(go())
