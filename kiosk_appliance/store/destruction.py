"""A destroyed database: moved aside, never deleted, and what takes its place.

The damaged files stay in a folder of their own until somebody has seen them and removes it; it gets
its date last, so that a start which was cut short is known by it. A new database is made beside
the old place and moved there whole, so that a power cut leaves none rather than half of one.
"""

import shutil
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import sync_folder

_ENDINGS = ("", "-wal", "-shm")
_FOLDER = "destroyed"


class Remains:
    """The places of the database, of what has been set aside and of what is to come.

    Everything raises Unavailable where the disk fails.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    @property
    def database(self) -> Path:
        """Return where the database lies."""
        return self._layout.database

    def folders(self) -> list[str]:
        """Return the names of the folders of earlier destructions that nobody has removed yet."""
        with suppress(OSError):
            return sorted(path.name for path in self._layout.root.glob(f"{_FOLDER}*"))
        return []

    def has_history(self) -> bool:
        """Say whether this kiosk has taken photos, or an admin has set it: it had a database."""
        try:
            if self._layout.overrides.exists():
                return True
            return any(path.suffix in {".jpg", ".json"} for path in self._layout.photos.iterdir())
        except OSError as error:
            raise disk_fault(error) from error

    def set_aside(self, now_ms: int) -> Path:
        """Move the database with its log into the folder of what is left, and return the folder.

        An earlier start may have been cut short after that: what it has moved stays there.
        """
        folder = self._left
        try:
            if self._layout.database.exists() and folder.exists() and any(folder.iterdir()):
                # That rebuilding was cut short after its very last but one step.
                self._close(now_ms)
            folder.mkdir(mode=0o700, exist_ok=True)
            for path in _all_of(self._layout.database):
                path.replace(folder / path.name)
            sync_folder(folder)
            sync_folder(self._layout.root)
        except OSError as error:
            raise disk_fault(error) from error
        return folder

    @property
    def _left(self) -> Path:
        return self._layout.root / _FOLDER

    def _close(self, now_ms: int) -> Path:
        moment = datetime.fromtimestamp(now_ms // 1000, UTC).strftime("%Y%m%dT%H%M%SZ")
        folder = self._new_folder(f"{_FOLDER}-{moment}")
        return self._left.replace(folder)

    def _new_folder(self, name: str) -> Path:
        for number in count(1):
            folder = self._layout.root / (name if number == 1 else f"{name}-{number}")
            with suppress(FileExistsError):
                folder.mkdir(mode=0o700)
                break
        return folder

    def begin(self, source: Path | None) -> Path:
        """Lay a copy of a database, or nothing, where the new one is made; returns the place."""
        place = self._layout.rebuilding
        try:
            for path in _all_of(place):
                path.unlink()
            if source is not None:
                for ending in ("", "-wal"):
                    with suppress(FileNotFoundError):
                        shutil.copyfile(f"{source}{ending}", f"{place}{ending}")
                        Path(f"{place}{ending}").chmod(0o600)
        except OSError as error:
            raise disk_fault(error) from error
        return place

    def complete(self, now_ms: int) -> Path:
        """Put the new database, closed and synced, in its place.

        Returns the folder of what was left, which has its final name by then.
        """
        try:
            self._layout.rebuilding.replace(self._layout.database)
            sync_folder(self._layout.root)
            folder = self._close(now_ms)
            sync_folder(self._layout.root)
        except OSError as error:
            raise disk_fault(error) from error
        return folder


def _all_of(database: Path) -> Iterator[Path]:
    for ending in _ENDINGS:
        path = Path(f"{database}{ending}")
        if path.exists():
            yield path
