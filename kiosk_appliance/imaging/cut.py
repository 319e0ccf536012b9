"""People of a photo as they lie on a canvas: their colours, and how much is theirs of each pixel.

Owns what makes colours clean at any size. Knows neither backgrounds nor how people are found.
"""

from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np

from kiosk_appliance.imaging.pixels import Frame, Plane, Size, size_of
from kiosk_appliance.imaging.placing import Extent, Place

# Hair's ends don't count where people's rectangle is asked for.
_SEEN = 100
_HEADS_SIDE = 240
# Of somebody's height from the top: there it may end, and here it has ended, that a face is shown.
_NO_FACE = (0.6, 0.75)
# The share of the clean colour by opacity: all of it at the outer edge, none within.
_OWN = np.clip((250 - np.arange(256, dtype=np.float32)) / 110, 0, 1).reshape(1, 256)


class Spill(NamedTuple):
    """What a coloured cloth throws upon people: how much at each pixel, of any size.

    `weights` are what one step of it adds to blue, green and red.
    """

    amount: Plane
    weights: tuple[float, float, float]


# What a colour becomes in the background's light: a table each for blue, green and red.
Light = tuple[Plane, Plane, Plane]


@dataclass(frozen=True, slots=True)
class Cut:
    """Opacity of any size from 0 to 255 upon a photo.

    `own` replaces its colours at the outline, `spill` is taken out of them.
    """

    photo: Frame
    alpha: Plane
    own: Frame | None = None
    spill: Spill | None = None

    def extent(self) -> Extent:
        """Return the rectangle around what can be seen of them."""
        height, width = self.alpha.shape
        seen = np.asarray(cv2.threshold(self.alpha, _SEEN, 255, cv2.THRESH_BINARY)[1], np.uint8)
        left, top, across, down = cv2.boundingRect(seen)
        edges = max(1, width // 80)
        aside = np.flatnonzero(seen[:, :edges].any(axis=1) | seen[:, -edges:].any(axis=1))
        return Extent(
            left / width,
            top / height,
            (left + across) / width,
            (top + down) / height,
            float(aside[0]) / height if aside.size else 1.0,
        )

    def heads(self) -> "Cut":
        """Return it with as much of everybody's opacity as may be faces: at the feet's end none.

        Nobody tells where faces are; people who touch each other count as one, whose upper part
        has the faces of all of them but a toddler's.
        """
        small = size_of(self.alpha).within(_HEADS_SIDE)
        alpha = np.asarray(cv2.resize(self.alpha, small, interpolation=cv2.INTER_AREA), np.uint8)
        _, labels, stats, _ = cv2.connectedComponentsWithStats((alpha > _SEEN).astype(np.uint8))
        tops, heights = stats[:, cv2.CC_STAT_TOP], np.maximum(stats[:, cv2.CC_STAT_HEIGHT], 1)
        share = (np.arange(small.height)[:, None] - tops[labels]) / heights[labels]
        low, past = _NO_FACE
        kept = np.clip((past - share) / (past - low), 0, 1)
        return Cut(self.photo, np.asarray(np.round(alpha * kept), np.uint8))

    def columns(self, where: Place, size: Size) -> slice:
        """Return the columns of a canvas of that size where anybody may be."""
        height, width = self.alpha.shape
        across = where.scale * self.photo.shape[1] / width
        down = where.scale * self.photo.shape[0] / height
        top = max(0, int(-where.y / down) - 1)
        rows = self.alpha[top : max(top, int((size.height - where.y) / down) + 2)]
        left, _, count, _ = cv2.boundingRect(rows) if rows.size else (0, 0, 0, 0)
        first = max(0, int(where.x + (left - 1) * across))
        past = min(size.width, int(where.x + (left + count + 1) * across) + 1)
        return slice(first, past if count else first)

    def opacity(self, where: Place, size: Size) -> Plane:
        """Return how much of each pixel of a canvas is somebody."""
        return self._laid(self.alpha, where, size)

    def colours(self, where: Place, alpha: Plane, light: Light) -> Frame:
        """Return the colours to lay with that opacity, of its size."""
        size = size_of(alpha)
        people = self._laid(self.photo, where, size)
        if self.own is not None:
            people = with_own(people, self._laid(self.own, where, size), alpha)
        planes = [cv2.extractChannel(people, channel) for channel in range(3)]
        if self.spill is not None:
            amount = self._laid(self.spill.amount, where, size)
            for index, weight in enumerate(self.spill.weights):
                planes[index] = cv2.addWeighted(planes[index], 1, amount, -weight, 0)
        lit = [cv2.LUT(plane, table) for plane, table in zip(planes, light, strict=True)]
        return np.asarray(cv2.merge(lit), np.uint8)

    def _laid(self, layer: Frame | Plane, where: Place, size: Size) -> Frame:
        """Return a layer of the photo's shape as it lies on a canvas of that size."""
        photo = size_of(self.photo)
        if where.scale == 1 and _within(where, size, photo):
            left, top = -round(where.x), -round(where.y)
            if layer is self.photo:
                return layer[top : top + size.height, left : left + size.width]
            if photo == (2 * layer.shape[1], 2 * layer.shape[0]):
                return _doubled(layer, left, top, size)
        x = where.scale * photo.width / layer.shape[1]
        y = where.scale * photo.height / layer.shape[0]
        matrix = np.array(((x, 0, where.x + x / 2 - 0.5), (0, y, where.y + y / 2 - 0.5)))
        border = cv2.BORDER_CONSTANT if layer is self.alpha else cv2.BORDER_REPLICATE
        laid = cv2.warpAffine(layer, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
        return np.asarray(laid, np.uint8)


def with_own(people: Frame, own: Frame, alpha: Plane) -> Frame:
    """Take people's own colours where the outline lets what was behind them shine through."""
    share = cv2.LUT(alpha, _OWN)
    return np.asarray(cv2.blendLinear(own, people, share, 1 - share), np.uint8)


def _within(where: Place, size: Size, photo: Size) -> bool:
    """Say whether the photo, laid at its own size, covers the whole canvas."""
    across = where.x <= 0 and size.width <= photo.width + where.x
    return across and where.y <= 0 and size.height <= photo.height + where.y


def _doubled(layer: Frame | Plane, left: int, top: int, size: Size) -> Frame:
    """Return a part of a layer at twice its size: four times as quick as a warp to the same."""
    first, above = max(0, left // 2 - 1), max(0, top // 2 - 1)
    part = layer[above : (top + size.height) // 2 + 2, first : (left + size.width) // 2 + 2]
    twice = cv2.resize(part, None, fx=2, fy=2, interpolation=cv2.INTER_LINEAR)
    left, top = left - 2 * first, top - 2 * above
    return np.asarray(twice[top : top + size.height, left : left + size.width], np.uint8)
