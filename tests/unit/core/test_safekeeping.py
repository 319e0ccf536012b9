"""When a backup is due, and what is said where none can be made."""

from collections.abc import Awaitable, Callable
from datetime import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.core.safekeeping import Safekeeping, is_due
from kiosk_appliance.settings import load
from kiosk_appliance.store.backups import Backup, BackupFailed, Backups
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.directory import Layout
from tests.parts.clocks import NOON_MS, SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture

DAY_MS = 24 * 3_600_000
HOUR_MS = 3_600_000
times = st.times().map(lambda at: at.replace(second=0, microsecond=0))
moments = st.integers(NOON_MS, NOON_MS + 400 * DAY_MS)


def backup(made_at: int) -> Backup:
    return Backup(1, made_at, Path("x"))


@given(moments, times)
def test_one_a_day_is_enough_and_needed(now: int, at: time) -> None:
    assert is_due(None, now, at)
    assert not is_due(backup(now), now, at)
    # A day is 25 hours long once a year.
    assert is_due(backup(now - DAY_MS - HOUR_MS - 1000), now, at)
    assert is_due(backup(now + 1), now, at)


@given(moments, times)
def test_it_falls_due_once_between_two_backups_a_day_apart(now: int, at: time) -> None:
    due = [is_due(backup(now), now + hour * HOUR_MS, at) for hour in range(26)]
    assert due == sorted(due)


def play(
    folder: Path,
    work: Callable[[Safekeeping, Layout, SetClock, Database], Awaitable[None]],
    now: int = NOON_MS,
) -> None:
    path = folder / "kiosk.toml"
    path.write_text(f'[kiosk]\ndata_dir = "{folder}/var"\n[backup]\nkeep = 2\n', encoding="utf-8")
    settings, clock = load(path, {}).settings, SetClock(now=now)
    layout = Layout(settings.kiosk.data_dir)
    layout.create()

    async def go() -> None:
        async with opened(layout.database) as database:
            safekeeping = Safekeeping(settings=lambda: settings, layout=layout, clock=clock)
            await work(safekeeping, layout, clock, database)
            await safekeeping.stop()

    in_loop(go())


def test_each_night_makes_one_and_the_newest_are_kept(tmp_path: Path) -> None:
    async def work(
        safekeeping: Safekeeping, layout: Layout, clock: SetClock, database: Database
    ) -> None:
        await add_capture(database, clock)
        for _ in range(4 * 24):
            await safekeeping.tick()
            clock.pass_ms(HOUR_MS)
        assert [one.number for one in Backups(layout.backups).every()] == [5, 4]
        assert safekeeping.alarm() is None

    play(tmp_path, work)


def test_a_clock_that_is_surely_wrong_makes_none(tmp_path: Path) -> None:
    async def work(
        safekeeping: Safekeeping, layout: Layout, clock: SetClock, database: Database
    ) -> None:
        await safekeeping.tick()
        assert Backups(layout.backups).every() == []

    play(tmp_path, work, now=5_000)


def test_a_folder_that_can_not_be_written_is_an_alarm_until_it_can(tmp_path: Path) -> None:
    async def work(
        safekeeping: Safekeeping, layout: Layout, clock: SetClock, database: Database
    ) -> None:
        layout.backups.write_bytes(b"")
        await safekeeping.tick()
        alarm = safekeeping.alarm()
        assert alarm is not None
        assert alarm.startswith("There is no new backup. ")
        layout.backups.unlink()
        await safekeeping.tick()
        assert safekeeping.alarm() == alarm
        clock.pass_ms(HOUR_MS)
        await safekeeping.tick()
        assert safekeeping.alarm() is None

    play(tmp_path, work)


def test_a_destruction_is_an_alarm_until_its_folder_is_gone(tmp_path: Path) -> None:
    async def work(
        safekeeping: Safekeeping, layout: Layout, clock: SetClock, database: Database
    ) -> None:
        (layout.root / "destroyed-20261122T100000Z").mkdir()
        alarm = safekeeping.alarm()
        assert alarm is not None
        assert "destroyed-20261122T100000Z" in alarm
        layout.backups.write_bytes(b"")
        await safekeeping.tick()
        both = safekeeping.alarm()
        assert both is not None
        assert both.startswith(f"{alarm} There is no new backup. ")
        layout.backups.unlink()
        clock.pass_ms(HOUR_MS)
        await safekeeping.tick()
        (layout.root / "destroyed-20261122T100000Z").rmdir()
        assert safekeeping.alarm() is None

    play(tmp_path, work)


def test_a_stopping_appliance_waits_for_no_backup(tmp_path: Path) -> None:
    async def work(
        safekeeping: Safekeeping, layout: Layout, clock: SetClock, database: Database
    ) -> None:
        await safekeeping.stop()
        with pytest.raises(BackupFailed, match="stopping"):
            await safekeeping.back_up()
        assert Backups(layout.backups).every() == []

    play(tmp_path, work)
