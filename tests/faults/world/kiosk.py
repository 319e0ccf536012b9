"""One life of the kiosk's process: the real objects over the real files, in a loop of its own.

A life ends by a kill between any two steps of its loop. The database's files are copied at that
moment, as SIGKILL leaves them, and the next life begins with the copy; what is left of the dead one
is then tidied away over files that nobody looks at any more.
"""

import asyncio
import shutil
import sqlite3
import tempfile
from collections.abc import Coroutine, Iterable, Sequence
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk_appliance.appliance import jobs_of
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.notify import ServiceManager
from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.schedule import Job
from kiosk_appliance.settings import Loaded, load
from kiosk_appliance.web.use_cases import UseCases
from kiosk_appliance.wiring import use_cases
from tests.faults.world.virtual import VirtualLoop
from tests.parts.clocks import NOON_MS

# How long the machine takes from its power button to the process.
_BOOTS_IN_S = 12.0
_TOML = """
[kiosk]
data_dir = "{folder}/data"
[disk]
warn_below = "2 MB"
refuse_below = "1 MB"
reserve = "1 MB"
[photo]
long_side = 320
[storage]
channel = "swift"
auth_url = "http://127.0.0.1:9/v3"
username = "kiosk"
password = "none"
tenant_name = "kiosk"
region = "GRA"
container = "photos"
[sms]
channel = "ovh"
service_name = "sms-ab12345-1"
per_day = 1_000_000
expires_after = "{expires_after}"
[ovh]
endpoint = "http://127.0.0.1:9/1.0"
application_key = "none"
application_secret = "none"
consumer_key = "none"
"""


@dataclass
class Machine:
    """What outlives the process: the boot, and what the system and its kernel think of time."""

    boot: int = 1
    booted_at: float = -100.0
    ahead_ms: int = 0
    synchronised: bool = True

    def reboot(self, now: float) -> None:
        """Start again, with the same clock and nobody who vouches for it."""
        self.boot += 1
        self.booted_at = now - _BOOTS_IN_S
        self.synchronised = False


class WorldClock(Clock):
    """A process's clock on a machine of the simulated world."""

    def __init__(self, machine: Machine, loop: VirtualLoop) -> None:
        self._machine = machine
        self._loop = loop
        super().__init__()
        self.boot = f"boot-{machine.boot}"

    def monotonic_ms(self) -> int:
        return int((self._loop.time() - self._machine.booted_at) * 1000)

    def wall_ms(self) -> int:
        return NOON_MS + int(self._loop.time() * 1000) + self._machine.ahead_ms

    def kernel_is_synchronised(self) -> bool:
        return self._machine.synchronised


class Life:
    """The process from its start to its death; `slower` stretches the time between its jobs."""

    def __init__(
        self,
        folder: Path,
        loop: VirtualLoop,
        machine: Machine,
        channels: Sequence[Channel],
        expires_after: str,
    ) -> None:
        self.folder = folder
        self.loop = loop
        self.slower = 1.0
        self._clock = WorldClock(machine, loop)
        self._channels = channels
        self.loaded = _loaded(folder, expires_after)
        self.settings = self.loaded.settings
        self._stack = AsyncExitStack()
        self._tasks: set[asyncio.Task[None]] = set()
        self.store: Store
        self.kiosk: UseCases | None = None

    async def start(self) -> UseCases:
        """Start as `appliance.serve` does, short of its listeners."""
        self.store = await self._stack.enter_async_context(open_store(self.settings, self._clock))
        darkroom = Darkroom(self.settings)
        self._stack.callback(darkroom.close)
        kiosk = use_cases(self.store, self.loaded, darkroom, self._clock, self._channels)
        self.kiosk = kiosk
        await kiosk.timekeeping.begin()
        await kiosk.replay.start()
        for job in jobs_of(kiosk, ServiceManager({})):
            # Its proofs are written for nobody here.
            if job.name != "watchdog":
                self.begin(self._repeat(job))
        return kiosk

    async def _repeat(self, job: Job) -> None:
        while True:
            await asyncio.sleep(job.every_s * self.slower)
            await job.run()

    def begin(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Let something run for as long as the process lives."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run until the work is done. Raises Killed."""
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self.begin(work))

    def leave_to(self, heir: Path) -> list[str]:
        """Copy what a kill leaves on the disk; return the deliveries that were under way.

        The photos are the same for all lives.
        """
        self.loop.settle()
        mine, data = self.folder / "data", heir / "data"
        data.mkdir(parents=True)
        for path in mine.iterdir():
            if path.name == "photos":
                (data / path.name).symlink_to(path.resolve())
            elif path.is_dir():
                shutil.copytree(path, data / path.name)
            elif path.is_file():
                shutil.copy2(path, data / path.name)
        return _running(data)

    def tidy_away(self) -> None:
        """End the threads of a life that is over; of its files only the photos stay."""
        self.loop.rush()
        asyncio.set_event_loop(self.loop)
        self.loop.run_until_complete(self._end())
        asyncio.set_event_loop(None)
        self.loop.close()
        for path in (self.folder / "data").iterdir():
            if path.is_file():
                path.unlink()

    async def _end(self) -> None:
        await _cancelled(self._tasks)
        if self.kiosk is not None:
            await self.kiosk.replay.stop()
        await self._stack.aclose()
        await _cancelled(asyncio.all_tasks() - {asyncio.current_task()})


async def _cancelled(tasks: Iterable[asyncio.Task[Any] | None]) -> None:
    ending = {task for task in tasks if task is not None}
    for task in ending:
        task.cancel()
    await asyncio.gather(*ending, return_exceptions=True)


def _loaded(folder: Path, expires_after: str) -> Loaded:
    config = folder / "kiosk.toml"
    config.write_text(_TOML.format(folder=folder, expires_after=expires_after), encoding="utf-8")
    return load(config, {})


def _running(data: Path) -> list[str]:
    """Return what runs as the heir will find it; asked of a copy, for whoever opens it changes it.

    The life that is over may have a commit under way still: its own file could say otherwise.
    """
    with tempfile.TemporaryDirectory() as name:
        for path in data.glob("kiosk.db*"):
            shutil.copy2(path, name)
        with closing(sqlite3.connect(Path(name, "kiosk.db"))) as connection:
            rows = connection.execute("select id from deliveries where state = 'running'")
            return [row[0] for row in rows]
