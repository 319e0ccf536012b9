"""Mode `green-screen`: people before a plain green or blue cloth, keyed by its measured colour.

Colour differences are straight lines in RGB: one pass over the picture tells how much of the
cloth's colour is in each pixel; the same figure is taken away from what reflects it (spill).
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.mode import Artwork, CutOut
from kiosk_appliance.imaging.pixels import Frame, Plane, Size, resized, size_of
from kiosk_appliance.imaging.scenery import Cut, Scenery

_SAMPLE_SIDE = 160
# Of the border's pixels: less is no cloth.
_LEAST_CLOTH = 0.3
# A cloth has one colour: so much of it lies within this share of its strength beside its hue.
_ONE_HUE, _OF_ONE_COLOUR = 0.35, 0.8
# Less of the picture is nobody, more is no cloth.
_PEOPLE = (0.01, 0.95)
# Beside the people: more is clothes or a wall of nearly the cloth's colour.
_MOST_UNDECIDED = 0.2
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
        key = measured(photo)
        if key is None:
            return self.scenery.with_print(photo), "framed"
        cloth = _cloth(photo, key)
        alpha = _opacity(cloth, key)
        if not _is_clean(alpha):
            return self.scenery.with_print(photo), "framed"
        return self.scenery.with_people(Cut(_without_spill(photo, cloth, key), alpha)), "clean"


def measured(photo: Frame) -> Key | None:
    """Return the cloth's colour as it is around the people, None where there is no cloth."""
    small = resized(photo, size_of(photo).within(_SAMPLE_SIDE))
    depth = max(2, min(small.shape[:2]) // 8)
    border = np.concatenate(
        (
            small[:depth].reshape(-1, 3),
            small[:, :depth].reshape(-1, 3),
            small[:, -depth:].reshape(-1, 3),
        )
    )
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
    """Return how much of the cloth's colour is in each pixel: 200 where it is all cloth."""
    along = key.direction @ _CHROMA
    aside = np.array((-key.direction[1], key.direction[0])) @ _CHROMA
    gain = 200 / key.strength
    rows = gain * np.stack((along - _HUE_WIDTH * aside, along + _HUE_WIDTH * aside))
    both = cv2.transform(photo, rows)
    return np.asarray(cv2.min(*cv2.split(both)), np.uint8)


def _opacity(cloth: Plane, key: Key) -> Plane:
    """Return what is left of the people: none from half the cloth's strength on."""
    noise = 200 * 5 / key.strength
    low, high = max(26.0, noise), 118.0
    ramp = np.clip((high - np.arange(256)) / (high - low), 0, 1)
    table = np.asarray(np.round(255 * ramp), np.uint8)
    return np.asarray(cv2.blur(cv2.LUT(cloth, table), (3, 3)), np.uint8)


def _is_clean(alpha: Plane) -> bool:
    """Say whether there is somebody, and hardly anything that is neither her nor the cloth."""
    shares = np.asarray(cv2.calcHist([alpha], [0], None, [8], [0, 256])).ravel() / alpha.size
    people, undecided = float(shares[4:].sum()), float(shares[1:7].sum())
    return _PEOPLE[0] < people < _PEOPLE[1] and undecided < _MOST_UNDECIDED * people


def _without_spill(photo: Frame, cloth: Plane, key: Key) -> Frame:
    """Take the cloth's colour out of whatever bears some of it; how bright it is stays."""
    # Cb and Cr back to blue, green, red.
    back = np.array([[1.772, 0.0], [-0.34414, -0.71414], [0.0, 1.402]]) @ key.direction
    channels = []
    steps = np.arange(256) * key.strength / 200
    for plane, weight in zip(cv2.split(photo), back, strict=True):
        table = np.asarray(np.round(np.clip(steps * abs(weight), 0, 255)), np.uint8)
        part = cv2.LUT(cloth, table)
        channels.append(cv2.subtract(plane, part) if weight > 0 else cv2.add(plane, part))
    return np.asarray(cv2.merge(channels), np.uint8)


@dataclass(frozen=True, slots=True)
class _GreenScreen:
    name: str = "green-screen"

    def prepare(self, artwork: Artwork) -> _Stage:
        return _Stage(Scenery.of(artwork))


MODE = _GreenScreen()
