"""A photo in, the people of it out: how much of each pixel is theirs, and how sure that is.

One small interface (`cut_out`) over the networks. Knows no background.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from kiosk_appliance.imaging import edges
from kiosk_appliance.imaging.networks import Coverage, Networks
from kiosk_appliance.imaging.pixels import Frame, Size, resized, size_of

WORKING_SIDE = 960
# What MODNet looks at, in pixels, and at most how often once more, closely.
_LOOK = 288 * 512
_MOST_RESCUES = 2
_RESCUE = Size(256, 256)
_NEARLY_SQUARE = 1.2
_SOMEBODY = 0.5
_SURELY = 0.8
# Less than this is nobody, to MODNet and to the finder.
_NOBODY = 0.3
_UNDECIDED = (0.2, 0.8)
_SMALLEST_SHARE = 0.003
_ROUGH_SIDE = 384


class Box(NamedTuple):
    """A rectangle: the first and the past-the-last column and row."""

    left: int
    top: int
    right: int
    bottom: int

    def grown(self, x: float, up: float, down: float, within: Size) -> "Box":
        """Return it larger by these shares of its own sides, cut at the borders."""
        width, height = self.right - self.left, self.bottom - self.top
        return Box(
            max(0, round(self.left - x * width)),
            max(0, round(self.top - up * height)),
            min(within.width, round(self.right + x * width)),
            min(within.height, round(self.bottom + down * height)),
        )

    @property
    def part(self) -> tuple[slice, slice]:
        """Return it as an index into a picture."""
        return slice(self.top, self.bottom), slice(self.left, self.right)


@dataclass(frozen=True, slots=True)
class CutOut:
    """People cut out of a photo, at a working size of at most 960 pixels.

    `alpha` is 0 to 1; `colours` are theirs near the outline; `confidence` goes from 0 to 1, and
    from about a half on the cut looks right.
    """

    alpha: Coverage
    colours: Frame
    confidence: float


def cut_out(photo: Frame, networks: Networks) -> CutOut:
    """Cut the people out of an upright photo. Raises ModelUnusable."""
    working = resized(photo, size_of(photo).within(WORKING_SIDE))
    rough = _rough(working, networks)
    box = _people(rough, size_of(working))
    if box is None:
        nobody = np.zeros(working.shape[:2], np.float32)
        return CutOut(nobody, working, 0.0)
    matte = _looked_at(working, box, networks)
    matte = _with_rescued(working, rough, matte, networks)
    matte = edges.mended(edges.stretched(matte), rough)
    confidence = _confidence(matte, rough)
    matte = edges.refined(matte, working)
    return CutOut(matte, edges.own_colours(working, matte), confidence)


def preview_mask(photo: Frame, networks: Networks) -> Frame:
    """Return where people are, 0 to 255, 256 x 256: quick enough for a live picture.

    Raises ModelUnusable.
    """
    (found,) = networks.find([photo])
    soft = np.clip((found - 0.25) * 2, 0, 1)
    return np.asarray(np.round(soft * 255), np.uint8)


def _rough(photo: Frame, networks: Networks) -> Coverage:
    """Ask the finder of three overlapping squares; it sees little in a picture squeezed to one."""
    height, width = photo.shape[:2]
    side, longer = min(height, width), max(height, width)
    steps = 1 if longer < _NEARLY_SQUARE * side else 3
    starts = [round((longer - side) * step / max(1, steps - 1)) for step in range(steps)]
    if steps == 1:
        tiles = [photo]
    elif width > height:
        tiles = [photo[:, start : start + side] for start in starts]
    else:
        tiles = [photo[start : start + side] for start in starts]
    factor = _ROUGH_SIDE / longer
    rough = np.zeros((max(1, round(height * factor)), max(1, round(width * factor))), np.float32)
    for start, found in zip(starts, networks.find(tiles), strict=True):
        if steps == 1:
            place = (slice(None), slice(None))
        else:
            low, past = round(start * factor), round((start + side) * factor)
            along = slice(low, past)
            place = (slice(None), along) if width > height else (along, slice(None))
        target = rough[place]
        seen = cv2.resize(found, (target.shape[1], target.shape[0]))
        np.maximum(target, seen, out=target)
    return rough


def _people(rough: Coverage, size: Size) -> Box | None:
    """Return the rectangle around everybody, with room for hair, hands and feet."""
    boxes = _boxes(rough > _SOMEBODY, size)
    if not boxes:
        return None
    around = Box(
        min(box.left for box in boxes),
        min(box.top for box in boxes),
        max(box.right for box in boxes),
        max(box.bottom for box in boxes),
    )
    return around.grown(0.12, 0.12, 0.4, size)


def _boxes(mask: np.ndarray[tuple[int, ...], np.dtype[np.bool_]], size: Size) -> list[Box]:
    """Return the rectangles of what is large enough, largest first, in pixels of `size`."""
    height, width = mask.shape
    count, _, stats, _ = cv2.connectedComponentsWithStats(mask.astype(np.uint8))
    found = []
    for label in sorted(range(1, count), key=lambda one: -int(stats[one, cv2.CC_STAT_AREA])):
        left, top, across, down, area = (int(value) for value in stats[label])
        if area >= _SMALLEST_SHARE * mask.size:
            x, y = size.width / width, size.height / height
            found.append(
                Box(
                    round(left * x),
                    round(top * y),
                    round((left + across) * x),
                    round((top + down) * y),
                )
            )
    return found


def _looked_at(photo: Frame, box: Box, networks: Networks) -> Coverage:
    """Spend MODNet's pixels on the people's own rectangle."""
    crop = photo[box.part]
    height, width = crop.shape[:2]
    factor = (_LOOK / (width * height)) ** 0.5
    found = networks.matte(crop, Size(round(width * factor), round(height * factor)))
    matte = np.zeros(photo.shape[:2], np.float32)
    matte[box.part] = cv2.resize(found, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.asarray(np.clip(matte, 0, 1), np.float32)


def _with_rescued(photo: Frame, rough: Coverage, matte: Coverage, networks: Networks) -> Coverage:
    """Look closely at somebody whom the finder is sure of and MODNet has lost."""
    low = cv2.resize(matte, (rough.shape[1], rough.shape[0]), interpolation=cv2.INTER_AREA)
    lost = np.asarray((rough > _SURELY) & (low < _NOBODY), np.uint8)
    lost = np.asarray(cv2.morphologyEx(lost, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8)), np.uint8)
    for box in _boxes(lost > 0, size_of(photo))[:_MOST_RESCUES]:
        close = _squared(box.grown(0.5, 0.5, 0.5, size_of(photo)), size_of(photo))
        crop = photo[close.part]
        found = networks.matte(crop, _RESCUE)
        seen = cv2.resize(found, (crop.shape[1], crop.shape[0]), interpolation=cv2.INTER_LINEAR)
        # Only where the finder agrees: a close look also takes furniture for people.
        agreed = cv2.resize(rough, size_of(photo))[close.part]
        trusted = np.asarray(seen, np.float32) * (agreed > _NOBODY)
        np.maximum(matte[close.part], trusted, out=matte[close.part])
    return matte


def _squared(box: Box, within: Size) -> Box:
    side = min(max(box.right - box.left, box.bottom - box.top), *within)
    x = min(max(0, (box.left + box.right - side) // 2), within.width - side)
    y = min(max(0, (box.top + box.bottom - side) // 2), within.height - side)
    return Box(x, y, x + side, y + side)


def _confidence(matte: Coverage, rough: Coverage) -> float:
    """Say how far both networks agree, and how little is left undecided."""
    low = cv2.resize(matte, (rough.shape[1], rough.shape[0]), interpolation=cv2.INTER_AREA)
    ours, theirs = low > _SOMEBODY, rough > _SOMEBODY
    either = int((ours | theirs).sum())
    area = int(ours.sum())
    if area < _SMALLEST_SHARE * ours.size:
        return 0.0
    agreement = int((ours & theirs).sum()) / either
    undecided = float(((low > _UNDECIDED[0]) & (low < _UNDECIDED[1])).sum()) / area
    return float(agreement * np.clip(1.25 - 2 * undecided, 0, 1))
