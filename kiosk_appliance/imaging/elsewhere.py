"""Whether anybody has the colours of a piece of the people elsewhere, or only the ground near by.

A piece of ground that was taken for somebody counts among the people and so speaks for itself; here
it has no say in its own affair. Knows neither networks nor backgrounds.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import disputes
from kiosk_appliance.imaging.disputes import LEVELS, Mask, seen
from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Frame

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
# To a colour and its neighbours, and what each of them counts.
_STEPS = np.indices((3, 3, 3)).reshape(3, -1).T - 1
_WEIGHTS = np.prod(np.where(_STEPS == 0, 0.5, 0.25), axis=1)

Counts = NDArray[np.float32]


def leaning(photo: Frame, low: Coverage, rough: Coverage) -> Counts:
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
    part = disputes.around(box, _NEAR * side)
    somebody, low, rough = somebody[part], low[part], rough[part]
    cells = disputes.cells(photo, answer.shape)[part]
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
        present, theirs = _colours(cells, LEVELS**3), _colours(cells[somebody], _MOST_COLOURS)
        self._place, self._own_place = _places(present)[cells], _places(theirs)
        self._likeness = _likeness(present, theirs)

    def counts(self, mask: Mask) -> Counts:
        """Return the masked pixels of each of the people's colours by block, and of all last."""
        blocks = self._shape[0] * self._shape[1]
        colours = len(self._likeness)
        found = self._block[mask] * colours + self._place[mask]
        by_colour = np.bincount(found, minlength=blocks * colours).reshape(blocks, colours)
        alike = by_colour.astype(np.float32) @ self._likeness
        return np.column_stack((alike, by_colour.sum(axis=1, dtype=np.float32))).reshape(
            *self._shape, -1
        )

    def of_each(self, table: Counts, mask: Mask) -> Counts:
        """Return what a table by block and colour says of the masked pixels: 0 of what it lacks."""
        flat = np.pad(table.reshape(-1, table.shape[-1]), ((0, 0), (0, 1)))
        return np.asarray(flat[self._block[mask], self._own_place[self._cells[mask]]], np.float32)


def _colours(cells: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Return those that occur, or the most frequent of them, in order."""
    counted = np.bincount(cells.ravel(), minlength=LEVELS**3)
    found = np.flatnonzero(counted)
    if len(found) > most:
        found = np.sort(found[np.argsort(-counted[found], kind="stable")[:most]])
    return found


def _places(colours: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return where each colour stands among these: past the last where it does not."""
    places = np.full(LEVELS**3, len(colours), np.intp)
    places[colours] = np.arange(len(colours))
    return places


def _likeness(those: NDArray[np.intp], these: NDArray[np.intp]) -> Counts:
    """Return what one of those colours counts as one of these: noise moves it to its neighbours."""
    own = np.stack(np.unravel_index(these, (LEVELS,) * 3))
    beside = own[:, :, None] + _STEPS.T[:, None]
    inside = ((beside >= 0) & (beside < LEVELS)).all(axis=0)
    cells = np.ravel_multi_index(tuple(np.clip(beside, 0, LEVELS - 1)), (LEVELS,) * 3)
    place = _places(those)[cells]
    column, step = np.nonzero(inside & (place < len(those)))
    alike = np.zeros((len(those), len(these)), np.float32)
    alike[place[column, step], column] = _WEIGHTS[step]
    return alike


def _summed(counts: Counts, reach: int) -> Counts:
    """Return for each block what it and those within reach have together."""
    wide = np.pad(counts, ((reach + 1, reach), (reach + 1, reach), (0, 0))).cumsum(0).cumsum(1)
    past = 2 * reach + 1
    low, high = wide[:-past], wide[past:]
    summed = high[:, past:] - high[:, :-past] - low[:, past:] + low[:, :-past]
    return np.asarray(summed, np.float32)


def _shares(counts: Counts) -> Counts:
    shares = np.maximum(0, counts[:, :, :-1]) / np.maximum(1, counts[:, :, -1:])
    return np.asarray(shares + _ANY, np.float32)
