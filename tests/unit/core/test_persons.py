"""One person asks to be forgotten: whatever bears her number or her address goes, and only that."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk_appliance.core.persons import Persons
from kiosk_appliance.domain.audit import Actor
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.errors import InvalidRequest, NotFound
from kiosk_appliance.opening import Store
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.persons import Ordered
from tests.parts.erasers import erasing_of, finish, persons_of
from tests.parts.lives import Kiosk, new_kiosk, take

PHONE, OTHER = "+33612345678", "+33698765432"


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return new_kiosk(tmp_path)


async def take_of(store: Store, kiosk: Kiosk, **fields: str) -> Capture:
    """Take a photo of somebody who left these fields."""
    capture = await take(store, kiosk.clock)

    def work(tx: Transaction) -> None:
        for name, value in fields.items():
            tx.execute(f"update captures set {name} = ? where id = ?", (value, capture.id))

    await store.database.write(work)
    return replace(capture, **fields)  # type: ignore[arg-type]


def test_a_number_given_for_an_sms_only_counts_as_well(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        hers = await take_of(store, kiosk, phone=PHONE)
        sent = await take(store, kiosk.clock, [OTHER, PHONE])
        other = await take(store, kiosk.clock, [OTHER])
        ordered = await persons_of(store, kiosk).erase_phone("06 12 34 56 78", Actor.ADMIN)
        assert ordered.captures == 2
        assert await Captures(store.database).ids() == {other.id}
        progress = await persons_of(store, kiosk).progress(ordered.id)
        assert {item.capture_id for item in progress.items} == {hers.id, sent.id}

    kiosk.live(live)


@pytest.mark.parametrize(
    "typed", ["ann.lee@example.com", "ANN.LEE@Example.COM", " Ann.Lee@example.com "]
)
def test_an_address_is_compared_without_case(kiosk: Kiosk, typed: str) -> None:
    async def live(store: Store) -> None:
        await take_of(store, kiosk, email="Ann.Lee@example.com")
        other = await take_of(store, kiosk, email="ann.lees@example.com")
        assert (await persons_of(store, kiosk).erase_email(typed, Actor.ADMIN)).captures == 1
        assert await Captures(store.database).ids() == {other.id}

    kiosk.live(live)


def test_the_progress_names_each_place_and_is_done_when_all_are(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        capture = await take_of(store, kiosk, phone=PHONE)
        persons = persons_of(store, kiosk)
        ordered = await persons.erase_phone(PHONE, Actor.ADMIN)
        progress = await persons.progress(ordered.id)
        assert (progress.state, progress.completed_at, progress.captures) == ("waiting", None, 1)
        places = [(one.capture_id, one.place, one.state) for one in progress.items]
        assert places == [(capture.id, "kiosk", "done"), (capture.id, "storage", "waiting")]
        kiosk.clock.pass_ms(60_000)
        await finish(store, kiosk.clock, erasing_of(store, kiosk.clock))
        progress = await persons.progress(ordered.id)
        assert progress.state == "done"
        assert progress.completed_at == "2026-11-22T10:01:00.000Z"
        assert PHONE not in str(progress)

    kiosk.live(live)


def test_nobody_s_erasure_is_done_at_once(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        persons = persons_of(store, kiosk)
        ordered = await persons.erase_phone(PHONE, Actor.ADMIN)
        progress = await persons.progress(ordered.id)
        assert (progress.state, progress.captures, progress.items) == ("done", 0, [])
        assert progress.completed_at == progress.created_at
        with pytest.raises(NotFound):
            await persons.progress("none")

    kiosk.live(live)


@pytest.mark.parametrize("erase", [Persons.erase_phone, Persons.erase_email])
def test_what_is_neither_number_nor_address_is_refused(
    kiosk: Kiosk, erase: Callable[[Persons, str, Actor], Awaitable[Ordered]]
) -> None:
    async def live(store: Store) -> None:
        with pytest.raises(InvalidRequest):
            await erase(persons_of(store, kiosk), "somebody", Actor.ADMIN)

    kiosk.live(live)
