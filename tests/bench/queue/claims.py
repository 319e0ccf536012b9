"""What a claim costs with few rows and with a million, in turns on two databases.

Most rows have been delivered; some wait and are due, and in the bad case many wait for a later
time (an outage behind them). A claim that slows down with rows has lost its index.
"""

import sqlite3
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TypeVar

from kiosk_appliance.clock import Clock
from kiosk_appliance.ids import new_id
from kiosk_appliance.store.caps import count_sms
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.deliveries import Deliveries, Run
from kiosk_appliance.store.outbox import Outbox

T = TypeVar("T")

_DAY_MS = 24 * 3600 * 1000
_LONG_MS = 30 * 60 * 1000
_AGAIN_MS = 50

_CAPTURES = """
    with recursive n (i) as (select 1 union all select i + 1 from n where i < :rows)
    insert into captures (id, token, created_at, download_url, width, height, file_size, sha256)
    select printf('c%020d', i), printf('t%020d', i), :now - (:rows - i) * 1000, 'x', 4, 3, 9, ''
    from n
"""
# Every other row is an SMS; those that wait are spread over all of them, and those that wait for a
# later time are the oldest, where each claim comes by.
_DELIVERIES = """
    insert into deliveries (id, capture_id, channel, recipient, state, created_at, created_boot,
        created_mono, due_boot, due_mono, attempts, ended_at)
    select printf('d%020d', seq), id, iif(seq % 2, 'sms', 'storage'),
        iif(seq % 2, printf('+336%08d', seq % 5000), ''),
        iif(seq % :every < 2 or seq <= :later, 'waiting', 'delivered'),
        created_at, :boot, 0, iif(seq <= :later, :this_boot, :boot),
        iif(seq <= :later, :due, 0), 1,
        iif(seq % :every < 2 or seq <= :later, null, created_at)
    from captures
"""


class Crowd:
    """A database of so many rows: `waiting` are due, the oldest `later` wait but are not."""

    def __init__(self, name: str, rows: int, waiting: int, later: int = 0) -> None:
        self.name = name
        self.took_ms: dict[str, list[float]] = {}
        self._rows, self._waiting, self._later = rows, waiting, later
        self._clock = Clock()

    async def open(self, folder: Path) -> None:
        """Make the database and open it as a kiosk does."""
        path = folder / f"{self.name}.db"
        await (await open_database(path)).close()
        self._fill(path)
        self._database = await open_database(path)
        self._outbox = Outbox(self._database, Run(new_id(), self._clock.boot))

    def _fill(self, path: Path) -> None:
        connection = sqlite3.connect(path, isolation_level=None)
        connection.execute("pragma synchronous = off")
        since = self._clock.now_ms() - _DAY_MS
        connection.execute(_CAPTURES, {"rows": self._rows, "now": since})
        values = {
            "every": 2 * max(self._rows // self._waiting, 1),
            "later": self._later,
            "boot": "an earlier one",
            "this_boot": self._clock.boot,
            "due": self._clock.monotonic_ms() + _LONG_MS,
        }
        connection.execute(_DELIVERIES, values)
        connection.close()

    async def claim(self) -> None:
        """Claim the next upload, and put it back for a little later."""
        mono = self._clock.monotonic_ms()
        claimed = await self._timed(
            "claim", lambda: self._outbox.claim("storage", self._clock.now_ms(), mono)
        )
        await self._outbox.put_back(claimed[0].delivery, None, mono + _AGAIN_MS, uncounted=True)

    async def count(self) -> None:
        """Count as the health and the caps do."""
        await self._timed("counts", Deliveries(self._database).counts)
        now = self._clock.now_ms()
        await self._timed(
            "count_sms",
            lambda: self._database.write(lambda tx: count_sms(tx, now - 2 * _DAY_MS, now)),
        )

    async def _timed(self, what: str, call: Callable[[], Awaitable[T]]) -> T:
        started = time.perf_counter()
        result = await call()
        self.took_ms.setdefault(what, []).append((time.perf_counter() - started) * 1000)
        return result

    async def close(self) -> None:
        await self._database.close()


async def measured(folder: Path, claims: int, rows: int) -> list[Crowd]:
    """Return what claims cost with 1,000 and with so many rows, in turns."""
    crowds = [
        Crowd("1,000 rows", 1_000, 500),
        Crowd(f"{rows:,} rows", rows, 4_000),
        Crowd(f"{rows:,}, {rows // 20:,} not due", rows, 4_000, rows // 10),
    ]
    for crowd in crowds:
        await crowd.open(folder)
    for number in range(claims):
        for crowd in crowds:
            await crowd.claim()
            if number % 20 == 0:
                await crowd.count()
    for crowd in crowds:
        await crowd.close()
    return crowds
