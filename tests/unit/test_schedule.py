"""The schedule: wall-clock steps, failing jobs, slow jobs, stop."""

import asyncio
import json
import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.clock import Clock
from kiosk_appliance.schedule import AlwaysFromNow, Job, Schedule
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.shifted import ShiftedClock

HOUR = 3600
YEAR = 365 * 24 * HOUR


def test_the_trigger_looks_only_ahead() -> None:
    trigger = AlwaysFromNow(60)
    now = datetime(2026, 11, 22, tzinfo=UTC)
    for previous in (None, now, now - timedelta(days=20_000), now + timedelta(days=20_000)):
        assert trigger.get_next_fire_time(previous, now) == now + timedelta(seconds=60)


def test_jobs_go_on_within_two_seconds_of_any_step_of_the_wall_clock(tmp_path: Path) -> None:
    """APScheduler reads the wall clock itself, so the whole process gets a stepped one."""
    clock = ShiftedClock(tmp_path)
    steps = [0, -HOUR, HOUR, -10 * YEAR, 50 * YEAR, 0]
    done = subprocess.run(
        [sys.executable, "-m", "tests.parts.ticking", str(clock.file), *map(str, steps)],
        check=True,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
        env={**os.environ, **clock.environ},
        timeout=50,
    )
    *reports, last = [json.loads(line) for line in done.stdout.splitlines() if line[0] == "{"]
    reports = [report for report in reports if "step" in report]
    assert [report["step"] for report in reports] == steps
    assert reports[3]["year"] < 2020, "the shim works"
    assert reports[4]["year"] > 2070
    for report in reports:
        print(report)
        assert report["first_after"] < 2, report
        assert report["runs"] >= 2, report
        assert report["gap"] < 2, report
        assert report["grown_kb"] < 5_000, report
    assert last == {"after_stop": 0}


def test_the_guard_sees_a_step_and_plans_anew() -> None:
    async def go() -> None:
        clock, runs = SetClock(), []

        async def run() -> None:
            runs.append(1)

        schedule = Schedule([Job("tick", run, 30)], clock)
        schedule.start()
        await asyncio.sleep(0)
        with capture_logs() as logs:
            clock.now += 3_600_000
            for _ in range(200):
                await asyncio.sleep(0.02)
                if logs:
                    break
            clock.pass_ms(3_600_000)
            await asyncio.sleep(0.7)
        await schedule.stop()
        assert [entry["event"] for entry in logs] == ["clock_stepped"], "time passing is no step"
        assert logs[0]["seconds"] == 3600
        assert runs == []

    in_loop(go())


def test_a_failing_job_goes_on_and_is_logged_once_until_it_is_cured() -> None:
    async def go() -> None:
        runs, enough = [], asyncio.Event()

        async def run() -> None:
            runs.append(1)
            if len(runs) == 7:
                enough.set()
            if len(runs) <= 4:
                raise OSError("the disk")

        schedule = Schedule([Job("tick", run, 0.05)], Clock())
        with capture_logs() as logs:
            schedule.start()
            await enough.wait()
            await schedule.stop()
        assert [entry["event"] for entry in logs] == ["job_failed", "job_recovered"]

    in_loop(go())


def test_a_slow_job_never_runs_twice_at_once_and_holds_no_other() -> None:
    async def go() -> None:
        slow, quick, enough = [], [], asyncio.Event()

        async def wait() -> None:
            slow.append(1)
            await asyncio.sleep(60)

        async def run() -> None:
            quick.append(1)
            if len(quick) == 10:
                enough.set()

        schedule = Schedule([Job("slow", wait, 0.02), Job("quick", run, 0.02)], Clock())
        schedule.start()
        await enough.wait()
        assert len(slow) == 1
        await schedule.stop()

    in_loop(go())


def test_a_stop_cuts_off_what_is_under_way_without_calling_it_an_error(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def go() -> None:
        begun, ended = asyncio.Event(), asyncio.Event()

        async def wait() -> None:
            begun.set()
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()

        schedule = Schedule([Job("slow", wait, 0.02)], Clock())
        schedule.start()
        await begun.wait()
        await schedule.stop()
        await ended.wait()
        # APScheduler speaks when the task is done.
        await asyncio.sleep(0.05)

    in_loop(go())
    assert [record.getMessage() for record in caplog.records] == []
