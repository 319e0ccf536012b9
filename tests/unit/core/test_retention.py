"""Photos go when their days are over, and never because a clock is wrong."""

import os
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.following import Following
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.links import Links
from kiosk_appliance.domain.audit import Actor
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.opening import Store
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Deliveries
from tests.parts.erasers import erasing_of, finish, retention_of
from tests.parts.lives import Kiosk, back_up, new_kiosk, take

DAY_MS = 24 * 3_600_000
YEAR_MS = 366 * DAY_MS
PHONE = "+33612345678"
CLOUD = "https://cloud.example/photos"


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    """A kiosk whose clock the kernel vouches for."""
    made = new_kiosk(tmp_path)
    made.clock.synchronised = True
    made.clock.look()
    return made


async def upload(store: Store, clock: Clock, capture: Capture, base: str = CLOUD) -> None:
    """Have all its deliveries made."""

    def work(tx: Transaction) -> None:
        tx.execute(
            "update deliveries set state = 'delivered', depends_on = null, ended_at = ?,"
            " reference = iif(channel = 'storage', ?, '') where capture_id = ?",
            (clock.now_ms(), f"{base}/{capture.token}.jpg", capture.id),
        )

    await store.database.write(work)


async def living(store: Store) -> set[str]:
    return await Captures(store.database).ids()


def photos(kiosk: Kiosk) -> set[str]:
    return {path.stem for path in kiosk.layout.photos.glob("*.jpg")}


