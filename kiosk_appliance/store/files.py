"""How a file is written: never half of it, mode 0600, and durably where that is asked for."""

import os
from pathlib import Path

_PART = ".part"


def write_durably(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a power cut leaves all of it or nothing, mode 0600."""
    write(path, data, sync=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write(path: Path, data: bytes, *, sync: bool = False) -> None:
    """Write `data` to `path`, all or nothing as long as the power stays on; `sync` the data too.

    Its name survives a power cut once its folder is synced. Raises OSError, and leaves nothing.
    """
    part = path.parent / f".{path.name}{_PART}"
    descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        if sync:
            os.fsync(descriptor)
    except OSError:
        os.close(descriptor)
        part.unlink(missing_ok=True)
        raise
    os.close(descriptor)
    part.replace(path)
