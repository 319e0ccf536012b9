"""One server process on a loopback port: started, stopped, killed, frozen, thawed."""

import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import ExitStack
from pathlib import Path

import psutil

from tests.parts.outages import Outages

_PROJECT = Path(__file__).parents[3]
_START_S = 60.0


class StartFailed(RuntimeError):
    """A server ended before it listened, for instance because its port had been taken."""


def free_ports(count: int) -> list[int]:
    """Return distinct ports that nobody listens on at this moment."""
    with ExitStack() as held:
        probes = [held.enter_context(socket.socket()) for _ in range(count)]
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]


class Server(Outages):
    """A process of `tests.parts.swift.launch`; at most one at a time.

    It must be started from a thread that outlives it: the kernel's death signal follows the
    thread, not the process.
    """

    def __init__(self, kind: str, argument: str, port: int, root: Path, **env: str) -> None:
        self.kind, self.port, self.log = kind, port, root / f"{kind}.log"
        self._argument = argument
        self._env = {**os.environ, "PYTHONPATH": str(_PROJECT), **env}
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int | None:
        return self._process.pid if self._process else None

    def launch(self) -> None:
        """Start the process without waiting; nothing happens when it runs already."""
        if self.running:
            return
        command = [sys.executable, "-m", "tests.parts.swift.launch", str(os.getpid())]
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                [*command, self.kind, self._argument],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=self._env,
            )

    def wait(self) -> None:
        """Return once this very process listens on its port; raises StartFailed."""
        deadline = time.monotonic() + _START_S
        while not self._listens():
            if not self.running or time.monotonic() > deadline:
                self.kill()
                tail = self.log.read_text(errors="replace")[-2000:]
                raise StartFailed(f"{self.kind} did not start:\n{tail}")
            time.sleep(0.02)

    def start(self) -> None:
        """Start it and wait until it listens; a frozen one is thawed."""
        if self.running:
            self.resume()
        self.launch()
        self.wait()

    def stop(self) -> None:
        """End it politely, by force after five seconds."""
        if self._process and self.running:
            self.resume()
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self.kill()

    def kill(self) -> None:
        """End it with SIGKILL."""
        if self._process:
            self._process.kill()
            self._process.wait()

    def _leave(self) -> None:
        self.kill()

    def _signal(self, number: signal.Signals) -> None:
        if self._process and self.running:
            self._process.send_signal(number)

    def _listens(self) -> bool:
        if self._process is None:
            return False
        try:
            connections = psutil.Process(self._process.pid).net_connections("tcp")
        except psutil.Error:
            return False
        return any(
            one.status == psutil.CONN_LISTEN and one.laddr.port == self.port for one in connections
        )
