"""When providers are asked what became of an SMS, and what is done with the answer."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kiosk_appliance.core.receipts import Receipts
from kiosk_appliance.domain.delivery import Delivered, NotSent, Receipt, Told
from kiosk_appliance.store import receipts
from tests.parts.clocks import SetClock
from tests.parts.lanes import World, play
from tests.parts.rows import Added, row_of

NUMBER = "+33612345678"
Work = Callable[[World, Receipts], Awaitable[None]]


def asking(folder: Path, work: Work, **options: Any) -> None:
    async def run(at: World) -> None:
        at.sms.on_deliver = lambda parcel: Delivered(f"job-{parcel.delivery_id}", followed=True)
        at.sms.on_receipt = lambda _: Told(Receipt.PENDING)
        await at.replay.start()
        rows = receipts.Receipts(at.database, at.run)
        await work(at, Receipts("sms", at.lanes.get, rows, at.clock))

    play(folder, run, **options)


async def texted(at: World) -> Added:
    added = await at.add(NUMBER)
    await at.until(lambda: at.is_in(added.sms[0], "delivered"))
    await idle(at)
    return added


async def idle(at: World) -> None:
    deadline = time.monotonic() + 5
    while not at.lanes["sms"].is_free:
        assert time.monotonic() < deadline
        await asyncio.sleep(0.005)


def test_it_is_asked_at_growing_delays_then_the_operator_is_told(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        added = await texted(at)
        asked_at, started = [], at.clock.mono
        for _ in range(5):
            before = len(at.sms.asked)
            while len(at.sms.asked) == before:
                # Half of each whole wait at a time, and then second by second.
                row = await row_of(at.database, added.sms[0])
                at.clock.pass_ms(max((row["due_mono"] - at.clock.mono) // 2, 1_000))
                await asker.ask()
            asked_at.append((at.clock.mono - started) / 1000)
        assert asked_at == pytest.approx([30, 120, 600, 3_600, 86_400], abs=5)
        row = await row_of(at.database, added.sms[0])
        assert (row["state"], row["receipt"], row["receipt_asks"]) == ("delivered", "unknown", 5)
        assert "has not said" in row["last_error"]
        at.clock.pass_ms(10**9)
        await asker.ask()
        assert len(at.sms.asked) == 5
        assert set(at.sms.asked) == {row["reference"]}

    asking(tmp_path, work)


@pytest.mark.parametrize(
    "told",
    [
        Told(Receipt.RECEIVED),
        Told(Receipt.FAILED, "OVH could not bring it to the handset: it is full."),
        Told(Receipt.BARRED, "The number is wrong or barred."),
        Told(Receipt.UNKNOWN, "The consumer key may not read what was sent."),
    ],
)
def test_what_is_told_stands_and_is_asked_no_more(tmp_path: Path, told: Told) -> None:
    async def work(at: World, asker: Receipts) -> None:
        added = await texted(at)
        at.sms.on_receipt = lambda _: told
        at.clock.pass_ms(30_000)
        await asker.ask()
        row = await row_of(at.database, added.sms[0])
        assert (row["state"], row["receipt"]) == ("delivered", told.receipt)
        assert row["last_error"] == (told.reason or None)
        at.clock.pass_ms(10**9)
        await asker.ask()
        assert len(at.sms.asked) == 1

    asking(tmp_path, work)


def test_a_restart_asks_at_once_on_another_boot_only(tmp_path: Path) -> None:
    clock, folder = SetClock(), tmp_path

    async def first(at: World, asker: Receipts) -> None:
        await texted(at)
        await asker.ask()
        assert at.sms.asked == []

    async def asked(at: World, asker: Receipts) -> None:
        await asker.ask()
        assert len(at.sms.asked) == (at.run.boot != "boot-1")

    asking(folder, first, clock=clock)
    asking(folder, asked, clock=clock, run="run2")
    clock.reboot()
    asking(folder, asked, clock=clock, run="run3")


def test_nothing_is_asked_while_guests_wait_or_the_provider_is_away(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        await texted(at)
        at.clock.pass_ms(30_000)
        at.sms.gate.clear()
        second = await at.add(NUMBER)
        await at.until(lambda: at.is_in(second.sms[0], "running"))
        await asker.ask()
        at.sms.gate.set()
        await at.until(lambda: at.is_in(second.sms[0], "delivered"))
        await idle(at)
        circuit = at.lanes["sms"].circuit
        circuit.unreachable(at.clock.mono, "No network.")
        await asker.ask()
        circuit.succeeded()
        circuit.hold(at.clock.mono, 20)
        await asker.ask()
        assert at.sms.asked == []
        at.clock.pass_ms(20_001)
        await asker.ask()
        assert len(at.sms.asked) == 1

    asking(tmp_path, work)


def test_a_provider_that_gives_no_answer_is_probed_and_nothing_counted(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        added = await texted(at)
        at.clock.pass_ms(30_000)
        at.sms.on_receipt = lambda _: None
        at.sms.on_probe = lambda: NotSent("No network.")
        before = tuple(await row_of(at.database, added.sms[0]))
        await asker.ask()
        assert at.lanes["sms"].circuit.reason == "No network.", "health knows it at once"
        assert tuple(await row_of(at.database, added.sms[0])) == before

    asking(tmp_path, work)


def test_one_message_without_an_answer_keeps_no_other_from_being_asked(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        odd, sound = await texted(at), await texted(at)

        def receipt(reference: str) -> Told | None:
            return None if reference.endswith(odd.sms[0]) else Told(Receipt.RECEIVED)

        at.sms.on_receipt = receipt
        at.clock.pass_ms(30_000)
        await asker.ask()
        assert (await row_of(at.database, sound.sms[0]))["receipt"] == "received"
        for _ in range(5):
            at.clock.pass_ms(86_400_000)
            await asker.ask()
        assert (await row_of(at.database, odd.sms[0]))["receipt"] == "unknown", "not for ever"

    asking(tmp_path, work)


def test_an_sms_that_nobody_follows_is_never_asked_for(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        at.sms.on_deliver = lambda _: Delivered("x")
        added = await texted(at)
        at.clock.pass_ms(10**9)
        await asker.ask()
        assert at.sms.asked == []
        assert (await row_of(at.database, added.sms[0]))["receipt"] == ""

    asking(tmp_path, work)


def test_a_few_are_asked_for_at_a_time_the_oldest_first(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        added = [await texted(at) for _ in range(5)]
        at.sms.on_receipt = lambda _: Told(Receipt.RECEIVED)
        at.clock.pass_ms(30_000)
        await asker.ask()
        assert at.sms.asked == [f"job-{one.sms[0]}" for one in added[:3]]
        await asker.ask()
        assert len(at.sms.asked) == 5

    asking(tmp_path, work)


def test_a_late_answer_overwrites_nothing(tmp_path: Path) -> None:
    async def work(at: World, asker: Receipts) -> None:
        added = await texted(at)
        rows = receipts.Receipts(at.database, at.run)
        at.clock.pass_ms(30_000)
        (known,) = await rows.due("sms", at.clock.mono, 9)
        await rows.put(known, Receipt.BARRED, "Barred.", 0)
        await rows.put(replace(known), Receipt.RECEIVED, None, 0)
        assert (await row_of(at.database, added.sms[0]))["receipt"] == "barred"

    asking(tmp_path, work)
