"""Units that share a commit: alone in what they do and get, together in what is durable."""

import asyncio
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.database import Database, Transaction
from tests.parts.databases import opened
from tests.parts.loop import in_loop

KEYS = ("a", "b", "c")


class Wrong(Exception):
    """Raised by a unit."""


def set_to(key: str, value: str) -> Callable[[Transaction], list[str]]:
    """Return work that inserts a key, and returns all that it saw; fails where the key is there."""

    def work(tx: Transaction) -> list[str]:
        tx.execute("insert into remembered (key, value) values (?, ?)", (key, value))
        return seen(tx)

    return work


def changed(key: str, value: str) -> Callable[[Transaction], list[str]]:
    def work(tx: Transaction) -> list[str]:
        tx.execute("update remembered set value = value || ? where key = ?", (value, key))
        return seen(tx)

    return work


def torn(key: str, value: str) -> Callable[[Transaction], list[str]]:
    """Return work that does all of that, and then fails."""

    def work(tx: Transaction) -> list[str]:
        tx.execute("delete from remembered where key = ?", (key,))
        tx.execute("insert into remembered (key, value) values (?, ?)", (f"new {key}", value))
        raise Wrong(value)

    return work


def seen(tx: Transaction) -> list[str]:
    rows = tx.execute("select key, value from remembered order by key")
    return [f"{row['key']}={row['value']}" for row in rows]


units = st.lists(
    st.builds(
        lambda make, key, value: make(key, value),
        st.sampled_from((set_to, changed, torn)),
        st.sampled_from(KEYS),
        st.sampled_from(("1", "2")),
    ),
    max_size=80,
)


async def outcome(database: Database, work: Callable[[Transaction], list[str]]) -> object:
    try:
        return await database.write(work)
    except (Wrong, sqlite3.IntegrityError) as error:
        return str(error)


@settings(max_examples=30, deadline=None)
@given(works=units)
def test_together_is_the_same_as_one_by_one(
    works: list[Callable[[Transaction], list[str]]],
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    async def go() -> None:
        folder = tmp_path_factory.mktemp("commits")
        async with opened(folder / "alone") as alone, opened(folder / "shared") as shared:
            one_by_one = [await outcome(alone, work) for work in works]
            together = await asyncio.gather(*(outcome(shared, work) for work in works))
            assert together == one_by_one
            assert await shared.write(seen) == await alone.write(seen)

    in_loop(go())


def test_many_writers_at_once_share_commits(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            commits: list[str] = []
            await database.write(lambda tx: tx.set_trace_callback(commits.append))
            await asyncio.gather(*(database.write(set_to(str(n), "1")) for n in range(100)))
            await database.write(lambda tx: tx.set_trace_callback(None))
            assert 1 <= commits.count("begin immediate") <= 3

    in_loop(go())


def test_who_waits_for_a_lull_decides_when_the_commit_is_over_and_shares_the_next(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            await asyncio.wait_for(database.lull(), 5)  # nobody commits
            begun, go_on, over = threading.Event(), threading.Event(), False
            statements: list[str] = []
            await database.write(lambda tx: tx.set_trace_callback(statements.append))

            def slow(_tx: Transaction) -> None:
                begun.set()
                assert go_on.wait(30)

            async def first() -> None:
                nonlocal over
                await database.write(slow)
                over = True

            async def decided() -> list[str]:
                await database.lull()
                return await database.write(set_to("b", "over" if over else "early"))

            writing = asyncio.create_task(first())
            await asyncio.to_thread(begun.wait, 30)
            waiting = asyncio.create_task(database.write(set_to("a", "1")))
            deciding, idle = asyncio.create_task(decided()), asyncio.create_task(database.lull())
            await asyncio.sleep(0.05)
            idle.cancel()
            go_on.set()
            await asyncio.gather(writing, waiting)
            assert await deciding == ["a=1", "b=over"]
            assert statements.count("begin immediate") == 2

    in_loop(go())


def test_a_commit_that_fails_fails_everybody_in_it_and_nobody_after(tmp_path: Path) -> None:
    def dangling(tx: Transaction) -> list[str]:
        tx.execute("pragma defer_foreign_keys = on")
        tx.execute("insert into idempotency values ('key', '', 'no such capture', x'', 0)")
        return []

    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            works = (set_to("a", "1"), dangling, set_to("b", "1"))
            ended = await asyncio.gather(*map(database.write, works), return_exceptions=True)
            assert [type(error) for error in ended] == [sqlite3.IntegrityError] * 3
            assert await database.write(set_to("d", "1")) == ["d=1"]

    in_loop(go())


def test_work_that_ends_the_common_transaction_fails_everybody_in_it(tmp_path: Path) -> None:
    """As SQLite itself does on some errors of the disk."""

    def undone(tx: Transaction) -> list[str]:
        tx.execute("rollback")
        raise Wrong("disk")

    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            works = (set_to("a", "1"), undone, set_to("b", "1"))
            ended = await asyncio.gather(*map(database.write, works), return_exceptions=True)
            assert [type(error) for error in ended] == [Wrong] * 3
            assert await database.write(seen) == []

    in_loop(go())


def failed(_tx: Transaction) -> list[str]:
    error = sqlite3.OperationalError("disk I/O error")
    error.sqlite_errorcode = sqlite3.SQLITE_IOERR_WRITE
    raise error


def test_work_that_saw_the_disk_fail_fails_everybody_and_its_writer_is_gone(tmp_path: Path) -> None:
    writers: list[Transaction] = []

    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            await database.write(writers.append)
            works = (set_to("a", "1"), failed, set_to("b", "1"))
            ended = await asyncio.gather(*map(database.write, works), return_exceptions=True)
            assert [getattr(error, "code", None) for error in ended] == ["storage-failed"] * 3
            assert await database.write(set_to("d", "1")) == ["d=1"]
            await database.write(writers.append)
            assert writers[0] is not writers[1]

    in_loop(go())


def test_nothing_is_appended_to_a_doubtful_log_that_a_backup_still_reads(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            with closing(sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)) as backup:
                backup.execute("begin")
                backup.execute("select count(*) from remembered").fetchone()
                await database.write(set_to("a", "1"))
                with pytest.raises(Unavailable):
                    await database.write(failed)
                with pytest.raises(Unavailable):
                    await database.write(set_to("b", "1"))
            assert await database.write(set_to("c", "1")) == ["a=1", "c=1"]

    in_loop(go())


def test_a_caller_that_gave_up_waiting_is_still_written_and_holds_nobody_up(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            go_on = threading.Event()

            def slow(_tx: Transaction) -> None:
                assert go_on.wait(30)

            first = asyncio.create_task(database.write(slow))
            waiting = [asyncio.create_task(database.write(set_to(key, "1"))) for key in KEYS]
            await asyncio.sleep(0.05)
            waiting[1].cancel()
            go_on.set()
            await first
            ended = await asyncio.gather(*waiting, return_exceptions=True)
            assert isinstance(ended[1], asyncio.CancelledError)
            assert ended[2] == ["a=1", "b=1", "c=1"]

    in_loop(go())


def test_writing_to_a_closed_database_fails_instead_of_waiting(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            pass
        with pytest.raises(ValueError, match="database is closed"):
            await database.prove()

    in_loop(go())
