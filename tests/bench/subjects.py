"""Who is measured: each a process of its own on loopback, started, asked for captures, ended.

All three get the same photos and do comparable work on pictures of the same size.
"""

import base64
import json
import os
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Protocol
from urllib.parse import urlencode

from tests.bench import pictures
from tests.parts.appliance import Appliance, Tables, free_port

_START_S = 30
_JSON = "application/json"
_REDIS = ("--bind", "127.0.0.1", "--save", "60", "1")
_UVICORN = (
    *("-W", "ignore", "-m", "uvicorn", "apps.baseline:app"),
    *("--no-access-log", "--log-level", "warning"),
)


@dataclass(frozen=True, slots=True)
class Sitting:
    """One photo with the frame that has its shape, in memory and on disk."""

    size: str
    photo: bytes = field(repr=False)
    photo_path: Path
    frame_path: Path


def sittings(folder: Path) -> list[Sitting]:
    """Draw the photos and frames into `folder`."""
    found = []
    for number, (size, (width, height, _)) in enumerate(pictures.SIZES.items()):
        photo_path, frame_path = folder / f"photo-{number}.jpg", folder / f"frame-{number}.png"
        photo_path.write_bytes(pictures.photo(size))
        frame_path.write_bytes(pictures.frame(1920, 1920 * height // width))
        found.append(Sitting(size, photo_path.read_bytes(), photo_path, frame_path))
    return found


class Subject(Protocol):
    """One column of the table."""

    @property
    def name(self) -> str: ...

    def run(self, sitting: Sitting, runs: int, clients: int) -> list[float]:
        """Return the milliseconds of `runs` captures by each of `clients` clients at once."""
        ...

    def close(self) -> None: ...


class Ours:
    """The appliance as a technician starts it; embedded channels unless `tables` says else."""

    def __init__(self, folder: Path, wanted: list[Sitting], tables: Tables | None = None) -> None:
        folder.mkdir()
        common: Tables = {
            "photo": {"long_side": 1920},
            "sms": {"per_number_per_day": 100_000, "per_day": 1_000_000},
        }
        for name, keys in (tables or {}).items():
            common[name] = common.get(name, {}) | keys
        self.appliance = Appliance(folder, common)
        self.backgrounds = {one.size: self._add(one.frame_path) for one in wanted}

    def start(self) -> float:
        """Start it and return the seconds to its first answer."""
        return seconds_to_answer(self.appliance.launch, self.appliance.port)

    def json(self) -> Subject:
        """Return the column of the contract's JSON form."""
        return _Http("ours", self.appliance.port, self._json_body, _JSON)

    def raw(self) -> Subject:
        """Return the column of the raw form."""
        return _Http(
            "ours, raw body", self.appliance.port, lambda one: one.photo, "image/jpeg", self._query
        )

    @property
    def pid(self) -> int:
        assert self.appliance.process is not None
        return self.appliance.process.pid

    def close(self) -> None:
        self.appliance.close()

    def _query(self, sitting: Sitting) -> str:
        fields = {
            "phone": "+33612345678",
            "consent": '{"sms": true}',
            "background_id": self.backgrounds[sitting.size],
        }
        return f"?{urlencode(fields)}"

    def _json_body(self, sitting: Sitting) -> bytes:
        return json_body(sitting, self.backgrounds[sitting.size])

    def _add(self, frame: Path) -> str:
        command = [sys.executable, "-m", "kiosk_appliance", "background", "add", str(frame)]
        command += ["--config", str(self.appliance.config)]
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
        return said.split()[0]


class Baseline:
    """The reference implementation of the source documents, in its own environment, with Redis."""

    def __init__(self, sources: Path, python: Path, folder: Path, frame: Path) -> None:
        folder.mkdir()
        shutil.copy(frame, folder / "overlay.png")
        self._sources, self._python, self._folder = sources, python, folder
        self.port, self._redis_port = free_port(), free_port()
        self._redis = subprocess.Popen(
            ["redis-server", *_REDIS, "--port", str(self._redis_port), "--dir", str(folder)],
            stdout=subprocess.DEVNULL,
        )
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> float:
        """Start it and return the seconds to its first answer."""
        return seconds_to_answer(self._launch, self.port)

    def stop(self) -> None:
        """End the application; Redis goes on."""
        if self._process is not None:
            self._process.terminate()
            self._process.wait(15)

    def json(self) -> Subject:
        return _Http("baseline", self.port, lambda one: json_body(one, "f1"), _JSON)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def close(self) -> None:
        self.stop()
        self._redis.terminate()
        self._redis.wait(15)

    def _launch(self) -> None:
        redis = f"redis://127.0.0.1:{self._redis_port}/0"
        self._process = subprocess.Popen(
            [str(self._python), *_UVICORN, "--port", str(self.port)],
            cwd=self._sources,
            env={**os.environ, "APP_DIR": str(self._folder), "REDIS_URL": redis},
        )


class BareCost:
    """The floor: `tests.bench.floor` in its process."""

    name = "bare cost"

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.floor", str(folder)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, sitting: Sitting, runs: int, clients: int) -> list[float]:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = [str(sitting.photo_path), str(sitting.frame_path), runs, clients]
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        took: list[float] = json.loads(self._process.stdout.readline())
        return took

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(15)


@dataclass(frozen=True, slots=True)
class _Http:
    """Clients of `POST /api/capture`, each capture on a fresh connection."""

    name: str
    port: int
    body: Callable[[Sitting], bytes]
    media_type: str
    query: Callable[[Sitting], str] = lambda _: ""

    def run(self, sitting: Sitting, runs: int, clients: int) -> list[float]:
        body, path = self.body(sitting), f"/api/capture{self.query(sitting)}"
        took: list[float] = []
        failed: list[Exception] = []

        def client() -> None:
            try:
                took.extend(self._post(path, body) for _ in range(runs))
            except (HTTPException, OSError) as error:
                failed.append(error)

        threads = [threading.Thread(target=client) for _ in range(clients)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        if failed:
            raise failed[0]
        return took

    def close(self) -> None:
        """Nothing is held."""

    def _post(self, path: str, body: bytes) -> float:
        connection = HTTPConnection("127.0.0.1", self.port, timeout=60)
        started = time.perf_counter()
        connection.request("POST", path, body, {"Content-Type": self.media_type})
        answer = connection.getresponse()
        said = answer.read()
        took = (time.perf_counter() - started) * 1000
        connection.close()
        if answer.status not in (200, 201):
            raise HTTPException(f"{self.name}: {answer.status} {said[:300]!r}")
        return took


def json_body(sitting: Sitting, background_id: str) -> bytes:
    """Return the JSON form of a capture, with an SMS to be sent."""
    fields = {
        "phone": "+33612345678",
        "email": "a@b.fr",
        "background_id": background_id,
        "consent": {"sms": True},
        "photo_base64": base64.b64encode(sitting.photo).decode(),
    }
    return json.dumps(fields).encode()


def seconds_to_answer(launch: Callable[[], None], port: int) -> float:
    """Launch a server and return the seconds until `GET /health/ping` is answered."""
    started = time.perf_counter()
    launch()
    while time.perf_counter() - started < _START_S:
        connection = HTTPConnection("127.0.0.1", port, timeout=1)
        try:
            connection.request("GET", "/health/ping")
            connection.getresponse().read()
        except OSError:
            time.sleep(0.005)
        else:
            return time.perf_counter() - started
        finally:
            connection.close()
    raise TimeoutError(f"nobody answers on port {port}")
