"""Units of work that come together are committed together: one thread hop and one fsync for all.

Owns the queue of units and their transactions. A unit is a plain function of the open transaction
and runs in the writing connection's thread: it waits for nothing but the disk, and may run twice,
since all are undone and begun anew, each in a savepoint, where one of them fails. One that comes
alone never waits for company. Knows nothing of what errors mean.
"""

import asyncio
import sqlite3
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Generic, TypeVar

from kiosk_appliance.store.sqlite_faults import is_disk_fault

T = TypeVar("T")

# Bounds how long the first of a batch waits for the last: a few milliseconds.
_AT_MOST = 64


class _Unit(Generic[T]):
    """One caller's work, and what came of it; `ended` only says when."""

    def __init__(self, work: Callable[[sqlite3.Connection], T]) -> None:
        self.ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self.error: BaseException | None = None
        self.result: T
        self._work = work

    def run(self, tx: sqlite3.Connection) -> None:
        """Work; whatever it raises is raised, and `error` as well."""
        try:
            self.result = self._work(tx)
        except BaseException as error:
            self.error = error
            raise

    def run_apart(self, tx: sqlite3.Connection) -> None:
        """Work in a savepoint; an error undoes this unit alone, unless all is lost with it."""
        self.error = None
        tx.execute("savepoint unit")
        try:
            self.run(tx)
        except BaseException as error:
            # SQLite undoes everything on some errors, and nothing is committed on a failing disk.
            if is_disk_fault(error) or not tx.in_transaction:
                raise
            tx.execute("rollback to unit")
        tx.execute("release unit")


class Commits:
    """The queue of everybody who writes; `run` runs a function in the writing connection."""

    def __init__(
        self, run: Callable[[Callable[[sqlite3.Connection], None]], Awaitable[None]]
    ) -> None:
        self._run = run
        self.note: Callable[[int], None] = lambda _count: None
        """Told of each commit, in the writing connection's thread: how many there have been."""
        self._waiting: deque[_Unit[Any]] = deque()
        self._committing: asyncio.Task[None] | None = None
        self._lulls: deque[asyncio.Future[None]] = deque()

    async def add(self, work: Callable[[sqlite3.Connection], T]) -> T:
        """Run `work` in an immediate transaction; return its result once that is durable.

        Whatever `work` raises is raised here, and undoes its own rows only. A failure of the begin
        or the commit is everybody's who shared it. A caller that is cancelled tears nothing.
        """
        unit = _Unit(work)
        self._waiting.append(unit)
        if self._committing is None:
            self._committing = asyncio.create_task(self._commit_all())
        await unit.ended
        if unit.error is not None:
            raise unit.error
        return unit.result

    async def lull(self) -> None:
        """Return while no commit is under way: what is added at once goes with the very next."""
        if self._committing is not None:
            ended: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._lulls.append(ended)
            await ended

    async def _commit_all(self) -> None:
        try:
            while self._waiting:
                units = [self._waiting.popleft() for _ in range(min(len(self._waiting), _AT_MOST))]
                await self._commit(units)
                for unit in units:
                    _tell(unit.ended)
                self._end_lulls()
                # Whoever was answered just now may have more at once: without this turn of the
                # loop there are two crowds that never share a commit.
                await asyncio.sleep(0)
        finally:
            self._committing = None
            self._end_lulls()

    def _end_lulls(self) -> None:
        while self._lulls:
            _tell(self._lulls.popleft())

    async def _commit(self, units: Sequence[_Unit[Any]]) -> None:
        try:
            await self._run(lambda tx: self.note(_together(tx, units)))
        except Exception as error:  # noqa: BLE001 - raised again by each caller
            for unit in units:
                unit.error = error

    async def all_ended(self) -> None:
        """Return when nobody waits any more."""
        while self._committing is not None:
            await asyncio.wait({self._committing})


def _tell(waiting: asyncio.Future[None]) -> None:
    if not waiting.cancelled():
        waiting.set_result(None)


def _together(tx: sqlite3.Connection, units: Sequence[_Unit[Any]]) -> int:
    """Commit the units, and return how many commits there have been."""
    try:
        tx.execute("begin immediate")
        try:
            for unit in units:
                unit.run(tx)
        except Exception as error:
            if is_disk_fault(error) or not tx.in_transaction:
                raise
            # Savepoints cost as much as a small unit, and hardly any unit fails.
            tx.execute("rollback")
            tx.execute("begin immediate")
            for unit in units:
                unit.run_apart(tx)
        tx.execute("update commits set count = count + 1")
        (row,) = tx.execute("select count from commits").fetchall()
        tx.execute("commit")
    except BaseException:
        # SQLite rolls back by itself on some errors; whatever a second one says hides the first.
        with suppress(sqlite3.DatabaseError):
            if tx.in_transaction:
                tx.execute("rollback")
        raise
    return int(row[0])
