"""The order in which deliveries are claimed."""

import asyncio
import threading
from pathlib import Path

from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.outbox import Outbox
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture, claim_one, row_of

HOUR = 3_600_000


def test_fresh_guests_first_then_the_oldest(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            made = []
            for _ in range(2):
                made.append(await add_capture(database, clock))
                clock.pass_ms(HOUR)
            for _ in range(2):
                made.append(await add_capture(database, clock))
                clock.pass_ms(1_000)
            outbox = Outbox(database, Run("run1", clock.boot))
            order = []
            while claimed := await claim_one(outbox, "storage", clock):
                order.append(claimed.id)
            assert order == [made[index].upload for index in (2, 3, 0, 1)]

    in_loop(go())


def test_two_claims_at_once_never_get_the_same(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            for _ in range(10):
                await add_capture(database, clock)
            outbox = Outbox(database, Run("run1", clock.boot))
            claims = (claim_one(outbox, "storage", clock) for _ in range(15))
            got = [claimed.id for claimed in await asyncio.gather(*claims) if claimed is not None]
            assert len(got) == len(set(got)) == 10

    in_loop(go())


def test_several_are_claimed_in_one_go_each_with_its_capture(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            made = [await add_capture(database, clock) for _ in range(5)]
            outbox = Outbox(database, Run("run1", clock.boot))
            before = await database.commits()
            first = await outbox.claim("storage", clock.now, clock.mono, most=3)
            assert await database.commits() == before + 1
            rest = await outbox.claim("storage", clock.now, clock.mono, most=3)
            assert [len(first), len(rest)] == [3, 2]
            assert [one.capture for one in (*first, *rest)] == [one.capture for one in made]
            assert len({one.delivery.claim for one in (*first, *rest)}) == 5
            assert await outbox.claim("storage", clock.now, clock.mono, most=3) == []

    in_loop(go())


def test_a_capture_that_cannot_be_read_keeps_nobody_from_being_claimed(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"

    async def go() -> None:
        clock = SetClock()
        async with opened(path) as database:
            made = [await add_capture(database, clock) for _ in range(100)]
            (row,) = await database.all("select rootpage from sqlite_schema where name='captures'")
        spoil_leaf(path, row["rootpage"])
        async with opened(path) as database:
            outbox = Outbox(database, Run("run1", clock.boot))
            claimed = await outbox.claim("storage", clock.now, clock.mono, most=100)
            assert [one.delivery.id for one in claimed] == [one.upload for one in made]
            assert database.is_damaged

    in_loop(go())


def spoil_leaf(path: Path, root: int) -> None:
    """Overwrite the first leaf of the table that has its root at this page."""
    size = 4096
    with path.open("r+b") as file:
        file.seek((root - 1) * size + 12)
        cell = int.from_bytes(file.read(2))
        file.seek((root - 1) * size + cell)
        leaf = int.from_bytes(file.read(4))
        file.seek((leaf - 1) * size)
        file.write(b"\xff" * size)


def test_an_idle_lane_never_takes_the_writer(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            added = await add_capture(database, clock, ["+33612345678"])
            outbox = Outbox(database, Run("run1", clock.boot))
            held, let_go = threading.Event(), threading.Event()

            def hold(_tx: Transaction) -> None:
                held.set()
                assert let_go.wait(30)

            holding = asyncio.create_task(database.write(hold))
            assert await asyncio.to_thread(held.wait, 30)
            idle = outbox.next_up("sms", clock.now_ms(), clock.monotonic_ms())
            asking = asyncio.create_task(idle)
            done, _ = await asyncio.wait({asking}, timeout=5)
            let_go.set()
            await holding
            assert await asking is None
            claimed = await claim_one(outbox, "storage", clock)
        assert claimed is not None
        assert claimed.id == added.upload
        assert done == {asking}

    in_loop(go())


def test_a_due_time_of_another_boot_or_too_far_off_is_due(tmp_path: Path) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            added = await add_capture(database, clock)
            outbox = Outbox(database, Run("run1", clock.boot))
            for far, found in ((HOUR, False), (HOUR + 1, True)):
                claimed = await claim_one(outbox, "storage", clock)
                assert claimed is not None
                assert await outbox.put_back(claimed, "Later.", clock.monotonic_ms() + far)
                again = await claim_one(outbox, "storage", clock)
                assert (again is not None) is found
                if again is None:
                    clock.reboot()
                    outbox = Outbox(database, Run("run2", clock.boot))
            assert (await row_of(database, added.upload))["attempts"] == 3

    in_loop(go())
