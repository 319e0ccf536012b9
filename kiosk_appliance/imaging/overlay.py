"""A picture with transparency made ready to lie over photo after photo."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.pixels import Frame, Plane, Size, resized, size_of

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

    def over(self, photo: Frame, spared: Plane | None = None) -> None:
        """Lay it over a photo of its size, in place; not where `spared` is 255, of any size."""
        for patch in self.patches:
            thin = patch if spared is None else _thinned(patch, spared, photo)
            top, left, colours, clearness = thin
            height, width = colours.shape[:2]
            under = photo[top : top + height, left : left + width]
            cv2.multiply(under, clearness, dst=under, scale=1 / 255)
            cv2.add(under, colours, dst=under)


def _thinned(patch: _Patch, spared: Plane, photo: Frame) -> _Patch:
    """Return a patch that is the clearer, the more of it is spared."""
    share = _part(spared, size_of(photo), patch)
    if not share.any():
        return patch
    kept = cv2.cvtColor(cv2.bitwise_not(share), cv2.COLOR_GRAY2BGR)
    opacity = cv2.multiply(cv2.bitwise_not(patch.clearness), kept, scale=1 / 255)
    colours = np.asarray(cv2.multiply(patch.colours, kept, scale=1 / 255), np.uint8)
    clearness = np.asarray(cv2.bitwise_not(opacity), np.uint8)
    return patch._replace(colours=colours, clearness=clearness)


def _part(plane: Plane, whole: Size, patch: _Patch) -> Plane:
    """Return what lies over a patch of a picture, from a plane of another size."""
    x, y = plane.shape[1] / whole.width, plane.shape[0] / whole.height
    matrix = np.array(((x, 0, (patch.left + 0.5) * x - 0.5), (0, y, (patch.top + 0.5) * y - 0.5)))
    flags = cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    return np.asarray(cv2.warpAffine(plane, matrix, size_of(patch.colours), flags=flags), np.uint8)


def overlay(pixels: Frame, alpha: Plane, canvas: Size) -> Overlay:
    """Make straight colours and their opacity ready for pictures of the canvas's size."""
    if size_of(pixels) == canvas:
        return Overlay(tuple(_patches(pixels, alpha, dimmed=False)))
    # Scaled with its colours already dimmed, else hidden colours bleed into the edges.
    pixels = resized(_dimmed(pixels, alpha), canvas)
    return Overlay(tuple(_patches(pixels, resized(alpha, canvas), dimmed=True)))


def _dimmed(pixels: Frame, alpha: Plane) -> Frame:
    opacity = cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR)
    return np.asarray(cv2.multiply(pixels, opacity, scale=1 / 255), np.uint8)


def _patches(pixels: Frame, alpha: Plane, *, dimmed: bool) -> Iterator[_Patch]:
    """Cut the picture into bands, and each band where it is clear for long.

    Nothing is made of the whole picture, which may come while the networks fill the memory.
    """
    for top in range(0, alpha.shape[0], _BAND_ROWS):
        band = slice(top, top + _BAND_ROWS)
        for left, right in _runs((alpha[band] > 0).max(axis=0)):
            part, opacity = pixels[band, left:right], alpha[band, left:right]
            colours = np.ascontiguousarray(part) if dimmed else _dimmed(part, opacity)
            clearness = cv2.cvtColor(cv2.bitwise_not(opacity), cv2.COLOR_GRAY2BGR)
            yield _Patch(top, left, colours, np.asarray(clearness, np.uint8))


def _runs(covered: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Return the runs of covered columns as (first, past the last), short gaps included."""
    columns = np.flatnonzero(covered)
    if not columns.size:
        return []
    pieces = np.split(columns, np.flatnonzero(np.diff(columns) > _WORTH_SKIPPING) + 1)
    return [(int(piece[0]), int(piece[-1]) + 1) for piece in pieces]
