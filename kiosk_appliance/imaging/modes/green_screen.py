"""Mode `green-screen`: people before a plain green or blue cloth, keyed by its measured colour.

Colour differences are straight lines in RGB: one pass over the picture tells how much of the
cloth's colour is in each pixel; the same figure is taken away from what reflects it (spill).
A camera's JPEG holds them at half its size, so they are looked at there.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging import strips
from kiosk_appliance.imaging.cut import Cut, Spill
from kiosk_appliance.imaging.mode import Artwork, CutOut
from kiosk_appliance.imaging.pixels import Frame, Plane, Size, resized, size_of
from kiosk_appliance.imaging.scenery import Scenery

_SAMPLE_SIDE = 160
# Halved four times without a rest, a border is made small ten times as quickly.
_HALVED = 2**4
# In a smaller photo somebody's outline would be most of her.
_LARGE = 1920
# Of the border's pixels: less is no cloth.
_LEAST_CLOTH = 0.3
# A cloth has one colour: so much of it lies within this share of its strength beside its hue.
_ONE_HUE, _OF_ONE_COLOUR = 0.35, 0.8
# Less of the picture is nobody, more is no cloth.
_PEOPLE = (0.01, 0.95)
# Beside the people: more is clothes or a wall of nearly the cloth's colour.
_MOST_UNDECIDED = 0.2
_SOMEBODY, _NEITHER = (128, 255), (32, 223)
_LEAST_CHROMA = 26.0
# Rows: blue, green, red to the two colour differences Cb, Cr (ITU-R BT.601).
_CHROMA = np.array([[0.5, -0.3313, -0.1687], [-0.0813, -0.4187, 0.5]])
# A pixel whose hue lies further off than this share of its strength is none of the cloth.
_HUE_WIDTH = 0.75


class Key(NamedTuple):
    """The cloth: the direction of its colour in the plane of Cb and Cr, and how strong it is."""

    direction: NDArray[np.float64]
    strength: float


@dataclass(frozen=True, slots=True)
class _Stage:
    scenery: Scenery

    @property
    def canvas(self) -> Size:
        return self.scenery.canvas

    @property
    def nbytes(self) -> int:
        return self.scenery.nbytes

    def take_in(self, photo: Frame) -> Frame:
        return self.join(photo)[0]

    def join(self, photo: Frame) -> tuple[Frame, CutOut]:
        cut = keyed(photo)
        if cut is None:
            return self.scenery.with_print(photo), "framed"
        return self.scenery.with_people(cut), "clean"


def keyed(photo: Frame) -> Cut | None:
    """Cut the people out of an upright photo, None where there is no cloth or the cut is poor."""
    key = measured(photo)
    if key is None:
        return None
    cloth = _cloth(photo, key)
    alpha = _opacity(cloth, key)
    return Cut(photo, alpha, spill=_spill(cloth, key)) if _is_clean(alpha) else None


def measured(photo: Frame) -> Key | None:
    """Return the cloth's colour as it is around the people, None where there is no cloth."""
    depth = max(2, min(photo.shape[:2]) // 8)
    depth -= depth % min(depth, _HALVED)
    sides = photo[:depth], photo[:, :depth], photo[:, -depth:]
    share = min(1.0, _SAMPLE_SIDE / size_of(photo).long_side)
    samples = [resized(side, size_of(side).scaled(share)).reshape(-1, 3) for side in sides]
    border = np.concatenate(samples)
    chroma = border.astype(np.float64) @ _CHROMA.T
    strength = np.hypot(chroma[:, 0], chroma[:, 1])
    # Green lies at Cb, Cr both below nought, blue at Cb far above: skin and wood are neither.
    is_cloth = (strength > _LEAST_CHROMA) & (chroma[:, 1] < 0.2 * strength)
    if is_cloth.mean() < _LEAST_CLOTH:
        return None
    middle = np.median(chroma[is_cloth], axis=0)
    direction = middle / np.hypot(*middle)
    along = chroma[is_cloth] @ direction
    aside = np.abs(chroma[is_cloth] @ np.array((-direction[1], direction[0])))
    if float((aside < _ONE_HUE * along).mean()) < _OF_ONE_COLOUR:
        return None
    return Key(direction, float(np.percentile(along, 20)))


def _cloth(photo: Frame, key: Key) -> Plane:
    """Return how much of the cloth's colour is in each pixel: 200 where it is all cloth.

    Of a large photo at half its size.
    """
    along, aside = key.direction, np.array((-key.direction[1], key.direction[0]))
    either = np.stack((along - _HUE_WIDTH * aside, along + _HUE_WIDTH * aside))
    # A third row of nothing: three colours to three are taken many pixels at a time.
    weights = np.zeros((3, 3))
    weights[:2] = either @ _CHROMA * (200 / key.strength)
    height, width = photo.shape[:2]
    step = 2 if max(height, width) >= _LARGE else 1
    cloth = np.empty((max(1, height // step), max(1, width // step)), np.uint8)

    def fill(rows: slice) -> None:
        part = cloth[rows]
        strip = resized(photo[step * rows.start : step * rows.stop], size_of(part))
        shares = cv2.split(cv2.transform(strip, weights))
        cv2.min(shares[0], shares[1], dst=part)

    strips.by_two(cloth.shape[0], fill)
    return cloth


def _opacity(cloth: Plane, key: Key) -> Plane:
    """Return what is left of the people: none from half the cloth's strength on."""
    noise = 200 * 5 / key.strength
    low, high = max(26.0, noise), 118.0
    gain = 255 / (high - low)
    ramp = cv2.addWeighted(cloth, -gain, cloth, 0, high * gain)
    return np.asarray(cv2.blur(ramp, (3, 3), dst=ramp), np.uint8)


def _is_clean(alpha: Plane) -> bool:
    """Say whether there is somebody, and hardly anything that is neither her nor the cloth."""
    people = cv2.countNonZero(cv2.inRange(alpha, *_SOMEBODY)) / alpha.size
    undecided = cv2.countNonZero(cv2.inRange(alpha, *_NEITHER)) / alpha.size
    return _PEOPLE[0] < people < _PEOPLE[1] and undecided < _MOST_UNDECIDED * people


def _spill(cloth: Plane, key: Key) -> Spill:
    """Return the cloth's colour as it lies on whatever bears some of it; brightness is none."""
    # Cb and Cr back to blue, green, red.
    back = np.array([[1.772, 0.0], [-0.34414, -0.71414], [0.0, 1.402]]) @ key.direction
    blue, green, red = (float(weight) for weight in back * key.strength / 200)
    return Spill(cloth, (blue, green, red))


@dataclass(frozen=True, slots=True)
class _GreenScreen:
    name: str = "green-screen"

    def prepare(self, artwork: Artwork) -> _Stage:
        return _Stage(Scenery.of(artwork))


MODE = _GreenScreen()
