"""The reserve: a file of allocated bytes that makes room for the database on a full disk.

It is given back a slice at a time, so that whoever has filled the disk does not take it all. Its
calls may block for as long as the disk likes.
"""

import os
from pathlib import Path

from kiosk_appliance.domain.space import Figures

# A transaction takes less; a smaller share is lost to whoever else writes at that moment.
_SLICE = 256 << 10


class Reserve:
    """The file at `path`, mode 0600."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def figures(self) -> Figures:
        """Return what the file system that it lies on still takes; raises OSError."""
        said = os.statvfs(self._path.parent)
        return Figures(
            total=said.f_blocks * said.f_frsize,
            free=said.f_bavail * said.f_frsize,
            # btrfs and others count no files.
            files=said.f_favail if said.f_files else None,
        )

    def held(self) -> int:
        """Return how many bytes are really allocated."""
        try:
            found = self._path.stat()
        except OSError:
            return 0
        return min(found.st_size, found.st_blocks * 512)

    def make(self, size: int) -> None:
        """Allocate `size` bytes, 0 for none; raises OSError, and leaves nothing then."""
        if size == 0:
            self._path.unlink(missing_ok=True)
            return
        descriptor = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            os.ftruncate(descriptor, size)
            os.posix_fallocate(descriptor, 0, size)
        except OSError:
            self._path.unlink(missing_ok=True)
            raise
        finally:
            os.close(descriptor)

    def give(self) -> bool:
        """Give a slice back to the disk; False where nothing is left, or the disk refuses."""
        held = self.held()
        if not held:
            return False
        try:
            os.truncate(self._path, max(held - _SLICE, 0))
        except OSError:
            return False
        return True
