"""Backups: whole while guests play, checked before they count, the owner's alone."""

import asyncio
import os
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from kiosk_appliance.store.backups import BackupFailed, Backups
from tests.parts.clocks import NOON_MS, SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture


def always() -> bool:
    return True


def count(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        (number,) = connection.execute("select count(*) from captures").fetchone()
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        assert connection.execute("pragma foreign_key_check").fetchall() == []
        return int(number)


def test_a_backup_is_of_one_moment_while_guests_play(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            for _ in range(200):
                await add_capture(database, SetClock(), ["+33612345678"])
            backups, path = Backups(tmp_path / "backups"), tmp_path / "kiosk.db"
            making = asyncio.create_task(
                asyncio.to_thread(backups.make, path, NOON_MS, 3, go_on=always)
            )
            more = 0
            while not making.done():
                await add_capture(database, SetClock())
                more += 1
            made = await making
            assert made.captures is not None
            assert 200 <= made.captures <= 200 + more
            assert count(made.path) == made.captures
            assert stat.S_IMODE(made.path.stat().st_mode) == 0o600
            assert stat.S_IMODE(made.path.parent.stat().st_mode) == 0o700
            assert [one.path for one in backups.every()] == [made.path]
            assert backups.every()[0].made_at == NOON_MS

    in_loop(go())


def test_backups_are_in_order_whatever_the_clock_says(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db"):
            backups = Backups(tmp_path / "backups")
            for now in (NOON_MS, 0, 4_000_000_000_000, NOON_MS):
                backups.make(tmp_path / "kiosk.db", now, 3, go_on=always)
            assert [(one.number, one.made_at) for one in backups.every()] == [
                (4, NOON_MS),
                (3, 4_000_000_000_000),
                (2, 0),
            ]

    in_loop(go())


def test_a_copy_of_a_damaged_database_does_not_count(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            for _ in range(300):
                await add_capture(database, SetClock(), ["+33612345678"])
            backups = Backups(tmp_path / "backups")
            backups.make(tmp_path / "kiosk.db", NOON_MS, 1, go_on=always)
            await database.checkpoint()
        with (tmp_path / "kiosk.db").open("r+b") as file:
            file.seek(20 * 4096)
            file.write(os.urandom(30 * 4096))
        with pytest.raises(BackupFailed):
            backups.make(tmp_path / "kiosk.db", NOON_MS, 1, go_on=always)
        assert [one.number for one in backups.every()] == [1]

    in_loop(go())


def test_what_is_no_backup_is_left_alone(tmp_path: Path) -> None:
    for name in ("kiosk.db", "kiosk-000001-2026.db", "kiosk-000001-99999999T999999Z.db", "x"):
        (tmp_path / name).touch()
    backups = Backups(tmp_path)
    assert backups.every() == []
    assert Backups(tmp_path / "nowhere").every() == []
    assert Backups(tmp_path / "x").every() == []
