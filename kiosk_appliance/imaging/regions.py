"""Who is where, as planes and masks of a picture: what every judge of a cut asks of them.

Knows no photo and no network.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Size

# From here on it is somebody to either network; and below this nobody.
LIKELY, LOST = 0.7, 0.3
_SOMEBODY = 0.5

Mask = NDArray[np.bool_]


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
    return np.asarray(plane > _SOMEBODY, np.bool_)


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
