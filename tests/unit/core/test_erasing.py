"""An erased capture is gone here at once, and nothing that happens afterwards brings it back."""

import os
import tempfile
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.core.erasing import mark
from kiosk_appliance.domain.audit import Actor
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.errors import NotFound
from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.store import deliveries
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Deliveries, Delivery, Run
from kiosk_appliance.store.outbox import Outbox
from tests.parts.clocks import SetClock
from tests.parts.erasers import erasing_of, finish
from tests.parts.lives import Kiosk, back_up, new_kiosk, rewrite, take
from tests.parts.loop import in_loop
from tests.parts.rows import draft

PHONE, EMAIL = "+33612345678", "someone.private@example.com"


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return new_kiosk(tmp_path)


async def take_private(store: Store, clock: SetClock) -> Capture:
    """Take a photo of somebody who gave number and address."""
    capture = await take(store, clock, [PHONE])

    def work(tx: Transaction) -> None:
        tx.execute(
            "update captures set phone = ?, email = ? where id = ?", (PHONE, EMAIL, capture.id)
        )

    await store.database.write(work)
    private = replace(capture, phone=PHONE, email=EMAIL)
    await rewrite(store, private)
    return private


async def by_channel(store: Store, capture: Capture) -> dict[str, Delivery]:
    rows = await Deliveries(store.database).of_capture(capture.id)
    return {row.channel: row for row in rows}


def assert_nowhere(folder: Path, *words: str) -> None:
    for path in folder.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word in words:
                assert word.encode() not in content, path


