"""The only module that knows APScheduler: a table of (name, function, interval) and one job guard.

Kiosk clocks step. APScheduler plans in wall time, and its own interval trigger stands still for an
hour or eats memory on a step (measured). Hence a trigger that is always now + interval, and a
guard that plans every job anew when wall time and monotonic time drift apart.
"""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.base import BaseTrigger

from kiosk_appliance.clock import Clock

log = structlog.get_logger("schedule")
_library_log = logging.getLogger("apscheduler")

_GUARD_S = 0.5
_STEP_MS = 2_000


@dataclass(frozen=True, slots=True)
class Job:
    """One line of the table: what runs, and how many seconds after each run began."""

    name: str
    run: Callable[[], Awaitable[None]]
    every_s: float


class AlwaysFromNow(BaseTrigger):  # type: ignore[misc]  # APScheduler bears no types
    """A trigger that looks only ahead, so that a step of the clock enumerates nothing."""

    def __init__(self, every_s: float) -> None:
        self._interval = timedelta(seconds=every_s)

    def get_next_fire_time(self, _previous: datetime | None, now: datetime) -> datetime:
        """Return now + interval, whatever fired before."""
        return now + self._interval


class Schedule:
    """Runs the table until it is stopped."""

    def __init__(self, jobs: Sequence[Job], clock: Clock) -> None:
        self._jobs = jobs
        self._clock = clock
        # It warns at each turn that a slow job misses; how late the work is shows in the health.
        _library_log.setLevel(logging.ERROR)
        self._scheduler = AsyncIOScheduler(
            timezone=UTC,
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        self._guard: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; each job runs for the first time after its interval."""
        for job in self._jobs:
            self._scheduler.add_job(
                _guarded(job), AlwaysFromNow(job.every_s), id=job.name, name=job.name
            )
        self._scheduler.start()
        self._guard = asyncio.create_task(self._watch_clock())

    async def stop(self) -> None:
        """Start no job any more, and cut off what is under way."""
        # To it, whatever is cut off has failed; what does fail, the guard has told.
        _library_log.setLevel(logging.CRITICAL)
        self._scheduler.shutdown(wait=False)
        if self._guard is not None:
            self._guard.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._guard

    async def _watch_clock(self) -> None:
        offset = self._offset()
        while True:
            await asyncio.sleep(_GUARD_S)
            step = self._offset() - offset
            if abs(step) > _STEP_MS:
                offset += step
                log.warning("clock_stepped", seconds=step / 1000)
                self._plan_anew()

    def _plan_anew(self) -> None:
        for job in self._jobs:
            self._scheduler.reschedule_job(job.name, trigger=AlwaysFromNow(job.every_s))

    def _offset(self) -> int:
        return self._clock.wall_ms() - self._clock.monotonic_ms()


def _guarded(job: Job) -> Callable[[], Awaitable[None]]:
    failing = ""

    async def run() -> None:
        nonlocal failing
        try:
            await job.run()
        except Exception as error:  # a failing disk must not end the replay
            # One line for each change: a job may run each second.
            if failing != repr(error):
                failing = repr(error)
                log.exception("job_failed", job=job.name)
        else:
            if failing:
                failing = ""
                log.info("job_recovered", job=job.name)

    return run
