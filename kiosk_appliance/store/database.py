"""The connections: one writer for every write and every checkpoint, one reader, and one aside.

Owns pragmas and whom each serves: a guest's look-up waits for no long list. SQLite before 3.51.3
can skip committed transactions when two connections write and checkpoint at once, hence a single
writer; it runs with synchronous=FULL, since NORMAL loses acknowledged rows at a power cut
(measured). After an I/O error the writer is closed, and opened anew for the next transaction.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from pathlib import Path
from typing import TypeVar

import structlog

from kiosk_appliance.errors import DiskFull, Unavailable
from kiosk_appliance.store import schema
from kiosk_appliance.store.commits import Commits
from kiosk_appliance.store.connection import Connection, connect
from kiosk_appliance.store.disk import disk_failing
from kiosk_appliance.store.reader import Parameters, Reader
from kiosk_appliance.store.soundness import (
    DatabaseDestroyed,
    identify,
    look_for_damage,
    opening,
)
from kiosk_appliance.store.sqlite_faults import is_damage, is_disk_fault, is_disk_full, meaning

log = structlog.get_logger("database")

T = TypeVar("T")
Transaction = sqlite3.Connection
MakeRoom = Callable[[], Awaitable[bool]]

_AT_CREATION = (
    "pragma auto_vacuum = incremental",
    f"pragma application_id = {schema.APPLICATION_ID}",
)
_PATIENT = "pragma busy_timeout = 5000"
_BOTH = (
    _PATIENT,
    "pragma foreign_keys = on",
    "pragma temp_store = memory",
    # An I/O error under a memory map is a SIGBUS.
    "pragma mmap_size = 0",
    "pragma cache_size = -8192",
    "pragma trusted_schema = off",
    "pragma cell_size_check = on",
)
_WRITER = (
    "pragma journal_mode = wal",
    "pragma synchronous = full",
    "pragma secure_delete = on",
    "pragma wal_autocheckpoint = 1000",
    "pragma journal_size_limit = 16777216",
)
_CHECKPOINT = "pragma wal_checkpoint(truncate)"
_READER = (*_BOTH, "pragma query_only = on", "pragma wal_autocheckpoint = 0")


class Database:
    """The open database file; made by `open_database`.

    `aside` reads for whoever looks after the kiosk, so that nothing asked there holds up a guest.
    `is_damaged`: some of it could not be read as a database, and the next start must look closely.
    """

    def __init__(
        self, path: Path, writer: Connection, reader: Connection, make_room: MakeRoom
    ) -> None:
        self._path = path
        self._make_room = make_room
        self._writer: Connection | None = writer
        self._reader = Reader(path, _READER, self._meaning, reader)
        self.aside = Reader(path, _READER, self._meaning)
        self._closed = False
        self._turn = asyncio.Lock()
        self._commits = Commits(self._run)
        self.is_damaged = False

    async def write(self, work: Callable[[Transaction], T]) -> T:
        """Run `work` in an immediate transaction, commit durably, return its result.

        `work` runs in the writer's thread and may share its commit with others; an error undoes it
        alone. A caller that is cancelled does not tear the transaction: it ends either way. On a
        full disk `work` runs again for as long as room can be made for it.
        Raises Unavailable (507, 503) where the disk is full or fails.
        """
        while True:
            try:
                return await self._commits.add(work)
            except DiskFull:
                if not await self._make_room():
                    raise
            except sqlite3.DatabaseError as error:
                meant = self._meaning(error)
                if not (isinstance(meant, DiskFull) and await self._make_room()):
                    raise meant from error

    async def lull(self) -> None:
        """Return while nobody commits: what is decided then is written with the very next."""
        await self._commits.lull()

    async def _run(self, work: Callable[[Transaction], None]) -> None:
        async with self._turn, self._trusted_writer() as writer:
            try:
                await writer.run(work)
            except BaseException:
                # Not even a rollback went through.
                if writer.in_transaction:
                    await self._close_writer()
                raise

    @asynccontextmanager
    async def _trusted_writer(self) -> AsyncIterator[Connection]:
        """Give the writer to whoever has its turn; what SQLite says is raised by its meaning.

        A sync that failed once may succeed the next time without the data being there: a writer
        that has seen the disk fail is closed. The reader stays open meanwhile: without any the
        next to open would take what was never synced out of the page cache for committed.
        """
        if self._closed:
            raise ValueError("the database is closed")
        try:
            if self._writer is None:
                self._writer = await connect(self._path, (*_BOTH, *_WRITER))
                if not await _settle_log(self._writer):
                    # A backup still reads from it.
                    await self._close_writer()
                    raise disk_failing()
                log.warning("writer_reopened")
            yield self._writer
        except sqlite3.DatabaseError as error:
            self.is_damaged |= is_damage(error)
            if is_disk_fault(error):
                await self._close_writer()
            raise meaning(error) from error

    async def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()

    async def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None. Raises Unavailable where the disk fails."""
        return await self._reader.one(sql, parameters)

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Return every row of a query; the query bounds how many. Raises as `one` does."""
        return await self._reader.all(sql, parameters)

    def _meaning(self, error: sqlite3.DatabaseError) -> Exception:
        self.is_damaged |= is_damage(error)
        return meaning(error)

    async def commits(self) -> int:
        """Return how many commits there have been in the file's life."""
        row = await self.one("select count from commits")
        return int(row["count"]) if row else 0

    def note_commits(self, note: Callable[[int], None]) -> None:
        """Tell `note` of each commit from now on, in the writer's thread; it must not raise."""
        self._commits.note = note

    async def prove(self) -> None:
        """Take the writer's turn and touch the file; returns only if both still work.

        Raises Unavailable where they do not.
        """
        await self.write(_touch)

    async def checkpoint(self) -> None:
        """Fold the WAL back into the file; called when idle and at stop."""
        async with self._turn, self._trusted_writer() as writer:
            await writer.execute_fetchall(_CHECKPOINT)

    async def fold_log(self) -> bool:
        """Fold the WAL back and empty it, so that it holds nothing that has been erased.

        Waits for nobody: False while somebody reads from it.
        """
        async with self._turn, self._trusted_writer() as writer:
            await writer.execute_fetchall("pragma busy_timeout = 0")
            try:
                ((is_busy, _, _),) = await writer.execute_fetchall(_CHECKPOINT)
            finally:
                await writer.execute_fetchall(_PATIENT)
        return not is_busy

    async def close(self) -> None:
        """Close the readers first: the writer makes the last checkpoint."""
        await self.aside.close()
        await self._reader.close()
        await self._commits.all_ended()
        try:
            # Without it the WAL only stays longer: a full disk must not keep the process here.
            with suppress(Unavailable):
                await self.checkpoint()
        finally:
            async with self._turn:
                self._closed = True
                await self._close_writer()


