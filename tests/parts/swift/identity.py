"""Keystone v3 from a template that is provisioned once and kept under the pytest cache."""

import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from importlib.metadata import version
from pathlib import Path

from tests.parts.swift import provision
from tests.parts.swift.server import Server

_PROJECT = Path(__file__).parents[3]


def lay_out(root: Path, port: int, proxy_port: int) -> Server:
    """Copy the template to `root`, put the ports in, return the server, not yet started."""
    shutil.copytree(_template(), root)
    conf = provision.write_conf(root)
    with closing(sqlite3.connect(root / "keystone.db")) as store, store:
        for old, new in (
            (provision.KEYSTONE_URL, f"http://127.0.0.1:{port}/v3"),
            (provision.PROXY_URL, f"http://127.0.0.1:{proxy_port}/v1"),
        ):
            store.execute("UPDATE endpoint SET url = replace(url, ?, ?)", (old, new))
    return Server("keystone", str(port), port, root, OS_KEYSTONE_CONFIG_FILES=str(conf))


def _template() -> Path:
    """Return the folder with the provisioned store; made at most once per version of it."""
    recipe = Path(provision.__file__).read_bytes() + version("keystone").encode()
    name = f"keystone-{hashlib.sha256(recipe).hexdigest()[:16]}"
    cache = _PROJECT / ".pytest_cache" / "d"
    try:
        cache.mkdir(parents=True, exist_ok=True)
    except OSError:
        cache = Path(tempfile.mkdtemp())
    if not (cache / name).is_dir():
        making = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=cache))
        command = [sys.executable, "-m", "tests.parts.swift.provision", str(making)]
        done = subprocess.run(
            command,
            check=False,
            capture_output=True,
            text=True,
            env={**os.environ, "PYTHONPATH": str(_PROJECT)},
        )
        if done.returncode:
            raise RuntimeError(f"Keystone could not be provisioned:\n{done.stderr[-3000:]}")
        try:
            making.rename(cache / name)
        except OSError:
            # Another run made the same one meanwhile.
            shutil.rmtree(making)
    return cache / name
