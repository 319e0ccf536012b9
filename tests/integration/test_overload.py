"""Too many guests at once: some are taken, the others told when to come again, nobody waits."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import answered, as_body, head, problem, running, take
from tests.parts.pictures import jpeg, noise, saved
from tests.parts.waiting import wait_until

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


def posting(length: int, path: str = "/api/capture") -> bytes:
    return head(
        f"POST {path} HTTP/1.1",
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


def test_of_pictures_that_nobody_keeps_two_are_made_at_once(kiosk: Appliance) -> None:
    with kiosk.client() as client:
        background = client.get("/api/backgrounds").json()[0]["id"]

        def page(_: int) -> httpx.Response:
            path = f"/api/preview/picture?background_id={background}"
            return client.post(path, content=LARGE, headers={"Content-Type": "image/jpeg"})

        with ThreadPoolExecutor(8) as threads:
            answers = list(threads.map(page, range(8)))
        made = [answer for answer in answers if answer.status_code == 200]
        assert len(made) >= 2
        assert len({answer.content for answer in made}) == 1
        refused = [answer for answer in answers if answer.status_code != 200]
        assert refused
        for answer in refused:
            problem(answer, 503, "overloaded")


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


@pytest.mark.parametrize("of", ["mask", "picture"])
def test_a_preview_asks_for_its_place_before_its_body_is_read(kiosk: Appliance, of: str) -> None:
    with kiosk.client() as client:
        background = client.get("/api/backgrounds").json()[0]["id"]
        query = f"?background_id={background}" if of == "picture" else ""
        asking = posting(100_000, f"/api/preview/{of}{query}")
        with contextlib.ExitStack() as stack:
            first, second, late = (
                stack.enter_context(socket.create_connection(("127.0.0.1", kiosk.port), timeout=30))
                for _ in range(3)
            )
            for connection in (first, second):
                connection.sendall(asking + b"\xff")
            # Nothing of its body has been sent: its answer can be about its place alone.
            late.sendall(asking)
            received = b""
            while b"}" not in received:
                received += late.recv(65_536)
            problem(answered(received), 503, "overloaded")
            take(client)
        path = f"/api/preview/{of}{query}"

        def answers() -> bool:
            answer = client.post(path, content=jpeg(), headers={"Content-Type": "image/jpeg"})
            assert answer.status_code in {200, 503}
            return answer.status_code == 200

        wait_until(answers, 10, kiosk)


def test_previews_that_trickle_in_give_their_places_back(kiosk: Appliance) -> None:
    """Each sends a byte now and then: what ends is the time of the whole body."""
    with kiosk.client() as client:
        background = client.get("/api/backgrounds").json()[0]["id"]
    paths = ("/api/preview/mask", f"/api/preview/picture?background_id={background}")

    def dawdler(path: str) -> float:
        received = b""
        # No divisor of the limits: a byte that crosses the answer would reset the connection.
        with socket.create_connection(("127.0.0.1", kiosk.port), timeout=0.7) as connection:
            begun = time.monotonic()
            connection.sendall(posting(100_000, path))
            while not received and time.monotonic() < begun + 40:
                connection.sendall(b"\xff")
                with contextlib.suppress(TimeoutError):
                    received = connection.recv(65_536)
            waited = time.monotonic() - begun
            assert received, f"{path} still waits"
            while part := connection.recv(65_536):
                received += part
        problem(answered(received), 408, "request-timeout")
        return waited

    with ThreadPoolExecutor(4) as threads:
        masks, pictures = (threads.map(dawdler, [path, path]) for path in paths)
        assert all(4 < waited < 12 for waited in masks)
        assert all(14 < waited < 30 for waited in pictures)
    with kiosk.client() as client:
        for path in paths:
            answer = client.post(path, content=jpeg(), headers={"Content-Type": "image/jpeg"})
            assert answer.status_code == 200


def test_refused_guests_leave_no_place_taken(kiosk: Appliance) -> None:
    with kiosk.client() as client:
        for _ in range(40):
            assert as_body(client, b"no picture").status_code == 422
        take(client)
