"""What a start makes of a lost database, with what is left of it, a backup, or records alone."""

import os
import shutil
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.errors import DiskFailing
from kiosk_appliance.opening import Store
from kiosk_appliance.store import overrides
from kiosk_appliance.store.backups import Backups
from kiosk_appliance.store.captures import KeptAnswer
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Deliveries
from kiosk_appliance.wiring import oversight_of
from tests.parts.lives import Kiosk, back_up, new_kiosk, take
from tests.parts.rows import draft

HOUR_MS = 3_600_000
PHONE = "+33612345678"
OTHER = "+33698765432"


@pytest.fixture
def kiosk(tmp_path: Path) -> Kiosk:
    return new_kiosk(tmp_path)


async def deliver(store: Store, capture: Capture) -> None:
    def work(tx: Transaction) -> None:
        tx.execute(
            "update deliveries set state = 'delivered', ended_at = created_at, depends_on = null"
            " where capture_id = ?",
            (capture.id,),
        )

    await store.database.write(work)


def test_the_backup_knows_what_has_ended_and_the_records_what_came_later(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock, [PHONE]))
        await deliver(store, taken[0])
        taken.append(await take(store, kiosk.clock, [PHONE]))
        back_up(store, kiosk.clock)
        later = draft(taken[0], kiosk.clock, "sms", OTHER)
        records = store.records.read(taken[0].id)
        store.records.write(replace(records, deliveries=(*records.deliveries, later)))
        taken.append(await take(store, kiosk.clock, [PHONE]))

    kiosk.live(live)
    kiosk.layout.database.write_bytes(os.urandom(100_000))
    with capture_logs() as logs:
        kiosk.captures()
    (rebuilt,) = [line for line in logs if line["event"] == "database_rebuilt"]
    assert (rebuilt["captures"], rebuilt["sms_in_doubt"]) == (2, 3)
    states = [{who: one.state for who, one in kiosk.deliveries(one.id).items()} for one in taken]
    doubt, wait, sent = State.UNCERTAIN, State.WAITING, State.DELIVERED
    assert states == [
        {"": sent, PHONE: sent, OTHER: doubt},
        # Unsent as far as the backup knows.
        {"": wait, PHONE: doubt},
        {"": wait, PHONE: doubt},
    ]
    sms = kiosk.deliveries(taken[2].id)[PHONE]
    assert (sms.attempts, sms.due_mono) == (1, kiosk.clock.mono + 30_000)


def test_a_backup_that_is_no_good_is_passed_over(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock))
        await deliver(store, taken[0])
        back_up(store, kiosk.clock)
        for _ in range(3):
            back_up(store, kiosk.clock)

    kiosk.live(live)
    newest, second, third, _ = (one.path for one in Backups(kiosk.layout.backups).every())
    newest.write_bytes(os.urandom(newest.stat().st_size))
    # Without an end, and without a beginning.
    newest.with_name("kiosk-000008-20261122T100000Z.db").symlink_to("/dev/zero")
    os.mkfifo(newest.with_name("kiosk-000009-20261122T100000Z.db"))
    os.truncate(second, second.stat().st_size // 2)
    with closing(sqlite3.connect(third)) as connection:
        connection.execute("pragma user_version = 9999")
    kiosk.layout.database.unlink()
    assert kiosk.deliveries(taken[0].id)[""].state is State.DELIVERED


@pytest.mark.parametrize(
    ("copy", "held"),
    [
        ('{"guest.retakes": 2}', {"guest.retakes": "2"}),
        ("{}", {}),
        ("not to be read", {"guest.retakes": "1", "guest.idle_timeout": '"1 min"'}),
    ],
)
def test_what_an_admin_has_set_since_the_backup_holds(
    kiosk: Kiosk, copy: str, held: dict[str, str]
) -> None:
    async def live(store: Store) -> None:
        await store.database.write(lambda tx: overrides.put(tx, "guest.retakes", "1"))
        await store.database.write(lambda tx: overrides.put(tx, "guest.idle_timeout", '"1 min"'))
        back_up(store, kiosk.clock)

    kiosk.live(live)
    kiosk.layout.overrides.write_text(copy, encoding="utf-8")
    kiosk.layout.database.unlink()

    async def look(store: Store) -> None:
        assert await overrides.every(store.database) == held

    kiosk.live(look)


def test_what_was_erased_since_the_backup_does_not_come_back(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.extend([await take(store, kiosk.clock, [PHONE]) for _ in range(4)])
        back_up(store, kiosk.clock)
        store.photos.abandon(taken[0].id)
        store.photos.path(taken[1].id).unlink()
        store.layout.record(taken[2].id).unlink()

    kiosk.live(live)
    kiosk.layout.database.unlink()
    # A photo that got lost is an alarm, a lost record no reason to forget a photo.
    assert kiosk.captures() == {one.id for one in taken[1:]}
    assert kiosk.deliveries(taken[0].id) == {}
    with closing(sqlite3.connect(kiosk.layout.database)) as connection:
        erased = connection.execute("select id, phone from captures where erased_at is not null")
        assert erased.fetchall() == [(taken[0].id, None)]


@pytest.mark.parametrize("backup", [True, False])
def test_an_sms_that_was_cancelled_does_not_come_back(kiosk: Kiosk, *, backup: bool) -> None:
    """Cancelled after the backup, while the record and the backup had it to be sent."""
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock, [PHONE, OTHER]))
        if backup:
            back_up(store, kiosk.clock)
        oversight = oversight_of(store, kiosk.clock, lambda: None)
        rows = await Deliveries(store.database).of_capture(taken[0].id)
        await oversight.cancel(next(row.id for row in rows if row.recipient == PHONE))

    kiosk.live(live)
    kiosk.layout.database.unlink()
    states = {who: one.state for who, one in kiosk.deliveries(taken[0].id).items()}
    gone = {PHONE: State.CANCELLED} if backup else {}
    assert states == {"": State.WAITING, OTHER: State.UNCERTAIN} | gone


