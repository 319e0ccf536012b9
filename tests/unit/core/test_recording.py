"""What stands in the record beside a photo is what stands in its rows, and not more."""

from collections.abc import Awaitable, Callable
from pathlib import Path

import msgspec
import pytest

from kiosk_appliance.channels import channels_of
from kiosk_appliance.core.capturing import Order
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.domain.capture import Capture, Consent
from kiosk_appliance.errors import TooMany
from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.settings import load
from kiosk_appliance.store import captures
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.records import Record, recorded
from kiosk_appliance.web.use_cases import UseCases
from kiosk_appliance.wiring import use_cases
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg

PHONE = "06 12 34 56 78"
OTHER = "06 12 34 56 79"


def play(
    folder: Path, work: Callable[[Store, UseCases], Awaitable[None]], settings: str = ""
) -> None:
    path = folder / "kiosk.toml"
    path.write_text(f'[kiosk]\ndata_dir = "{folder}/var"\n{settings}', encoding="utf-8")
    loaded, clock = load(path, {}), SetClock()

    async def go() -> None:
        async with open_store(loaded.settings, clock) as store:
            darkroom = Darkroom(loaded.settings)
            channels = channels_of(loaded.settings, store.layout, clock)
            kiosk = use_cases(store, loaded, darkroom, clock, channels)
            # Nothing is sent meanwhile: the rows stay as they were made.
            await kiosk.replay.stop()
            await work(store, kiosk)
            darkroom.close()

    in_loop(go())


def order(phone: str | None = PHONE, key: str | None = "key") -> Order:
    return Order(photo=jpeg(), phone=phone, consent=Consent(sms=True), idempotency_key=key)


async def taken(store: Store, answer: bytes) -> Capture:
    capture = await captures.Captures(store.database).get(msgspec.json.decode(answer)["id"])
    assert capture is not None
    return capture


async def rows(store: Store, capture: Capture) -> Record:
    """Return a capture's record as its rows say it."""

    def read(tx: Transaction) -> Record:
        return recorded(tx, capture)

    return await store.database.write(read)


@pytest.mark.parametrize("phone", [PHONE, None])
@pytest.mark.parametrize("key", ["key", None])
def test_record_holds_what_the_rows_hold(
    tmp_path: Path, phone: str | None, key: str | None
) -> None:
    async def work(store: Store, kiosk: UseCases) -> None:
        answer = await kiosk.capturing.take(order(phone, key))
        capture = await taken(store, answer)
        record = store.records.read(capture.id)
        assert record == await rows(store, capture)
        assert len(record.deliveries) == 1 + bool(phone)
        assert (record.answer.body if record.answer else None) == (answer if key else None)

    play(tmp_path, work)


def test_sms_past_a_cap_is_in_no_record(tmp_path: Path) -> None:
    async def work(store: Store, kiosk: UseCases) -> None:
        await kiosk.capturing.take(order(key="another"))
        answer = await kiosk.capturing.take(order())
        capture = await taken(store, answer)
        record = store.records.read(capture.id)
        assert [one.channel for one in record.deliveries] == ["storage"]
        assert record == await rows(store, capture)
        assert record.answer is not None
        assert record.answer.body == answer
        assert b'"sms_id":null' in answer

    play(tmp_path, work, "[sms]\nper_day = 1\n")


def test_sms_asked_for_later_joins_the_record(tmp_path: Path) -> None:
    async def work(store: Store, kiosk: UseCases) -> None:
        capture = await taken(store, await kiosk.capturing.take(order()))
        for _ in range(2):
            await kiosk.texting.send(capture.id, OTHER)
        record = store.records.read(capture.id)
        assert [one.recipient for one in record.deliveries] == ["", "+33612345678", "+33612345679"]
        assert record == await rows(store, capture)

    play(tmp_path, work)


def test_sms_refused_later_changes_no_record(tmp_path: Path) -> None:
    async def work(store: Store, kiosk: UseCases) -> None:
        await kiosk.capturing.take(order(OTHER, key="another"))
        capture = await taken(store, await kiosk.capturing.take(order(None)))
        before = store.layout.record(capture.id).read_bytes()
        with pytest.raises(TooMany):
            await kiosk.texting.send(capture.id, OTHER)
        assert store.layout.record(capture.id).read_bytes() == before

    play(tmp_path, work, "[sms]\nper_number_per_day = 1\n")


def test_what_has_ended_without_reaching_anybody_does_not_come_back(tmp_path: Path) -> None:
    async def work(store: Store, kiosk: UseCases) -> None:
        capture = await taken(store, await kiosk.capturing.take(order()))

        def cancel(tx: Transaction) -> None:
            tx.execute("update deliveries set state = 'cancelled' where channel = 'sms'")

        await store.database.write(cancel)
        await kiosk.texting.send(capture.id, OTHER)
        record = store.records.read(capture.id)
        assert [one.recipient for one in record.deliveries] == ["", "+33612345679"]

    play(tmp_path, work)


def test_capture_that_is_not_recorded_leaves_nothing(tmp_path: Path) -> None:
    async def work(store: Store, kiosk: UseCases) -> None:
        def forbid(tx: Transaction) -> None:
            tx.execute("alter table deliveries rename to elsewhere")

        await store.database.write(forbid)
        with pytest.raises(Exception, match="no such table"):
            await kiosk.capturing.take(order())
        assert list(store.layout.photos.iterdir()) == []

    play(tmp_path, work)


def test_row_without_its_record_has_one_after_the_next_start(tmp_path: Path) -> None:
    """A commit that failed takes the record away, and may be there after a crash all the same."""
    ids: list[str] = []

    async def lose(store: Store, kiosk: UseCases) -> None:
        capture = await taken(store, await kiosk.capturing.take(order()))
        store.layout.record(capture.id).unlink()
        ids.append(capture.id)

    async def look(store: Store, kiosk: UseCases) -> None:
        capture = await captures.Captures(store.database).get(ids[0])
        assert capture is not None
        assert store.records.read(capture.id) == await rows(store, capture)

    play(tmp_path, lose)
    play(tmp_path, look)
