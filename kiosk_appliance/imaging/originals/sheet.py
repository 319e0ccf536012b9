"""A transparent sheet to draw on: shapes with soft edges, shading, shadows and glows.

Only for making the pictures beside it; nothing of it runs on a kiosk.
"""

from collections.abc import Sequence

import cv2
import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]
Plane = NDArray[np.float32]
Colour = tuple[int, int, int]

_FINE = 4


def rgb(code: str) -> Colour:
    """Return a colour from its six hexadecimal digits."""
    return (int(code[0:2], 16), int(code[2:4], 16), int(code[4:6], 16))


def mixed(one: Colour, other: Colour, share: float) -> Colour:
    """Return a colour between two; a share of 1 is the other."""
    red, green, blue = (round(a + (b - a) * share) for a, b in zip(one, other, strict=True))
    return (red, green, blue)


class Sheet:
    """Premultiplied colours and opacity from 0 to 1, and the shadow of what has been drawn."""

    def __init__(self, width: int, height: int) -> None:
        self.width, self.height = width, height
        self.colours = np.zeros((height, width, 3), np.float32)
        self.alpha = np.zeros((height, width), np.float32)
        self._shadow = np.zeros((height, width), np.float32)

    def polygon(
        self,
        points: Points,
        colour: Colour,
        to: Colour | None = None,
        *,
        opacity: float = 1.0,
        shadow: float = 1.0,
        blur: float = 0.0,
    ) -> None:
        """Fill a shape, shaded from its first to its middle point when `to` is given."""
        pad = 3 + 3 * blur
        low = np.floor(points.min(axis=0) - pad).astype(int)
        size = np.ceil(points.max(axis=0) + pad).astype(int) - low
        mask = np.zeros((size[1] * _FINE, size[0] * _FINE), np.uint8)
        cv2.fillPoly(mask, [np.round((points - low) * _FINE).astype(np.int32)], [255])
        cover = cv2.resize(mask, (int(size[0]), int(size[1])), interpolation=cv2.INTER_AREA)
        plane = cover.astype(np.float32) / 255
        if blur:
            plane = np.asarray(cv2.GaussianBlur(plane, (0, 0), blur), np.float32)
        shades = _shades(points - low, plane.shape, colour, to)
        self._lay(int(low[0]), int(low[1]), (plane * opacity).astype(np.float32), shades, shadow)

    def glow(self, x: float, y: float, radius: float, colour: Colour, opacity: float) -> None:
        """Add light that fades away from a point."""
        low_x, low_y, side = int(x - radius), int(y - radius), int(2 * radius) + 1
        ys, xs = np.mgrid[0:side, 0:side]
        distance = np.hypot(xs + low_x - x, ys + low_y - y) / radius
        plane = np.clip(1 - distance, 0, 1) ** 2.4 * opacity
        shades = np.broadcast_to(np.array(colour, np.float32), (side, side, 3))
        self._lay(low_x, low_y, plane.astype(np.float32), shades, 0)

    def wash(self, plane: Plane, colour: Colour) -> None:
        """Cover the whole sheet with a colour of varying opacity."""
        shades = np.broadcast_to(np.array(colour, np.float32), self.colours.shape)
        self._lay(0, 0, plane, shades, 0)

    def cast_shadow(self, colour: Colour, opacity: float, blur: float, drop: float) -> None:
        """Put the shadow of everything drawn so far beneath it, and start afresh."""
        soft = np.asarray(cv2.GaussianBlur(self._shadow, (0, 0), blur), np.float32)
        shift = np.array([[1, 0, drop * 0.4], [0, 1, drop]], np.float32)
        soft = np.asarray(cv2.warpAffine(soft, shift, (self.width, self.height)), np.float32)
        under = soft * opacity * (1 - self.alpha)
        self.colours += under[:, :, None] * np.array(colour, np.float32)
        self.alpha += under
        self._shadow[:] = 0

    def over(self, below: "Sheet") -> None:
        """Lay this sheet on another, for good."""
        clear = 1 - self.alpha
        self.colours += below.colours * clear[:, :, None]
        self.alpha += below.alpha * clear

    def pixels(self) -> NDArray[np.uint8]:
        """Return straight RGBA; clear pixels are black, which packs best."""
        alpha = np.round(self.alpha * 255)
        straight = self.colours / np.maximum(self.alpha, 1e-4)[:, :, None]
        straight[alpha == 0] = 0
        return np.dstack((np.clip(np.round(straight), 0, 255), alpha)).astype(np.uint8)

    def _lay(
        self, left: int, top: int, plane: Plane, shades: NDArray[np.float32], shadow: float
    ) -> None:
        """Blend a patch over the sheet, cut at its borders."""
        height, width = plane.shape
        x, y = max(left, 0), max(top, 0)
        right, bottom = min(left + width, self.width), min(top + height, self.height)
        if x >= right or y >= bottom:
            return
        inner = (slice(y - top, bottom - top), slice(x - left, right - left))
        here = (slice(y, bottom), slice(x, right))
        cover = plane[inner]
        self.colours[here] *= 1 - cover[:, :, None]
        self.colours[here] += shades[inner] * cover[:, :, None]
        self.alpha[here] = self.alpha[here] * (1 - cover) + cover
        self._shadow[here] = np.maximum(self._shadow[here], cover * shadow)


