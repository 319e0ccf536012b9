"""The log of every write and every flush that the kernel sent to a disk, in their order.

Each record bears the machine's one monotonic clock, so that a test can say what it had been
promised by then. The disk itself is logged_disk.py, a process of its own.
"""

import errno
import os
import struct
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.faults import volume

NAME = "disk.img"

_HEAD = struct.Struct("<dQI")
_UP_WITHIN_S = 20.0


@dataclass(frozen=True, slots=True)
class Record:
    """One write, or a flush where it has no data; `at` is time.monotonic()."""

    at: float
    offset: int
    data: bytes

    @property
    def is_flush(self) -> bool:
        return not self.data


def head(offset: int, length: int) -> bytes:
    """Return what stands before a record's data."""
    return _HEAD.pack(time.monotonic(), offset, length)


def records(log: Path) -> list[Record]:
    """Read a log back."""
    content = memoryview(log.read_bytes())
    found: list[Record] = []
    here = 0
    while here < len(content):
        at, offset, length = _HEAD.unpack_from(content, here)
        here += _HEAD.size
        found.append(Record(at, offset, bytes(content[here : here + length])))
        here += length
    return found


@contextmanager
def logged(image: Path, log: Path, folder: Path) -> Iterator[Path]:
    """Give a file that stands for `image`, with everything noted in `log`; `folder` is empty.

    Raises OSError where FUSE does not come up.
    """
    with subprocess.Popen(
        [sys.executable, "-m", "tests.faults.logged_disk", image, log, folder],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        # The second version, where it is there too, would be found first.
        env={**os.environ, "FUSE_LIBRARY_NAME": "fuse3"},
        text=True,
    ) as process:
        deadline = time.monotonic() + _UP_WITHIN_S
        while not (folder / NAME).exists():
            if process.poll() is not None or time.monotonic() > deadline:
                process.kill()
                words = process.communicate()[1].strip().splitlines()
                raise OSError(errno.ENODEV, words[-1] if words else "it does not start")
            time.sleep(0.01)
        try:
            yield folder / NAME
        finally:
            volume.unmount(folder)
            process.wait(10)
