"""Outbox and settling under random outcomes, restarts and time, on a real SQLite file."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    precondition,
    rule,
)

from kiosk_appliance.core.oversight import Oversight
from kiosk_appliance.core.settling import LOOK_UPS_MS, Patience, Settling
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import (
    ENDED,
    Delivered,
    Found,
    LanePaused,
    LookUpFailed,
    NotFound,
    NotSent,
    Outcome,
    Refused,
    State,
    Throttled,
    Transient,
    Uncertain,
)
from kiosk_appliance.domain.pace import LONGEST_BACKOFF_MS
from kiosk_appliance.errors import Conflict
from kiosk_appliance.ids import new_id
from kiosk_appliance.store import deliveries
from kiosk_appliance.store.database import Database, Transaction, open_database
from kiosk_appliance.store.deliveries import Delivery, Run
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.records import Records
from tests.parts.clocks import SetClock
from tests.parts.rows import Added, add_capture, claim_one, draft, in_doubt

LANES = st.sampled_from(("storage", "sms"))
NUMBERS = tuple(f"+3361234567{digit}" for digit in range(3))
UPLOAD_ENDS: tuple[Outcome, ...] = (
    Delivered("https://cloud.example/x.jpg"),
    Delivered("https://cloud.example/x.jpg"),
    NotSent("No network."),
    Throttled("429.", 20.0),
    LanePaused("401."),
    Transient("500."),
    Transient("Damaged.", own=True),
    Refused("413."),
)
TAKEN_UNSEEN = Uncertain("Taken.")
SMS_ENDS: tuple[Outcome, ...] = (
    Delivered("1"),
    NotSent("No network."),
    Throttled("429."),
    LanePaused("No credit."),
    TAKEN_UNSEEN,
    Uncertain("Not taken."),
    Refused("400."),
)
UNCOUNTED = (NotSent, Throttled, LanePaused)


@dataclass
class Truth:
    """What the world knows of one delivery, whatever the kiosk believes."""

    counted: int = 0
    taken: int = 0
    nothing_found: int = 0
    by_hand: int = 0
    claims: list[Delivery] = field(default_factory=list)


class OutboxMachine(RuleBasedStateMachine):
    """One kiosk: its file, its clock, a provider with a ledger."""

    added = Bundle("added")
    claimed = Bundle("claimed")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="outbox-"))
        self.layout = Layout(self.folder)
        self.layout.create()
        self.runner = asyncio.Runner()
        self.clock = SetClock()
        self.database: Database = self.run(open_database(self.folder / "kiosk.db"))
        self.truth: dict[str, Truth] = {}
        self.running: dict[str, Delivery] = {}
        self.ended: dict[str, tuple[object, ...]] = {}
        self.begin()

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        return self.runner.run(work)

    def begin(self) -> None:
        self.outbox = Outbox(self.database, Run(new_id(), self.clock.boot))
        self.settling = Settling(
            outbox=self.outbox,
            circuit=Circuit(4),
            clock=self.clock,
            patience=lambda: Patience(3, 60),
        )

        self.oversight = Oversight(
            database=self.database,
            deliveries=deliveries.Deliveries(self.database),
            records=Records(self.layout),
            clock=self.clock,
            wake=lambda: None,
        )

    def teardown(self) -> None:
        self.run(self.database.close())
        self.runner.close()
        shutil.rmtree(self.folder)

    @rule(target=added, phones=st.sets(st.sampled_from(NUMBERS)))
    def capture(self, phones: set[str]) -> Added:
        one: Added = self.run(add_capture(self.database, self.clock, sorted(phones)))
        self.truth |= {name: Truth() for name in (one.upload, *one.sms)}
        return one

    @rule(one=added)
    def same_again(self, one: Added) -> None:
        """A second row for the same capture, channel and number is impossible."""
        wanted = ("storage", "") if not one.sms else ("sms", self.row(one.sms[0])["recipient"])
        again = draft(one.capture, self.clock, *wanted)

        def work(tx: Transaction) -> None:
            deliveries.insert(tx, again)

        with pytest.raises(sqlite3.IntegrityError):
            self.run(self.database.write(work))

    @rule(target=claimed, lane=LANES)
    def claim(self, lane: str) -> Any:
        got = self.run(claim_one(self.outbox, lane, self.clock))
        if got is None:
            return multiple()
        assert got.state is State.RUNNING
        assert got.id not in self.running
        if lane == "sms":
            upload = self.run(
                self.database.one(
                    "select state from deliveries where capture_id = ? and channel = 'storage'",
                    (got.capture_id,),
                )
            )
            assert upload["state"] == "delivered", "an SMS never runs before its upload is there"
        self.running[got.id] = got
        self.truth[got.id].claims.append(got)
        return got

    @rule(delivery=consumes(claimed), end=st.integers(0, 6))
    def settle(self, delivery: Delivery, end: int) -> None:
        outcome = (UPLOAD_ENDS if delivery.channel == "storage" else SMS_ENDS)[end]
        if self.running.get(delivery.id) is not delivery:
            self.nothing_changes(self.settling.attempt(delivery, outcome))
            return
        truth = self.truth[delivery.id]
        truth.counted += not isinstance(outcome, UNCOUNTED)
        truth.taken += isinstance(outcome, Delivered) or outcome is TAKEN_UNSEEN
        self.run(self.settling.attempt(delivery, outcome))
        del self.running[delivery.id]

    @rule(delivery=consumes(claimed), way=st.sampled_from(("expired", "lost", "unmade")))
    def settle_without_a_call(self, delivery: Delivery, way: str) -> None:
        arguments = (delivery, "Unreadable.") if way == "unmade" else (delivery,)
        work = getattr(self.settling, way)(*arguments)
        if self.running.pop(delivery.id, None) is not delivery:
            self.nothing_changes(work)
        else:
            self.run(work)

    @rule(one=added, end=st.integers(0, 6))
    def late_outcome(self, one: Added, end: int) -> None:
        """What an earlier claim ends in writes nothing."""
        for name in (one.upload, *one.sms):
            for old in self.truth[name].claims:
                if self.running.get(name) is not old:
                    ends = UPLOAD_ENDS if old.channel == "storage" else SMS_ENDS
                    self.nothing_changes(self.settling.attempt(old, ends[end]))

    @rule(failed=st.sampled_from((None, None, None, False, True)))
    def look_up(self, failed: bool | None) -> None:
        doubt = self.run(in_doubt(self.outbox, self.clock.monotonic_ms()))
        if doubt is None:
            return
        assert doubt.due_mono is not None, "a parked one is never picked"
        truth = self.truth[doubt.id]
        if failed is not None:
            answer: Any = LookUpFailed("Cut.", refused=failed)
        elif truth.taken:
            answer = Found("1")
        else:
            answer = NotFound()
            truth.nothing_found += 1
        self.run(self.settling.look_up(doubt, answer))
        # the same answer once more comes too late
        self.nothing_changes(self.settling.look_up(doubt, answer))

    @rule(times=st.integers(1, 4))
    def look_up_patiently(self, times: int) -> None:
        for _ in range(times):
            self.clock.pass_ms(480_000)
            self.look_up(None)

    @rule(one=added, which=st.integers(0, 3))
    def retry(self, one: Added, which: int) -> None:
        """The operator has looked at OVH's list: what is there is not sent once more."""
        name = ((one.upload, *one.sms) * 4)[which]
        before = {row["id"]: row for row in self.rows()}
        row, upload = before[name], before[one.upload]
        parked = row["state"] == "uncertain" and row["due_mono"] is None
        if parked and self.truth[name].taken:
            return
        without_upload = name != one.upload and upload["state"] in ENDED - {State.DELIVERED}
        if row["state"] in {"running", "delivered", "cancelled", "expired"} or (
            row["state"] == "refused" and without_upload
        ):
            self.is_a_conflict(self.oversight.retry(name))
            return
        self.truth[name].by_hand += parked
        self.run(self.oversight.retry(name))
        if row["state"] == "refused":
            assert self.row(name)["state"] == "waiting"
            del self.ended[name]
            for sms in one.sms if name == one.upload else ():
                if before[sms]["state"] == "cancelled" and "link" in before[sms]["last_error"]:
                    assert self.row(sms)["depends_on"] == name, "it comes back with its upload"
                    del self.ended[sms]

    @rule(one=added, which=st.integers(0, 3))
    def cancel(self, one: Added, which: int) -> None:
        name = ((one.upload, *one.sms) * 4)[which]
        if self.row(name)["state"] not in {"waiting", "uncertain"}:
            self.is_a_conflict(self.oversight.cancel(name))
            return
        self.run(self.oversight.cancel(name))
        assert self.row(name)["state"] == "cancelled"

    @rule(target=claimed)
    def reach_an_sms(self) -> Any:
        """Upload what waits, so that an SMS may run: rare enough by chance alone."""
        while isinstance(upload := self.claim("storage"), Delivery):
            self.settle(upload, 0)
        return self.claim("sms")

    @rule(milliseconds=st.integers(0, 700_000))
    def time_passes(self, milliseconds: int) -> None:
        self.clock.pass_ms(milliseconds)

    @rule(step=st.integers(-(10**12), 10**12))
    def somebody_sets_the_clock(self, step: int) -> None:
        self.clock.now += step

    @precondition(lambda self: self.truth)
    @rule(power=st.booleans(), taken=st.booleans())
    def killed(self, power: bool, taken: bool) -> None:
        """The process dies; with `power` the machine too. A running SMS may have been taken."""
        if power:
            self.clock.reboot()
        for delivery in self.running.values():
            if delivery.channel == "sms":
                self.truth[delivery.id].counted += 1
                self.truth[delivery.id].taken += taken
        orphans = len(self.running)
        self.running.clear()
        self.begin()
        adopted = self.run(
            self.outbox.adopt_orphans({"storage"}, self.clock.mono, self.clock.mono + 30_000)
        )
        assert adopted == orphans
        self.run(self.outbox.wait_anew(LOOK_UPS_MS, self.clock.monotonic_ms()))

    @rule(taken=st.booleans())
    def stopped(self, taken: bool) -> None:
        for delivery in list(self.running.values()):
            repeatable = delivery.channel == "storage"
            self.truth[delivery.id].counted += not repeatable
            self.truth[delivery.id].taken += taken and not repeatable
            self.run(self.settling.interrupted(delivery, repeatable=repeatable))
        self.running.clear()
        self.begin()
        assert self.run(self.outbox.adopt_orphans({"storage"}, 0, 0)) == 0

    @invariant()
    def every_row_is_legal(self) -> None:
        rows = self.rows()
        by_id = {row["id"]: row for row in rows}
        keys = Counter((row["capture_id"], row["channel"], row["recipient"]) for row in rows)
        assert max(keys.values(), default=1) == 1
        for row in rows:
            truth = self.truth[row["id"]]
            assert row["attempts"] == truth.counted + (row["id"] in self.running)
            assert truth.taken <= 1 or row["channel"] == "storage", "a guest got two"
            by_itself = row["resends"] - truth.by_hand
            assert 0 <= by_itself <= 1
            if by_itself:
                assert truth.nothing_found >= 3
            if row["channel"] == "sms" and row["attempts"]:
                upload = next(
                    r
                    for r in rows
                    if (r["capture_id"], r["channel"]) == (row["capture_id"], "storage")
                )
                assert upload["state"] == "delivered"
            self.waits_for_something(row, by_id)
            if row["id"] in self.ended:
                assert tuple(row) == self.ended[row["id"]], "what has ended stays so"
            elif row["state"] in ENDED:
                assert row["ended_at"] is not None
                self.ended[row["id"]] = tuple(row)

    def waits_for_something(self, row: sqlite3.Row, by_id: dict[str, sqlite3.Row]) -> None:
        match row["state"]:
            case "running":
                assert row["id"] in self.running
            case "waiting" if row["depends_on"] is not None:
                assert by_id[row["depends_on"]]["state"] not in ENDED
            case "waiting":
                assert row["due_mono"] is not None
                same_boot = row["due_boot"] == self.clock.boot
                assert not same_boot or row["due_mono"] <= self.clock.mono + LONGEST_BACKOFF_MS
            case "uncertain" if row["due_mono"] is None:
                assert "retry" in row["last_error"], "parked, and the operator is told"
            case "uncertain":
                assert row["channel"] == "sms"

    def nothing_changes(self, work: Coroutine[Any, Any, Any]) -> None:
        before = [tuple(row) for row in self.rows()]
        self.run(work)
        assert [tuple(row) for row in self.rows()] == before

    def is_a_conflict(self, work: Coroutine[Any, Any, Any]) -> None:
        async def refused() -> None:
            with pytest.raises(Conflict):
                await work

        self.nothing_changes(refused())

    def row(self, delivery_id: str) -> sqlite3.Row:
        return next(row for row in self.rows() if row["id"] == delivery_id)

    def rows(self) -> list[sqlite3.Row]:
        rows: list[sqlite3.Row] = self.run(
            self.database.all("select * from deliveries order by seq")
        )
        return rows


TestOutbox = OutboxMachine.TestCase
TestOutbox.settings = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
