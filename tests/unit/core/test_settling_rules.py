"""What each outcome means, one by one (the random walk is in test_settling)."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk_appliance.core.settling import LOOK_UPS_MS, Patience, Settling
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import (
    Blame,
    Delivered,
    Found,
    LanePaused,
    LookUpFailed,
    NotFound,
    NotSent,
    Outcome,
    Refused,
    Throttled,
    Transient,
    Uncertain,
)
from kiosk_appliance.store.database import Database, open_database
from kiosk_appliance.store.deliveries import Delivery, Run
from kiosk_appliance.store.outbox import Outbox
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.rows import Added, add_capture, claim_one, in_doubt, row_of

NUMBER = "+33612345678"


@dataclass
class Bench:
    """An open outbox with one capture."""

    database: Database
    clock: SetClock
    outbox: Outbox
    settling: Settling
    circuit: Circuit
    added: Added

    async def claim(self, channel: str) -> Delivery:
        claimed = await claim_one(self.outbox, channel, self.clock)
        assert claimed is not None
        return claimed

    async def next_or_anyone(self, channel: str) -> Delivery:
        """Claim as a lane does where the set-up is blamed."""
        now, mono = self.clock.now_ms(), self.clock.monotonic_ms()
        if await self.outbox.next_up(channel, now, mono) is None:
            await self.settling.nobody_else()
        return await self.claim(channel)

    async def sms_after_upload(self) -> Delivery:
        await self.settling.attempt(await self.claim("storage"), Delivered("x"))
        return await self.claim("sms")

    async def looked_up(self, answer: object) -> None:
        doubt = await in_doubt(self.outbox, self.clock.monotonic_ms())
        assert doubt is not None
        await self.settling.look_up(doubt, answer)  # type: ignore[arg-type]

    async def due_in_s(self, delivery: Delivery) -> float | None:
        row = await row_of(self.database, delivery.id)
        if row["due_mono"] is None:
            return None
        return float(row["due_mono"] - self.clock.monotonic_ms()) / 1000


@asynccontextmanager
async def bench(folder: Path) -> AsyncIterator[Bench]:
    clock, circuit = SetClock(), Circuit(4)
    database = await open_database(folder / "kiosk.db")
    outbox = Outbox(database, Run("run1", clock.boot))
    settling = Settling(
        outbox=outbox,
        circuit=circuit,
        clock=clock,
        patience=lambda: Patience(attempts=3, first_wait_s=60),
    )
    added = await add_capture(database, clock, [NUMBER])
    try:
        yield Bench(database, clock, outbox, settling, circuit, added)
    finally:
        # Its thread would keep a failing run from ever ending.
        await database.close()


@pytest.fixture
def on_bench(tmp_path: Path) -> Callable[[Callable[[Bench], Awaitable[None]]], None]:
    """Run a test's own coroutine on a fresh bench."""

    def run(work: Callable[[Bench], Awaitable[None]]) -> None:
        async def go() -> None:
            async with bench(tmp_path) as made:
                await work(made)

        in_loop(go())

    return run


OnBench = Callable[[Callable[[Bench], Awaitable[None]]], None]


@pytest.mark.parametrize(
    ("outcome", "state", "attempts", "position"),
    [
        (Delivered("x"), "delivered", 1, Position.CLOSED),
        (NotSent("No route."), "waiting", 0, Position.OPEN),
        (Throttled("429."), "waiting", 0, Position.CLOSED),
        (LanePaused("401."), "waiting", 0, Position.PAUSED),
        (Transient("500."), "waiting", 1, Position.CLOSED),
        (Refused("413."), "refused", 1, Position.CLOSED),
    ],
)
def test_an_outcome_settles_row_and_circuit(
    on_bench: OnBench, outcome: Outcome, state: str, attempts: int, position: Position
) -> None:
    async def work(at: Bench) -> None:
        claimed = await at.claim("storage")
        at.settling.signal(outcome)
        await at.settling.attempt(claimed, outcome)
        row = await row_of(at.database, claimed.id)
        assert (row["state"], row["attempts"], at.circuit.position) == (state, attempts, position)
        assert row["last_error"] == getattr(outcome, "reason", None)

    on_bench(work)


