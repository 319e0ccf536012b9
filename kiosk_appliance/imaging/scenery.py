"""A background with a back, perhaps a front, and people between: what cutting modes share.

Owns the order of the layers, the light, and what is made where a cut would be ugly. Knows not
how people are found.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from kiosk_appliance.imaging.mode import Artwork, Zone
from kiosk_appliance.imaging.overlay import Overlay, overlay
from kiosk_appliance.imaging.pixels import Frame, Plane, Size, resized, size_of
from kiosk_appliance.imaging.placing import Extent, Place, place

# How far people take on the background's light: a hint, no more.
_TINT = 0.14
_LIGHT = 0.22
_PRINT = 0.80
_MOUNT = 0.016
_STRIP_ROWS = 128


class Cut:
    """People of a photo: colours and opacity of one size, and their clean colours at any size."""

    def __init__(self, photo: Frame, alpha: Plane, own: Frame | None = None) -> None:
        """Take opacity of any size from 0 to 255; `own` replaces colours at the outline."""
        self.photo, self.alpha, self.own = photo, alpha, own

    def extent(self) -> Extent:
        """Return the rectangle around what can be seen of them."""
        height, width = self.alpha.shape
        seen = np.asarray(self.alpha > 100, np.uint8)  # noqa: PLR2004 - hair's ends don't count
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


@dataclass(frozen=True)
class Scenery:
    """A background made ready for people."""

    back: Frame
    front: Overlay | None
    zone: Zone

    @classmethod
    def of(cls, artwork: Artwork) -> "Scenery":
        """Scale the layers to the canvas; a transparent back lies on white."""
        back = artwork.pixels
        if artwork.alpha is not None:
            opacity = np.asarray(cv2.cvtColor(artwork.alpha, cv2.COLOR_GRAY2BGR), np.uint8)
            back = np.asarray(cv2.multiply(back, opacity, scale=1 / 255), np.uint8)
            back = np.asarray(cv2.add(back, cv2.bitwise_not(opacity)), np.uint8)
        front = artwork.front
        return cls(
            resized(back, artwork.canvas),
            None if front is None else overlay(front.pixels, front.alpha, artwork.canvas),
            artwork.zone,
        )

    @property
    def canvas(self) -> Size:
        """The size of every picture made with it."""
        return size_of(self.back)

    @property
    def nbytes(self) -> int:
        """The memory that it holds."""
        return self.back.nbytes + (0 if self.front is None else self.front.nbytes)

    @cached_property
    def _ambient(self) -> "np.ndarray[tuple[int, ...], np.dtype[np.float64]]":
        return np.asarray(cv2.mean(self.back)[:3], np.float64)

    def with_people(self, cut: Cut) -> Frame:
        """Return the picture with people standing between back and front."""
        where = place(size_of(cut.photo), cut.extent(), self.canvas, self.zone)
        light = self._light(cut)
        made = self.back.copy()
        # In strips: a large picture is held once, and a small piece stays near the processor.
        for top in range(0, made.shape[0], _STRIP_ROWS):
            strip = made[top : top + _STRIP_ROWS]
            lower = where._replace(y=where.y - top)
            alpha = _laid(cut.alpha, cut.photo, lower, size_of(strip))
            if not alpha.any():
                continue
            people = _laid(cut.photo, cut.photo, lower, size_of(strip))
            if cut.own is not None:
                own = _laid(cut.own, cut.photo, lower, size_of(strip))
                people = _with_own(people, own, alpha)
            people = np.asarray(cv2.LUT(people, light), np.uint8)
            weight = np.asarray(alpha * np.float32(1 / 255), np.float32)
            strip[:] = cv2.blendLinear(people, strip, weight, 1 - weight)
        if self.front is not None:
            self.front.over(made)
        return made

    def _light(self, cut: Cut) -> Plane:
        """Return the table that gives people a hint of the background's light and colour."""
        small = Size(*(max(1, side // 8) for side in size_of(cut.photo)))
        people = cv2.resize(cut.photo, small, interpolation=cv2.INTER_AREA)
        alpha = cv2.resize(cut.alpha, small, interpolation=cv2.INTER_AREA)
        own = np.asarray(cv2.mean(people, np.asarray(alpha > 200, np.uint8))[:3])  # noqa: PLR2004
        grey, around = max(float(own.mean()), 1.0), max(float(self._ambient.mean()), 1.0)
        tint = np.clip(self._ambient / around, 0.6, 1.5) ** _TINT
        light = float(np.clip((around / grey) ** _LIGHT, 0.88, 1.3))
        ramp = np.arange(256, dtype=np.float64)[:, None] / 255
        # Bends the middle and leaves black and white: nothing clips.
        bent = ramp ** (1 / np.clip(tint * light, 0.8, 1.4))
        return np.asarray(np.round(255 * bent), np.uint8).reshape(1, 256, 3)

    def with_print(self, photo: Frame) -> Frame:
        """Return the background with the whole photo as a print lying on it, softly lit."""
        canvas = self.canvas
        mount = round(_MOUNT * min(canvas))
        factor = min(_PRINT * canvas.width / photo.shape[1], 0.86 * canvas.height / photo.shape[0])
        size = Size(
            max(16, round(photo.shape[1] * factor)), max(16, round(photo.shape[0] * factor))
        )
        left = (canvas.width - size.width) // 2
        top = (canvas.height - size.height) // 2
        made = self.back.copy()
        _shade(made, (left - mount, top - mount, size.width, size.height), mount)
        frame = (
            slice(max(0, top - mount), top + size.height + mount),
            slice(max(0, left - mount), left + size.width + mount),
        )
        made[frame] = (246, 250, 252)
        made[top : top + size.height, left : left + size.width] = resized(photo, size)
        return made


def _laid(layer: Frame | Plane, photo: Frame, where: Place, size: Size) -> Frame:
    """Return a layer of the photo's shape as it lies on a canvas of that size."""
    x = where.scale * photo.shape[1] / layer.shape[1]
    y = where.scale * photo.shape[0] / layer.shape[0]
    matrix = np.array(((x, 0, where.x + x / 2 - 0.5), (0, y, where.y + y / 2 - 0.5)), np.float64)
    border = cv2.BORDER_CONSTANT if layer.ndim == 2 else cv2.BORDER_REPLICATE  # noqa: PLR2004
    laid = cv2.warpAffine(layer, matrix, size, flags=cv2.INTER_LINEAR, borderMode=border)
    return np.asarray(laid, np.uint8)


def _with_own(people: Frame, own: Frame, alpha: Plane) -> Frame:
    """Take people's own colours where the outline lets what was behind them shine through."""
    share = cv2.LUT(alpha, _OWN)
    return np.asarray(cv2.blendLinear(own, people, share, 1 - share), np.uint8)


# The share of the clean colour by opacity: all of it at the outer edge, none within.
_OWN = np.clip((250 - np.arange(256, dtype=np.float32)) / 110, 0, 1).reshape(1, 256)


def _shade(picture: Frame, box: tuple[int, int, int, int], mount: int) -> None:
    """Darken softly below where the print will lie."""
    left, top, width, height = box
    shade = np.zeros((picture.shape[0] // 4, picture.shape[1] // 4), np.float32)
    drop = mount
    cv2.rectangle(
        shade,
        (left // 4, (top + drop) // 4),
        ((left + width + 2 * mount) // 4, (top + drop + height + 2 * mount) // 4),
        0.45,
        -1,
    )
    soft = cv2.GaussianBlur(shade, (0, 0), max(1.0, mount / 3))
    clear = np.asarray(255 * (1 - soft), np.uint8)
    clear = resized(clear, size_of(picture))
    cv2.multiply(picture, cv2.cvtColor(clear, cv2.COLOR_GRAY2BGR), dst=picture, scale=1 / 255)
