"""A disk that somebody else fills up to the last byte, or the last file, under guests who go on.

What was answered stays, the next photo is refused before the countdown, what has to be written down
still is, and once there is room the kiosk goes on by itself.
"""

import http.client
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.faults.guests import Guests, Shot
from tests.faults.ledger import Ledger
from tests.faults.volume import Volume, fill
from tests.parts.appliance import Appliance
from tests.parts.pictures import jpeg

pytestmark = pytest.mark.faults

_MB = 1 << 20
_BACK_WITHIN_S = 10.0
_TABLES: dict[str, dict[str, Any]] = {
    "disk": {"warn_below": "6 MB", "refuse_below": "3 MB", "reserve": "4 MB"},
    "sms": {"per_day": 100_000},
    "log": {"level": "WARNING"},
}


def _fill_with_bytes(folder: Path) -> None:
    fill(folder / "stranger")


def _fill_with_files(folder: Path) -> None:
    (folder / "strangers").mkdir(exist_ok=True)
    with suppress(OSError):
        for number in range(100_000):
            (folder / "strangers" / f"{number}").touch()


def _clear(folder: Path) -> None:
    for path in [*folder.glob("strangers/*"), *folder.glob("stranger")]:
        path.unlink()
    if (folder / "strangers").exists():
        (folder / "strangers").rmdir()


@contextmanager
def _kiosk(place: Path, *options: str) -> Iterator[Appliance]:
    # Nothing is kept back for root, who is the kiosk here. The guests' own photos have room on it:
    # on a busy machine they take 400 in twenty turns, of five files each.
    volume = Volume(place, "ext4", 64 * _MB, ("-m", "0", *options))
    volume.mount()
    appliance = Appliance(place, _TABLES).start()
    try:
        yield appliance
    finally:
        appliance.close()
        volume.unmount()


def _wait(condition: Callable[[], Any], appliance: Appliance, within_s: float = 20) -> None:
    deadline = time.monotonic() + within_s
    while not condition():
        assert time.monotonic() < deadline, appliance.log()
        time.sleep(0.02)


def _capture(client: httpx.Client, **headers: str) -> httpx.Response:
    headers |= {"Content-Type": "image/jpeg"}
    return client.post("/api/capture", content=jpeg(), headers=headers)


def _status_before_the_body(appliance: Appliance) -> int:
    """Announce a photo and send not a byte of it."""
    connection = http.client.HTTPConnection("127.0.0.1", appliance.port, timeout=20)
    connection.putrequest("POST", "/api/capture")
    connection.putheader("Content-Type", "image/jpeg")
    connection.putheader("Content-Length", str(_MB))
    connection.endheaders()
    status = connection.getresponse().status
    connection.close()
    return status


def _obstacle(client: httpx.Client) -> str | None:
    said: str | None = client.get("/guest/now.json").json()["obstacle"]
    return said


def _without_sms(shots: list[Shot]) -> list[Shot]:
    return [shot for shot in shots if shot.answer and not shot.answer["sms_id"]]


def _waiting(client: httpx.Client) -> int:
    outbox = client.get("/health").json()["checks"]["outbox"]
    number: int = outbox["waiting"] + outbox["running"]
    return number


