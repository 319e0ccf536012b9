"""Where one network sees somebody and the other does not: the photo's colours decide.

Each region in dispute is asked whether its colours are those of people or of what is behind them,
as both networks agree on both elsewhere. Knows neither networks nor backgrounds.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.palette import leaning
from kiosk_appliance.imaging.pixels import Frame
from kiosk_appliance.imaging.regions import LIKELY, LOST, agreement, lowered, seen

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


def _with_regions(matte: Coverage, rough: Coverage, found: NDArray[np.uint8]) -> Coverage:
    soft = np.clip((rough - _OUTLINE[0]) / (_OUTLINE[1] - _OUTLINE[0]), 0, 1)
    soft = np.asarray(soft * cv2.dilate(found, _AROUND), np.float32)
    added = cv2.resize(soft, (matte.shape[1], matte.shape[0]), interpolation=cv2.INTER_LINEAR)
    return np.asarray(cv2.max(matte, added), np.float32)
