"""Which colours are people's: how often each is among them, and how often behind them.

A colour is one of `LEVELS` ** 3: finer ones would be the noise's. Knows no network.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Frame, Size
from kiosk_appliance.imaging.regions import Mask

LEVELS = 16
# Both sides' own, by matte and finder: people and ground where both say so.
_PEOPLE, _GROUND = (0.8, 0.5), (0.1, 0.3)


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


def _frequencies(cells: NDArray[np.intp]) -> NDArray[np.float64]:
    """Return how frequent each colour is; noise moves one to its neighbours, so those count too."""
    counted = np.bincount(cells, minlength=LEVELS**3).astype(np.float64)
    spread = counted.reshape((LEVELS,) * 3)
    for axis in range(3):
        wide = np.pad(spread, [(int(axis == one),) * 2 for one in range(3)])
        low, middle, high = (wide.take(range(at, at + LEVELS), axis) for at in range(3))
        spread = low / 4 + middle / 2 + high / 4
    return np.asarray(spread.ravel() / max(1.0, float(spread.sum())) + 1e-5, np.float64)
