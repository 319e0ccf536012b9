"""The data directory: what lies where, and the lock by which it belongs to one process."""

import fcntl
import os
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk_appliance.errors import KioskError
from kiosk_appliance.settings.last_good import NAME as LAST_GOOD
from kiosk_appliance.store.files import sync_folder


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
    def exports(self) -> Path:
        """Return the folder of Excel files in the making."""
        return self.root / "exports"

    @property
    def credentials(self) -> Path:
        """Return the file of the admin's hashed password and the key that signs tokens."""
        return self.root / "credentials.json"

    @property
    def overrides(self) -> Path:
        """Return the copy of what an admin has set in place of kiosk.toml."""
        return self.root / "overrides.json"

    @property
    def last_good(self) -> Path:
        """Return the copy of the last kiosk.toml that was good."""
        return self.root / LAST_GOOD

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


_OPEN = b"open\n"
_DIGITS = 20
_OPEN_BYTES = len(_OPEN) + _DIGITS


def _counted(commits: int) -> bytes:
    return f"{commits:0{_DIGITS}d}".encode()


class DirectoryLock:
    """An exclusive lock on the data directory, freed by the kernel when the process ends.

    Its file also says whether the database is open: found so at a start, the last process did not
    end by itself (`left_open`), and the database must know of as many commits as were noted.
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
        found = os.pread(self._descriptor, _OPEN_BYTES, 0)
        self.left_open = bool(found)
        count = found.removeprefix(_OPEN)
        self.commits = int(count) if count.isdigit() else 0

    def database_opened(self, commits: int) -> None:
        """Note it durably; its log's name comes first. Raises OSError."""
        sync_folder(self._folder)
        os.pwrite(self._descriptor, _OPEN + _counted(commits), 0)
        os.fsync(self._descriptor)

    def note_commits(self, commits: int) -> None:
        """Note how many commits there have been, not durably: always after they are."""
        with suppress(OSError):
            os.pwrite(self._descriptor, _counted(commits), len(_OPEN))

    def database_closing(self) -> None:
        """Note that it is being closed; comes before the log goes. Raises OSError."""
        os.ftruncate(self._descriptor, 0)
        os.fsync(self._descriptor)

    def release(self) -> None:
        """Give the lock back."""
        os.close(self._descriptor)
