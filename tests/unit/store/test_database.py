"""The connections: whole transactions, what disk faults mean, who may read the files."""

import asyncio
import contextlib
import os
import sqlite3
import stat
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.database import Database, Transaction, open_database
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.memory import Memory
from tests.parts.databases import opened
from tests.parts.loop import in_loop

BIG = "x" * 200_000


def _insert(tx: Transaction, key: str, value: str = "1") -> None:
    tx.execute("insert into remembered (key, value) values (?, ?)", (key, value))


async def keys(database: Database) -> list[str]:
    return [row["key"] for row in await database.all("select key from remembered order by key")]


def assert_ended(before: set[threading.Thread]) -> None:
    for thread in set(threading.enumerate()) - before:
        thread.join(30)
        assert not thread.is_alive(), "it would keep the process from leaving"


def test_a_cancelled_caller_does_not_tear_its_transaction(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            halfway, go_on = threading.Event(), threading.Event()

            def slow(tx: Transaction) -> None:
                _insert(tx, "first")
                halfway.set()
                assert go_on.wait(30)
                _insert(tx, "second")

            caller = asyncio.create_task(database.write(slow))
            assert await asyncio.to_thread(halfway.wait, 30)
            caller.cancel()
            with pytest.raises(asyncio.CancelledError):
                await caller
            assert await keys(database) == []
            go_on.set()
            await database.write(lambda tx: _insert(tx, "third"))
            assert await keys(database) == ["first", "second", "third"]

    in_loop(go())


def test_work_that_raises_leaves_nothing_and_the_next_goes_on(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:

            def broken(tx: Transaction) -> None:
                _insert(tx, "lost")
                raise KeyError("a bug")

            with pytest.raises(KeyError):
                await database.write(broken)
            with pytest.raises(sqlite3.IntegrityError):
                await database.write(lambda tx: _insert(tx, "null", None))  # type: ignore[arg-type]
            await database.write(lambda tx: _insert(tx, "kept"))
            assert await keys(database) == ["kept"]

    in_loop(go())


def test_many_writers_take_turns(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:

            async def one(key: str) -> None:
                def work(tx: Transaction) -> None:
                    _insert(tx, key)

                await database.write(work)

            names = [f"{number:03d}" for number in range(100)]
            await asyncio.gather(*map(one, names))
            assert await keys(database) == names

    in_loop(go())


def test_whoever_wrote_reads_it_whatever_others_are_reading(tmp_path: Path) -> None:
    """A statement of another task, begun before and not finished, must not hold the past."""

    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            memory, done = Memory(database), False

            async def others() -> None:
                while not done:
                    await database.one("select key from remembered")

            readers = [asyncio.create_task(others()) for _ in range(5)]
            for number in range(150):
                await memory.remember("a", str(number))
                assert await memory.recall("a") == str(number)
            done = True
            await asyncio.gather(*readers)

    in_loop(go())


def test_the_reader_can_not_write(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            with pytest.raises(Unavailable):
                await database.one("delete from remembered returning key")

    in_loop(go())


def test_nobody_waits_for_a_long_query_aside(tmp_path: Path) -> None:
    endless = (
        "with recursive n (i) as (values (1) union all select i + 1 from n) select max(i) from n"
    )

    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            long = asyncio.create_task(database.aside.all(endless))
            await asyncio.sleep(0.05)
            await database.write(lambda tx: _insert(tx, "a"))
            assert await asyncio.wait_for(keys(database), 10) == ["a"]
            assert not long.done()
            await (await database.aside.open()).interrupt()
            with pytest.raises(Exception, match="interrupted"):
                await long

    in_loop(go())


def test_a_database_held_by_another_program_is_a_503_and_works_again(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            other = sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)
            other.execute("begin immediate")
            with pytest.raises(Unavailable) as caught:
                await database.prove()
            assert (caught.value.status, caught.value.code) == (503, "overloaded")
            assert caught.value.retry_after_s == 2
            other.execute("rollback")
            other.close()
            await database.prove()

    in_loop(go())


def test_a_file_that_is_no_database_is_a_destroyed_one_and_leaves_no_thread(
    tmp_path: Path,
) -> None:
    path = tmp_path / "kiosk.db"
    path.write_bytes(os.urandom(8192))
    before = set(threading.enumerate())
    with pytest.raises(match="can't be read as one"):
        in_loop(open_database(path))
    assert_ended(before)


def test_closing_folds_the_wal_away_and_leaves_no_thread(tmp_path: Path) -> None:
    before = set(threading.enumerate())

    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            await Memory(database).remember("a", BIG)
            assert (tmp_path / "kiosk.db-wal").stat().st_size > len(BIG)
            await database.checkpoint()
            assert (tmp_path / "kiosk.db-wal").stat().st_size == 0
            await Memory(database).remember("a", "2")
            assert await Memory(database).recall("a") == "2"
            assert await Memory(database).recall("b") is None

    in_loop(go())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["kiosk.db"]
    assert_ended(before)


def test_whoever_reads_after_the_close_opens_nothing(tmp_path: Path) -> None:
    before = set(threading.enumerate())

    async def go() -> None:
        database = await open_database(tmp_path / "kiosk.db")
        reads = [asyncio.create_task(database.aside.all("select 1")) for _ in range(3)]
        await asyncio.sleep(0)
        await database.close()
        for outcome in await asyncio.gather(*reads, return_exceptions=True):
            assert not isinstance(outcome, BaseException) or isinstance(outcome, ValueError)
        for reader in (database, database.aside):
            with pytest.raises(ValueError, match="closed"):
                await reader.all("select 1")

    in_loop(go())
    assert_ended(before)


def test_only_the_owner_can_read_anything(tmp_path: Path) -> None:
    layout = Layout(tmp_path / "var")
    layout.create()

    async def go() -> None:
        async with opened(layout.database) as database:
            await database.prove()
            for path in layout.root.iterdir():
                wanted = 0o700 if path.is_dir() else 0o600
                assert stat.S_IMODE(path.stat().st_mode) == wanted, path
            assert {"kiosk.db", "kiosk.db-wal", "kiosk.db-shm"} <= {
                path.name for path in layout.root.iterdir()
            }

    before = os.umask(0)
    try:
        in_loop(go())
    finally:
        os.umask(before)
    assert stat.S_IMODE(layout.root.stat().st_mode) == 0o700


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A real ext4 of 4 MB."""
    image, mount = tmp_path / "disk.img", tmp_path / "disk"
    mount.mkdir()
    with image.open("wb") as file:
        file.truncate(4 * 1024 * 1024)
    make = ["mkfs.ext4", "-q", "-O", "^has_journal", str(image)]
    if os.geteuid() != 0 or subprocess.run(make, check=False, capture_output=True).returncode:
        pytest.skip("a loop mount needs root and mkfs.ext4")
    mounted = subprocess.run(
        ["mount", "-o", "loop", str(image), str(mount)], check=False, capture_output=True
    )
    if mounted.returncode:
        pytest.skip(f"no loop mount here: {mounted.stderr.decode().strip()}")
    yield mount
    subprocess.run(["umount", str(mount)], check=True)


def fill(folder: Path) -> Path:
    ballast = folder / "ballast"
    with ballast.open("wb", buffering=0) as file, contextlib.suppress(OSError):
        while file.write(b"x" * 4096):
            pass
    return ballast


@pytest.mark.faults
def test_a_full_disk_is_a_507_and_works_again_once_there_is_room(small_disk: Path) -> None:
    async def go() -> None:
        async with opened(small_disk / "kiosk.db") as database:
            memory = Memory(database)
            await memory.remember("a", "kept")
            ballast = fill(small_disk)
            with pytest.raises(Unavailable) as caught:
                await memory.remember("b", BIG)
            assert (caught.value.status, caught.value.code) == (507, "insufficient-storage")
            assert await memory.recall("a") == "kept"
            assert await memory.recall("b") is None
            ballast.unlink()
            await memory.remember("b", BIG)
            assert await memory.recall("b") == BIG

    in_loop(go())


@pytest.mark.faults
def test_a_stop_on_a_full_disk_ends_and_loses_nothing(small_disk: Path) -> None:
    before = set(threading.enumerate())

    async def go() -> None:
        async with opened(small_disk / "kiosk.db") as database:
            await Memory(database).remember("a", BIG)
            fill(small_disk)

    in_loop(go())
    assert_ended(before)
    (small_disk / "ballast").unlink()

    async def look() -> None:
        async with opened(small_disk / "kiosk.db") as database:
            assert await Memory(database).recall("a") == BIG

    in_loop(look())


@pytest.mark.faults
def test_a_disk_that_turns_read_only_is_a_503_and_works_again(small_disk: Path) -> None:
    def remount(how: str) -> None:
        # open files keep a mount writable, so the file system itself is forced
        subprocess.run(["mount", "-o", f"remount,{how}", str(small_disk)], check=True)

    async def go() -> None:
        async with opened(small_disk / "kiosk.db") as database:
            pass
        remount("ro")
        with pytest.raises((Unavailable, OSError)):
            await open_database(small_disk / "kiosk.db")
        remount("rw")
        async with opened(small_disk / "kiosk.db") as database:
            await database.prove()

    in_loop(go())