def test_a_refused_upload_takes_its_sms_with_it_and_says_why(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        await at.settling.attempt(await at.claim("storage"), Refused("413."))
        row = await row_of(at.database, at.added.sms[0])
        assert (row["state"], row["attempts"]) == ("cancelled", 0)
        assert "link" in row["last_error"]

    on_bench(work)


def test_an_item_is_given_up_after_its_own_failures(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        for attempt in (1, 2, 3):
            claimed = await at.claim("storage")
            assert claimed.attempts == attempt
            await at.settling.attempt(claimed, Transient("Damaged.", own=True))
            at.clock.pass_ms(300_000)
        row = await row_of(at.database, claimed.id)
        told = "Given up after 3 failures of its own: Damaged."
        assert (row["state"], row["last_error"]) == ("refused", told)

    on_bench(work)


def test_a_weak_network_never_ends_an_item_nor_counts_against_it(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        for _ in range(12):
            claimed = await at.claim("storage")
            await at.settling.attempt(claimed, Transient("The connection was cut."))
            row = await row_of(at.database, claimed.id)
            assert row["due_mono"] - at.clock.mono <= 300_000
            at.clock.pass_ms(300_000)
        assert (row["state"], row["attempts"], row["failures"]) == ("waiting", 12, 0)

    on_bench(work)


def test_look_ups_follow_at_30_s_2_min_and_10_min_then_one_resend(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        sms = await at.sms_after_upload()
        await at.settling.attempt(sms, Uncertain("Cut."))
        seconds = []
        for _ in range(3):
            wait = await at.due_in_s(sms)
            assert wait is not None
            at.clock.pass_ms(int(wait * 1000) - 1)
            assert await in_doubt(at.outbox, at.clock.monotonic_ms()) is None
            at.clock.pass_ms(1)
            seconds.append(wait)
            await at.looked_up(NotFound())
        assert (seconds, sum(seconds)) == ([30, 90, 480], 600)
        again = await at.claim("sms")
        assert (again.tag, again.attempts, again.resends) == (sms.tag, 2, 1)

    on_bench(work)


def test_a_reboot_begins_the_wait_for_a_look_up_anew(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        sms = await at.sms_after_upload()
        await at.settling.attempt(sms, Uncertain("Cut."))
        at.clock.pass_ms(30_000)
        await at.looked_up(NotFound())
        for _ in range(3):
            # Off and on again within seconds, each time shortly before the next look-up.
            at.clock.pass_ms(80_000)
            at.clock.reboot()
            outbox = Outbox(at.database, Run("run2", at.clock.boot))
            assert await in_doubt(outbox, at.clock.monotonic_ms()) is None
            await outbox.wait_anew(LOOK_UPS_MS, at.clock.monotonic_ms())
            assert await at.due_in_s(sms) == 90
            assert await in_doubt(outbox, at.clock.monotonic_ms()) is None
        at.clock.pass_ms(90_000)
        assert await in_doubt(outbox, at.clock.monotonic_ms()) is not None

    on_bench(work)


@pytest.mark.parametrize("by", ["second doubt", "kill", "stop"])
def test_a_second_doubt_is_the_operators_at_once(on_bench: OnBench, by: str) -> None:
    async def work(at: Bench) -> None:
        sms = await at.sms_after_upload()
        await at.settling.attempt(sms, Uncertain("Cut."))
        for _ in range(3):
            at.clock.pass_ms(480_000)
            await at.looked_up(NotFound())
        again = await at.claim("sms")
        if by == "second doubt":
            await at.settling.attempt(again, Uncertain("Cut."))
        elif by == "stop":
            await at.settling.interrupted(again, repeatable=False)
        else:
            assert await Outbox(at.database, Run("run2", "boot-1")).adopt_orphans(set(), 0, 99) == 1
        row = await row_of(at.database, sms.id)
        assert (row["state"], row["due_mono"], row["attempts"]) == ("uncertain", None, 2)
        assert "retry or cancel" in row["last_error"]
        at.clock.pass_ms(10**9)
        assert await in_doubt(at.outbox, at.clock.monotonic_ms()) is None
        assert await claim_one(at.outbox, "sms", at.clock) is None

    on_bench(work)


def test_a_found_sms_is_delivered_and_not_sent_again(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        sms = await at.sms_after_upload()
        await at.settling.attempt(sms, Uncertain("Cut."))
        at.clock.pass_ms(30_000)
        await at.looked_up(LookUpFailed("Cut."))
        assert await at.due_in_s(sms) == 30
        at.clock.pass_ms(30_000)
        await at.looked_up(Found("777"))
        row = await row_of(at.database, sms.id)
        assert (row["state"], row["reference"], row["attempts"]) == ("delivered", "777", 1)

    on_bench(work)


def test_a_look_up_that_is_refused_parks(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        sms = await at.sms_after_upload()
        await at.settling.attempt(sms, Uncertain("Cut."))
        at.clock.pass_ms(30_000)
        await at.looked_up(LookUpFailed("403.", refused=True))
        row = await row_of(at.database, sms.id)
        assert (row["state"], row["due_mono"]) == ("uncertain", None)

    on_bench(work)


def test_an_orphaned_upload_goes_back_and_its_attempt_is_not_counted(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        await at.claim("storage")
        second = Outbox(at.database, Run("run2", at.clock.boot))
        assert await second.adopt_orphans({"storage"}, at.clock.mono, 99) == 1
        row = await row_of(at.database, at.added.upload)
        assert (row["state"], row["attempts"], row["crashes"]) == ("waiting", 0, 1)
        assert await claim_one(second, "storage", at.clock)

    on_bench(work)


def test_the_same_words_for_three_sms_blame_the_set_up_and_burn_nothing(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        words = Refused("OVH refuses this SMS: bad field", Blame.UNSURE)
        for number in range(3):
            await add_capture(at.database, at.clock, [f"+3361234500{number}"])
        while (upload := await claim_one(at.outbox, "storage", at.clock)) is not None:
            await at.settling.attempt(upload, Delivered("x"))
        claims = [await at.claim("sms") for _ in range(4)]
        await at.settling.attempt(claims[0], Refused("Other words.", Blame.UNSURE))
        for claimed in claims[1:3]:
            at.settling.signal(words)
            await at.settling.attempt(claimed, words)
            assert (await row_of(at.database, claimed.id))["state"] == "refused"
        await at.settling.attempt(claims[3], words)
        assert (at.circuit.position, at.circuit.reason) == (Position.PAUSED, words.reason)
        for claimed in claims[1:]:
            row = await row_of(at.database, claimed.id)
            assert (row["state"], row["attempts"], row["ended_at"]) == ("waiting", 0, None)
            assert row["last_error"] == words.reason
        assert (await row_of(at.database, claims[0].id))["state"] == "refused"

    on_bench(work)


def test_a_blamed_set_up_is_tried_with_one_sms_at_ever_longer_waits(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        words = Refused("400.", Blame.UNSURE)
        for _ in range(3):
            await add_capture(at.database, at.clock)
        for _ in range(3):
            await at.settling.attempt(await at.claim("storage"), words)
        waits = []
        for _ in range(16):
            started = at.clock.mono
            while not at.circuit.probe_due(at.clock.mono):
                at.clock.pass_ms(500)
            waits.append(at.clock.mono - started)
            at.settling.signal(Delivered(""))
            await at.settling.attempt(await at.next_or_anyone("storage"), words)
            assert at.circuit.position is Position.PAUSED
        # Each is a quarter of the time since, less its jitter.
        assert waits[-1] > 2 * waits[0] >= 4_000
        at.settling.signal(Delivered(""))
        await at.settling.attempt(await at.next_or_anyone("storage"), Delivered("x"))
        refused = await at.claim("storage")
        await at.settling.attempt(refused, words)
        assert (await row_of(at.database, refused.id))["state"] == "refused", "cured: one by one"

    on_bench(work)


def test_a_few_bad_items_hold_the_good_ones_up_for_seconds_only(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        bad = {at.added.upload}
        bad |= {(await add_capture(at.database, at.clock)).upload for _ in range(4)}
        good = {(await add_capture(at.database, at.clock)).upload for _ in range(3)}
        at.clock.pass_ms(3_600_000)
        tries, until = 0, at.clock.mono + 120_000
        while at.clock.mono < until:
            at.clock.pass_ms(500)
            if at.circuit.probe_due(at.clock.mono):
                at.settling.signal(Delivered(""))
            claimed = None
            if at.circuit.allowance(at.clock.mono):
                claimed = await claim_one(at.outbox, "storage", at.clock)
            if claimed is not None:
                outcome = Refused("400.", Blame.UNSURE) if claimed.id in bad else Delivered("x")
                at.settling.signal(outcome)
                await at.settling.attempt(claimed, outcome)
                tries += 1
        assert {(await row_of(at.database, one))["state"] for one in good} == {"delivered"}
        assert {(await row_of(at.database, one))["state"] for one in bad} == {"refused"}
        assert tries < 20

    on_bench(work)


def test_uploads_that_wait_again_bring_their_sms_back(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        words = Refused("400.", Blame.UNSURE)
        for _ in range(2):
            await add_capture(at.database, at.clock)
        await at.settling.attempt(await at.claim("storage"), words)
        assert (await row_of(at.database, at.added.sms[0]))["state"] == "cancelled"
        for _ in range(2):
            await at.settling.attempt(await at.claim("storage"), words)
        sms = await row_of(at.database, at.added.sms[0])
        assert (sms["state"], sms["depends_on"]) == ("waiting", at.added.upload)

    on_bench(work)


def test_a_number_that_cant_be_reached_is_remembered(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        sms = await at.sms_after_upload()
        await at.settling.attempt(sms, Refused("OVH can't reach it.", Blame.RECIPIENT))
        row = await row_of(at.database, sms.id)
        assert (row["state"], row["attempts"], row["receipt"]) == ("refused", 1, "barred")

    on_bench(work)


def test_what_ends_the_process_again_and_again_waits_longer_and_comes_last(
    on_bench: OnBench,
) -> None:
    async def work(at: Bench) -> None:
        waits = []
        for death in range(7):
            claimed = await claim_one(
                Outbox(at.database, Run(f"run-{death}", at.clock.boot)),
                "storage",
                at.clock,
            )
            assert claimed is not None
            assert claimed.id == at.added.upload
            assert await at.outbox.adopt_orphans({"storage"}, at.clock.mono, 99) == 1
            wait = await at.due_in_s(claimed)
            assert wait is not None
            waits.append(wait)
            at.clock.pass_ms(int(wait * 1000))
        assert waits == [0, 0, 10, 60, 600, 3600, 3600]
        assert "several times" in (await row_of(at.database, at.added.upload))["last_error"]
        later = await add_capture(at.database, at.clock)
        sound = await at.claim("storage")
        assert (sound.id, sound.is_suspect) == (later.upload, False)
        assert await claim_one(at.outbox, "storage", at.clock, suspects=False) is None
        suspect = await at.claim("storage")
        assert (suspect.id, suspect.is_suspect) == (at.added.upload, True)
        await at.settling.attempt(suspect, Transient("Cut."))
        assert (await row_of(at.database, suspect.id))["crashes"] == 0, "it was not the cause"

    on_bench(work)


def test_only_fresh_guests_are_served_while_the_backlog_is_held(on_bench: OnBench) -> None:
    async def work(at: Bench) -> None:
        at.clock.pass_ms(16 * 60_000)
        assert await claim_one(at.outbox, "storage", at.clock, backlog=False) is None
        fresh = await add_capture(at.database, at.clock)
        claimed = await claim_one(at.outbox, "storage", at.clock, backlog=False)
        assert claimed is not None
        assert claimed.id == fresh.upload

    on_bench(work)
