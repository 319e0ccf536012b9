"""Builds the preloaded library that leaves one step of durability out (leave_out.c)."""

import shutil
import subprocess
from pathlib import Path

STEPS = ("normal", "photo-fsync", "folder-fsync", "both-fsyncs")

_SOURCE = Path(__file__).with_name("leave_out.c")


def missing() -> str | None:
    """Say what this machine lacks to build it; None: nothing."""
    return None if shutil.which("gcc") else "gcc is not installed"


def environ(step: str, folder: Path) -> dict[str, str]:
    """Build the library in `folder`; return what leaves `step` out of a process started with it."""
    library = folder / "leave_out.so"
    if not library.exists():
        subprocess.run(
            ["gcc", "-shared", "-fPIC", "-O1", "-Wall", "-Werror", "-o", library, _SOURCE, "-ldl"],
            check=True,
        )
    return {"LD_PRELOAD": str(library), "KIOSK_LEAVE_OUT": step}


def in_force(step: str, log: str) -> bool:
    """Say from an appliance's output whether the step has been left out at least once."""
    return f"left out: {step}" in log
