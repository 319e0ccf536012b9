"""A background with a back, perhaps a front, and people between: what cutting modes share.

Owns the order of the layers, the light, and what is made where a cut would be ugly. Knows not
how people are found.
"""

from dataclasses import dataclass
from functools import cached_property

import cv2
import numpy as np

from kiosk_appliance.imaging import strips
from kiosk_appliance.imaging.cut import Cut, Light
from kiosk_appliance.imaging.mode import Artwork, Zone
from kiosk_appliance.imaging.overlay import Overlay, overlay
from kiosk_appliance.imaging.pixels import Frame, Plane, Size, resized, size_of
from kiosk_appliance.imaging.placing import Place, place

# How far people take on the background's light: a hint, no more.
_TINT = 0.14
_LIGHT = 0.22
_PRINT = 0.80
_MOUNT = 0.016
# Of so many rows and columns one tells how light people are.
_SAMPLED = 8
# Where the front lies behind people is told by so much smaller a plane.
_COARSER = 4


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
        if where.scale == 1:
            # Its pixels are taken as they are.
            where = Place(1, round(where.x), round(where.y))
        light = self._light(cut)
        made = np.empty_like(self.back)

        def lay(rows: slice) -> None:
            made[rows] = self.back[rows]
            lower = where._replace(y=where.y - rows.start)
            # Beside people there is nothing to do.
            columns = cut.columns(lower, size_of(made[rows]))
            strip = made[rows, columns]
            if strip.size:
                lower = lower._replace(x=where.x - columns.start)
                alpha = cut.opacity(lower, size_of(strip))
                _over(strip, cut.colours(lower, alpha, light), alpha)

        strips.by_two(made.shape[0], lay)
        if self.front is not None:
            self.front.over(made, self._faces(cut, where))
        return made

    def _faces(self, cut: Cut, where: Place) -> Plane:
        """Return where the front has to lie behind the people: over a face it would spoil all."""
        factor = 1 / _COARSER
        small = Size(*(max(1, side // _COARSER) for side in self.canvas))
        coarse = Place(where.scale * factor, where.x * factor, where.y * factor)
        return cut.heads().opacity(coarse, small)

    def _light(self, cut: Cut) -> Light:
        """Return the tables that give people a hint of the background's light and colour."""
        people = np.ascontiguousarray(cut.photo[::_SAMPLED, ::_SAMPLED])
        alpha = cv2.resize(cut.alpha, size_of(people), interpolation=cv2.INTER_NEAREST)
        own = np.asarray(cv2.mean(people, np.asarray(alpha > 200, np.uint8))[:3])  # noqa: PLR2004
        grey, around = max(float(own.mean()), 1.0), max(float(self._ambient.mean()), 1.0)
        tint = np.clip(self._ambient / around, 0.6, 1.5) ** _TINT
        light = float(np.clip((around / grey) ** _LIGHT, 0.88, 1.3))
        ramp = np.arange(256, dtype=np.float64)[:, None] / 255
        # Bends the middle and leaves black and white: nothing clips.
        bent = ramp ** (1 / np.clip(tint * light, 0.8, 1.4))
        blue, green, red = np.ascontiguousarray(np.round(255 * bent).astype(np.uint8).T)
        return blue, green, red

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


def _over(strip: Frame, people: Frame, alpha: Plane) -> None:
    """Lay people over a strip of the picture, in place; a third of the time that floats take."""
    weight = np.asarray(cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR), np.uint8)
    people = np.asarray(cv2.multiply(people, weight, scale=1 / 255), np.uint8)
    cv2.multiply(strip, cv2.bitwise_not(weight), dst=strip, scale=1 / 255)
    cv2.add(strip, people, dst=strip)


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
