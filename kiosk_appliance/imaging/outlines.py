"""A second outline of the people, drawn where the photo's colours part; what it mends in the matte.

GrabCut (Rother, Kolmogorov, Blake, 2004) begins with the matte: its core stays somebody, what is
far off stays ground, the rest goes to whose colours it has. Knows neither networks nor backgrounds.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import regions
from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Frame, Size
from kiosk_appliance.imaging.regions import Mask, seen

# As shares of the people's size (the root of their area): twice how deep their core lies, twice how
# far from them the ground is certain, how far round them colours are learnt and are looked at.
_CORE, _FAR, _LEARNT, _LOOKED_AT = 0.16, 0.25, 0.35, 0.15
# Colours are learnt from one pixel in so many each way: as good as all of them, in a fifth of time.
_SAMPLED = 3
# Of each side, or there are no five colours to learn.
_FEWEST = 64
# How much more frequent a colour is among people, as a logarithm, for what it has to be theirs.
_OF_PEOPLE = 1.5
# What is thinner or smaller is the outline's own affair; shares of their size and their area.
_THIN, _SMALLEST_SHARE = 0.03, 0.004
# A piece apart: of the largest one, what it is at most, and how much of it colours bear out.
_APART, _BORNE_OUT, _SEEN = 0.2, 0.5, 0.15
_NEITHER = 0.5
# A rectangle is asked for where a mask is given, too.
_UNUSED = (0, 0, 1, 1)
_AROUND = np.ones((5, 5), np.uint8)


def by_colour(matte: Coverage, rough: Coverage, photo: Frame) -> Mask:
    """Return who is somebody by colour, of the size of `rough`: the same for the same planes."""
    low = regions.lowered(matte, rough)
    people = np.asarray(seen(low), np.uint8)
    size = float(people.sum()) ** 0.5
    answer = np.where(people, cv2.GC_PR_FGD, cv2.GC_PR_BGD).astype(np.uint8)
    answer[cv2.dilate(people, regions.brush(_FAR * size)) == 0] = cv2.GC_BGD
    answer[cv2.erode(people, regions.brush(_CORE * size)) > 0] = cv2.GC_FGD
    small = Size(low.shape[1], low.shape[0])
    colours = np.asarray(cv2.resize(photo, small, interpolation=cv2.INTER_AREA), np.uint8)
    box = cv2.boundingRect(people)
    learnt = _learnt(colours, answer, regions.around(box, _LEARNT * size))
    if learnt is not None:
        ground, theirs = learnt
        near = regions.around(box, _LOOKED_AT * size)
        part = np.ascontiguousarray(answer[near])
        looked_at = np.ascontiguousarray(colours[near])
        cv2.grabCut(looked_at, part, _UNUSED, ground, theirs, 1, cv2.GC_EVAL_FREEZE_MODEL)
        answer[near] = part
    return _is_people(answer)


def _learnt(
    colours: Frame, answer: NDArray[np.uint8], part: tuple[slice, slice]
) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
    """Return the colours of ground and people, None where there are too few of either."""
    few = np.ascontiguousarray(answer[part][::_SAMPLED, ::_SAMPLED])
    is_people = _is_people(few)
    if min(int(is_people.sum()), int((~is_people).sum())) < _FEWEST:
        return None
    ground, people = np.zeros((1, 65)), np.zeros((1, 65))
    sample = np.ascontiguousarray(colours[part][::_SAMPLED, ::_SAMPLED])
    # Its first guess at the colours is a throw of dice.
    cv2.setRNGSeed(1)
    cv2.grabCut(sample, few, _UNUSED, ground, people, 1, cv2.GC_INIT_WITH_MASK)
    return ground, people


def _is_people(answer: NDArray[np.uint8]) -> Mask:
    return np.asarray((answer == cv2.GC_FGD) | (answer == cv2.GC_PR_FGD), np.bool_)


def mended(
    matte: Coverage, rough: Coverage, leans: NDArray[np.float64], by_colour: Mask
) -> Coverage:
    """Return the matte with what colours say is people's, less the pieces apart that is not.

    `leans` is what `palette.leaning` tells of it; the very matte where there is nothing to mend.
    """
    low = regions.lowered(matte, rough)
    added = _missing(low, leans, by_colour)
    gone = _apart(low, leans, by_colour)
    size = Size(matte.shape[1], matte.shape[0])
    if added.any():
        matte = np.asarray(cv2.max(matte, _softened(added, size)), np.float32)
    if gone.any():
        matte = np.asarray(cv2.min(matte, 1 - _softened(gone, size)), np.float32)
    return matte


def _missing(low: Coverage, leans: NDArray[np.float64], by_colour: Mask) -> NDArray[np.uint8]:
    """Return the regions that are people's by outline and by colours, and not the matte's."""
    people = seen(low)
    area = int(people.sum())
    theirs = ~people & by_colour & (cv2.blur(leans, (5, 5)) > _OF_PEOPLE)
    thick = regions.opened(theirs, area, _THIN)
    _, labels, stats, _ = cv2.connectedComponentsWithStats(thick)
    large = stats[:, cv2.CC_STAT_AREA] >= max(1.0, _SMALLEST_SHARE * area)
    large[0] = False
    wide = cv2.dilate(large[labels].astype(np.uint8), regions.brush(2 * _THIN * area**0.5))
    return np.asarray(wide * (theirs | people), np.uint8)


def _apart(low: Coverage, leans: NDArray[np.float64], by_colour: Mask) -> NDArray[np.uint8]:
    """Return the smaller pieces apart whose colours are not people's."""
    count, labels, stats, _ = cv2.connectedComponentsWithStats((low > _SEEN).astype(np.uint8))
    areas = stats[:, cv2.CC_STAT_AREA]
    gone = np.zeros(low.shape, np.uint8)
    for label in range(1, count):
        piece = labels == label
        if areas[label] < _APART * areas[1:].max() and (
            leans[piece].mean() < _NEITHER and by_colour[piece].mean() < _BORNE_OUT
        ):
            gone |= np.asarray(piece, np.uint8)
    return np.asarray(cv2.dilate(gone, _AROUND) * ((labels == 0) | (gone > 0)), np.uint8)


def _softened(region: NDArray[np.uint8], size: Size) -> Coverage:
    soft = cv2.GaussianBlur(region.astype(np.float32), (0, 0), 1)
    return np.asarray(cv2.resize(soft, size, interpolation=cv2.INTER_LINEAR), np.float32)
