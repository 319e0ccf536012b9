"""Where one network sees somebody and the other does not: the photo's colours decide.

Each region in dispute is asked whether its colours are those of people or of what is behind them,
as both networks agree on both elsewhere. Knows neither networks nor backgrounds.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Frame, Size

# From here on it is somebody to either network; and below this nobody.
LIKELY, LOST = 0.7, 0.3
# Of the people: less is left as it is, for the outlines differ a little everywhere.
_SMALLEST_SHARE = 0.01
# How much of what lies round the region is people: a little one has to lie among them, a large one
# may be somebody's half.
_LITTLE, _AMONG, _TOUCHING = 0.03, 0.5, 0.1
# How much more frequent its colours are among people, as a logarithm.
_OF_PEOPLE = 0.4
# Where the networks have less than this in common, neither can say whose a colour is.
_COMMON = 0.4
# Of the finder's opinion: what becomes of its soft outline.
_OUTLINE = (0.3, 0.7)
_AROUND = np.ones((5, 5), np.uint8)
LEVELS = 16
# Both sides' own: people and ground where both networks say so.
_PEOPLE, _GROUND = (0.8, 0.5), (0.1, 0.3)

Mask = NDArray[np.bool_]


def settled(matte: Coverage, rough: Coverage, photo: Frame) -> Coverage:
    """Return the matte with the regions that `rough` alone sees and the colours bear out.

    `rough` is the finder's opinion, smaller than the matte, which has the photo's size.
    """
    low = lowered(matte, rough)
    if agreement(low, rough) < _COMMON:
        return matte
    disputed = np.asarray((rough > LIKELY) & (low < LOST), np.uint8)
    disputed = np.asarray(cv2.morphologyEx(disputed, cv2.MORPH_OPEN, np.ones((3, 3))), np.uint8)
    count, labels, stats, _ = cv2.connectedComponentsWithStats(disputed)
    shares = stats[:, cv2.CC_STAT_AREA] / max(1, int(seen(low).sum()))
    regions = [region for region in range(1, count) if shares[region] >= _SMALLEST_SHARE]
    if not regions:
        return matte
    leans = leaning(photo, low, rough, apart=cv2.dilate(disputed, _AROUND) == 0)
    found = np.zeros_like(disputed)
    for region in regions:
        inside = np.asarray(labels == region, np.uint8)
        around = cv2.dilate(inside, _AROUND) > inside
        needed = _AMONG if shares[region] < _LITTLE else _TOUCHING
        if leans[inside > 0].mean() > _OF_PEOPLE and seen(low[around]).mean() > needed:
            found |= inside
    return _with_regions(matte, rough, found) if found.any() else matte


def lowered(matte: Coverage, rough: Coverage) -> Coverage:
    """Return the matte at the size of `rough`."""
    size = Size(rough.shape[1], rough.shape[0])
    return np.asarray(cv2.resize(matte, size, interpolation=cv2.INTER_AREA), np.float32)


def agreement(matte: Coverage, rough: Coverage) -> float:
    """Return how much of what either sees both see, 0 to 1; both have one size."""
    ours, theirs = seen(matte), seen(rough)
    return float((ours & theirs).sum()) / max(1, int((ours | theirs).sum()))


def seen(plane: Coverage) -> Mask:
    """Return where a plane says rather somebody than nobody."""
    return np.asarray(plane > 0.5, np.bool_)  # noqa: PLR2004 - the half


def opened(region: Mask, area: int, thin: float) -> NDArray[np.uint8]:
    """Return a region's thick parts: thicker than this share of the size of people of an area."""
    mask = np.asarray(region, np.uint8)
    return np.asarray(cv2.morphologyEx(mask, cv2.MORPH_OPEN, brush(thin * area**0.5)), np.uint8)


def brush(width: float) -> NDArray[np.uint8]:
    """Return a round brush of about that width."""
    side = max(3, int(width)) | 1
    found = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (side, side))
    return np.asarray(found, np.uint8)


def around(box: Sequence[int], margin: float) -> tuple[slice, slice]:
    """Return a rectangle (left, top, width, height) and that many pixels round it, as an index."""
    left, top, across, down = box
    wide = int(margin)
    rows = slice(max(0, top - wide), top + down + wide)
    return rows, slice(max(0, left - wide), left + across + wide)


def leaning(
    photo: Frame, low: Coverage, rough: Coverage, apart: Mask | bool = True
) -> NDArray[np.float64]:
    """Return for each pixel how much more frequent its colour is among people, as a logarithm.

    People and ground are what both planes call so; `apart` says which of it to count.
    """
    found = cells(photo, (rough.shape[0], rough.shape[1]))
    people = (low > _PEOPLE[0]) & (rough > _PEOPLE[1]) & apart
    ground = (low < _GROUND[0]) & (rough < _GROUND[1]) & apart
    by_cell = np.log(_frequencies(found[people])) - np.log(_frequencies(found[ground]))
    return np.asarray(by_cell[found], np.float64)


def cells(photo: Frame, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """Return which of `LEVELS` ** 3 colours each pixel has, of a photo made as small as `shape`."""
    small = Size(shape[1], shape[0])
    colours = np.asarray(cv2.resize(photo, small, interpolation=cv2.INTER_AREA), np.uint8)
    blue, green, red = cv2.split(colours // (256 // LEVELS))
    return np.asarray((blue.astype(np.intp) * LEVELS + green) * LEVELS + red, np.intp)


def _with_regions(matte: Coverage, rough: Coverage, found: NDArray[np.uint8]) -> Coverage:
    soft = np.clip((rough - _OUTLINE[0]) / (_OUTLINE[1] - _OUTLINE[0]), 0, 1)
    soft = np.asarray(soft * cv2.dilate(found, _AROUND), np.float32)
    added = cv2.resize(soft, (matte.shape[1], matte.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.max(matte, added), np.float32)


def _frequencies(cells: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how frequent each colour is; noise moves one to its neighbours, so those count too."""
    counted = np.bincount(cells, minlength=LEVELS**3).astype(np.float64)
    spread = counted.reshape((LEVELS,) * 3)
    for axis in range(3):
        wide = np.pad(spread, [(int(axis == one),) * 2 for one in range(3)])
        low, middle, high = (wide.take(range(at, at + LEVELS), axis) for at in range(3))
        spread = low / 4 + middle / 2 + high / 4
    return np.asarray(spread.ravel() / max(1.0, float(spread.sum())) + 1e-5, np.float64)