def test_sms_too_old_to_be_sent_are_not_even_looked_up(kiosk: Kiosk) -> None:
    taken: list[Capture] = []
    # Dates that can be believed.
    kiosk.clock.synchronised = True
    kiosk.clock.look()

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock, [PHONE]))
        kiosk.clock.pass_ms(25 * HOUR_MS)
        taken.append(await take(store, kiosk.clock, [PHONE]))

    kiosk.live(live)
    kiosk.layout.database.unlink()
    states = [kiosk.deliveries(one.id)[PHONE].state for one in taken]
    assert states == [State.EXPIRED, State.UNCERTAIN]


def test_what_a_stop_caught_before_its_row_is_taken_in(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock, [PHONE]))
        taken.append(await take(store, kiosk.clock, [PHONE]))
        await drop_rows(store, taken[1:])

    kiosk.live(live)
    states = [kiosk.deliveries(one.id)[PHONE].state for one in taken]
    assert states == [State.WAITING, State.UNCERTAIN]
    assert list(kiosk.layout.root.glob("destroyed-*")) == []


async def drop_rows(store: Store, taken: Iterable[Capture]) -> None:
    def work(tx: Transaction) -> None:
        for capture in taken:
            for table in ("idempotency", "deliveries"):
                tx.execute(f"delete from {table} where capture_id = ?", (capture.id,))
            tx.execute("delete from captures where id = ?", (capture.id,))

    await store.database.write(work)


