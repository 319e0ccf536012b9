"""A kiosk that has seen a million captures: its database, filled by SQL under the real triggers.

No photo lies beside the rows: the start says so in an alarm, and goes on.
"""

import asyncio
import sqlite3
import time
from contextlib import closing
from pathlib import Path

from kiosk_appliance.store.database import open_database

AUDITED, LOGGED = 100_000, 50_000
_DAYS = 700
_DAY_MS = 24 * 3600 * 1000
# Most came home.
_UPLOADED = """case
    when seq % 5000 = 0 then 'refused' when seq % 7000 = 0 then 'expired'
    when seq % 11000 = 0 then 'cancelled' else 'delivered' end"""
_NEW_ID = "substr(lower(hex(randomblob(11))), 1, 21)"


def fill(path: Path, captures: int) -> None:
    """Make the database at `path`, with `captures` over 700 days up to now; takes minutes."""
    asyncio.run(_make(path))
    now = int(time.time() * 1000)
    with closing(sqlite3.connect(path, isolation_level=None)) as database:
        for pragma in ("synchronous = off", "cache_size = -600000", "temp_store = memory"):
            database.execute(f"pragma {pragma}")
        database.execute("begin")
        for step in _STEPS:
            database.execute(
                step,
                {
                    "captures": captures,
                    "since": now - _DAYS * _DAY_MS,
                    "apart": _DAYS * _DAY_MS // captures,
                    "audited": AUDITED,
                    "logged": LOGGED,
                    "now": now,
                },
            )
        database.execute("commit")
        database.execute("pragma wal_checkpoint(truncate)")


async def _make(path: Path) -> None:
    database = await open_database(path)
    await database.close()


def _numbers(most: str) -> str:
    return f"with recursive n (i) as (select 1 union all select i + 1 from n where i < :{most})"


_DELIVERIES = (
    "insert into deliveries (id, capture_id, channel, recipient, text, state, attempts,"
    " created_at, created_boot, created_mono, ended_at, last_error)"
)
_STEPS = (
    f"""insert into captures (id, token, created_at, download_url, width, height, file_size, sha256,
        phone, email, consent_sms, background_id)
    {_numbers("captures")}
    select {_NEW_ID}, {_NEW_ID}, :since + i * :apart,
        'https://photos.example.com/storage/v1/photos/' || {_NEW_ID}, 1920, 1280, 400000,
        lower(hex(randomblob(32))), iif(i % 2, printf('+336%08d', i), null),
        iif(i % 3, 'guest' || i || '@example.com', null), i % 2, 'background' || i % 20
    from n""",
    f"""{_DELIVERIES}
    select {_NEW_ID}, id, 'storage', '', '', {_UPLOADED}, 1, created_at, 'built', seq,
        created_at + 900, iif(seq % 5000, null, 'The provider said no (' || seq % 30 || ').')
    from captures order by seq""",
    f"""{_DELIVERIES}
    select {_NEW_ID}, id, 'sms', phone, 'Votre photo : ' || download_url, 'running', 1, created_at,
        'built', seq, null, null
    from captures where phone is not null order by seq""",
    # How long they took and on which day they went is counted where they end.
    """update deliveries set state = 'delivered', ended_at = created_at + 1000 + seq % 100000
    where channel = 'sms'""",
    # Nobody takes these up: the central database is not configured.
    f"""{_DELIVERIES}
    select {_NEW_ID}, id, 'postgres', '', '', 'waiting', 0, created_at, 'built', seq, null, null
    from captures order by seq desc limit 5000""",
    f"""insert into audit (id, at, actor, action, target, detail)
    {_numbers("audited")}
    select {_NEW_ID}, :now - i, 'admin', 'login', 'admin', 'from 192.168.1.20' from n""",
    f"""insert into log_lines (id, at, level, component, message, correlation_id)
    {_numbers("logged")}
    select {_NEW_ID}, :now - i, iif(i % 100, 'info', 'warning'), 'capturing',
        'captured id=' || {_NEW_ID} || ' width=1920 height=1280 background=guirlande', {_NEW_ID}
    from n""",
)
