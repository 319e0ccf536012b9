"""The data directory: its layout, atomic photo files, its lock, and what a power cut leaves.

Order for a photo and its record: temporary files, fsync, rename, one fsync of the folder; each
step left out loses photos at a power cut (measured). A thumbnail can be made again, and is not
fsynced.
"""

import fcntl
import os
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import structlog

from kiosk_appliance.errors import KioskError
from kiosk_appliance.store.disk import disk_fault, reason

log = structlog.get_logger("files")

_PART = ".part"
# A photo and its record for each thread of the darkroom.
_WRITERS = 6
_QUARANTINE_MS = 24 * 3600 * 1000


class DataDirectoryInUse(KioskError):
    """Another process already works on this data directory."""

    code = "data-directory-in-use"
    title = "Already running"


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything lies under `data_dir`."""

    root: Path

    @property
    def database(self) -> Path:
        """Return the SQLite file."""
        return self.root / "kiosk.db"

    @property
    def photos(self) -> Path:
        """Return the folder of final photos."""
        return self.root / "photos"

    def record(self, capture_id: str) -> Path:
        """Return where the record beside a photo lies."""
        return self.photos / f"{capture_id}.json"

    @property
    def quarantine(self) -> Path:
        """Return the folder of photos without a row, kept for a day."""
        return self.root / "quarantine"

    @property
    def backups(self) -> Path:
        """Return the folder of backups, where the settings name no other."""
        return self.root / "backups"

    @property
    def rebuilding(self) -> Path:
        """Return the SQLite file that is to take the place of a destroyed one."""
        return self.root / "rebuilding.db"

    @property
    def backgrounds(self) -> Path:
        """Return the folder of background pictures."""
        return self.root / "backgrounds"

    @property
    def cloud(self) -> Path:
        """Return the folder that stands in for the cloud on embedded defaults."""
        return self.root / "cloud"

    @property
    def control(self) -> Path:
        """Return the socket by which commands reach the running appliance."""
        return self.root / "control.sock"

    @property
    def reserve(self) -> Path:
        """Return the file whose room the database gets on a full disk."""
        return self.root / "reserve"

    @property
    def sms(self) -> Path:
        """Return the file that stands in for handsets on embedded defaults."""
        return self.root / "sms.txt"

    def create(self) -> None:
        """Make the folders, readable by their owner only."""
        for folder in (self.root, self.photos, self.quarantine, self.backgrounds):
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)


class DirectoryLock:
    """An exclusive lock on the data directory, freed by the kernel when the process ends.

    Its file also says whether the database is open: found so at a start, the last process did not
    end by itself (`left_open`), and there must be a write-ahead log.
    """

    def __init__(self, layout: Layout) -> None:
        """Take the lock; raises DataDirectoryInUse where another process has it, or OSError."""
        path = layout.root / "lock"
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            os.close(self._descriptor)
            raise DataDirectoryInUse(
                f"Another kiosk-appliance already works on {layout.root.resolve()}.",
            ) from error
        except OSError as error:
            os.close(self._descriptor)
            raise OSError(error.errno, error.strerror, str(path)) from error
        self._folder = layout.root
        self.left_open = os.fstat(self._descriptor).st_size > 0

    def database_opened(self) -> None:
        """Note it durably; its log's name comes first. Raises OSError."""
        sync_folder(self._folder)
        os.pwrite(self._descriptor, b"open\n", 0)
        os.fsync(self._descriptor)

    def database_closing(self) -> None:
        """Note that it is being closed; comes before the log goes. Raises OSError."""
        os.ftruncate(self._descriptor, 0)
        os.fsync(self._descriptor)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)


