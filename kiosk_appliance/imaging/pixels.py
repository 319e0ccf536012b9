"""Pixels in memory and their geometry: sizes, fitting, filling, turning, flattening.

A `Frame` is height x width x 3, blue-green-red, 8 bits, sRGB: the order that OpenCV and the JPEG
codec both take without a copy. Knows no file format.
"""

from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

# The appliance runs pictures side by side in its own pool; OpenCV's threads would fight it.
cv2.setNumThreads(1)

Frame = NDArray[np.uint8]
Plane = NDArray[np.uint8]

_STRIP_ROWS = 256


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
        factor = long_side / self.long_side
        return Size(max(1, round(self.width * factor)), max(1, round(self.height * factor)))


def size_of(pixels: Frame | Plane) -> Size:
    """Return the size of a picture in memory."""
    height, width = pixels.shape[:2]
    return Size(width, height)


def resized(pixels: Frame, size: Size) -> Frame:
    """Return the pixels at another size: averaged when smaller, cubic when larger."""
    now = size_of(pixels)
    if now == size:
        return pixels
    shrinking = size.width <= now.width and size.height <= now.height
    method = cv2.INTER_AREA if shrinking else cv2.INTER_CUBIC
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
    match orientation:
        case 2:
            return np.asarray(cv2.flip(pixels, 1), np.uint8)
        case 3:
            return np.asarray(cv2.rotate(pixels, cv2.ROTATE_180), np.uint8)
        case 4:
            return np.asarray(cv2.flip(pixels, 0), np.uint8)
        case 5:
            return np.asarray(cv2.transpose(pixels), np.uint8)
        case 6:
            return np.asarray(cv2.rotate(pixels, cv2.ROTATE_90_CLOCKWISE), np.uint8)
        case 7:
            return np.asarray(cv2.flip(cv2.transpose(pixels), -1), np.uint8)
        case 8:
            return np.asarray(cv2.rotate(pixels, cv2.ROTATE_90_COUNTERCLOCKWISE), np.uint8)
        case _:
            return pixels


def flatten_on_white(pixels: Frame, alpha: Plane) -> None:
    """Put straight-alpha pixels on white, in place and in strips: a big picture is held once."""
    for top in range(0, pixels.shape[0], _STRIP_ROWS):
        strip = pixels[top : top + _STRIP_ROWS]
        opacity = cv2.cvtColor(alpha[top : top + _STRIP_ROWS], cv2.COLOR_GRAY2BGR)
        cv2.multiply(strip, opacity, dst=strip, scale=1 / 255)
        cv2.add(strip, cv2.bitwise_not(opacity), dst=strip)
