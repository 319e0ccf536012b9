"""Finds the baseline, and makes the environment that it runs in."""

import os
import shutil
from pathlib import Path

from tests.parts import environments

_CHECKOUT = Path(__file__).resolve().parents[2]
_REQUIREMENTS = Path(__file__).with_name("requirements.txt")


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
    return environments.python(_REQUIREMENTS, ".venv-bench", "bench: the baseline's packages")
