"""A file system in a file, mounted through a loop device, whose power can be cut.

The cut is the shutdown ioctl that XFS has had since 2.6 and ext4 since 4.11: with "no log flush"
nothing reaches the disk from then on and every call answers EIO. Mounting again replays the
journal, as after a pulled plug. Linux and root only.
"""

import fcntl
import os
import re
import shutil
import struct
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

_SHUTDOWN = 0x8004587D  # _IOR('X', 125, __u32)
_NO_LOG_FLUSH = 2
_MB = 1 << 20
# An XFS file system can't be smaller than 300 MB. The files are sparse.
_SIZES = {"ext4": 128 * _MB, "xfs": 320 * _MB}
_MAKERS = {"ext4": ["mkfs.ext4", "-q", "-F"], "xfs": ["mkfs.xfs", "-q", "-f"]}
_PREFIX = "kiosk-power-cut-"
_OURS = re.compile(rf"{_PREFIX}(\d+)-")
_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin"


class Volume:
    """One file system; `mount_point` exists from the start."""

    def __init__(
        self, folder: Path, kind: str, size: int | None = None, options: Sequence[str] = ()
    ) -> None:
        """Make the file system, not mounted yet; `size` in bytes, `options` are its maker's."""
        self.image = folder / "disk.img"
        self.mount_point = folder / "var"
        self.mount_point.mkdir()
        with self.image.open("wb") as file:
            file.truncate(size or _SIZES[kind])
        _run(*_MAKERS[kind], *options, str(self.image))

    def mount(self, image: Path | None = None) -> None:
        """Mount it, or `image` in its place; whatever the journal holds is replayed."""
        _run("mount", "-o", "loop", str(image or self.image), str(self.mount_point))

    def cut_power(self) -> None:
        """Let nothing more reach the disk."""
        descriptor = os.open(self.mount_point, os.O_RDONLY)
        try:
            fcntl.ioctl(descriptor, _SHUTDOWN, struct.pack("=I", _NO_LOG_FLUSH))
        finally:
            os.close(descriptor)

    def turn_read_only(self) -> None:
        """Let an ext4 find a fault in its own books: from then on every write answers EROFS."""
        _run("mount", "-o", "remount,errors=remount-ro", str(self.mount_point))
        mounted = psutil.disk_partitions(all=True)
        (device,) = (p.device for p in mounted if p.mountpoint == str(self.mount_point))
        Path(f"/sys/fs/ext4/{Path(device).name}/trigger_fs_error").write_text("by the tests")

    def unmount(self) -> None:
        """Unmount it; its processes must have ended."""
        unmount(self.mount_point)


class ThinVolume:
    """An ext4 of 24 MB on a disk that has 6 MB: past them a write fails when it is synced."""

    def __init__(self, folder: Path) -> None:
        """Name the one in `folder`; `make` makes it."""
        self.folder = folder
        self.mount_point = folder / "var"
        self._disk = folder / "disk"
        self._image = self._disk / "disk.img"

    def make(self) -> None:
        """Make disk and file system, not mounted yet."""
        for each in (self._disk, self.mount_point):
            each.mkdir()
        _run("mount", "-t", "tmpfs", "-o", f"size={6 * _MB}", "tmpfs", str(self._disk))
        with self._image.open("wb") as file:
            file.truncate(24 * _MB)
        # A journal would fail first, and take the whole file system with it.
        _run("mkfs.ext4", "-q", "-F", "-O", "^has_journal", str(self._image))

    def mount(self) -> None:
        """Mount it."""
        _run("mount", "-o", "loop", str(self._image), str(self.mount_point))

    def unmount(self) -> None:
        """Unmount it; what the page cache held beyond the disk is gone."""
        unmount(self.mount_point)

    def fill(self) -> None:
        """Take what the disk has left."""
        fill(self._disk / "ballast")

    def relieve(self) -> None:
        """Give it back."""
        (self._disk / "ballast").unlink()


def fill(ballast: Path) -> None:
    """Let a file grow until nothing more fits beside it."""
    with ballast.open("wb", buffering=0) as file:
        for size in (_MB, 4096, 1):
            with suppress(OSError):
                while file.write(b"x" * size):
                    pass


@contextmanager
def workplace() -> Iterator[Path]:
    """Give a folder for volumes; at the end nothing in it stays mounted, and it is gone.

    Also takes away what a run that was killed has left behind.
    """
    _sweep()
    folder = Path(tempfile.mkdtemp(prefix=f"{_PREFIX}{os.getpid()}-"))
    try:
        yield folder
    finally:
        _clear(folder)


def missing(kind: str) -> str | None:
    """Say in one phrase what this machine lacks to cut the power of `kind`; None: nothing."""
    if not hasattr(os, "geteuid") or os.geteuid() != 0:
        return "mounting file systems needs root"
    for tool in ("mount", "umount", _MAKERS[kind][0]):
        if shutil.which(tool, path=_PATH) is None:
            return f"{tool} is not installed"
    try:
        with workplace() as folder:
            volume = Volume(folder, kind)
            volume.mount()
            volume.cut_power()
    except (OSError, subprocess.CalledProcessError) as error:
        words = getattr(error, "stderr", None) or error
        return f"{kind} can't be mounted through a loop device here: {words}".strip()
    return None


def _sweep() -> None:
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        owner = _OURS.match(folder.name)
        if owner and not _lives(int(owner[1])):
            _clear(folder)


def _lives(process_id: int) -> bool:
    try:
        return psutil.Process(process_id).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def _clear(folder: Path) -> None:
    """End what still runs in `folder`, unmount what is still mounted there, remove it."""
    for process in psutil.process_iter(["cmdline"]):
        if any(str(folder) in word for word in process.info["cmdline"] or ()):
            with suppress(psutil.NoSuchProcess):
                process.kill()
                process.wait(10)
    # The last one mounted may lie on those before it.
    for partition in reversed(psutil.disk_partitions(all=True)):
        if partition.mountpoint.startswith(f"{folder}/"):
            unmount(Path(partition.mountpoint))
    shutil.rmtree(folder)


def unmount(mount_point: Path) -> None:
    """Unmount whatever is mounted there; raises CalledProcessError where it stays busy."""
    # Something may look into a new mount for a moment; a dead process's files take one to close.
    deadline = time.monotonic() + 10
    while True:
        try:
            _run("umount", str(mount_point))
        except subprocess.CalledProcessError:
            if time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def _run(*command: str) -> None:
    subprocess.run(
        command, check=True, capture_output=True, text=True, env={**os.environ, "PATH": _PATH}
    )