async def _no_room() -> bool:
    return False


async def open_database(
    path: Path, make_room: MakeRoom = _no_room, *, may_be_new: bool = True, check_s: float = 0
) -> Database:
    """Open (and create, and migrate) the database at `path`, mode 0600.

    `make_room` is asked on a full disk, and says whether it has made any; `check_s` is how long to
    look for damage inside.
    Raises SchemaTooNew for a file of a newer version, DatabaseDestroyed for what is no database of
    ours or an empty one that can't be new, Unavailable where the disk fails.
    """
    if not may_be_new and not path.exists():  # noqa: ASYNC240 - once, before anything is served
        raise DatabaseDestroyed("The database is missing.")
    path.touch(mode=0o600, exist_ok=True)  # noqa: ASYNC240 - as above
    async with AsyncExitStack() as stack:
        stack.enter_context(opening())
        writer = await connect(path)
        # A connection left open would keep its thread, and the process with it.
        stack.push_async_callback(writer.close)
        known = schema.steps()
        is_fresh = await schema.version_of(writer, known) == 0
        await identify(writer, is_fresh=is_fresh, may_be_new=may_be_new)
        for pragma in (*(_AT_CREATION if is_fresh else ()), *_BOTH, *_WRITER):
            await writer.execute(pragma)
        await _settle_log(writer)
        if check_s:
            await look_for_damage(writer, check_s)
        await schema.migrate(writer, known)
        reader = await connect(path, _READER)
        stack.push_async_callback(reader.close)
        stack.pop_all()
    return Database(path, writer, reader, make_room)


async def _settle_log(writer: Connection) -> bool:
    """Fold the log back before anything is appended to it; False while somebody reads from it.

    Where a sync failed, in this process or in an earlier one, the page cache shows what the disk
    does not have and what no later sync would write: commits behind it would be lost at a power
    cut. A full disk may have no room for it, and that alone is no reason to doubt the log.
    """
    try:
        ((is_busy, _, _),) = await writer.execute_fetchall(_CHECKPOINT)
    except sqlite3.DatabaseError as error:
        if not is_disk_full(error):
            raise
        return True
    return not is_busy


def _touch(tx: Transaction) -> None:
    tx.execute(
        "insert into remembered (key, value) values ('proof', '1')"
        " on conflict (key) do update set value = case value when '1' then '2' else '1' end"
    )
