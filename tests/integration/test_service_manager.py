"""The whole process as a service manager sees it."""

import socket
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from tests.parts.appliance import Appliance

WATCHDOG_S = 6


class Ear:
    """The manager's end of the notification socket."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))

    def hear(self, word: str, seconds: float) -> bool:
        """Say whether a message with this word came within the time."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self._socket.settimeout(left)
            try:
                message = self._socket.recv(4096).decode()
            except TimeoutError:
                return False
            if word in message.splitlines():
                return True
        return False

    def forget(self) -> None:
        """Drop what came so far."""
        self._socket.setblocking(False)
        while True:
            try:
                self._socket.recv(4096)
            except BlockingIOError:
                return

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def ear(tmp_path: Path) -> Iterator[Ear]:
    made = Ear(tmp_path / "notify")
    yield made
    made.close()


def test_ready_alive_wedged_and_alive_again(
    ear: Ear, make_appliance: Callable[..., Appliance]
) -> None:
    kiosk = make_appliance()
    kiosk.launch({"NOTIFY_SOCKET": str(ear.path), "WATCHDOG_USEC": str(WATCHDOG_S * 1_000_000)})
    assert ear.hear("READY=1", 20)
    ping = httpx.get(f"{kiosk.url}/health/ping", trust_env=False)
    assert ping.status_code == 200, "ready means that HTTP answers"
    assert ear.hear("WATCHDOG=1", WATCHDOG_S)

    other = sqlite3.connect(kiosk.data_dir / "kiosk.db", isolation_level=None)
    other.execute("begin immediate")
    time.sleep(0.5)
    ear.forget()
    assert not ear.hear("WATCHDOG=1", 2 * WATCHDOG_S), "a wedged database feeds no watchdog"
    health = httpx.get(f"{kiosk.url}/health", trust_env=False, timeout=15)
    assert health.status_code == 503
    assert health.json()["checks"]["database"]["status"] == "failing"
    assert httpx.get(f"{kiosk.url}/health/ping", trust_env=False).status_code == 200
    assert not [event for event in kiosk.events() if event["event"] == "job_failed"]

    other.execute("rollback")
    other.close()
    assert ear.hear("WATCHDOG=1", 2 * WATCHDOG_S)
    assert kiosk.stop() == 0
    assert ear.hear("STOPPING=1", 5)


def test_a_start_that_fails_is_never_ready(
    ear: Ear, make_appliance: Callable[..., Appliance]
) -> None:
    kiosk = make_appliance()
    with socket.create_server(("127.0.0.1", kiosk.port)):
        kiosk.launch({"NOTIFY_SOCKET": str(ear.path)})
        assert kiosk.process is not None
        assert kiosk.process.wait(20) != 0
    assert not ear.hear("READY=1", 0.2)