class _Crowd:
    """Guests who play on while a stranger fills the disk and clears it again."""

    def __init__(self, appliance: Appliance, client: httpx.Client) -> None:
        self.ledger = Ledger(appliance.data_dir)
        self.answered = self.refused = 0
        self.slowest_s = 0.0
        self._appliance = appliance
        self._client = client

    def play(self, turn: int, fill_up: Callable[[Path], None]) -> None:
        guests = Guests(self._appliance.port, random.Random(turn), ())
        guests.come(3)
        guests.wait_for_answers(5, within_s=20)
        self._wait(lambda: _without_sms(guests.shots), within_s=20)
        fill_up(self._appliance.data_dir)
        self._wait(lambda: any(shot.refusals for shot in guests.shots), within_s=20)
        self._wait(lambda: _obstacle(self._client) == "insufficient-storage", within_s=20)
        self._look_at_the_full_disk()
        self._send_sms(turn, _without_sms(guests.shots), fill_up)
        cleared = time.monotonic()
        _clear(self._appliance.data_dir)
        self._wait(lambda: any(s.answer and s.sent_at > cleared for s in list(guests.shots)))
        guests.go()
        self._wait(lambda: not _waiting(self._client))
        self.slowest_s = max(self.slowest_s, time.monotonic() - cleared)
        assert _obstacle(self._client) is None
        self._count(guests.shots)

    def _look_at_the_full_disk(self) -> None:
        health = self._client.get("/health")
        checks = health.json()["checks"]
        assert (health.status_code, checks["disk"]["status"]) == (503, "failing")
        assert "No photo is taken in" in checks["disk"]["detail"]
        assert checks["database"]["status"] == "ok", self._appliance.log()

    def _send_sms(self, turn: int, known: list[Shot], fill_up: Callable[[Path], None]) -> None:
        """Have something written down: it still is, but for what takes a file of its own."""
        expected = 202 if fill_up is _fill_with_bytes else 507
        for nth, shot in enumerate(known):
            assert shot.answer is not None
            order = {"phone": f"06991{turn:02}{nth:03}", "capture_id": shot.answer["id"]}
            answer = self._client.post("/api/send-sms", json=order)
            shot.answer["sms_id"] = answer.json().get("sms_id")
            photo = self._client.get(f"/api/download/{shot.answer['token']}")
            assert photo.status_code == 200
            if answer.status_code == expected:
                return
            # A guest whose photo was refused just now has left a file free: it is taken as well.
            assert answer.status_code == 202, f"{answer.text}\n{self._appliance.log()}"
            fill_up(self._appliance.data_dir)
        raise AssertionError(f"never {expected}: {len(known)} tries\n{self._appliance.log()}")

    def _count(self, shots: list[Shot]) -> None:
        answered = [shot for shot in shots if shot.answer]
        self.ledger.add(answered, [])
        told = {word for shot in shots for word in shot.refusals}
        assert all(w.startswith("507") and "insufficient-storage" in w for w in told), told
        self.answered += len(answered)
        self.refused += len(shots) - len(answered)

    def _wait(self, condition: Callable[[], Any], within_s: float = _BACK_WITHIN_S) -> None:
        _wait(condition, self._appliance, within_s)


@pytest.mark.parametrize(
    ("fill_up", "options"), [(_fill_with_bytes, ()), (_fill_with_files, ("-N", "8192"))]
)
def test_guests_on_a_disk_that_fills_up_and_is_cleared_again(
    fill_up: Callable[[Path], None],
    options: tuple[str, ...],
    place: Path,
    full: bool,
    tell: Callable[[object], None],
) -> None:
    with _kiosk(place, *options) as appliance, appliance.client() as client:
        crowd = _Crowd(appliance, client)
        for turn in range(20 if full else 2):
            crowd.play(turn, fill_up)
        assert client.get("/health").status_code == 200
        assert appliance.stop() == 0
        assert crowd.ledger.held_against_disk() == []
    tell(
        f"{crowd.answered} answered, {crowd.refused} refused,"
        f" back after {crowd.slowest_s:.1f} s at most"
    )


def test_a_full_disk_keeps_no_kiosk_from_starting_and_no_guest_from_her_answer(
    place: Path,
) -> None:
    with _kiosk(place) as appliance:
        with appliance.client() as client:
            first = _capture(client, **{"Idempotency-Key": "lost-answer"})
            appliance.wait_for(first.json()["id"], is_synced=True)
            _wait(
                lambda: client.get("/health").json()["checks"]["disk"]["reserve_bytes"], appliance
            )
        appliance.kill()
        _fill_with_bytes(appliance.data_dir)
        appliance.start()
        with appliance.client() as client:
            assert _capture(client).status_code == 507
            assert _status_before_the_body(appliance) == 507
            again = _capture(client, **{"Idempotency-Key": "lost-answer"})
            assert (again.status_code, again.content) == (201, first.content)
            _clear(appliance.data_dir)
            _wait(lambda: _capture(client).status_code == 201, appliance, _BACK_WITHIN_S)
