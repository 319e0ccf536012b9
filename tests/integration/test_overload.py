"""Too many guests at once: some are taken, the others told when to come again, nobody waits."""

import contextlib
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import answered, as_body, head, problem, running, take
from tests.parts.pictures import jpeg, noise, saved

MB = 1_048_576
AT_ONCE = 30
# 12 megapixels and several MB: what a phone's camera gives, and slow to make.
LARGE = saved(noise(4000, 3000), "JPEG", quality=60)


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        yield appliance


def memory(kiosk: Appliance) -> int:
    assert kiosk.process is not None
    status = Path(f"/proc/{kiosk.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


def posting(length: int) -> bytes:
    return head(
        "POST /api/capture HTTP/1.1",
        "Host: localhost",
        "Content-Type: image/jpeg",
        f"Content-Length: {length}",
    )


def test_of_thirty_at_once_at_least_eight_are_taken(kiosk: Appliance) -> None:
    """Each sends all but its last byte first, so that all are at the door together."""
    assert len(LARGE) > 4 * MB
    ready = threading.Barrier(AT_ONCE)

    def guest(_: int) -> httpx.Response:
        with socket.create_connection(("127.0.0.1", kiosk.port), timeout=100) as connection:
            connection.sendall(posting(len(LARGE)) + LARGE[:1000])
            ready.wait(60)
            received = b""
            with contextlib.suppress(OSError):
                connection.sendall(LARGE[1000:])
            while part := connection.recv(65_536):
                received += part
        return answered(received)

    with ThreadPoolExecutor(AT_ONCE) as threads:
        answers = list(threads.map(guest, range(AT_ONCE)))
    taken = [answer for answer in answers if answer.status_code == 201]
    refused = [answer for answer in answers if answer.status_code != 201]
    assert len(taken) >= 8
    for answer in refused:
        problem(answer, 503, "overloaded")
        assert int(answer.headers["retry-after"]) >= 1
    assert len({answer.json()["id"] for answer in taken}) == len(taken)
    assert memory(kiosk) < 700 * MB
    with kiosk.client() as client:
        take(client)


def test_bodies_that_trickle_in_keep_nobody_out(kiosk: Appliance) -> None:
    photo = jpeg()
    slow = [socket.create_connection(("127.0.0.1", kiosk.port), timeout=30) for _ in range(60)]
    try:
        for connection in slow:
            connection.sendall(posting(len(photo)) + photo[:10])
        with kiosk.client() as client:
            for position in range(10, 15):
                for connection in slow:
                    connection.sendall(photo[position : position + 1])
                assert as_body(client, photo).status_code == 201
                assert client.get("/health/ping").status_code == 200
        # And who is merely slow gets his photo taken in the end.
        slow[0].sendall(photo[15:])
        received = b""
        while part := slow[0].recv(65_536):
            received += part
        assert answered(received).status_code == 201
    finally:
        for connection in slow:
            connection.close()
    with kiosk.client() as client:
        take(client)
    assert "request_failed" not in kiosk.log()


def test_refused_guests_leave_no_place_taken(kiosk: Appliance) -> None:
    with kiosk.client() as client:
        for _ in range(40):
            assert as_body(client, b"no picture").status_code == 422
        take(client)
