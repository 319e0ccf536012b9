"""Guests who take photos over real HTTP until the kiosk answers no more, and note each answer."""

import http.client
import json
import random
import threading
import time
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import count
from typing import Any
from urllib.parse import urlencode

from tests.parts.pictures import noise, saved

_CONSENT = '{"sms": true}'
_numbers = count()


@dataclass(eq=False)
class Shot:
    """One photo that a guest has sent, and what came back; `answer` is None for no `201`.

    `late_phone` is a number given for it afterwards; `asking` while that has not been answered.
    """

    photo: bytes = field(repr=False)
    kind: str
    as_json: bool
    phone: str | None
    background: str | None
    key: str
    answer: dict[str, Any] | None = None
    sent_at: float = float("inf")
    answered_at: float = float("inf")
    refusals: list[str] = field(default_factory=list)
    late_phone: str | None = None
    asking: bool = False

    def send(self, connection: http.client.HTTPConnection) -> None:
        """Send it and note the answer; raises OSError or HTTPException where the kiosk is gone."""
        path, body, media_type = self._json() if self.as_json else self._raw()
        headers = {"Content-Type": media_type, "Idempotency-Key": self.key}
        self.sent_at = time.monotonic()
        connection.request("POST", path, body, headers)
        status, content = _answer_of(connection)
        self.answered_at = time.monotonic()
        if status == 201:
            self.answer = json.loads(content)
        else:
            self.refusals.append(f"{status} {content}")

    def ask_for_sms(self, connection: http.client.HTTPConnection) -> None:
        """Give `late_phone` for the answered photo; raises as `send` does."""
        assert self.answer is not None
        self.asking = True
        body = json.dumps({"phone": self.late_phone, "capture_id": self.answer["id"]})
        headers = {"Content-Type": "application/json"}
        connection.request("POST", "/api/send-sms", body, headers)
        status, content = _answer_of(connection)
        if status in {200, 202}:
            self.answer["sms_id"] = json.loads(content)["sms_id"]
            self.asking = False
        else:
            self.refusals.append(f"{status} {content}")

    @property
    def refused_by_disk(self) -> int:
        """How often the kiosk has said that its disk fails."""
        return sum('"storage-failed"' in refusal for refusal in self.refusals)

    def _json(self) -> tuple[str, bytes, str]:
        fields: dict[str, Any] = {"photo_base64": b64encode(self.photo).decode()}
        if self.phone:
            fields |= {"phone": self.phone, "consent": json.loads(_CONSENT)}
        if self.background:
            fields["background_id"] = self.background
        return "/api/capture", json.dumps(fields).encode(), "application/json"

    def _raw(self) -> tuple[str, bytes, str]:
        query = {"phone": self.phone, "consent": _CONSENT} if self.phone else {}
        if self.background:
            query["background_id"] = self.background
        return f"/api/capture?{urlencode(query)}", self.photo, f"image/{self.kind}"


def _answer_of(connection: http.client.HTTPConnection) -> tuple[int, str]:
    response = connection.getresponse()
    return response.status, response.read().decode()


class Guests:
    """Several guests at once, each with one connection."""

    def __init__(self, port: int, rng: random.Random, backgrounds: Sequence[str]) -> None:
        self.shots: list[Shot] = []
        self._port = port
        self._backgrounds = backgrounds
        self._rng = rng
        self._turn = threading.Lock()
        self._answers = threading.Semaphore(0)
        self._leave = threading.Event()
        self._threads: list[threading.Thread] = []

    def come(self, number: int) -> None:
        """Let them start."""
        self._threads = [threading.Thread(target=self._play, daemon=True) for _ in range(number)]
        for thread in self._threads:
            thread.start()

    def wait_for_answers(self, number: int, within_s: float) -> None:
        """Return right after that many captures have been answered, or when the time is over."""
        deadline = time.monotonic() + within_s
        for _ in range(number):
            if not self._answers.acquire(timeout=max(0.0, deadline - time.monotonic())):
                return

    def go(self) -> None:
        """Let each finish the photo that is under way, or see that the kiosk is dead, and go."""
        self._leave.set()
        for thread in self._threads:
            thread.join()

    def _play(self) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        while not self._leave.is_set():
            with self._turn:
                shot = new_shot(self._rng, self._backgrounds)
                self.shots.append(shot)
            try:
                shot.send(connection)
            except (OSError, http.client.HTTPException):
                break
            if shot.answer:
                self._answers.release()
            else:
                time.sleep(0.01)
        connection.close()


def new_shot(rng: random.Random, backgrounds: Sequence[str]) -> Shot:
    """Return a photo with a phone or not, on a background or not, raw or as JSON."""
    number = next(_numbers)
    kind = rng.choice(("jpeg", "png", "webp"))
    return Shot(
        photo=_picture(kind, rng.randrange(8)),
        kind=kind,
        as_json=rng.random() < 0.5,
        # One guest each: the cap per number is not what is tried here.
        phone=f"0612{number:06}" if rng.random() < 0.4 else None,
        background=rng.choice(backgrounds) if backgrounds and rng.random() < 0.1 else None,
        key=f"{number}-{rng.getrandbits(64):x}",
    )


@cache
def _picture(kind: str, number: int) -> bytes:
    return saved(noise(32 + 8 * number, 64, seed=number), kind.upper())
