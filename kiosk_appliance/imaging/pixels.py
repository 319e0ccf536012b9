"""Pixels in memory and their geometry: sizes, fitting, filling, turning, flattening.

A `Frame` is height x width x 3, blue-green-red, 8 bits, sRGB: the order that OpenCV and the JPEG
codec both take without a copy. Knows no file format.
"""

from collections.abc import Callable
from typing import NamedTuple

import cv2
import numpy as np
from cv2.typing import MatLike
from numpy.typing import NDArray

# The appliance runs pictures side by side in its own pool; OpenCV's threads would fight it.
cv2.setNumThreads(1)

Frame = NDArray[np.uint8]
Plane = NDArray[np.uint8]

_STRIP_ROWS = 256
_OPAQUE = 255

_TURNS: dict[int, Callable[[Frame], MatLike]] = {
    2: lambda pixels: cv2.flip(pixels, 1),
    3: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_180),
    4: lambda pixels: cv2.flip(pixels, 0),
    5: cv2.transpose,
    6: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE),
    7: lambda pixels: cv2.flip(cv2.transpose(pixels), -1),
    8: lambda pixels: cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE),
}


class Size(NamedTuple):
    """Width and height in pixels."""

    width: int
    height: int

    @property
    def long_side(self) -> int:
        """The longer of the two."""
        return max(self.width, self.height)

    def transposed(self) -> "Size":
        """Return the size after a quarter turn."""
        return Size(self.height, self.width)

    def within(self, long_side: int) -> "Size":
        """Return the same shape with at most that long side; never larger, never zero."""
        if self.long_side <= long_side:
            return self
        return self.scaled(long_side / self.long_side)

    def inside(self, room: tuple[int, int]) -> "Size":
        """Return the same shape within that width and height; never larger, never zero."""
        width, height = room
        factor = min(width / self.width, height / self.height)
        return self if factor >= 1 else self.scaled(factor)

    def scaled(self, factor: float) -> "Size":
        """Return the sides times a factor; never zero."""
        return Size(max(1, round(self.width * factor)), max(1, round(self.height * factor)))


UNKNOWN = Size(0, 0)


def size_of(pixels: Frame | Plane) -> Size:
    """Return the size of a picture in memory."""
    height, width = pixels.shape[:2]
    return Size(width, height)


def resized(pixels: Frame, size: Size) -> Frame:
    """Return the pixels at another size: halved and then bilinear when smaller, else cubic.

    Area averaging by a factor that is no whole number takes six times as long, and averages
    no more pixels than this does.
    """
    while True:
        now = size_of(pixels)
        if now == size:
            return pixels
        if now.width < 2 * size.width or now.height < 2 * size.height:
            break
        half = Size(max(size.width, now.width // 2), max(size.height, now.height // 2))
        pixels = np.asarray(cv2.resize(pixels, half, interpolation=cv2.INTER_AREA), np.uint8)
    larger = size.width > now.width or size.height > now.height
    method = cv2.INTER_CUBIC if larger else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(pixels, size, interpolation=method), np.uint8)


def needed_to_fill(photo: Size, canvas: Size) -> Size:
    """Return the size of the whole photo when it just covers the canvas."""
    factor = max(canvas.width / photo.width, canvas.height / photo.height)
    return Size(
        max(canvas.width, round(photo.width * factor)),
        max(canvas.height, round(photo.height * factor)),
    )


def filling(pixels: Frame, canvas: Size) -> Frame:
    """Return the pixels covering the canvas, centred, the overflow cropped."""
    now = size_of(pixels)
    factor = min(now.width / canvas.width, now.height / canvas.height)
    width = min(now.width, max(1, round(canvas.width * factor)))
    height = min(now.height, max(1, round(canvas.height * factor)))
    left, top = (now.width - width) // 2, (now.height - height) // 2
    return resized(pixels[top : top + height, left : left + width], canvas)


def turned(pixels: Frame, orientation: int) -> Frame:
    """Return the pixels upright, given their EXIF orientation (1 to 8; Exif 3.0, 4.6.5.1.6)."""
    turn = _TURNS.get(orientation)
    return pixels if turn is None else np.asarray(turn(pixels), np.uint8)


def lets_through(alpha: Plane | None) -> bool:
    """Say whether something behind a picture of that opacity (0 to 255) would be seen anywhere."""
    return alpha is not None and int(alpha.min()) < _OPAQUE


def flatten_on_white(pixels: Frame, alpha: Plane) -> None:
    """Put straight-alpha pixels on white, in place and in strips: a big picture is held once."""
    for top in range(0, pixels.shape[0], _STRIP_ROWS):
        strip = pixels[top : top + _STRIP_ROWS]
        opacity = cv2.cvtColor(alpha[top : top + _STRIP_ROWS], cv2.COLOR_GRAY2BGR)
        cv2.multiply(strip, opacity, dst=strip, scale=1 / 255)
        cv2.add(strip, cv2.bitwise_not(opacity), dst=strip)
