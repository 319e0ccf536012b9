"""Lanes and replay: real database and threads, providers whose answers the test writes."""

import asyncio
import threading
import time
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.domain.delivery import (
    Delivered,
    Found,
    LookUpFailed,
    NotSent,
    Outcome,
    Parcel,
    Transient,
    Uncertain,
)
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.outbox import Outbox
from tests.parts.lanes import World, play
from tests.parts.rows import claim_one, row_of

NUMBER = "+33612345678"


def test_fresh_work_leaves_at_once_without_a_tick(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        added = await at.add(NUMBER)
        at.replay.wake()
        deadline = time.monotonic() + 5
        while not await at.is_in(added.sms[0], "delivered"):
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        assert [parcel.token for parcel in at.storage.delivered] == [added.capture.token]
        assert [parcel.recipient for parcel in at.sms.delivered] == [NUMBER]
        assert at.sms.delivered[0].valid_for_s == 24 * 3600

    play(tmp_path, work)


def test_nothing_is_taken_up_while_somebody_waits_for_a_picture(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        at.nobody_waits.clear()
        added = await at.add()
        for _ in range(20):
            await at.replay.tick()
            await asyncio.sleep(0.01)
        assert await at.is_in(added.upload, "waiting")
        at.nobody_waits.set()
        await at.until(lambda: at.is_in(added.upload, "delivered"))

    play(tmp_path, work)


def test_never_more_at_once_than_the_slow_start_allows(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        added = [await at.add() for _ in range(12)]
        most = []

        def deliver(_: Parcel) -> Outcome:
            most.append(at.storage.at_once)
            time.sleep(0.02)
            return Delivered("x")

        at.storage.on_deliver = deliver
        await at.replay.start()
        await at.until(lambda: at.is_in(added[-1].upload, "delivered"))
        assert most[0] == 1
        assert at.storage.most_at_once <= 4 == at.lanes["storage"].circuit.allowance(at.clock.mono)
        assert len(at.storage.delivered) == 12

    play(tmp_path, work)


def test_outcomes_that_the_disk_does_not_take_bound_what_is_taken_up(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        await refuse_outcomes(at.database)
        added = [await at.add() for _ in range(30)]
        # Others go on while an outcome is written; twice as many as may be under way at most.
        deadline = time.monotonic() + 30
        while len(at.storage.delivered) < 2 * at.storage.concurrency:
            assert time.monotonic() < deadline
            await at.replay.tick()
            await asyncio.sleep(0.02)
        for _ in range(50):
            await at.replay.tick()
            await asyncio.sleep(0.01)
        assert len(at.storage.delivered) == 2 * at.storage.concurrency
        await at.database.write(lambda tx: tx.execute("drop trigger no_outcome"))
        for one in added:
            await at.until(partial(at.is_in, one.upload, "delivered"))
        assert len(at.storage.delivered) == len(added)
        assert at.storage.most_at_once <= at.storage.concurrency

    play(tmp_path, work)


async def refuse_outcomes(database: Database) -> None:
    """Let claims through, and no delivery end."""
    await database.write(
        lambda tx: tx.execute(
            """
            create trigger no_outcome before update of state on deliveries
            when new.state = 'delivered' begin select raise(abort, 'no'); end
            """
        )
    )


def test_an_outage_costs_one_probe_per_wait_and_nothing_else(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        at.storage.on_probe = lambda: NotSent("No network.")
        await at.replay.start()
        added = await at.add(NUMBER)
        with capture_logs() as logs:
            for _ in range(120):
                at.clock.pass_ms(1_000)
                await at.replay.tick()
                await asyncio.sleep(0.001)
        assert at.storage.probes <= 20
        assert at.storage.delivered == at.sms.delivered == []
        assert (await row_of(at.database, added.upload))["attempts"] == 0
        assert logs == [], "an outage is quiet"
        at.storage.on_probe = lambda: Delivered("")
        at.clock.pass_ms(40_000)
        await at.until(lambda: at.is_in(added.sms[0], "delivered"))

    play(tmp_path, work)


def test_a_disk_that_hangs_holds_no_probe_up(tmp_path: Path) -> None:
    """Guests and operators are told how things stand by probes."""

    async def work(at: World) -> None:
        at.storage.on_probe = lambda: NotSent("No network.")
        await at.replay.start()
        begun, go_on = threading.Event(), threading.Event()

        def hangs(_tx: Transaction) -> None:
            begun.set()
            assert go_on.wait(30)

        writing = asyncio.create_task(at.database.write(hangs))
        await asyncio.to_thread(begun.wait, 30)
        before = at.storage.probes

        async def has_asked_twice() -> bool:
            at.clock.pass_ms(60_000)
            return at.storage.probes >= before + 2

        try:
            await at.until(has_asked_twice, 5)
        finally:
            go_on.set()
            await writing

    play(tmp_path, work)


def test_one_lanes_outage_never_blocks_the_other(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        at.sms.gate.clear()
        started = time.monotonic()
        await at.replay.start()
        assert time.monotonic() - started < 4, "guests come first"
        added = await at.add(NUMBER)
        await at.until(lambda: at.is_in(added.upload, "delivered"))
        assert not at.replay.online()

    play(tmp_path, work)


def test_a_wake_in_the_middle_of_a_drain_is_not_lost(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        for _ in range(60):
            added = await at.add()
            at.replay.wake()
            deadline = time.monotonic() + 5
            while not await at.is_in(added.upload, "delivered"):
                assert time.monotonic() < deadline, "nobody ticks here"
                await asyncio.sleep(0)

    play(tmp_path, work)


def test_the_pace_leaves_one_timer_however_often_it_is_asked(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        added = [await at.add(NUMBER) for _ in range(13)]
        await at.until(lambda: at.is_in(added[-1].upload, "delivered"))
        deadline = time.monotonic() + 8
        while len(at.sms.delivered) < 10:
            assert time.monotonic() < deadline
            await asyncio.sleep(0.01)
        for _ in range(200):
            await at.replay.tick()
            await asyncio.sleep(0.001)
        assert len(at.sms.delivered) == 10, "the clock stands still"
        timers = [
            handle
            for handle in asyncio.get_running_loop()._scheduled  # type: ignore[attr-defined]  # noqa: SLF001 - the only place that shows them
            if not handle.cancelled()
        ]
        assert len(timers) <= 3
        at.clock.pass_ms(1_201)
        await at.replay.tick()
        await at.until(lambda: at.is_in(added[10].sms[0], "delivered"))
        assert len(at.sms.delivered) == 11

    play(tmp_path, work)


@pytest.mark.parametrize("error", [ValueError("bug"), StopIteration(), SystemExit(3)])
def test_a_channel_that_raises_is_an_outcome(tmp_path: Path, error: BaseException) -> None:
    def broken(_: Parcel) -> Outcome:
        raise error

    async def work(at: World) -> None:
        at.storage.on_deliver = broken
        await at.replay.start()
        added = await at.add()
        at.replay.wake()
        row = await at.failed(added.upload)
        assert (row["state"], row["attempts"]) == ("waiting", 1)
        assert "failed unexpectedly" in row["last_error"]

    play(tmp_path, work)


def test_a_repeatable_channel_is_never_in_doubt(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        at.storage.on_deliver = lambda _: Uncertain("Cut.")
        await at.replay.start()
        added = await at.add()
        at.replay.wake()
        row = await at.failed(added.upload)
        assert row["state"] == "waiting"

    play(tmp_path, work)


def test_an_outcome_is_written_once_the_disk_takes_it_again(tmp_path: Path) -> None:
    """The table is away for a moment, as a failing disk would have it."""

    async def rename(database: Database, old: str, new: str) -> None:
        def change(tx: Any) -> None:
            tx.execute(f"alter table {old} rename to {new}")

        await database.write(change)

    async def work(at: World) -> None:
        await at.replay.start()
        added = await at.add()
        at.storage.gate.clear()
        at.replay.wake()
        await at.until(lambda: at.is_in(added.upload, "running"))
        await rename(at.database, "deliveries", "away")
        with capture_logs() as logs:
            at.storage.gate.set()
            for _ in range(30):
                await at.replay.tick()
                await asyncio.sleep(0.05)
        failed = [entry for entry in logs if entry["event"] == "lane_failed"]
        assert len(failed) <= 3, "one line for each lane and place, not one for each try"
        await rename(at.database, "away", "deliveries")
        await at.until(lambda: at.is_in(added.upload, "delivered"))
        assert len(at.storage.delivered) == 1

    play(tmp_path, work)


def test_an_uncertain_sms_is_looked_up_and_never_sent_blindly(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        at.sms.on_deliver = lambda _: Uncertain("Cut.")
        await at.replay.start()
        added = await at.add(NUMBER)
        await at.until(lambda: at.is_in(added.sms[0], "uncertain"))
        for _ in range(20):
            await at.replay.tick()
            await asyncio.sleep(0.005)
        assert at.sms.looked_up == []
        at.sms.on_look_up = lambda _: LookUpFailed("Cut.")
        at.clock.pass_ms(30_000)
        while not at.sms.looked_up:
            await at.replay.tick()
            await asyncio.sleep(0.005)
        at.sms.on_look_up = lambda _: Found("777")
        at.clock.pass_ms(30_000)
        await at.until(lambda: at.is_in(added.sms[0], "delivered"))
        assert len(at.sms.delivered) == 1
        assert {parcel.tag for parcel in at.sms.looked_up} == {at.sms.delivered[0].tag}

    play(tmp_path, work)


def test_an_sms_that_is_too_old_expires_without_a_call(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        added = [await at.add(NUMBER) for _ in range(15)]
        at.clock.pass_ms(24 * 3600 * 1000)
        await at.replay.start()
        for one in added:
            await at.until(partial(at.is_in, one.sms[0], "expired"))
        assert at.sms.delivered == []
        row = await row_of(at.database, added[0].sms[0])
        assert (row["attempts"], row["last_error"]) == (0, "It could not be sent in time.")

    play(tmp_path, work)


def test_a_stop_lets_what_is_under_way_end(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        added = await at.add()
        at.storage.gate.clear()
        at.replay.wake()
        await at.until(lambda: at.is_in(added.upload, "running"))
        asyncio.get_running_loop().call_later(0.2, at.storage.gate.set)
        await at.replay.stop()
        assert await at.is_in(added.upload, "delivered")
        assert at.storage.closed
        later = await at.add()
        await at.replay.tick()
        await asyncio.sleep(0.05)
        assert await at.is_in(later.upload, "waiting"), "nothing is claimed any more"

    play(tmp_path, work)


@pytest.mark.parametrize("lane", ["storage", "sms"])
def test_a_stop_decides_what_hangs(tmp_path: Path, lane: str) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        added = await at.add(NUMBER)
        hanging = at.storage if lane == "storage" else at.sms
        hanging.gate.clear()
        name = added.upload if lane == "storage" else added.sms[0]
        await at.until(lambda: at.is_in(name, "running"))
        started = time.monotonic()
        await at.lanes[lane].stop(0.3)
        assert time.monotonic() - started < 3
        row = await row_of(at.database, name)
        expected = ("waiting", 0) if lane == "storage" else ("uncertain", 1)
        assert (row["state"], row["attempts"]) == expected
        hanging.gate.set()
        await asyncio.sleep(0.1)
        assert tuple(await row_of(at.database, name)) == tuple(row), "too late to matter"

    play(tmp_path, work)


def test_a_stop_while_a_probe_hangs_takes_its_grace_once(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        added = await at.add()
        lane = at.lanes["storage"]
        at.storage.gate.clear()
        at.replay.wake()
        await at.until(lambda: at.is_in(added.upload, "running"))
        lane.circuit.unreachable(at.clock.mono, "No network.")
        lane.circuit.wake(at.clock.mono)

        async def probed() -> bool:
            return at.storage.probes == 2

        await at.until(probed)
        started = time.monotonic()
        await lane.stop(2)
        assert time.monotonic() - started < 3.9, "a second grace would make it four"
        assert await at.is_in(added.upload, "waiting")

    play(tmp_path, work)


def test_orphans_of_another_run_are_decided_at_the_start(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        other = Outbox(at.database, Run("run0", at.clock.boot))
        added = await at.add()
        assert await claim_one(other, "storage", at.clock)
        await at.replay.start()
        await at.until(lambda: at.is_in(added.upload, "delivered"))

    play(tmp_path, work)


def test_the_containers_address_is_learnt_and_outlives_a_start_without_network(
    tmp_path: Path,
) -> None:
    async def first(at: World) -> None:
        at.storage.base = "https://cloud.example/c1"
        await at.replay.start()
        assert at.links.cloud_base == "https://cloud.example/c1"

    async def offline(at: World) -> None:
        await at.replay.start()
        assert at.links.cloud_base == "https://cloud.example/c1"
        at.storage.base = "https://moved.example/c1"
        await at.replay.tick()
        assert at.links.cloud_base == "https://moved.example/c1"

    async def another(at: World) -> None:
        await at.replay.start()
        assert at.links.cloud_base is None, "never the address of another container"

    play(tmp_path, first)
    play(tmp_path, offline, run="run2")
    play(tmp_path, another, run="run3", container="c2")


def test_the_item_that_fails_alone_waits_and_the_others_go_on(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        poison, healthy = await at.add(), await at.add()

        def deliver(parcel: Parcel) -> Outcome:
            return Transient("500.") if parcel.delivery_id == poison.upload else Delivered("x")

        at.storage.on_deliver = deliver
        await at.replay.start()
        await at.until(lambda: at.is_in(healthy.upload, "delivered"))
        row = await row_of(at.database, poison.upload)
        assert (row["state"], row["attempts"]) == ("waiting", 1)
        assert 30_000 <= row["due_mono"] - at.clock.mono <= 60_000
        assert at.replay.online()

    play(tmp_path, work)


def test_a_parcel_has_what_its_channel_needs(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        added = await at.add(NUMBER)
        await at.until(lambda: at.is_in(added.sms[0], "delivered"))
        upload, sms = at.storage.delivered[0], at.sms.delivered[0]
        assert upload.photo.name == f"{added.capture.id}.jpg"
        assert upload.page is not None
        assert f"{added.capture.token}.jpg".encode() in upload.page
        assert (upload.erase_at_s, upload.erase_after_s) == (None, 30 * 24 * 3600)
        assert (sms.page, len(sms.tag)) == (None, 16)
        with pytest.raises(LookupError):
            await at.parcels.make(SimpleNamespace(capture_id="gone"))  # type: ignore[arg-type]

    play(tmp_path, work)


def test_in_quiet_hours_a_fresh_guest_is_texted_and_the_backlog_waits_for_their_end(
    tmp_path: Path,
) -> None:
    async def work(at: World) -> None:
        at.quiet.set()
        await at.replay.start()
        old = await at.add(NUMBER)
        at.storage.gate.clear()
        at.clock.pass_ms(16 * 60_000)
        at.storage.gate.set()
        await at.until(lambda: at.is_in(old.upload, "delivered"))
        fresh = await at.add(NUMBER)
        await at.until(lambda: at.is_in(fresh.sms[0], "delivered"))
        for _ in range(20):
            await at.replay.tick()
            await asyncio.sleep(0.005)
        row = await row_of(at.database, old.sms[0])
        assert (row["state"], row["attempts"]) == ("waiting", 0)
        at.quiet.clear()
        await at.until(lambda: at.is_in(old.sms[0], "delivered"))
        assert len(at.sms.delivered) == 2

    play(tmp_path, work)


def test_a_suspect_runs_alone_and_after_all_others(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await at.replay.start()
        # Nothing is claimed before all of it is there.
        circuit = at.lanes["storage"].circuit
        circuit.unreachable(at.clock.mono, "No network.")
        suspect = await at.add()

        def blame(tx: Any) -> None:
            tx.execute("update deliveries set crashes = 3 where id = ?", (suspect.upload,))

        await at.database.write(blame)
        sound = [await at.add() for _ in range(6)]
        company = []

        def deliver(parcel: Parcel) -> Outcome:
            company.append((parcel.delivery_id, at.storage.at_once))
            time.sleep(0.01)
            return Delivered("x")

        at.storage.on_deliver = deliver
        for _ in range(3):
            circuit.succeeded()
        await at.until(lambda: at.is_in(suspect.upload, "delivered"))
        assert company[-1] == (suspect.upload, 1)
        assert {name for name, _ in company[:-1]} == {one.upload for one in sound}
        assert at.storage.most_at_once > 1

        # What comes while a suspect is under way waits for its end.
        await at.database.write(
            lambda tx: tx.execute(
                "update deliveries set state = 'waiting', crashes = 3, ended_at = null"
                " where id = ?",
                (suspect.upload,),
            )
        )
        at.storage.gate.clear()
        await at.until(lambda: at.is_in(suspect.upload, "running"))
        late = await at.add()
        for _ in range(20):
            await at.replay.tick()
            await asyncio.sleep(0.005)
        assert await at.is_in(late.upload, "waiting")
        at.storage.gate.set()
        await at.until(lambda: at.is_in(late.upload, "delivered"))

    play(tmp_path, work)


def test_a_network_that_comes_back_is_tried_at_once_and_soon_again(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        at.storage.on_probe = lambda: NotSent("No network.")
        await at.replay.start()
        circuit = at.lanes["storage"].circuit

        async def answered() -> bool:
            return not circuit.probe_due(at.clock.mono)

        async def next_probe_s() -> float:
            """Return after how long the provider is probed again."""
            before, started = at.storage.probes, at.clock.mono
            while at.storage.probes == before:
                at.clock.pass_ms(500)
                await at.replay.tick()
                await asyncio.sleep(0.005)
            await at.until(answered)
            return (at.clock.mono - started) / 1000

        at.clock.pass_ms(3_600_000)
        await next_probe_s()
        assert await next_probe_s() > 200, "an hour of outage: the waits have grown"
        for _ in range(2):
            before = at.storage.probes
            at.replay.hurry()
            await at.until(answered)
            assert at.storage.probes == before + 1, "at once"
            waits = [await next_probe_s() for _ in range(4)]
            # A busy machine lets a few steps of this clock pass unseen.
            assert waits[0] < 20
            assert max(waits) < 60

    play(tmp_path, work)
