"""Builds the preloaded libraries that make a running appliance's calls go wrong."""

import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

STEPS = ("normal", "photo-fsync", "folder-fsync", "both-fsyncs")


def missing() -> str | None:
    """Say what this machine lacks to build them; None: nothing."""
    return None if shutil.which("gcc") else "gcc is not installed"


def environ(step: str, folder: Path) -> dict[str, str]:
    """Build leave_out.c in `folder`; return what leaves `step` out of a process started with it."""
    return {"LD_PRELOAD": str(_built("leave_out", folder)), "KIOSK_LEAVE_OUT": step}


def in_force(step: str, log: str) -> bool:
    """Say from an appliance's output whether the step has been left out at least once."""
    return f"left out: {step}" in log


@dataclass(frozen=True, slots=True)
class NthCall:
    """The N-th sync, or write to a file, of a process: killed there, or failing with `errno`.

    `then_kill` kills it before the next sync or write after the error.
    """

    call: str
    number: int = 1
    errno: int | None = None
    then_kill: bool = False

    def environ(self, folder: Path, under: Path) -> dict[str, str]:
        """Build nth_call.c in `folder`; calls on files below `under` count."""
        return {
            "LD_PRELOAD": str(_built("nth_call", folder)),
            "KIOSK_FAULT_CALL": self.call,
            "KIOSK_FAULT_AT": str(self.number),
            "KIOSK_FAULT_WITH": "kill" if self.errno is None else str(self.errno),
            "KIOSK_FAULT_THEN": "kill" if self.then_kill else "",
            "KIOSK_FAULT_UNDER": str(under.resolve()),
        }

    @staticmethod
    def told(log: str) -> str | None:
        """Return how an appliance's output tells that it has happened."""
        lines = [line for line in log.splitlines() if line.startswith("fault: ")]
        return "; ".join(lines) or None


def _built(name: str, folder: Path) -> Path:
    library = folder / f"{name}.so"
    if not library.exists():
        source = Path(__file__).with_name(f"{name}.c")
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, source, "-ldl"],
            check=True,
        )
    return library
