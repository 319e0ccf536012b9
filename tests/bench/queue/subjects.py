"""The queues that are measured, each in processes of its own: ours, huey, Dramatiq on Redis."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from tests.bench.baseline import NoBaseline
from tests.parts.appliance import free_port

_CHECKOUT = Path(__file__).resolve().parents[3]
_HERE = "tests.bench.queue"
_HUEY_CONSUMER = (
    *("-m", "huey.bin.huey_consumer", f"{_HERE}.huey_jobs.huey", "-q"),
    *("-k", "thread", "-w", "4", "-d", "0.005", "-m", "0.005"),
)
_UP_S = 3.0
OURS = "outbox, synchronous=FULL"
HUEY = "huey, SQLite with fsync"
DRAMATIQ = "Dramatiq, Redis"
DURABLE_DRAMATIQ = "Dramatiq, Redis, appendfsync always"


class Subject:
    """A process that takes `[jobs, producers]` and answers with seconds; workers run beside it."""

    def __init__(
        self, name: str, command: Sequence[str], environment: Mapping[str, str] | None = None
    ) -> None:
        self.name = name
        self._environment = {**os.environ, **(environment or {})}
        self._driver = subprocess.Popen(
            command,
            cwd=_CHECKOUT,
            env=self._environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self._beside: list[subprocess.Popen[bytes]] = []

    def run(self, jobs: int, producers: int) -> float:
        """Return the seconds that so many empty jobs take, by so many producers at once."""
        assert self._driver.stdin is not None
        assert self._driver.stdout is not None
        self._driver.stdin.write(json.dumps([jobs, producers]) + "\n")
        self._driver.stdin.flush()
        answer = self._driver.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.name} has ended; see above")
        return float(json.loads(answer))

    def _start_beside(self, command: Sequence[str]) -> None:
        self._beside.append(
            subprocess.Popen(
                command,
                cwd=_CHECKOUT,
                env=self._environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    @contextmanager
    def awake(self) -> Iterator[None]:
        """Let the workers run: those of the others look for work all the time, and cost."""
        self._signal(signal.SIGCONT)
        try:
            yield
        finally:
            self._signal(signal.SIGSTOP)

    def _signal(self, number: signal.Signals) -> None:
        for process in self._beside:
            os.killpg(process.pid, number)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._signal(signal.SIGKILL)
        self._driver.terminate()
        self._driver.wait(15)
        for process in self._beside:
            process.wait(15)


class Outbox(Subject):
    """Ours: `tests.bench.queue.ours`."""

    def __init__(self, folder: Path) -> None:
        place = folder / "outbox"
        place.mkdir()
        super().__init__(OURS, [sys.executable, "-m", f"{_HERE}.ours", str(place)])


class Huey(Subject):
    """SqliteHuey with fsync, and four threads that look often.

    With its usual pauses each of them would look once in 100 ms.
    """

    def __init__(self, folder: Path, python: Path) -> None:
        super().__init__(
            HUEY,
            [str(python), "-m", f"{_HERE}.producer", f"{_HERE}.huey_jobs"],
            {"QUEUE_FILE": str(folder / "huey.db")},
        )
        self._start_beside([str(python), *_HUEY_CONSUMER])
        time.sleep(_UP_S)


class Dramatiq(Subject):
    """Dramatiq as it comes, on a Redis of its own that syncs each write or, as it comes, none."""

    def __init__(self, folder: Path, python: Path, redis: str, *, durable: bool) -> None:
        port = free_port()
        place = folder / f"redis-{port}"
        place.mkdir()
        super().__init__(
            DURABLE_DRAMATIQ if durable else DRAMATIQ,
            [str(python), "-m", f"{_HERE}.producer", f"{_HERE}.dramatiq_jobs"],
            {"QUEUE_REDIS": f"redis://127.0.0.1:{port}/0"},
        )
        sync = ["--appendonly", "yes", "--appendfsync", "always"] if durable else []
        address = ["--port", str(port), "--bind", "127.0.0.1", "--dir", str(place)]
        self._start_beside([redis, *address, "--save", "", *sync])
        self._start_beside([str(python), "-m", "dramatiq", f"{_HERE}.dramatiq_jobs"])
        time.sleep(_UP_S)


def redis_server() -> str:
    """Return the path of redis-server; raises NoBaseline."""
    found = shutil.which("redis-server")
    if found is None:
        raise NoBaseline(
            "Dramatiq needs Redis: sudo apt-get install --no-install-recommends redis-server"
        )
    return found
