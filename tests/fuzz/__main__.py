"""`python -m tests.fuzz`: schemathesis calls both listeners by their own documents.

Five sittings: the guest listener, the admin listener without and with a token, and one listener
for both without and with a token. Held of every answer: no 5xx; a status, media type, headers and
body that the document has; half a minute at most. Held of the kiosk: its memory ends within 20 MB
of what it was after the first 500 calls. Prints what was called, and each failure with a command
that shows it; the exit code is 1 where there was one.

schemathesis lives in `.venv-fuzz`, made at the first run from `tests/fuzz/requirements.txt`.
"""

import argparse
import base64
import json
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.parts import environments
from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance, Tables, free_port
from tests.parts.guests import running
from tests.parts.pictures import jpeg

_CALLER = Path(__file__).with_name("caller.py")
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_KEY = {"X-API-Key": "a key that only programs know"}
_ALL = 20_000
_MEMORY_FROM = 500
_MEMORY_MORE_MB = 20
# Nothing is bounded here but by what the machine does: limits have tests of their own.
_TABLES: Tables = {
    "admin": {"api_key": _KEY["X-API-Key"]},
    "sms": {"per_number_per_day": 50, "per_day": 10_000},
}


def main() -> int:
    """Run everything and return the exit code."""
    options = _options()
    python = environments.python(_REQUIREMENTS, ".venv-fuzz", "fuzz: schemathesis")
    apart = _TABLES | {"listen": {"admin": f"127.0.0.1:{free_port()}"}}
    failed = False
    for tables, share in ((apart, 3 / 5), (_TABLES, 2 / 5)):
        with _kiosk(tables) as kiosk:
            plan = _plan(kiosk, round(options.calls * share), options.seed)
            report = _carried_out(python, plan)
        _show(report)
        failed |= bool(report["failures"])
        memory = [mb for at, mb in report["memory"] if at >= _MEMORY_FROM]
        failed |= memory[-1] - memory[0] > _MEMORY_MORE_MB
        print(f"memory: {memory[0]:.1f} MB after {_MEMORY_FROM} calls, then", end=" ")
        steps = memory[:: max(1, len(memory) // 10)]
        print(", ".join(f"{mb:.0f}" for mb in steps), f"and {memory[-1]:.1f} MB\n", flush=True)
    print("MISS" if failed else "PASS")
    return int(failed)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz")
    parser.add_argument("--calls", type=int, default=_ALL, help="in all (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="the same seed makes the same calls")
    return parser.parse_args()


@contextmanager
def _kiosk(tables: Tables) -> Iterator[Appliance]:
    with (
        tempfile.TemporaryDirectory(prefix="kiosk-fuzz-") as folder,
        running(Path(folder), tables) as kiosk,
    ):
        set_up(kiosk)
        yield kiosk


def _plan(kiosk: Appliance, calls: int, seed: int) -> dict[str, Any]:
    assert kiosk.process is not None
    admin_url = f"http://localhost:{kiosk.admin_port}"
    with kiosk.admin_client() as admin:
        token = bearer(token_of(admin))
    sittings: dict[str, Any] = {"stranger": (admin_url, {}), "admin": (admin_url, token)}
    if admin_url != kiosk.url:
        sittings = {"guest": (kiosk.url, {}), **sittings}
    return {
        "sittings": sittings,
        "guest_url": kiosk.url,
        "admin_url": admin_url,
        "key": _KEY,
        "calls": calls,
        "seed": seed,
        "pid": kiosk.process.pid,
        "photo": base64.b64encode(jpeg()).decode(),
    }


def _carried_out(python: Path, plan: dict[str, Any]) -> dict[str, Any]:
    ended = subprocess.run(
        [str(python), str(_CALLER)], input=json.dumps(plan), stdout=subprocess.PIPE, text=True,
        check=True,
    )  # fmt: skip
    found: dict[str, Any] = json.loads(ended.stdout)
    return found


def _show(report: dict[str, Any]) -> None:
    took, where = report["slowest"]
    print(f"calls: {report['calls']}, the slowest {took:.2f} s ({where})")
    for path, answers in sorted(report["answers"].items()):
        counts = Counter(answers)
        print(f"  {path}: " + ", ".join(f"{counts[one]} x {one}" for one in sorted(counts)))
    for what, failure in report["failures"].items():
        print(f"FAILED {what} ({failure['times']} times)")
        print("  " + failure["example"].replace("\n", "\n  "))


if __name__ == "__main__":
    sys.exit(main())