class Photos:
    """Final photos, their thumbnails and their records, one of each for each capture id."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._disk = ThreadPoolExecutor(_WRITERS, "disk")

    def path(self, capture_id: str) -> Path:
        """Return where the final JPEG lies."""
        return self._layout.photos / f"{capture_id}.jpg"

    def thumbnail(self, capture_id: str) -> Path:
        """Return where the thumbnail lies; may be missing or empty after a power cut."""
        return self._layout.photos / f"{capture_id}.thumbnail.jpg"

    def keep(
        self, capture_id: str, jpeg: bytes, thumbnail: Callable[[], bytes], record: bytes
    ) -> None:
        """Write all three; when this returns photo and record survive a power cut.

        The thumbnail is made while the disk takes the others. Raises Unavailable (507, 503) where
        the disk is full or fails; nothing is left then, or what a failing disk keeps is set aside
        at the next start.
        """
        recording = self._disk.submit(_write, self._layout.record(capture_id), record, sync=True)
        writing = self._disk.submit(self._write_photo, capture_id, jpeg, recording)
        try:
            _write(self.thumbnail(capture_id), thumbnail())
            writing.result()
        except OSError as error:
            wait([recording, writing])
            self.abandon(capture_id)
            raise disk_fault(error) from error

    def _write_photo(self, capture_id: str, jpeg: bytes, recording: Future[None]) -> None:
        _write(self.path(capture_id), jpeg, sync=True)
        # The record was handed in before, so that a thread has it or had it: nobody waits for ever.
        recording.result()
        sync_folder(self._layout.photos)

    def close(self) -> None:
        """End the threads that write."""
        self._disk.shutdown()

    def abandon(self, capture_id: str) -> None:
        """Remove all three as far as the disk lets us: nobody was answered for them."""
        # The record first: alone it would be a capture to whoever rebuilds the database.
        self.disown(capture_id)
        for path in (self.path(capture_id), self.thumbnail(capture_id)):
            with suppress(OSError):
                path.unlink()

    def disown(self, capture_id: str) -> None:
        """Remove the record alone, as far as the disk lets us."""
        with suppress(OSError):
            self._layout.record(capture_id).unlink()

    def reconcile(self, known: set[str], now_ms: int) -> tuple[int, list[str]]:
        """Clean up after a sudden stop: (photos set aside, ids whose photo is missing).

        Half-written files go; a photo without a row was never answered for and is set aside for
        a day. A row without its photo must never happen and is the caller's alarm. What is no
        regular file, and what the disk refuses to move, is logged and stays: nothing raises.
        """
        present: set[str] = set()
        set_aside = 0
        for path in _regular_files(self._layout.photos):
            if path.name.startswith("."):
                with _staying_at_worst(path):
                    path.unlink(missing_ok=True)
            elif path.name.split(".", 1)[0] in known:
                present.add(path.name)
            else:
                with _staying_at_worst(path):
                    self._set_aside(path, now_ms)
                    set_aside += path.suffixes == [".jpg"]
        self._empty_quarantine(now_ms)
        missing = sorted(i for i in known if f"{i}.jpg" not in present)
        return set_aside, missing

    def _set_aside(self, path: Path, now_ms: int) -> None:
        # Its day counts from now: the time goes on before the move, which is all or nothing.
        os.utime(path, (now_ms / 1000, now_ms / 1000))
        path.replace(self._layout.quarantine / path.name)

    def _empty_quarantine(self, now_ms: int) -> None:
        for path in _regular_files(self._layout.quarantine):
            with _staying_at_worst(path):
                if now_ms - path.stat().st_mtime * 1000 > _QUARANTINE_MS:
                    path.unlink(missing_ok=True)


def _regular_files(folder: Path) -> Iterator[Path]:
    with _staying_at_worst(folder):
        for path in sorted(folder.iterdir()):
            with _staying_at_worst(path):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path
                else:
                    log.warning("left_alone", folder=folder.name, name=path.name, reason="no file")


@contextmanager
def _staying_at_worst(path: Path) -> Iterator[None]:
    """Log what the disk refuses: no clean-up is worth a kiosk that does not start."""
    try:
        yield
    except OSError as error:
        log.warning("left_alone", folder=path.parent.name, name=path.name, reason=reason(error))


def write_durably(path: Path, data: bytes) -> None:
    """Write `data` to `path` so that a power cut leaves all of it or nothing, mode 0600."""
    _write(path, data, sync=True)
    sync_folder(path.parent)


def sync_folder(folder: Path) -> None:
    """Make the names in a folder survive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _write(path: Path, data: bytes, *, sync: bool = False) -> None:
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
