"""The one table of the central database: how it is made, written and emptied.

Several kiosks of several versions share it. One that finds every column it needs leaves the table
alone, whoever made it and however much newer it is; else it makes the steps that are missing, one
kiosk at a time. A column added later must do without a value, for the kiosks that don't know it.
"""

from collections.abc import Sequence
from dataclasses import asdict, fields

import psycopg

from kiosk_appliance.delivery.postgres_outcomes import TABLE, TableLacking
from kiosk_appliance.domain.entry import Entry

STEPS: tuple[str, ...] = (
    f"""
    create table if not exists {TABLE} (
        kiosk             text        not null,
        capture           text        not null,
        version           bigint      not null,
        created_at        timestamptz,
        phone             text,
        email             text,
        consent_sms       boolean,
        consent_marketing boolean,
        background_id     text,
        download_url      text,
        width             integer,
        height            integer,
        file_size         bigint,
        synced_at         timestamptz not null default now(),
        erased_at         timestamptz,
        -- The capture first: it is also looked for under another kiosk's name.
        primary key (capture, kiosk)
    )
    """,
)
"""What makes the table, in order; a step once shipped never changes."""

_STEPS_TABLE = "kiosk_schema"
# Any number that nobody else in the same database locks.
_LOCK = 0x6B696F736B
_KEYS = ("kiosk", "capture", "version")
_CONTENT = tuple(f.name for f in fields(Entry) if f.name not in _KEYS)
_NEEDED = frozenset({*_KEYS, *_CONTENT, "synced_at", "erased_at"})


def prepare(connection: psycopg.Connection, steps: Sequence[str] = STEPS) -> None:
    """Make or complete the table where a column is missing.

    Raises TableLacking where that is not possible, and what psycopg raises.
    """
    if _has_all(connection):
        return
    try:
        with connection.transaction():
            # `create table if not exists` alone fails when two do it at once.
            connection.execute("select pg_advisory_xact_lock(%s)", (_LOCK,))
            _make(connection, steps)
    except psycopg.errors.InsufficientPrivilege as error:
        raise TableLacking from error
    if not _has_all(connection):
        raise TableLacking


def _make(connection: psycopg.Connection, steps: Sequence[str]) -> None:
    connection.execute(
        f"create table if not exists {_STEPS_TABLE}"
        " (step integer primary key, made_at timestamptz not null default now())"
    )
    made = {row[0] for row in connection.execute(f"select step from {_STEPS_TABLE}")}
    for number, step in enumerate(steps, 1):
        if number not in made:
            connection.execute(step.encode())
            connection.execute(f"insert into {_STEPS_TABLE} (step) values (%s)", (number,))


def _has_all(connection: psycopg.Connection) -> bool:
    rows = connection.execute(
        "select attname from pg_attribute"
        " where attrelid = to_regclass(%s) and attnum > 0 and not attisdropped",
        (TABLE,),
    )
    return {row[0] for row in rows} >= _NEEDED


# Replays and entries that come out of order change nothing; an erased capture stays erased, under
# whatever name its kiosk went then.
_UPSERT = f"""
    insert into {TABLE} as kept ({", ".join((*_KEYS, *_CONTENT))})
    select %(kiosk)s, %(capture)s, %(version)s, to_timestamp(%(created_at)s / 1000.0),
        {", ".join(f"%({name})s" for name in _CONTENT if name != "created_at")}
    where not exists (
        select from {TABLE} where capture = %(capture)s and erased_at is not null)
    on conflict (kiosk, capture) do update
    set {", ".join(f"{name} = excluded.{name}" for name in ("version", *_CONTENT))},
        synced_at = now()
    where kept.erased_at is null and kept.version < excluded.version
"""
_EMPTY = f"""
    {", ".join(f"{name} = null" for name in _CONTENT)},
    version = greatest(kept.version, %(version)s), synced_at = now(), erased_at = now()
"""
_ERASE = f"""
    update {TABLE} as kept set {_EMPTY}
    where capture = %(capture)s and kiosk <> %(kiosk)s and erased_at is null
"""
_ENTOMB = f"""
    insert into {TABLE} as kept (kiosk, capture, version, erased_at)
    values (%(kiosk)s, %(capture)s, %(version)s, now())
    on conflict (kiosk, capture) do update set {_EMPTY} where kept.erased_at is null
"""


def keep(connection: psycopg.Connection, entry: Entry) -> None:
    """Write an entry, unless a newer one or a tombstone is there. Raises what psycopg raises."""
    connection.execute(_UPSERT, asdict(entry))


def erase(connection: psycopg.Connection, entry: Entry) -> None:
    """Leave nothing but a tombstone of a capture. Raises what psycopg raises."""
    parameters = asdict(entry)
    with connection.transaction():
        connection.execute(_ERASE, parameters)
        connection.execute(_ENTOMB, parameters)
