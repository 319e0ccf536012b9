"""Words to the service manager, heard on real sockets."""

import os
import socket
from pathlib import Path

import pytest

from kiosk_appliance.ids import new_id
from kiosk_appliance.notify import ServiceManager


def hear(address: str) -> socket.socket:
    ear = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    ear.bind("\0" + address[1:] if address[0] == "@" else address)
    ear.settimeout(5)
    return ear


@pytest.mark.parametrize("abstract", [False, True])
def test_the_manager_hears_ready_alive_and_stopping(tmp_path: Path, abstract: bool) -> None:
    address = f"@kiosk-{new_id()}" if abstract else str(tmp_path / "notify")
    with hear(address) as ear:
        manager = ServiceManager({"NOTIFY_SOCKET": address})
        manager.ready("Guests are served")
        manager.alive("Well")
        manager.stopping()
        assert [ear.recv(1000).decode().splitlines() for _ in range(3)] == [
            ["READY=1", "STATUS=Guests are served"],
            ["WATCHDOG=1", "STATUS=Well"],
            ["STOPPING=1", "STATUS=Stopping"],
        ]


@pytest.mark.parametrize("address", ["", "/nowhere/at/all", "@nobody-listens-here", "x" * 300])
def test_without_a_manager_there_is_silence(address: str) -> None:
    ServiceManager({"NOTIFY_SOCKET": address}).ready("x")
    ServiceManager({}).stopping()


def test_a_manager_that_does_not_read_never_holds_us(tmp_path: Path) -> None:
    with hear(str(tmp_path / "notify")):
        manager = ServiceManager({"NOTIFY_SOCKET": str(tmp_path / "notify")})
        for _ in range(5_000):
            manager.alive("x" * 1_000)


@pytest.mark.parametrize(
    ("environ", "seconds"),
    [
        ({}, None),
        ({"WATCHDOG_USEC": ""}, None),
        ({"WATCHDOG_USEC": "0"}, None),
        ({"WATCHDOG_USEC": "rubbish"}, None),
        ({"WATCHDOG_USEC": "-5"}, None),
        ({"WATCHDOG_USEC": "30000000"}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": str(os.getpid())}, 30.0),
        ({"WATCHDOG_USEC": "30000000", "WATCHDOG_PID": "1"}, None),
    ],
)
def test_how_often_it_wants_a_sign_of_life(environ: dict[str, str], seconds: float | None) -> None:
    assert ServiceManager(environ).watchdog_s == seconds