def _shades(
    points: Points, shape: Sequence[int], colour: Colour, to: Colour | None
) -> NDArray[np.float32]:
    """Return the colour of each pixel: plain, or running along the shape's axis."""
    height, width = shape
    start = np.array(colour, np.float32)
    if to is None:
        return np.broadcast_to(start, (height, width, 3))
    first, middle = points[0], points[len(points) // 2]
    axis = middle - first
    ys, xs = np.mgrid[0:height, 0:width]
    along = ((xs - first[0]) * axis[0] + (ys - first[1]) * axis[1]) / max(float(axis @ axis), 1)
    share = np.clip(along, 0, 1).astype(np.float32)[:, :, None]
    return np.asarray(start * (1 - share) + np.array(to, np.float32) * share, np.float32)


def ellipse(x: float, y: float, across: float, down: float, angle: float = 0.0) -> Points:
    """Return an ellipse by its half axes."""
    turns = np.linspace(0, 2 * np.pi, 48, endpoint=False)
    return turned(np.stack((np.cos(turns) * across, np.sin(turns) * down), axis=1), angle, x, y)


def turned(points: Points, angle: float, x: float, y: float) -> Points:
    """Return points turned about the origin and then moved."""
    cos, sin = np.cos(angle), np.sin(angle)
    return np.asarray(points @ np.array([[cos, sin], [-sin, cos]]) + (x, y), np.float64)


def band(line: Points, width: Points) -> Points:
    """Return the outline of a line of varying width."""
    along = np.gradient(line, axis=0)
    normal = np.stack((-along[:, 1], along[:, 0]), axis=1)
    normal /= np.maximum(np.linalg.norm(normal, axis=1), 1e-6)[:, None]
    half = normal * width[:, None] / 2
    return np.concatenate((line + half, (line - half)[::-1]))


def rounded(left: float, top: float, right: float, bottom: float, radius: float) -> Points:
    """Return a rectangle with round corners."""
    quarter = np.linspace(0, np.pi / 2, 16)
    corners = (
        (right - radius, bottom - radius, 0),
        (left + radius, bottom - radius, 1),
        (left + radius, top + radius, 2),
        (right - radius, top + radius, 3),
    )
    arcs = [
        np.stack(
            (
                x + radius * np.cos(quarter + turn * np.pi / 2),
                y + radius * np.sin(quarter + turn * np.pi / 2),
            ),
            axis=1,
        )
        for x, y, turn in corners
    ]
    return np.concatenate(arcs)