def test_a_capture_goes_after_its_days_and_not_before(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        old = await take(store, kiosk.clock)
        await upload(store, kiosk.clock, old, "file:///cloud")
        kiosk.clock.pass_ms(DAY_MS)
        young = await take(store, kiosk.clock)
        retention = await retention_of(store, kiosk)
        kiosk.clock.pass_ms(29 * DAY_MS - 1)
        assert await retention.clean_up() == 0
        assert await living(store) == {old.id, young.id}
        kiosk.clock.pass_ms(1)
        assert await retention.clean_up() == 1
        assert await living(store) == {young.id}
        assert photos(kiosk) == {young.id}
        assert await retention.clean_up() == 0

    kiosk.live(live)


def test_more_than_a_batch_goes_in_one_run(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        for _ in range(45):
            await take(store, kiosk.clock)
        retention = await retention_of(store, kiosk)
        kiosk.clock.pass_ms(31 * DAY_MS)
        assert await retention.clean_up() == 45
        assert await living(store) == set()
        await finish(store, kiosk.clock, erasing_of(store, kiosk.clock))
        assert list(kiosk.layout.photos.iterdir()) == []

    kiosk.live(live)


def test_what_was_not_delivered_in_all_its_days_goes_and_is_told(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        capture = await take(store, kiosk.clock, [PHONE])
        done = await take(store, kiosk.clock)
        await upload(store, kiosk.clock, done)
        retention = await retention_of(store, kiosk)
        kiosk.clock.pass_ms(31 * DAY_MS)
        with capture_logs() as logs:
            await retention.sweep()
        (told,) = [line for line in logs if line["event"] == "erased_undelivered"]
        assert (told["count"], told["log_level"]) == (1, "warning")
        rows = await Deliveries(store.database).of_capture(capture.id)
        ended = {row.channel: row.state for row in rows}
        assert ended["storage"] is ended["sms"] is State.EXPIRED
        assert "before it could be delivered" in (rows[0].last_error or "")

    kiosk.live(live)


@pytest.mark.parametrize("years", [40, 5, -10])
def test_a_clock_that_is_wrong_erases_nothing(kiosk: Kiosk, years: int) -> None:
    async def live(store: Store) -> None:
        capture = await take(store, kiosk.clock)
        await upload(store, kiosk.clock, capture)
        await retention_of(store, kiosk)

    kiosk.live(live)
    kiosk.clock.synchronised = False
    kiosk.clock.now += years * YEAR_MS
    kiosk.clock.reboot()

    async def again(store: Store) -> None:
        retention = await retention_of(store, kiosk)
        assert await retention.clean_up() == 0
        assert len(await living(store)) == 1
        assert len(photos(kiosk)) == 1
        kiosk.clock.pass_ms(1_000)
        kiosk.clock.look()
        assert await retention.clean_up() == 0

    kiosk.live(again)


def test_without_any_date_the_time_that_was_lived_through_counts(tmp_path: Path) -> None:
    kiosk = new_kiosk(tmp_path)

    async def live(store: Store) -> None:
        capture = await take(store, kiosk.clock)
        assert not capture.dated
        retention = await retention_of(store, kiosk)
        kiosk.clock.step(31 * DAY_MS)
        assert await retention.clean_up() == 0
        kiosk.clock.pass_ms(29 * DAY_MS)
        assert await retention.clean_up() == 0
        kiosk.clock.pass_ms(DAY_MS)
        assert await retention.clean_up() == 1

    kiosk.live(live)


def test_nothing_goes_by_age_where_that_is_switched_off(kiosk: Kiosk) -> None:
    off = replace(kiosk.settings.retention, enabled=False)
    kiosk.settings = replace(kiosk.settings, retention=off)

    async def live(store: Store) -> None:
        await take(store, kiosk.clock)
        retention = await retention_of(store, kiosk)
        kiosk.clock.pass_ms(400 * DAY_MS)
        assert await retention.clean_up() == 0

    kiosk.live(live)


def test_the_kiosk_gives_its_copy_up_once_the_cloud_has_had_it_for_a_week(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        uploaded, folder, waiting = [await take(store, kiosk.clock) for _ in range(3)]
        await upload(store, kiosk.clock, uploaded)
        await upload(store, kiosk.clock, folder, "file:///cloud")
        retention = await retention_of(store, kiosk)
        kiosk.clock.pass_ms(7 * DAY_MS - 1)
        await retention.sweep()
        assert len(photos(kiosk)) == 3
        kiosk.clock.pass_ms(1)
        await retention.sweep()
        assert photos(kiosk) == {folder.id, waiting.id}
        assert len(await living(store)) == 3
        opened = await following_of(store, kiosk).photo(uploaded.token)
        assert opened.remote_url == f"{CLOUD}/{uploaded.token}.jpg"

    kiosk.live(live)
    with capture_logs() as logs:
        assert len(kiosk.captures()) == 3
    assert not [line for line in logs if line["event"] == "photos_missing"]


@pytest.mark.parametrize("known", [True, False])
def test_a_rebuilt_database_knows_where_a_given_up_photo_is(kiosk: Kiosk, *, known: bool) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        if not known:
            back_up(store, kiosk.clock)
        taken.append(await take(store, kiosk.clock))
        if known:
            back_up(store, kiosk.clock)
        await upload(store, kiosk.clock, taken[0])
        retention = await retention_of(store, kiosk)
        kiosk.clock.pass_ms(8 * DAY_MS)
        await retention.sweep()
        assert photos(kiosk) == set()

    kiosk.live(live)
    kiosk.layout.database.write_bytes(os.urandom(100_000))

    async def again(store: Store) -> None:
        opened = await following_of(store, kiosk).photo(taken[0].token)
        assert opened.remote_url == f"{CLOUD}/{taken[0].token}.jpg"
        kiosk.clock.pass_ms(23 * DAY_MS)
        assert await (await retention_of(store, kiosk)).clean_up() == 1
        erased = await finish(store, kiosk.clock, erasing_of(store, kiosk.clock))
        assert erased == {taken[0].id}

    kiosk.live(again)


def test_the_last_trace_goes_after_a_year(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        capture, erasing = await take(store, kiosk.clock, [PHONE]), erasing_of(store, kiosk.clock)
        await erasing.erase(capture.id, Actor.GUEST)
        await finish(store, kiosk.clock, erasing)
        retention = await retention_of(store, kiosk)
        for days, left in ((365, 1), (2, 0)):
            kiosk.clock.pass_ms(days * DAY_MS)
            await retention.sweep()
            rows = await store.database.all("select id from captures")
            assert len(rows) == left
        assert await store.database.all("select id from deliveries") == []

    kiosk.live(live)


def following_of(store: Store, kiosk: Kiosk) -> Following:
    return Following(
        captures=Captures(store.database),
        deliveries=Deliveries(store.database),
        photos=store.photos,
        keeping=Keeping(lambda: kiosk.settings, kiosk.clock),
        links=Links("http://kiosk.example", in_cloud=False, landing_page=True),
        clock=kiosk.clock,
        lanes=lambda: {"storage", "sms"},
        review_url=lambda: None,
    )
