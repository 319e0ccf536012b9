"""What the room on the disk means for guests: rules only, nothing is measured here."""

from dataclasses import dataclass
from enum import StrEnum

from kiosk_appliance.settings.declarations import Disk

# Less than this, and the database itself soon has no page to grow by.
LEAST_BYTES = 1 << 20
# A capture makes up to six files, and twelve captures may be under way.
LEAST_FILES = 128

_DEFAULT = Disk()


class Standing(StrEnum):
    """There is room; it is getting low; or it is too short for another photo."""

    ROOM = "room"
    LOW = "low"
    SHORT = "short"


@dataclass(frozen=True, slots=True)
class Figures:
    """What the file system says: bytes in all, bytes and files that it still takes.

    `files` is None where there is no such bound.
    """

    total: int
    free: int
    files: int | None


@dataclass(frozen=True, slots=True)
class Marks:
    """The marks that hold on one disk, in bytes."""

    warn_below: int
    refuse_below: int
    reserve: int

    def wanted(self, held: int) -> int:
        """Return the free bytes that a photo takes, while `held` bytes of the reserve are there.

        What is missing of the reserve is set aside first: no photo takes its place.
        """
        return self.refuse_below + max(self.reserve - held, 0)

    def standing(self, figures: Figures, held: int) -> Standing:
        """Say how things stand."""
        if figures.free < self.wanted(held):
            return Standing.SHORT
        if figures.files is not None and figures.files < LEAST_FILES:
            return Standing.SHORT
        return Standing.LOW if figures.free < self.warn_below else Standing.ROOM


def marks_on(total: int, disk: Disk) -> Marks:
    """Return the marks for a disk of `total` bytes.

    The defaults are meant for a kiosk's disk; a much smaller one would lock itself out with them,
    so that there each is a share of it. What somebody has set holds as it is.
    """
    return Marks(
        warn_below=_within(disk.warn_below, _DEFAULT.warn_below, total // 4),
        refuse_below=max(
            _within(disk.refuse_below, _DEFAULT.refuse_below, total // 10), LEAST_BYTES
        ),
        reserve=_within(disk.reserve, _DEFAULT.reserve, total // 20),
    )


def _within(value: int, default: int, share: int) -> int:
    return min(value, share) if value == default else value
