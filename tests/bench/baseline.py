"""Finds the baseline, and makes the environment that it runs in."""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")
_INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")
_ENVIRONMENT = _CHECKOUT / ".venv-bench"


class NoBaseline(Exception):
    """The sentence says what is missing, and what to do."""


def sources() -> Path:
    """Return the folder that holds `apps/baseline.py`; raises NoBaseline."""
    if given := os.environ.get("KIOSK_BASELINE"):
        folder = Path(given)
    else:
        folder = _CHECKOUT.parent / "shared" / "bench"
    if not (folder / "apps" / "baseline.py").is_file():
        raise NoBaseline(
            f"There is no apps/baseline.py in {folder}; KIOSK_BASELINE may name another folder."
        )
    if shutil.which("redis-server") is None:
        raise NoBaseline(
            "The baseline needs Redis: sudo apt-get install --no-install-recommends redis-server"
        )
    return folder


def python() -> Path:
    """Return the interpreter of the baseline's environment, made at the first run."""
    stamp = _ENVIRONMENT / "installed"
    pinned = hashlib.sha256(_REQUIREMENTS.read_bytes()).hexdigest()
    found = _ENVIRONMENT / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != pinned:
        print("bench: the baseline's packages into .venv-bench (once)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(_ENVIRONMENT)], check=True)
        subprocess.run(
            [str(found), "-m", "pip", *_INSTALL, str(_REQUIREMENTS)],
            check=True,
        )
        stamp.write_text(pinned)
    return found
