"""Brings a database file to the newest schema: forward only, each step in one transaction.

Knows no table. A step's version is committed with the step, so that a power cut leaves the old
schema or the new one, never something between.
"""

import re
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import aiosqlite

from kiosk_appliance.errors import KioskError

# "kiosk" in ASCII, folded into 32 bits: tells our file from any other SQLite file.
APPLICATION_ID = 0x6B696F73
_TO_SEMICOLON = re.compile(r"[^;]*;|[^;]+\Z")
_NOTHING = re.compile(r"(?:\s|--[^\n]*(?:\n|\Z)|/\*.*?\*/)*", re.DOTALL)


class SchemaTooNew(KioskError):
    """The file was written by a newer version of this program."""

    code = "schema-too-new"
    title = "Database from a newer version"


def steps() -> list[tuple[int, Path]]:
    """Return (version, file) of every migration, in order.

    In a wheel they lie beside this module, in a checkout at the top of the repository.
    """
    here = Path(__file__).parent / "migrations"
    folder = here if here.is_dir() else Path(__file__).parents[2] / "migrations"
    found = sorted(folder.glob("[0-9][0-9][0-9][0-9]_*.sql"))
    return [(int(path.name[:4]), path) for path in found]


async def migrate(connection: aiosqlite.Connection, known: list[tuple[int, Path]]) -> int:
    """Apply what is missing and return the version reached."""
    version = await _version(connection)
    for number, path in known:
        if number > version:
            await _apply(connection, number, path.read_text(encoding="utf-8"))
    return await _version(connection)


async def version_of(connection: aiosqlite.Connection, known: list[tuple[int, Path]]) -> int:
    """Return the file's version, 0 for a fresh one; touches nothing.

    Raises SchemaTooNew for a file that a newer program has written.
    """
    version, newest = await _version(connection), known[-1][0]
    if version > newest:
        raise SchemaTooNew(
            f"The database has schema {version}, this program knows up to {newest}: "
            "install the newer version again.",
        )
    return version


async def is_ours(connection: aiosqlite.Connection) -> bool:
    """Say whether the file bears our mark, or nothing yet."""
    (application,) = await _row(connection, "pragma application_id")
    if application == APPLICATION_ID:
        return True
    (tables,) = await _row(connection, "select count(*) from sqlite_master")
    return not tables


async def _apply(connection: aiosqlite.Connection, number: int, script: str) -> None:
    await connection.execute("begin immediate")
    try:
        for statement in split(script):
            await connection.execute(statement)
        await connection.execute(f"pragma user_version = {number:d}")
        await connection.execute("commit")
    except BaseException:
        if connection.in_transaction:
            await connection.execute("rollback")
        raise


def split(script: str) -> Iterator[str]:
    """Yield the statements of a script one by one (executescript would commit on its own).

    Raises ValueError for a last statement without its semicolon: it would be left out.
    """
    statement = ""
    for part in _TO_SEMICOLON.findall(script):
        statement += part
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
    if not _NOTHING.fullmatch(statement):
        raise ValueError(f"a migration ends in the middle of a statement: {statement.strip()[:60]}")


async def _version(connection: aiosqlite.Connection) -> int:
    (version,) = await _row(connection, "pragma user_version")
    return int(version)


async def _row(connection: aiosqlite.Connection, sql: str) -> sqlite3.Row:
    (row,) = await connection.execute_fetchall(sql)
    return row
