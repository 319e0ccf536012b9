"""Migrations: forward only, each whole or not at all, statement by statement."""

import sqlite3
from pathlib import Path

import aiosqlite
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.store import schema
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.schema import SchemaTooNew, migrate, split
from tests.parts.loop import in_loop

Steps = list[tuple[int, Path]]


def version(path: Path) -> int:
    connection = sqlite3.connect(path)
    try:
        return int(connection.execute("pragma user_version").fetchone()[0])
    finally:
        connection.close()


def tables(path: Path) -> set[str]:
    connection = sqlite3.connect(path)
    try:
        names = connection.execute("select name from sqlite_master where type = 'table'")
        return {name for (name,) in names}
    finally:
        connection.close()


def written(folder: Path, *scripts: str) -> Steps:
    made = []
    for number, script in enumerate(scripts, 1):
        path = folder / f"{number:04d}_step.sql"
        path.write_text(script, encoding="utf-8")
        made.append((number, path))
    return made


def apply(path: Path, steps: Steps) -> int:
    async def go() -> int:
        async with aiosqlite.connect(path, isolation_level=None) as connection:
            return await migrate(connection, steps)

    return in_loop(go())


async def _open_and_close(path: Path) -> None:
    await (await open_database(path)).close()


def test_a_fresh_file_gets_every_step_and_our_name(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    in_loop(_open_and_close(path))
    assert version(path) == schema.steps()[-1][0]
    assert {"captures", "deliveries", "idempotency", "backgrounds", "remembered"} <= tables(path)
    connection = sqlite3.connect(path)
    assert connection.execute("pragma application_id").fetchone() == (schema.APPLICATION_ID,)
    assert connection.execute("pragma auto_vacuum").fetchone() == (2,)
    assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
    connection.close()


def test_opening_again_changes_nothing(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    in_loop(_open_and_close(path))
    before = path.read_bytes()
    in_loop(_open_and_close(path))
    assert path.read_bytes() == before


def test_steps_are_numbered_without_gaps() -> None:
    numbers = [number for number, _ in schema.steps()]
    assert numbers == list(range(1, len(numbers) + 1))


def test_only_what_is_missing_is_applied(tmp_path: Path) -> None:
    path = tmp_path / "x.db"
    steps = written(tmp_path, "create table a (x);", "create table b (x);", "drop table a;")
    assert apply(path, steps[:1]) == 1
    assert apply(path, steps) == 3
    assert tables(path) == {"b"}
    assert apply(path, steps) == 3


@pytest.mark.parametrize(
    "broken",
    [
        "create table b (x); insert into nowhere values (1);",
        "create table b (x); create table b (x);",
        "create table b (x); this is no SQL;",
        "create table b (x); create table c (x)",
    ],
)
def test_a_step_that_fails_leaves_the_schema_before_it(tmp_path: Path, broken: str) -> None:
    path = tmp_path / "x.db"
    steps = written(tmp_path, "create table a (x);", broken, "create table d (x);")
    with pytest.raises((sqlite3.OperationalError, ValueError)):
        apply(path, steps)
    assert (version(path), tables(path)) == (1, {"a"})
    steps = written(tmp_path, "create table a (x);", "create table b (x);", "create table d (x);")
    assert apply(path, steps) == 3
    assert tables(path) == {"a", "b", "d"}


def test_a_newer_file_is_refused_with_what_to_do_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "kiosk.db"
    in_loop(_open_and_close(path))
    connection = sqlite3.connect(path)
    connection.execute("pragma user_version = 9999")
    connection.execute("pragma application_id = 1")
    connection.close()
    before = path.read_bytes()
    with pytest.raises(SchemaTooNew) as caught:
        in_loop(_open_and_close(path))
    newest = schema.steps()[-1][0]
    assert caught.value.detail == (
        f"The database has schema 9999, this program knows up to {newest}: "
        "install the newer version again."
    )
    assert path.read_bytes() == before


STATEMENTS = st.sampled_from(
    [
        "create table a (x text default ';')",
        "select ';'' ; ' as \"a;b\"",
        "insert into a values ('-- no; comment'), ('/* no; */')",
        "-- a comment; with a semicolon\nselect 1",
        "/* one; two;\n three; */ select [a;b] from a",
        "create trigger t after insert on a begin update a set x = ';'; delete from a; end",
        "create temp trigger t before delete on a begin select 1; end",
        "select `a;b` from a\n  where x = 1 -- and; more\n",
    ]
)
GAPS = st.sampled_from(["", "\n", " ", "\n\n-- next; step\n", " /* ; */ ", "\r\n"])


@given(st.lists(st.tuples(STATEMENTS, GAPS), max_size=12))
def test_split_finds_each_statement_however_the_lines_run(parts: list[tuple[str, str]]) -> None:
    script = "".join(f"{statement};{gap}" for statement, gap in parts)
    found = list(split(script))
    assert len(found) == len(parts)
    for one, (statement, _) in zip(found, parts, strict=True):
        assert one.endswith(f"{statement};")
        assert sqlite3.complete_statement(one)
    rest = script[len("".join(found)) :]
    assert "".join(found) + rest == script


@given(st.lists(STATEMENTS, min_size=1, max_size=5))
def test_split_refuses_a_last_statement_without_its_semicolon(parts: list[str]) -> None:
    with pytest.raises(ValueError, match="middle of a statement"):
        list(split(";".join(parts)))


def test_every_shipped_statement_is_one_statement() -> None:
    for _, path in schema.steps():
        for statement in split(path.read_text(encoding="utf-8")):
            assert sqlite3.complete_statement(statement)
