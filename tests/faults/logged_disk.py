"""A disk that notes each write and each flush before it takes them.

Serves one file through FUSE until it is unmounted; a loop device makes a disk of it.

    python -m tests.faults.logged_disk IMAGE LOG MOUNT_POINT
"""

import errno
import os
import stat
import sys

import mfusepy

from tests.faults.write_log import NAME, head


class LoggedDisk(mfusepy.Operations):
    """The file system: a root folder and its one file."""

    use_ns = True

    def __init__(self, image: str, log: str) -> None:
        self._image = os.open(image, os.O_RDWR)
        self._log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def getattr(self, path: str, _handle: int | None = None) -> dict[str, int]:
        if path == "/":
            return {"st_mode": stat.S_IFDIR | 0o755, "st_nlink": 2}
        if path != f"/{NAME}":
            raise mfusepy.FuseOSError(errno.ENOENT)
        size = os.fstat(self._image).st_size
        return {"st_mode": stat.S_IFREG | 0o600, "st_nlink": 1, "st_size": size}

    def readdir(self, _path: str, _handle: int) -> list[str]:
        return [".", "..", NAME]

    def open(self, _path: str, _flags: int) -> int:
        return 0

    def read(self, _path: str, size: int, offset: int, _handle: int) -> bytes:
        return os.pread(self._image, size, offset)

    def write(self, _path: str, data: bytes, offset: int, _handle: int) -> int:
        os.writev(self._log, (head(offset, len(data)), data))
        return os.pwrite(self._image, data, offset)

    def fsync(self, _path: str, _datasync: int, _handle: int) -> int:
        os.write(self._log, head(0, 0))
        return 0

    def flush(self, _path: str, _handle: int) -> int:
        return 0

    def release(self, _path: str, _handle: int) -> int:
        return 0


if __name__ == "__main__":
    image, log, mount_point = sys.argv[1:]
    mfusepy.FUSE(LoggedDisk(image, log), mount_point, foreground=True, nothreads=True)
