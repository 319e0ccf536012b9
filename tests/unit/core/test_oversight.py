"""The operator's hand on the outbox, on a real database."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.core.oversight import Oversight
from kiosk_appliance.core.settling import LOOK_UPS_MS, Patience, Settling
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import (
    Delivered,
    NotFound,
    NotSent,
    Outcome,
    Refused,
    Transient,
    Uncertain,
)
from kiosk_appliance.errors import Conflict, InvalidRequest
from kiosk_appliance.errors import NotFound as NoSuchThing
from kiosk_appliance.store.database import Database, open_database
from kiosk_appliance.store.deliveries import Deliveries, Delivery, Run, insert
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.records import Records
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.rows import Added, add_capture, claim_one, draft, in_doubt, row_of

NUMBER = "+33612345678"


@dataclass
class Desk:
    """An operator, an outbox, and whoever works on it."""

    database: Database
    clock: SetClock
    outbox: Outbox
    settling: Settling
    oversight: Oversight
    circuits: dict[str, Circuit]
    woken: list[int] = field(default_factory=list)

    async def add(self, *phones: str) -> Added:
        return await add_capture(self.database, self.clock, phones)

    async def claim(self, channel: str) -> Delivery:
        claimed = await claim_one(self.outbox, channel, self.clock)
        assert claimed is not None
        return claimed

    async def attempt(self, channel: str, outcome: Outcome) -> Delivery:
        claimed = await self.claim(channel)
        await self.settling.attempt(claimed, outcome)
        return claimed

    async def look_up(self) -> bool:
        """Answer a look-up that is due with "nothing"; False where none is."""
        doubt = await in_doubt(self.outbox, self.clock.monotonic_ms())
        if doubt is not None:
            await self.settling.look_up(doubt, NotFound())
        return doubt is not None

    async def parked(self) -> Added:
        """Return a capture whose SMS is in doubt for the second time."""
        added = await self.add(NUMBER)
        await self.attempt("storage", Delivered("x"))
        await self.attempt("sms", Uncertain("Cut."))
        for _ in range(3):
            self.clock.pass_ms(480_000)
            assert await self.look_up()
        await self.attempt("sms", Uncertain("Cut."))
        return added

    async def state(self, delivery_id: str) -> str:
        return str((await row_of(self.database, delivery_id))["state"])


@asynccontextmanager
async def desk(folder: Path) -> AsyncIterator[Desk]:
    clock, woken, layout = SetClock(), list[int](), Layout(folder)
    layout.create()
    database = await open_database(layout.database)
    outbox = Outbox(database, Run("run1", clock.boot))
    settling = Settling(
        outbox=outbox,
        circuit=Circuit(4),
        clock=clock,
        patience=lambda: Patience(attempts=1, first_wait_s=60),
    )
    circuits = {"storage": Circuit(4), "sms": Circuit(1)}
    oversight = Oversight(
        database=database,
        deliveries=Deliveries(database),
        records=Records(layout),
        clock=clock,
        wake=lambda: woken.append(1),
        circuits=lambda: circuits,
    )
    try:
        yield Desk(database, clock, outbox, settling, oversight, circuits, woken)
    finally:
        await database.close()


OnDesk = Callable[[Callable[[Desk], Awaitable[None]]], None]


@pytest.fixture
def on_desk(tmp_path: Path) -> OnDesk:
    def run(work: Callable[[Desk], Awaitable[None]]) -> None:
        async def go() -> None:
            async with desk(tmp_path) as made:
                await work(made)

        in_loop(go())

    return run


async def conflict(work: Awaitable[None]) -> Conflict:
    with pytest.raises(Conflict) as caught:
        await work
    assert caught.value.detail.endswith(".")
    return caught.value


def test_a_waiting_delivery_is_due_at_once_and_its_failures_are_forgotten(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add()
        await at.attempt("storage", Transient("500."))
        assert await claim_one(at.outbox, "storage", at.clock) is None
        await at.oversight.retry(added.upload)
        assert at.woken
        again = await at.claim("storage")
        assert (again.id, again.failures, again.crashes, again.attempts) == (added.upload, 0, 0, 2)

    on_desk(work)


def test_retrying_an_sms_that_waits_for_its_upload_hurries_the_upload(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)
        await at.attempt("storage", Transient("500."))
        await at.oversight.retry(added.sms[0])
        assert (await at.claim("storage")).id == added.upload
        assert await claim_one(at.outbox, "sms", at.clock) is None

    on_desk(work)


def test_a_parked_sms_is_sent_once_more_with_its_tag_and_parks_again(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.parked()
        before = await row_of(at.database, added.sms[0])
        await at.oversight.retry(added.sms[0])
        waiting = await at.oversight.show(added.sms[0])
        assert waiting.state == "waiting"
        assert "retry or cancel" not in (waiting.last_error or ""), "she has just chosen"
        again = await at.attempt("sms", Uncertain("Cut."))
        assert (again.tag, again.attempts) == (before["tag"], 3)
        parked = await at.oversight.show(added.sms[0])
        assert (parked.state, parked.next_attempt_at, parked.resends) == ("uncertain", None, 2)
        assert "retry or cancel" in (parked.last_error or "")

    on_desk(work)


def test_looking_up_by_hand_brings_no_resend_nearer(on_desk: OnDesk) -> None:
    """OVH shows an SMS late: whoever asks often must not make a guest get two."""

    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)
        await at.attempt("storage", Delivered("x"))
        await at.attempt("sms", Uncertain("Cut."))
        asked_at = at.clock.mono
        for _ in range(5):
            at.clock.pass_ms(1_000)
            await at.oversight.retry(added.sms[0])
            assert await at.look_up(), "it is asked at once"
        while await at.state(added.sms[0]) == "uncertain":
            at.clock.pass_ms(1_000)
            await at.look_up()
        assert at.clock.mono - asked_at >= 600_000

    on_desk(work)


def test_a_look_up_by_hand_that_a_power_cut_took_comes_all_the_same(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)
        await at.attempt("storage", Delivered("x"))
        await at.attempt("sms", Uncertain("Cut."))
        await at.oversight.retry(added.sms[0])
        at.clock.reboot()
        outbox = Outbox(at.database, Run("run2", at.clock.boot))
        await outbox.wait_anew(LOOK_UPS_MS, at.clock.mono)
        assert await in_doubt(outbox, at.clock.mono) is None, "nobody knows how long it was"
        doubt = await in_doubt(outbox, at.clock.mono + LOOK_UPS_MS[0])
        assert doubt is not None
        assert doubt.id == added.sms[0]

    on_desk(work)


def test_a_refused_upload_that_is_retried_brings_its_sms_back(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER, "+33612345679")
        await at.oversight.cancel(added.sms[1])
        await at.attempt("storage", Refused("413."))
        assert await at.state(added.sms[0]) == "cancelled"
        refused = await conflict(at.oversight.retry(added.sms[0]))
        assert refused.code == "delivery-ended"
        await at.oversight.retry(added.upload)
        back = await at.oversight.show(added.sms[0])
        assert (back.state, back.waits_for, back.ended_at) == ("waiting", added.upload, None)
        assert await at.state(added.sms[1]) == "cancelled", "that was the operator's own wish"
        assert (await at.attempt("storage", Delivered("x"))).attempts == 2
        assert (await at.claim("sms")).id == added.sms[0]

    on_desk(work)


@pytest.mark.parametrize("upload_ends", ["refused", "cancelled"])
def test_an_sms_whose_upload_ended_badly_waits_for_nothing_and_says_so(
    on_desk: OnDesk, upload_ends: str
) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)

        def refuse(tx: object) -> None:
            tx.execute(  # type: ignore[attr-defined]
                "update deliveries set state = 'refused', depends_on = null, ended_at = 1,"
                " last_error = 'A landline can''t receive SMS.' where id = ?",
                (added.sms[0],),
            )

        await at.database.write(refuse)
        if upload_ends == "refused":
            await at.attempt("storage", Refused("413."))
        else:
            await at.oversight.cancel(added.upload)
        told = await conflict(at.oversight.retry(added.sms[0]))
        assert "retry the upload first" in told.detail
        assert await at.state(added.sms[0]) == "refused"

    on_desk(work)


def test_a_refused_sms_that_is_retried_waits_for_an_upload_still_under_way(
    on_desk: OnDesk,
) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)
        await at.attempt("storage", Delivered("x"))
        await at.attempt("sms", Refused("OVH can't reach it."))
        await at.oversight.retry(added.sms[0])
        assert (await at.claim("sms")).attempts == 2

    on_desk(work)


@pytest.mark.parametrize("kind", ["waiting", "uncertain", "parked"])
def test_cancelling_ends_it_with_words(on_desk: OnDesk, kind: str) -> None:
    async def work(at: Desk) -> None:
        if kind == "parked":
            added = await at.parked()
        else:
            added = await at.add(NUMBER)
            await at.attempt("storage", Delivered("x"))
        if kind == "uncertain":
            await at.attempt("sms", Uncertain("Cut."))
        await at.oversight.cancel(added.sms[0])
        ended = await at.oversight.show(added.sms[0])
        assert (ended.state, ended.next_attempt_at) == ("cancelled", None)
        assert ended.ended_at is not None
        assert ("may have been sent" in (ended.last_error or "")) is (kind != "waiting")
        at.clock.pass_ms(10**7)
        assert not await at.look_up()
        assert await claim_one(at.outbox, "sms", at.clock) is None

    on_desk(work)


def test_cancelling_an_upload_cancels_its_sms(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)
        await at.oversight.cancel(added.upload)
        for name in (added.upload, added.sms[0]):
            assert await at.state(name) == "cancelled"
            assert "ended (cancelled)" in (await conflict(at.oversight.retry(name))).detail
            assert "ended (cancelled)" in (await conflict(at.oversight.cancel(name))).detail

    on_desk(work)


def test_what_is_under_way_or_delivered_is_left_alone(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add()
        claimed = await at.claim("storage")
        for ask in (at.oversight.retry, at.oversight.cancel):
            assert (await conflict(ask(added.upload))).code == "delivery-running"
        await at.settling.attempt(claimed, Delivered("x"))
        for ask in (at.oversight.retry, at.oversight.cancel):
            assert (await conflict(ask(added.upload))).code == "delivery-ended"
        for use in (at.oversight.retry, at.oversight.cancel, at.oversight.show):
            with pytest.raises(NoSuchThing, match="no such delivery"):
                await use("nobody")

    on_desk(work)


def test_an_erasure_that_is_owed_can_be_hurried_but_not_cancelled(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add()
        owed = draft(added.capture, at.clock, "erase-storage")
        await at.database.write(lambda tx: insert(tx, owed))
        await at.oversight.retry(owed.id)
        assert (await conflict(at.oversight.cancel(owed.id))).code == "erasure-owed"
        assert await at.state(owed.id) == "waiting"

    on_desk(work)


def test_pages_hold_each_delivery_once_while_rows_come_and_go(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        first = [(await at.add()).upload for _ in range(25)]
        seen: list[str] = []
        cursor = None
        for _ in range(4):
            page = await at.oversight.page(cursor=cursor, limit=7)
            seen += [item.id for item in page.items]
            cursor = page.next_cursor
            if cursor is None:
                break
            # One comes, one that was seen ends, and one that was not seen ends.
            await at.add()
            await at.oversight.cancel(seen[-1])
            gone = next(name for name in first if name not in seen)
            await at.oversight.cancel(gone)
            first.remove(gone)
        assert cursor is None
        assert seen == list(reversed(first)), "newest first, nothing twice, nothing left out"

    on_desk(work)


def test_a_page_is_filtered_and_counts_what_is_unfinished(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        added = await at.add(NUMBER)
        await at.add()
        await at.attempt("storage", Refused("413."))
        page = await at.oversight.page()
        assert [(one.channel, one.state) for one in page.items] == [("storage", "waiting")]
        assert page.counts == {"storage": {"waiting": 1}}
        assert page.next_cursor is None
        (sms,) = (await at.oversight.page("sms", "cancelled")).items
        assert (sms.id, sms.capture_id) == (added.sms[0], added.capture.id)
        assert [one.id for one in (await at.oversight.page(state="refused")).items] == [
            added.upload
        ]
        assert (await at.oversight.page("postgres")).items == []

    on_desk(work)


@pytest.mark.parametrize(
    ("wrong", "field_name"),
    [
        ({"limit": 0}, "limit"),
        ({"limit": 201}, "limit"),
        ({"state": "lost"}, "state"),
        ({"channel": "fax machine"}, "channel"),
        ({"channel": "\udcff"}, "channel"),
        ({"cursor": "x"}, "cursor"),
        ({"cursor": "9" * 30}, "cursor"),
        ({"cursor": "-1"}, "cursor"),
    ],
)
def test_a_wrong_field_is_named(on_desk: OnDesk, wrong: dict[str, str], field_name: str) -> None:
    async def work(at: Desk) -> None:
        with pytest.raises(InvalidRequest) as caught:
            await at.oversight.page(**wrong)  # type: ignore[arg-type]
        assert [error.field for error in caught.value.errors] == [field_name]

    on_desk(work)


HANDS = st.lists(st.sampled_from(("retry", "cancel")), min_size=1, max_size=4)
ENDS: tuple[Outcome, ...] = (
    Delivered("1"),
    NotSent("No network."),
    Transient("500."),
    Transient("Damaged.", own=True),
    Refused("413."),
    Uncertain("Cut."),
)


@settings(max_examples=40, deadline=None)
@given(hands=HANDS, ends=st.lists(st.sampled_from(ENDS), min_size=2, max_size=2))
def test_a_hand_that_races_with_attempts_makes_no_second_one(
    hands: list[str], ends: list[Outcome]
) -> None:
    """One delivery of each channel; whoever comes first, nothing runs twice or rises again."""

    async def race() -> None:
        with tempfile.TemporaryDirectory() as folder:
            async with desk(Path(folder)) as at:
                added = await at.add(NUMBER)
                await at.attempt("storage", Delivered("x"))
                sms, under_way = added.sms[0], 0

                async def lane(end: Outcome) -> None:
                    nonlocal under_way
                    claimed = await claim_one(at.outbox, "sms", at.clock)
                    if claimed is None:
                        return
                    under_way += 1
                    assert under_way == 1, "two attempts at once"
                    await asyncio.sleep(0)
                    await at.settling.attempt(claimed, end)
                    under_way -= 1

                async def operator(hand: str) -> None:
                    before = await row_of(at.database, sms)
                    try:
                        await getattr(at.oversight, hand)(sms)
                    except Conflict:
                        return
                    if before["state"] in {"delivered", "cancelled", "expired"}:
                        pytest.fail(f"{hand} touched what had ended: {before['state']}")

                await asyncio.gather(*map(lane, ends), *map(operator, hands))
                row = await row_of(at.database, sms)
                assert row["state"] != "running"
                assert (row["ended_at"] is None) is (row["state"] in {"waiting", "uncertain"})
                assert row["attempts"] <= len(ends)
                if row["state"] == "cancelled":
                    at.clock.pass_ms(10**7)
                    await asyncio.gather(*map(lane, ends))
                    assert tuple(await row_of(at.database, sms)) == tuple(row)

    in_loop(race())


def test_the_list_says_why_a_whole_channel_waits(on_desk: OnDesk) -> None:
    async def work(at: Desk) -> None:
        at.circuits["sms"].pause(at.clock.mono, "No credit.")
        assert (await at.oversight.page()).held == {"sms": "No credit."}

    on_desk(work)
