"""The real appliance as a process of its own, on a free port of loopback.

Started as a technician would: `kiosk-appliance serve --config kiosk.toml`.
"""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

Tables = dict[str, dict[str, Any]]
# Nobody listens on the discard port.
UNREACHABLE_CLOUD = {
    "channel": "swift",
    "auth_url": "http://127.0.0.1:9/v3",
    "username": "kiosk",
    "password": "none",
    "tenant_name": "kiosk",
    "region": "GRA",
    "container": "photos",
}

# A client that makes its own reads all of the system's certificates: 16 ms, and none is needed.
_TRUST = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_START_S = 60.0
_LAST_WORDS = 6_000


class Appliance:
    """One appliance under `folder`; starts and stops as often as a test likes."""

    def __init__(self, folder: Path, tables: Tables | None = None) -> None:
        self.folder = folder
        self.port = free_port()
        self.admin_port = self.port
        self.url = f"http://localhost:{self.port}"
        self.data_dir = folder / "var"
        self.config = folder / "kiosk.toml"
        self.log_file = folder / "appliance.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.configure(tables or {})

    def configure(self, tables: Tables) -> None:
        """Write kiosk.toml; in force at the next start."""
        address = f"127.0.0.1:{self.port}"
        own: Tables = {
            "kiosk": {"data_dir": str(self.data_dir)},
            "listen": {"guest": address, "admin": address},
            # Many of them run on one disk, or on volumes smaller than the defaults' marks.
            "disk": {"warn_below": "2 MB", "refuse_below": "1 MB", "reserve": "1 MB"},
        }
        for name, keys in tables.items():
            own[name] = own.get(name, {}) | keys
        self.admin_port = int(own["listen"]["admin"].rpartition(":")[2])
        self.config.write_text(_toml(own), encoding="utf-8")

    def start(self, environ: dict[str, str] | None = None) -> "Appliance":
        """Start it and return once it answers."""
        self.launch(environ)
        if not self.answers():
            assert self.process is not None
            pytest.fail(f"the appliance left with {self.process.returncode}:\n{self.log()}")
        return self

    def answers(self) -> bool:
        """Wait until it answers; False where it has left instead."""
        deadline = time.monotonic() + _START_S
        assert self.process is not None
        while self.process.poll() is None:
            try:
                httpx.get(f"{self.url}/health/ping", timeout=1, trust_env=False, verify=_TRUST)
            except httpx.TransportError:
                if time.monotonic() > deadline:
                    pytest.fail(f"the appliance does not answer:\n{self.log()}")
                time.sleep(0.02)
            else:
                return True
        return False

    def launch(self, environ: dict[str, str] | None = None) -> None:
        """Start it and return at once."""
        with self.log_file.open("ab") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "kiosk_appliance", "serve", "--config", str(self.config)],
                cwd=self.folder,
                env={**os.environ, **(environ or {})},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
            )

    def stop(self) -> int:
        """End it with SIGTERM and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    def kill(self) -> None:
        """End it with SIGKILL, as a pulled plug would."""
        assert self.process is not None
        self.process.kill()
        self.process.wait(15)

    def close(self) -> None:
        """End whatever still runs."""
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def client(self, **options: Any) -> httpx.Client:
        """Return an HTTP client whose base is this appliance."""
        return _client(self.url, options)

    def admin_client(self, **options: Any) -> httpx.Client:
        """Return an HTTP client whose base is the admin listener, by plain HTTP."""
        url = f"http://localhost:{self.admin_port}"
        return _client(url, options)

    def log(self) -> str:
        """Return everything that it has printed and logged."""
        return self.log_file.read_text(encoding="utf-8") if self.log_file.exists() else ""

    def events(self) -> list[dict[str, Any]]:
        """Return its log lines as objects."""
        return [json.loads(line) for line in self.log().splitlines() if line.startswith("{")]

    def handset_lines(self) -> list[str]:
        """Return the SMS that the `file` channel has written, one a line."""
        path = self.data_dir / "sms.txt"
        return path.read_text(encoding="utf-8").splitlines() if path.exists() else []

    def status(self, capture_id: str) -> dict[str, Any]:
        """Return `GET /api/status/{id}`."""
        with self.client() as client:
            answer = client.get(f"/api/status/{capture_id}")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def wait_for(self, capture_id: str, **expected: Any) -> dict[str, Any]:
        """Return the status once the fields are as expected; fails after 20 s."""
        deadline = time.monotonic() + 20
        while True:
            status = self.status(capture_id)
            if all(status[name] == value for name, value in expected.items()):
                return status
            if time.monotonic() > deadline:
                pytest.fail(f"waited for {expected}, got {status}\n{self.log()}")
            time.sleep(0.05)


def _client(url: str, options: dict[str, Any]) -> httpx.Client:
    options = {"verify": _TRUST, **options}
    return httpx.Client(base_url=url, timeout=30, trust_env=False, **options)


def free_port() -> int:
    """Return a port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _toml(tables: Tables) -> str:
    lines: list[str] = []
    for name, keys in tables.items():
        lines.append(f"[{name}]")
        lines += [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in keys.items()]
    return "\n".join(lines) + "\n"


@pytest.fixture
def make_appliance(tmp_path: Path) -> Iterator[Callable[..., Appliance]]:
    """Make appliances in folders of their own; ended and, if the test failed, heard."""
    made: list[Appliance] = []

    def make(tables: Tables | None = None) -> Appliance:
        folder = tmp_path / f"kiosk-{len(made)}"
        folder.mkdir()
        made.append(Appliance(folder, tables))
        return made[-1]

    yield make
    for appliance in made:
        appliance.close()
        # Shown only with a test that failed.
        print(appliance.log()[-_LAST_WORDS:])


@pytest.fixture
def appliance(make_appliance: Callable[..., Appliance]) -> Appliance:
    """Return a running appliance on embedded defaults."""
    return make_appliance().start()
