"""A photo in, the people of it out: how much of each pixel is theirs, and how sure that is.

One small interface (`cut_out`) over the networks. Knows no background.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from kiosk_appliance.imaging import disputes, doubts, edges, elsewhere, outlines, palette
from kiosk_appliance.imaging.networks import Coverage, Networks
from kiosk_appliance.imaging.pixels import Frame, Size, resized, size_of
from kiosk_appliance.imaging.regions import lowered

WORKING_SIDE = 960
# What MODNet looks at, in pixels: more where people are spread over much of the photo.
_LOOK = 288 * 512
_SPREAD, _MOST_SPREAD = 0.6, 0.9
_NEARLY_SQUARE = 1.2
_SOMEBODY = 0.5
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
    matte = edges.tidied(edges.stretched(matte), rough)
    matte = disputes.settled(matte, rough, working)
    low = lowered(matte, rough)
    # A thread of its own for each photo: one that stays keeps what it has had of memory.
    with ThreadPoolExecutor(1, "outline") as other_processor:
        outline = other_processor.submit(outlines.by_colour, matte, rough, working)
        without_own_say = other_processor.submit(elsewhere.leaning, working, low, rough)
        # Most mattes are mended nowhere: this one is refined as it is meanwhile.
        refined = edges.refined(matte, working)
        own = edges.own_colours(working, refined)
        leans = palette.leaning(working, low, rough)
        colours = doubts.Colours(leans, without_own_say.result(), outline.result())
    mended = outlines.mended(matte, rough, leans, colours.outline)
    if mended is not matte:
        refined = edges.refined(mended, working)
        own = edges.own_colours(working, refined)
        low = lowered(mended, rough)
        colours = doubts.Colours(
            palette.leaning(working, low, rough),
            elsewhere.leaning(working, low, rough),
            colours.outline,
        )
    return CutOut(refined, own, doubts.confidence(mended, rough, colours))


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
    share = width * height / (photo.shape[0] * photo.shape[1])
    look = _LOOK * min(max(share, _SPREAD), _MOST_SPREAD) / _SPREAD
    factor = (look / (width * height)) ** 0.5
    found = networks.matte(crop, Size(round(width * factor), round(height * factor)))
    matte = np.zeros(photo.shape[:2], np.float32)
    matte[box.part] = cv2.resize(found, (width, height), interpolation=cv2.INTER_CUBIC)
    return np.clip(matte, 0, 1, out=matte)
