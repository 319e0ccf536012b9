"""Whether anybody has the colours of a piece of the people elsewhere, or only the ground near by.

A piece of ground that was taken for somebody counts among the people and so speaks for itself; here
it has no say in its own affair. Knows neither networks nor backgrounds.
"""

from itertools import product

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import palette, regions
from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.palette import LEVELS
from kiosk_appliance.imaging.pixels import Frame
from kiosk_appliance.imaging.regions import Mask, seen

# People and what is behind them, where it is certain; of the ground by matte and finder.
_PEOPLE, _GROUND = 0.8, (0.1, 0.3)
# A block's side by the people's size (the root of their area); its piece reaches one block further
# each way, its ground two.
_BLOCK, _SMALLEST_BLOCK = 0.15, 6
_PIECE, _NEAR = 1, 2
# Fewer of the people elsewhere (a share), or of the ground near by (pixels), tell nothing.
_ENOUGH_PEOPLE, _ENOUGH_GROUND = 0.15, 60
# So frequent is any colour.
_ANY = 1e-4

# More colours than people ever have are noise: the rarest tell nothing.
_MOST_COLOURS = 1024
# Noise moves a pixel's colour to the next one: along each axis it counts for both of them by half.
_STEPS = tuple(product(range(3), repeat=3))
_WEIGHTS = np.array([0.5 ** sum(1 if step == 1 else 2 for step in way) for way in _STEPS], "f4")

Plane = NDArray[np.float32]


def leaning(photo: Frame, low: Coverage, rough: Coverage) -> Plane:
    """Return how much more of the people elsewhere than of the ground near by has a pixel's colour.

    As a logarithm; 0 off the people, and where there is too little of either to tell.
    `low` is the matte and `rough` the finder's opinion, both of one size.
    """
    answer = np.zeros(low.shape, np.float32)
    somebody = seen(low)
    area = int(somebody.sum())
    if not area:
        return answer
    side = max(_SMALLEST_BLOCK, int(_BLOCK * area**0.5))
    box = cv2.boundingRect(somebody.astype(np.uint8))
    part = regions.around(box, _NEAR * side)
    somebody, low, rough = somebody[part], low[part], rough[part]
    cells = palette.cells(photo, answer.shape)[part]
    people, ground = low > _PEOPLE, (low < _GROUND[0]) & (rough < _GROUND[1])
    blocks = _Blocks(cells, somebody, side)
    everybody = blocks.counts(people)
    others = everybody.sum((0, 1)) - _summed(everybody, _PIECE)
    near = _summed(blocks.counts(ground), _NEAR)
    told = (others[:, :, -1:] > _ENOUGH_PEOPLE * area) & (near[:, :, -1:] > _ENOUGH_GROUND)
    leans = np.where(told, np.log(_shares(others)) - np.log(_shares(near)), 0)
    answer[part][somebody] = blocks.of_each(leans, somebody)
    return answer


class _Blocks:
    """A picture in squares, and how often each has each of the people's colours."""

    def __init__(self, cells: NDArray[np.intp], somebody: Mask, side: int) -> None:
        down, across = (np.arange(length) // side for length in cells.shape)
        self._shape = (int(down[-1]) + 1, int(across[-1]) + 1)
        self._block = down[:, None] * self._shape[1] + across
        self._cells = cells
        theirs = _colours(cells[somebody])
        self._columns = len(theirs) + 1
        self._place = np.full(LEVELS**3, len(theirs), np.intp)
        self._place[theirs] = np.arange(len(theirs))
        self._near = _neighbours(self._place)

    def counts(self, mask: Mask) -> Plane:
        """Return the masked pixels of each of the people's colours by block, and of all last."""
        blocks = self._shape[0] * self._shape[1]
        every = self._block[mask]
        # A block has few colours many times: each is spread once, and not each pixel.
        found, often = np.unique(every * LEVELS**3 + self._cells[mask], return_counts=True)
        block, cell = np.divmod(found, LEVELS**3)
        at = block * self._columns + self._near[:, cell]
        weights = _WEIGHTS[:, None] * often.astype(np.float32)
        flat = np.bincount(at.ravel(), weights.ravel(), minlength=blocks * self._columns)
        table = flat.astype(np.float32).reshape(blocks, self._columns)
        table[:, -1] = np.bincount(every, minlength=blocks)
        return table.reshape(*self._shape, self._columns)

    def of_each(self, table: Plane, mask: Mask) -> Plane:
        """Return what a table by block and colour says of the masked pixels: 0 of what it lacks."""
        flat = np.pad(table.reshape(-1, table.shape[-1]), ((0, 0), (0, 1)))
        return np.asarray(flat[self._block[mask], self._place[self._cells[mask]]], np.float32)


def _colours(cells: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return those that occur, or the most frequent of them, in order."""
    counted = np.bincount(cells, minlength=LEVELS**3)
    found = np.flatnonzero(counted)
    if len(found) > _MOST_COLOURS:
        found = np.sort(found[np.argsort(-counted[found], kind="stable")[:_MOST_COLOURS]])
    return found


def _neighbours(place: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where each colour's neighbours stand, it among them, a line each of `_STEPS`."""
    wide = np.pad(place.reshape((LEVELS,) * 3), 1, constant_values=place.max(initial=0))
    lines = (wide[tuple(slice(step, step + LEVELS) for step in steps)] for steps in _STEPS)
    return np.asarray([line.ravel() for line in lines], np.intp)


def _summed(counts: Plane, reach: int) -> Plane:
    """Return for each block what it and those within reach have together."""
    wide = np.pad(counts, ((reach + 1, reach), (reach + 1, reach), (0, 0))).cumsum(0).cumsum(1)
    past = 2 * reach + 1
    low, high = wide[:-past], wide[past:]
    summed = high[:, past:] - high[:, :-past] - low[:, past:] + low[:, :-past]
    return np.asarray(summed, np.float32)


def _shares(counts: Plane) -> Plane:
    shares = np.maximum(0, counts[:, :, :-1]) / np.maximum(1, counts[:, :, -1:])
    return np.asarray(shares + _ANY, np.float32)