def test_more_lost_rows_than_can_be_under_way_are_a_lost_database(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.extend([await take(store, kiosk.clock, [PHONE]) for _ in range(14)])
        await drop_rows(store, taken[1:])

    kiosk.live(live)
    states = {kiosk.deliveries(one.id)[PHONE].state for one in taken}
    assert states == {State.UNCERTAIN}
    assert len(list(kiosk.layout.root.glob("destroyed-*"))) == 1


def test_a_capture_that_failed_and_was_repeated_comes_back_once(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        for _ in range(2):
            kiosk.clock.pass_ms(1000)
            taken.append(await take(store, kiosk.clock, [PHONE]))
            record = store.records.read(taken[-1].id)
            kept = KeptAnswer("key", "print", taken[-1].id, b"{}", taken[-1].created_at)
            store.records.write(replace(record, answer=kept))

    kiosk.live(live)
    kiosk.layout.database.unlink()
    assert kiosk.captures() == {taken[1].id}
    assert f"{taken[0].id}.jpg" in kiosk.aside()


def test_hostile_records_are_set_aside_and_stop_nothing(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        for _ in range(8):
            kiosk.clock.pass_ms(1000)
            taken.append(await take(store, kiosk.clock, [PHONE]))

    kiosk.live(live)
    layout = kiosk.layout
    records = [layout.record(one.id) for one in taken]
    whole = records[0].read_bytes()
    records[1].write_bytes(records[1].read_bytes()[:-20])
    records[2].write_bytes(whole)
    records[3].write_bytes(records[3].read_bytes().replace(b'"token":"', b'"token":1,"x":"'))
    # Twice the same token, an unknown dependency, a torn photo.
    token = taken[0].token.encode()
    records[4].write_bytes(records[4].read_bytes().replace(taken[4].token.encode(), token))
    records[5].write_bytes(records[5].read_bytes().replace(b'"depends_on":"', b'"depends_on":"x'))
    (layout.photos / f"{taken[6].id}.jpg").write_bytes(b"x")
    (layout.photos / "folder.json").mkdir()
    os.mkfifo(layout.photos / "pipe.json")
    layout.database.unlink()
    assert kiosk.captures() == {taken[0].id, taken[7].id}
    assert {f"{one.id}.json" for one in taken[1:7]} <= kiosk.aside()


def test_nothing_is_rebuilt_while_the_disk_refuses_to_be_read(kiosk: Kiosk) -> None:
    """A folder in the place of the file: opened and read with errors, and yet no destruction."""

    async def live(store: Store) -> None:
        await take(store, kiosk.clock)

    kiosk.live(live)
    kiosk.layout.database.rename(kiosk.folder / "elsewhere")
    kiosk.layout.database.mkdir()
    with pytest.raises((DiskFailing, OSError)):
        kiosk.live(live)
    assert list(kiosk.layout.root.glob("destroyed-*")) == []
    kiosk.layout.database.rmdir()
    shutil.move(kiosk.folder / "elsewhere", kiosk.layout.database)
    assert len(kiosk.captures()) == 1


def test_a_start_cut_short_in_the_middle_of_rebuilding_begins_anew(kiosk: Kiosk) -> None:
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock, [PHONE]))

    kiosk.live(live)
    kiosk.layout.database.unlink()
    kiosk.layout.rebuilding.write_bytes(b"half of it")
    Path(f"{kiosk.layout.rebuilding}-wal").write_bytes(b"and its log")
    assert kiosk.captures() == {taken[0].id}
    assert not kiosk.layout.rebuilding.exists()


def test_what_was_left_is_still_the_source_after_starts_that_were_cut_short(kiosk: Kiosk) -> None:
    """Only the destroyed database knows that the first SMS was delivered."""
    taken: list[Capture] = []

    async def live(store: Store) -> None:
        taken.append(await take(store, kiosk.clock, [PHONE]))
        await deliver(store, taken[0])
        taken.extend([await take(store, kiosk.clock) for _ in range(13)])
        await drop_rows(store, taken[1:])

    kiosk.live(live)
    kiosk.layout.rebuilding.mkdir()
    for _ in range(2):
        with pytest.raises(DiskFailing):
            kiosk.captures()
    kiosk.layout.rebuilding.rmdir()
    assert kiosk.captures() == {one.id for one in taken}
    assert kiosk.deliveries(taken[0].id)[PHONE].state is State.DELIVERED
    assert len(list(kiosk.layout.root.glob("destroyed*"))) == 1


def test_a_cut_at_the_very_end_does_not_mix_two_destructions_up(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        await take(store, kiosk.clock)

    kiosk.live(live)
    earlier = kiosk.layout.root / "destroyed"
    earlier.mkdir()
    (earlier / "kiosk.db-wal").write_bytes(b"an old log")
    kiosk.layout.database.write_bytes(b"no database, but there")
    assert len(kiosk.captures()) == 1
    folders = sorted(kiosk.layout.root.glob("destroyed*"))
    kept = [[path.name for path in folder.iterdir()] for folder in folders]
    assert kept == [["kiosk.db-wal"], ["kiosk.db"]]


def test_a_damaged_page_is_found_at_the_start_after_it_was_met(kiosk: Kiosk) -> None:
    async def live(store: Store) -> None:
        for _ in range(100):
            await take(store, kiosk.clock, [PHONE])

    kiosk.live(live)
    with closing(sqlite3.connect(kiosk.layout.database)) as connection:
        (root,) = connection.execute(
            "select rootpage from sqlite_master where name = 'backgrounds'"
        ).fetchone()
    with kiosk.layout.database.open("r+b") as file:
        file.seek((root - 1) * 4096)
        file.write(os.urandom(4096))

    async def meet(store: Store) -> None:
        with pytest.raises(DiskFailing):
            await store.database.all("select * from backgrounds")

    kiosk.live(meet)
    assert list(kiosk.layout.root.glob("destroyed-*")) == []
    assert len(kiosk.captures()) == 100
    assert len(list(kiosk.layout.root.glob("destroyed-*"))) == 1
