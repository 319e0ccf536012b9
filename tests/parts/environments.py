"""Python environments of their own, for what shall not share the kiosk's packages."""

import hashlib
import subprocess
import sys
from pathlib import Path

_CHECKOUT = Path(__file__).resolve().parents[2]
_INSTALL = ("install", "--quiet", "--disable-pip-version-check", "--require-hashes", "-r")


def python(requirements: Path, name: str, whose: str) -> Path:
    """Return the interpreter of the environment `name`, made anew where its pins have changed."""
    environment = _CHECKOUT / name
    stamp = environment / "installed"
    pinned = hashlib.sha256(requirements.read_bytes()).hexdigest()
    found = environment / "bin" / "python"
    if not stamp.is_file() or stamp.read_text() != pinned:
        print(f"{whose} into {name} (once)", flush=True)
        subprocess.run([sys.executable, "-m", "venv", str(environment)], check=True)
        subprocess.run([str(found), "-m", "pip", *_INSTALL, str(requirements)], check=True)
        stamp.write_text(pinned)
    return found
