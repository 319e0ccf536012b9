"""The two connections: one writer for every write and every checkpoint, one reader.

Owns pragmas, transactions and what SQLite's errors mean. SQLite before 3.51.3 can skip committed
transactions when two connections write and checkpoint at once, hence a single writer; it runs with
synchronous=FULL, since NORMAL loses acknowledged rows at a power cut (measured). After an I/O error
the writer is closed, and opened anew for the next transaction.
"""

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from typing import TypeVar

import aiosqlite
import structlog

from kiosk_appliance.errors import DiskFailing, Unavailable
from kiosk_appliance.store import schema
from kiosk_appliance.store.disk import disk_failing, disk_full

log = structlog.get_logger("database")

T = TypeVar("T")
Transaction = aiosqlite.Connection
Parameters = Sequence[str | int | float | bytes | None] | dict[str, str | int | None]

_AT_CREATION = (
    "pragma auto_vacuum = incremental",
    f"pragma application_id = {schema.APPLICATION_ID}",
)
_BOTH = (
    "pragma busy_timeout = 5000",
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
_DISK_FAULTS = frozenset(
    {
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_NOTADB,
    }
)
_CHECKPOINT = "pragma wal_checkpoint(truncate)"
_READER = ("pragma query_only = on", "pragma wal_autocheckpoint = 0")


class Database:
    """The open database file; made by `open_database`."""

    def __init__(
        self, path: Path, writer: aiosqlite.Connection, reader: aiosqlite.Connection
    ) -> None:
        self._path = path
        self._writer: aiosqlite.Connection | None = writer
        self._reader = reader
        self._turn = asyncio.Lock()

    async def write(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        """Run `work` in one immediate transaction, commit durably, return its result.

        A caller that is cancelled does not tear the transaction: it ends either way.
        Raises Unavailable (507, 503) where the disk is full or fails.
        """
        return await asyncio.shield(self._in_transaction(work))

    async def _in_transaction(self, work: Callable[[Transaction], Awaitable[T]]) -> T:
        async with self._turn, self._trusted_writer() as writer:
            try:
                await writer.execute("begin immediate")
                result = await work(writer)
                await writer.execute("commit")
            except BaseException:
                await self._roll_back(writer)
                raise
            return result

    async def _roll_back(self, writer: aiosqlite.Connection) -> None:
        # SQLite rolls back by itself on some errors; a second ROLLBACK would hide the first fault.
        if not writer.in_transaction:
            return
        try:
            await writer.execute("rollback")
        except sqlite3.DatabaseError:
            await self._close_writer()

    @asynccontextmanager
    async def _trusted_writer(self) -> AsyncIterator[aiosqlite.Connection]:
        """Give the writer to whoever has its turn; what SQLite says is raised by its meaning.

        A sync that failed once may succeed the next time without the data being there: a writer
        that has seen the disk fail is closed. The reader stays open meanwhile: without any the
        next to open would take what was never synced out of the page cache for committed.
        """
        try:
            if self._writer is None:
                self._writer = await _connect(self._path, (*_BOTH, *_WRITER))
                await _settle_log(self._writer)
                log.warning("writer_reopened")
            yield self._writer
        except sqlite3.DatabaseError as error:
            meaning = _meaning(error)
            if isinstance(meaning, DiskFailing):
                await self._close_writer()
            raise meaning from error

    async def _close_writer(self) -> None:
        writer, self._writer = self._writer, None
        if writer is not None:
            await writer.close()

    async def one(self, sql: str, parameters: Parameters = ()) -> sqlite3.Row | None:
        """Return the first row of a query, or None. Raises Unavailable where the disk fails."""
        rows = await self.all(sql, parameters)
        return rows[0] if rows else None

    async def all(self, sql: str, parameters: Parameters = ()) -> list[sqlite3.Row]:
        """Return every row of a query; the query bounds how many. Raises as `one` does."""
        # In one go: while any statement of the connection is unfinished, all of them see the past.
        with _meanings():
            return list(await self._reader.execute_fetchall(sql, parameters))

    async def prove(self) -> None:
        """Take the writer's turn and touch the file; returns only if both still work.

        Raises Unavailable where they do not.
        """
        await self.write(_touch)

    async def checkpoint(self) -> None:
        """Fold the WAL back into the file; called when idle and at stop."""
        async with self._turn, self._trusted_writer() as writer:
            await writer.execute(_CHECKPOINT)

    async def close(self) -> None:
        """Close the reader first: the writer makes the last checkpoint."""
        await self._reader.close()
        try:
            # Without it the WAL only stays longer: a full disk must not keep the process here.
            with suppress(Unavailable):
                await self.checkpoint()
        finally:
            async with self._turn:
                await self._close_writer()


async def open_database(path: Path) -> Database:
    """Open (and create, and migrate) the database at `path`, mode 0600.

    Raises SchemaTooNew for a file of a newer version.
    """
    path.touch(mode=0o600, exist_ok=True)  # noqa: ASYNC240 - once, before anything is served
    async with AsyncExitStack() as stack:
        stack.enter_context(_meanings())
        writer = await _connect(path)
        # A connection left open would keep its thread, and the process with it.
        stack.push_async_callback(writer.close)
        known = schema.steps()
        is_fresh = await schema.version_of(writer, known) == 0
        for pragma in (*(_AT_CREATION if is_fresh else ()), *_BOTH, *_WRITER):
            await writer.execute(pragma)
        await _settle_log(writer)
        await schema.migrate(writer, known)
        reader = await _connect(path, (*_BOTH, *_READER))
        stack.push_async_callback(reader.close)
        stack.pop_all()
    return Database(path, writer, reader)


async def _connect(path: Path, pragmas: Sequence[str] = ()) -> aiosqlite.Connection:
    connection = await aiosqlite.connect(path, isolation_level=None)
    try:
        for pragma in pragmas:
            await connection.execute(pragma)
    except BaseException:
        await connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


async def _settle_log(writer: aiosqlite.Connection) -> None:
    """Fold the log back before anything is appended to it.

    Where a sync failed, in this process or in an earlier one, the page cache shows what the disk
    does not have and what no later sync would write: commits behind it would be lost at a power
    cut. A full disk may have no room for it, and that alone is no reason to doubt the log.
    """
    try:
        await writer.execute(_CHECKPOINT)
    except sqlite3.DatabaseError as error:
        if _code(error) != sqlite3.SQLITE_FULL:
            raise


async def _touch(tx: Transaction) -> None:
    await tx.execute(
        "insert into remembered (key, value) values ('proof', '1')"
        " on conflict (key) do update set value = case value when '1' then '2' else '1' end"
    )


@contextmanager
def _meanings() -> Iterator[None]:
    try:
        yield
    except sqlite3.DatabaseError as error:
        raise _meaning(error) from error


def _meaning(error: sqlite3.DatabaseError) -> Exception:
    code = _code(error)
    if code == sqlite3.SQLITE_FULL:
        return disk_full()
    if code in _DISK_FAULTS:
        return disk_failing()
    if code == sqlite3.SQLITE_BUSY:
        return Unavailable("Another program holds the database; try again.", retry_after_s=2)
    return error


def _code(error: sqlite3.DatabaseError) -> int:
    # Errors of the module itself, such as a wrong number of parameters, bear no code.
    return int(getattr(error, "sqlite_errorcode", sqlite3.SQLITE_OK)) & 0xFF
