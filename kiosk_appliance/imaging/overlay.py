"""A picture with transparency made ready to lie over photo after photo."""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.pixels import Frame, Plane, Size, resized

_BAND_ROWS = 64
_WORTH_SKIPPING = 96  # clear columns; a shorter gap costs less blended than split


class _Patch(NamedTuple):
    """A rectangle that is covered: its colours times opacity, and what shines through."""

    top: int
    left: int
    colours: Frame
    clearness: Frame


@dataclass(frozen=True, slots=True)
class Overlay:
    """The patches where there is anything of the picture: what is clear is left alone."""

    patches: tuple[_Patch, ...]

    @property
    def nbytes(self) -> int:
        """The memory that it holds."""
        return sum(patch.colours.nbytes + patch.clearness.nbytes for patch in self.patches)

    def over(self, photo: Frame) -> None:
        """Lay it over a photo of its size, in place."""
        for top, left, colours, clearness in self.patches:
            height, width = colours.shape[:2]
            under = photo[top : top + height, left : left + width]
            cv2.multiply(under, clearness, dst=under, scale=1 / 255)
            cv2.add(under, colours, dst=under)


def overlay(pixels: Frame, alpha: Plane, canvas: Size) -> Overlay:
    """Make straight colours and their opacity ready for pictures of the canvas's size."""
    # Scaled with its colours already dimmed, else hidden colours bleed into the edges.
    opacity = np.asarray(cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR), np.uint8)
    dimmed = np.asarray(cv2.multiply(pixels, opacity, scale=1 / 255), np.uint8)
    dimmed = resized(dimmed, canvas)
    opacity = resized(opacity, canvas)
    return Overlay(tuple(_patches(dimmed, opacity)))


def _patches(dimmed: Frame, opacity: Frame) -> list[_Patch]:
    """Cut the picture into bands, and each band where it is clear for long."""
    found = []
    for top in range(0, opacity.shape[0], _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        for left, right in _runs((opacity[band, :, 0] > 0).max(axis=0)):
            clearness = np.asarray(cv2.bitwise_not(opacity[band, left:right]), np.uint8)
            colours = np.ascontiguousarray(dimmed[band, left:right])
            found.append(_Patch(top, left, colours, clearness))
    return found


def _runs(covered: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of covered columns as (first, past the last), short gaps included."""
    columns = np.flatnonzero(covered)
    if not columns.size:
        return []
    pieces = np.split(columns, np.flatnonzero(np.diff(columns) > _WORTH_SKIPPING) + 1)
    return [(int(piece[0]), int(piece[-1]) + 1) for piece in pieces]
