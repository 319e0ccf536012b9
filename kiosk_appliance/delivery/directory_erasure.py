"""Takes photos and pages out of the folder that stands in for the cloud."""

import os
from pathlib import Path

from kiosk_appliance.delivery.photo import cause
from kiosk_appliance.domain.delivery import Delivered, LanePaused, NotFound, Outcome, Parcel


class DirectoryErasureChannel:
    """The lane `erase-storage` when no provider is configured."""

    name = "erase-storage"
    remote = False
    concurrency = 2
    repeatable = True

    def __init__(self, root: Path) -> None:
        self._root = root

    def deliver(self, parcel: Parcel) -> Outcome:
        """Remove page and photo, and what a cut upload left of them; gone durably on return."""
        try:
            for name in (f"{parcel.token}.html", f"{parcel.token}.jpg"):
                (self._root / name).unlink(missing_ok=True)
                (self._root / f".{name}.part").unlink(missing_ok=True)
            self._sync()
        except OSError as error:
            return _paused(error)
        return Delivered(self._root.absolute().as_uri())

    def look_up(self, parcel: Parcel) -> NotFound:  # noqa: ARG002 - the protocol's signature
        """Answer that nothing is known: what is gone may be removed once more."""
        return NotFound()

    def probe(self) -> Outcome:
        """Look whether the folder can be synced: nothing may be removed before there is need."""
        try:
            self._sync()
        except OSError as error:
            return _paused(error)
        return Delivered(self._root.absolute().as_uri())

    def public_base(self) -> None:
        """Return None: nobody serves the folder."""

    def close(self) -> None:
        """Nothing is held open."""

    def _sync(self) -> None:
        self._root.mkdir(parents=True, exist_ok=True)
        folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _paused(error: OSError) -> LanePaused:
    return LanePaused(f"Nothing can be removed from the folder for uploads: {cause(error)}.")
