"""One short life of a kiosk in which everything that is synced happens.

A first start with its migrations, the backgrounds given, captures on a background and with an SMS,
an SMS asked for afterwards, uploads, and a stop in good order.
"""

import http.client
import random
import subprocess
import time
from contextlib import closing
from dataclasses import replace

import httpx

from tests.faults.guests import Shot, new_shot
from tests.faults.ledger import Fault
from tests.parts.appliance import Appliance

_TRIES = 5
_SETTLED_WITHIN_S = 20.0
_ANSWERED_WITHIN_S = 20.0
_SETTLED = {"delivered", "uncertain"}


class ShortLife:
    """What the guests of that life have sent, and what was wrong with it."""

    def __init__(self, appliance: Appliance, rng: random.Random) -> None:
        self.shots: list[Shot] = []
        self.faults: list[Fault] = []
        self._appliance = appliance
        self._rng = rng

    def live(self, environ: dict[str, str]) -> bool:
        """Live it; False where the process ended before its time."""
        self._appliance.launch(environ)
        if not self._appliance.answers():
            return False
        try:
            self._play()
            return self._appliance.stop() == 0
        except (OSError, http.client.HTTPException, httpx.TransportError) as error:
            process = self._appliance.process
            assert process is not None
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                self.faults.append(Fault("hang", repr(error)))
            return False

    def _play(self) -> None:
        with closing(self._connection()) as connection, self._appliance.client() as client:
            backgrounds = client.get("/api/backgrounds")
            self._judge("/api/backgrounds", backgrounds)
            # None where the disk has refused them: the next start gives them.
            chosen = backgrounds.json()[0]["id"] if backgrounds.text.startswith("[{") else None
            plain = replace(new_shot(self._rng, ()), phone=None)
            self._send(plain, connection, client)
            texted = replace(new_shot(self._rng, ()), phone=_phone(self._rng), background=chosen)
            self._send(texted, connection, client)
            plain.late_phone = _phone(self._rng)
            self._ask_for_sms(plain, connection)
            self._wait_until_settled(plain, client)
            self._judge("/health", client.get("/health"))

    def ask_again(self) -> None:
        """Ask for the SMS that was asked for and is not answered yet."""
        with closing(self._connection()) as connection:
            for shot in self.shots:
                if shot.asking:
                    self._ask_for_sms(shot, connection)

    def _ask_for_sms(self, shot: Shot, connection: http.client.HTTPConnection) -> None:
        for _ in range(_TRIES):
            shot.ask_for_sms(connection)
            if not shot.asking:
                return
            time.sleep(0.2)

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(
            "127.0.0.1", self._appliance.port, timeout=_ANSWERED_WITHIN_S
        )

    def _send(
        self, shot: Shot, connection: http.client.HTTPConnection, client: httpx.Client
    ) -> None:
        self.shots.append(shot)
        for _ in range(_TRIES):
            shot.send(connection)
            if shot.answer:
                self._wait_until_settled(shot, client)
                return
            time.sleep(0.2)

    def _wait_until_settled(self, shot: Shot, client: httpx.Client) -> None:
        deadline = time.monotonic() + _SETTLED_WITHIN_S
        assert shot.answer is not None
        path = f"/api/status/{shot.answer['id']}"
        while time.monotonic() < deadline:
            status = client.get(path)
            self._judge(path, status)
            deliveries = status.json().get("deliveries", [])
            if status.status_code == 200 and all(one["state"] in _SETTLED for one in deliveries):
                return
            time.sleep(0.02)
        self.faults.append(Fault("not settled", str(deliveries)))

    def _judge(self, path: str, answer: httpx.Response) -> None:
        if answer.status_code not in {200, 503}:
            self.faults.append(Fault("wrong answer", f"{path}: {answer.status_code}"))


def _phone(rng: random.Random) -> str:
    return f"0613{rng.randrange(10**6):06}"
