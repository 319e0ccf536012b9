"""A process that runs one command line after the other, as a technician's terminal does.

One start of the interpreter for all of them; what a command prints and how it ends comes back.
"""

import contextlib
import io
import json
import subprocess
import sys
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Done:
    """How a command ended."""

    code: int
    out: str
    err: str


class Terminal:
    """Runs commands in a process of its own."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.parts.terminal"],
            cwd=_ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(self, *arguments: str) -> Done:
        """Run `kiosk-appliance` with these arguments."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        print(json.dumps(arguments), file=self._process.stdin, flush=True)
        return Done(*json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate(timeout=15)


def _obey() -> None:
    # Only the terminal itself needs all of it.
    from kiosk_appliance.commands import main  # noqa: PLC0415

    for line in sys.stdin:
        out, err = io.StringIO(), io.StringIO()
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                code = main(json.loads(line))
            except SystemExit as left:
                code = int(left.code or 0)
            except Exception:  # noqa: BLE001 - as the interpreter would end it
                code = 1
                traceback.print_exc()
        print(json.dumps([code, out.getvalue(), err.getvalue()]), flush=True)


@pytest.fixture(scope="module")
def terminal() -> Iterator[Terminal]:
    made = Terminal()
    yield made
    made.close()


if __name__ == "__main__":
    _obey()