def test_nothing_personal_is_left_in_any_file(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        capture = await take_private(store, kiosk.clock)
        await erasing_of(store, kiosk.clock).erase(capture.id, Actor.ADMIN)
        # Not only once it is closed: the database's log, too.
        assert_nowhere(kiosk.layout.root, PHONE, EMAIL)
        assert {path.name for path in kiosk.layout.photos.iterdir()} == {f"{capture.id}.json"}
        rows = await by_channel(store, capture)
        assert rows["storage"].state is rows["sms"].state is State.CANCELLED
        assert rows["erase-storage"].state is State.WAITING

    kiosk.live(live)
    assert_nowhere(kiosk.layout.root, PHONE, EMAIL)


def test_what_was_erased_before_is_erased_once_and_what_never_was_is_not_found(
    kiosk: Kiosk,
) -> None:
    async def live(store: Store) -> None:
        capture, erasing = await take(store, kiosk.clock), erasing_of(store, kiosk.clock)
        for _ in range(2):
            await erasing.erase(capture.id, Actor.ADMIN)
            await erasing.erase_by_token(capture.token)
        rows = await Deliveries(store.database).of_capture(capture.id)
        assert [row.channel for row in rows] == ["storage", "erase-storage"]
        noted = await store.database.all("select actor, action, target from audit")
        assert [tuple(row) for row in noted] == [("admin", "erase", capture.id)]
        with pytest.raises(NotFound):
            await erasing.erase("nobody", Actor.ADMIN)
        with pytest.raises(NotFound):
            await erasing.erase_by_token(capture.id)

    kiosk.live(live)


def test_a_power_cut_after_the_transaction_ends_in_an_erasure(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take_private(store, kiosk.clock))
        at = kiosk.clock.stamp()
        await store.database.write(lambda tx: mark(tx, taken[0].id, at))

    kiosk.live(live)
    assert kiosk.captures() == set()
    assert kiosk.aside() == set()
    assert {path.name for path in kiosk.layout.photos.iterdir()} == {f"{taken[0].id}.json"}
    assert_nowhere(kiosk.layout.root, PHONE, EMAIL)


def test_once_all_is_done_everywhere_not_even_the_tombstone_beside_the_photo_stays(
    kiosk: Kiosk,
) -> None:
    async def live(store: Store) -> None:
        capture, erasing = await take_private(store, kiosk.clock), erasing_of(store, kiosk.clock)
        await erasing.erase(capture.id, Actor.ADMIN)
        await erasing.tick()
        assert list(kiosk.layout.photos.iterdir()) != []
        await finish(store, kiosk.clock, erasing)
        assert list(kiosk.layout.photos.iterdir()) == []
        # Its link is still answered with 410.
        erased = await Captures(store.database).find(capture.token)
        assert erased is not None
        assert erased.erased_at is not None

    kiosk.live(live)
    assert kiosk.captures() == set()


@pytest.mark.parametrize("known", [True, False])
def test_a_rebuilt_database_brings_no_erased_capture_back_and_goes_on_with_its_erasure(
    kiosk: Kiosk, *, known: bool
) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        if not known:
            back_up(store, kiosk.clock)
        taken.append(await take_private(store, kiosk.clock))
        if known:
            back_up(store, kiosk.clock)
        await erasing_of(store, kiosk.clock).erase(taken[0].id, Actor.ADMIN)

    kiosk.live(live)
    kiosk.layout.database.write_bytes(os.urandom(100_000))

    async def again(store: Store) -> None:
        assert await Captures(store.database).ids() == set()
        erased = await Captures(store.database).find(taken[0].token)
        assert erased is not None
        assert (erased.phone, erased.email, erased.erased_at) == (None, None, kiosk.clock.now_ms())
        rows = await by_channel(store, taken[0])
        assert list(rows) == ["erase-storage"]
        await finish(store, kiosk.clock, erasing_of(store, kiosk.clock))
        assert list(kiosk.layout.photos.iterdir()) == []

    kiosk.live(again)


def test_an_upload_under_way_is_not_overtaken(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        capture, erasing = await take(store, kiosk.clock), erasing_of(store, kiosk.clock)
        outbox = Outbox(store.database, Run("r", kiosk.clock.boot))
        (upload,) = await outbox.claim("storage", kiosk.clock.now_ms(), kiosk.clock.mono)
        await erasing.erase(capture.id, Actor.ADMIN)
        for _ in range(2):
            now, mono = kiosk.clock.now_ms(), kiosk.clock.mono
            assert await outbox.claim("erase-storage", now, mono) == []
            await erasing.tick()
        assert await outbox.delivered(upload.delivery, "https://cloud/x.jpg", kiosk.clock.now_ms())
        await finish(store, kiosk.clock, erasing)
        assert list(kiosk.layout.photos.iterdir()) == []

    kiosk.live(live)


def test_an_upload_that_failed_meanwhile_is_not_tried_again(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        capture, erasing = await take(store, kiosk.clock), erasing_of(store, kiosk.clock)
        outbox = Outbox(store.database, Run("r", kiosk.clock.boot))
        (upload,) = await outbox.claim("storage", kiosk.clock.now_ms(), kiosk.clock.mono)
        await erasing.erase(capture.id, Actor.ADMIN)
        assert await outbox.put_back(upload.delivery, "cut", kiosk.clock.mono + 60_000)
        await erasing.tick()
        assert (await by_channel(store, capture))["storage"].state is State.CANCELLED
        await finish(store, kiosk.clock, erasing)
        assert list(kiosk.layout.photos.iterdir()) == []

    kiosk.live(live)


@pytest.mark.parametrize("ending", ["delivered", "uncertain"])
def test_an_sms_under_way_is_emptied_once_it_has_ended(kiosk: Kiosk, ending: str) -> None:
    async def live(store: Store) -> None:
        capture, erasing = await take_private(store, kiosk.clock), erasing_of(store, kiosk.clock)
        outbox = Outbox(store.database, Run("r", kiosk.clock.boot))
        now, mono = kiosk.clock.now_ms(), kiosk.clock.mono
        (upload,) = await outbox.claim("storage", now, mono)
        await outbox.delivered(upload.delivery, "https://cloud/x.jpg", now)
        (sms,) = await outbox.claim("sms", now, mono)
        await erasing.erase(capture.id, Actor.ADMIN)
        if ending == "delivered":
            assert await outbox.delivered(sms.delivery, "1", now, first_receipt=mono)
        else:
            assert await outbox.doubt(sms.delivery, "cut", mono)
        await erasing.tick()
        await finish(store, kiosk.clock, erasing)
        assert (await by_channel(store, capture))["sms"].state in {State.DELIVERED, State.CANCELLED}
        assert_nowhere(kiosk.layout.root, PHONE, EMAIL)

    kiosk.live(live)


class Chaos:
    """A kiosk to which anything may happen in any order; knows what must be so at the end."""

    def __init__(self, folder: Path) -> None:
        self.kiosk = new_kiosk(folder)
        self.living: dict[str, Capture] = {}
        self.erased: dict[str, Capture] = {}
        self.in_cloud: set[str] = set()
        self.under_way: list[Delivery] = []
        self.lives = 0
        self.stack = AsyncExitStack()

    async def start(self) -> None:
        self.lives += 1
        self.store = await self.stack.enter_async_context(
            open_store(self.kiosk.settings, self.kiosk.clock)
        )
        self.erasing = erasing_of(self.store, self.kiosk.clock)
        self.outbox = Outbox(self.store.database, Run(f"life-{self.lives}", self.kiosk.clock.boot))
        repeatable = {"storage", "erase-storage"}
        mono = self.kiosk.clock.mono
        await self.outbox.adopt_orphans(repeatable, mono, mono + 30_000)
        self.under_way.clear()

    async def stop(self) -> None:
        await self.stack.aclose()

    async def take(self, _which: int) -> None:
        capture = await take_private(self.store, self.kiosk.clock)
        self.living[capture.id] = capture

    async def text(self, which: int) -> None:
        """Send an SMS to somebody else, too."""
        if capture := self._one(self.living, which):
            sms = draft(capture, self.kiosk.clock, "sms", f"+3369876{self.lives:02d}{which:02d}")

            def work(tx: Transaction) -> None:
                if deliveries.find(tx, capture.id, "sms", sms.recipient) is None:
                    deliveries.insert(tx, sms)

            await self.store.database.write(work)
            await rewrite(self.store, capture)

    async def erase(self, which: int) -> None:
        if capture := self._one(self.living, which):
            await self.erasing.erase(capture.id, Actor.ADMIN)
            self.erased[capture.id] = self.living.pop(capture.id)

    async def begin_to_erase(self, which: int) -> None:
        """Erase, and lose power behind the transaction."""
        if capture := self._one(self.living, which):
            at = self.kiosk.clock.stamp()
            await self.store.database.write(lambda tx: mark(tx, capture.id, at))
            self.erased[capture.id] = self.living.pop(capture.id)
            await self.restart(which)

    async def claim(self, which: int) -> None:
        channel = ("storage", "sms", "erase-storage")[which % 3]
        now, mono = self.kiosk.clock.now_ms(), self.kiosk.clock.mono
        for one in await self.outbox.claim(channel, now, mono):
            self.under_way.append(one.delivery)
            if channel == "storage":
                # However it ends, the cloud may have it.
                self.in_cloud.add(one.delivery.capture_id)

    async def settle(self, which: int) -> None:
        if self.under_way:
            one = self.under_way.pop(which % len(self.under_way))
            now, mono = self.kiosk.clock.now_ms(), self.kiosk.clock.mono
            if which % 2:
                await self.outbox.delivered(one, "https://cloud.example/x", now)
                if one.channel == "erase-storage":
                    self.in_cloud.discard(one.capture_id)
            elif one.channel == "sms":
                await self.outbox.doubt(one, "cut", mono + 30_000)
            else:
                await self.outbox.put_back(one, "cut", mono)

    async def tick(self, _which: int) -> None:
        await self.erasing.tick()

    async def back_up(self, _which: int) -> None:
        back_up(self.store, self.kiosk.clock)

    async def restart(self, _which: int) -> None:
        await self.stop()
        await self.start()

    async def destroy(self, which: int) -> None:
        """Lose the database, damaged or gone, and start again."""
        await self.stop()
        if which % 2 and (self.living or self.erased):
            self.kiosk.layout.database.write_bytes(os.urandom(50_000))
        else:
            self.kiosk.layout.database.unlink()
        await self.start()

    async def verify(self) -> None:
        """Let everything come to its end, and look what is left."""
        await self.restart(0)
        for _ in range(3):
            self.kiosk.clock.pass_ms(3_600_000)
            self.in_cloud -= await finish(self.store, self.kiosk.clock, self.erasing)
        assert not self.in_cloud & set(self.erased)
        assert await Captures(self.store.database).ids() == set(self.living)
        for capture_id in self.erased:
            rows = await Deliveries(self.store.database).of_capture(capture_id)
            states = {row.state for row in rows}
            assert states <= {State.DELIVERED, State.CANCELLED}, rows
            assert not any(row.text or row.recipient.startswith("+") for row in rows)
        photos = {path.name for path in self.kiosk.layout.photos.iterdir()}
        assert photos == {f"{one}.{kind}" for one in self.living for kind in ("jpg", "json")}
        assert self.kiosk.aside() == set()

    def _one(self, some: dict[str, Capture], which: int) -> Capture | None:
        ids = sorted(some, key=lambda one: some[one].created_at)
        return some[ids[which % len(ids)]] if ids else None


EVENTS: tuple[Callable[[Chaos, int], Awaitable[None]], ...] = (
    Chaos.take,
    Chaos.text,
    Chaos.erase,
    Chaos.begin_to_erase,
    Chaos.claim,
    Chaos.settle,
    Chaos.tick,
    Chaos.back_up,
    Chaos.restart,
    Chaos.destroy,
)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from(EVENTS), st.integers(min_value=0, max_value=11)), max_size=25
    )
)
def test_whatever_happens_the_erased_stay_erased_and_the_others_stay(
    events: list[tuple[Callable[[Chaos, int], Awaitable[None]], int]],
) -> None:
    async def play(folder: Path) -> None:
        chaos = Chaos(folder)
        await chaos.start()
        try:
            await chaos.take(0)
            for event, which in events:
                chaos.kiosk.clock.pass_ms(1_000)
                await event(chaos, which)
            await chaos.verify()
        finally:
            await chaos.stop()

    with tempfile.TemporaryDirectory() as folder:
        in_loop(play(Path(folder)))
