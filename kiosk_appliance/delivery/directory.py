"""The embedded "cloud": a folder that photos and landing pages are laid into.

What a technician sees before any account exists. Erasing there is not its work: a channel only
hands over.
"""

import os
from pathlib import Path

from kiosk_appliance.delivery.photo import cause, read_photo
from kiosk_appliance.domain.delivery import Delivered, LanePaused, NotFound, Outcome, Parcel

_PROBE = ".probe"


class DirectoryChannel:
    """The lane `storage` when no provider is configured."""

    name = "storage"
    remote = False
    concurrency = 2
    repeatable = True

    def __init__(self, root: Path) -> None:
        self._root = root

    def deliver(self, parcel: Parcel) -> Outcome:
        """Lay the photo, then its page, into the folder; both durable when this returns."""
        photo = read_photo(parcel)
        if not isinstance(photo, bytes):
            return photo
        name = f"{parcel.token}.jpg"
        try:
            self._lay(name, photo)
            if parcel.page is not None:
                self._lay(f"{parcel.token}.html", parcel.page)
        except OSError as error:
            return _paused(error)
        return Delivered((self._root / name).absolute().as_uri())

    def fetch(self, parcel: Parcel) -> bytes | Outcome:
        """Return the photo as it lies in the folder, or why it can't be read."""
        try:
            return (self._root / f"{parcel.token}.jpg").read_bytes()
        except OSError as error:
            return LanePaused(f"The folder for uploads can't be read: {cause(error)}.")

    def look_up(self, parcel: Parcel) -> NotFound:  # noqa: ARG002 - the protocol's signature
        """Answer that nothing is known: laying a file once more is harmless."""
        return NotFound()

    def probe(self) -> Outcome:
        """Write and remove a small file."""
        try:
            self._lay(_PROBE, b"\n")
            (self._root / _PROBE).unlink(missing_ok=True)
        except OSError as error:
            return _paused(error)
        return Delivered(self._root.absolute().as_uri())

    def public_base(self) -> None:
        """Return None: nobody serves the folder."""

    def close(self) -> None:
        """Nothing is held open."""

    def _lay(self, name: str, content: bytes) -> None:
        """Write a file so that it is whole or absent, and survives a power cut."""
        self._root.mkdir(parents=True, exist_ok=True)
        # The same name at every attempt, so that a cut one leaves nothing behind for long.
        part = self._root / f".{name}.part"
        with part.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        part.replace(self._root / name)
        folder = os.open(self._root, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _paused(error: OSError) -> LanePaused:
    return LanePaused(f"The folder for uploads can't be written: {cause(error)}.")
