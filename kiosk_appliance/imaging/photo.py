"""A guest's photo: what is taken, and its pixels. Says no in sentences for the guest page.

Nothing is decoded before the header has proved the format and the number of pixels.
"""

from dataclasses import dataclass

from kiosk_appliance.errors import PhotoRefused
from kiosk_appliance.imaging.damage import Damaged, TooManyPixels
from kiosk_appliance.imaging.pixels import Frame, Size, turned
from kiosk_appliance.imaging.source import Source, open_source, sniff

__all__ = ["PhotoLimits", "decode", "open_photo", "pixels_of", "sniff"]


@dataclass(frozen=True, slots=True)
class PhotoLimits:
    """What is taken in: at most this many pixels, in these formats (`jpeg`, `png`, `webp`)."""

    max_pixels: int
    formats: frozenset[str]


def open_photo(data: bytes, limits: PhotoLimits) -> Source:
    """Read the header of a photo; nothing is decoded yet.

    Raises PhotoRefused: `photo-unreadable` or `photo-too-many-pixels`.
    """
    try:
        return open_source(data, max_pixels=limits.max_pixels, formats=limits.formats)
    except TooManyPixels as refused:
        raise _too_many(refused) from refused
    except Damaged as refused:
        raise _unreadable(refused) from refused


def pixels_of(photo: Source, *, want: Size | None) -> Frame:
    """Decode an opened photo as it lies in the file, not turned upright yet.

    `want` is the size that will be made of it, as it lies: the result may be smaller than the
    photo, but on no side smaller than `want`. Raises PhotoRefused (`photo-unreadable`).
    """
    try:
        return photo.frame(want)
    except Damaged as refused:
        raise _unreadable(refused) from refused


def decode(data: bytes, limits: PhotoLimits, *, want: Size | None) -> Frame:
    """Decode a photo: upright, sRGB, transparency on white, the first picture of several.

    `want` as in `pixels_of`, but upright. Raises PhotoRefused as the two others do.
    """
    photo = open_photo(data, limits)
    lying = want.transposed() if want is not None and photo.lies_on_its_side else want
    return turned(pixels_of(photo, want=lying), photo.orientation)


def _unreadable(refused: Damaged) -> PhotoRefused:
    return PhotoRefused(
        f"The photo can't be read: {refused.reason}. Take it again, or send another picture."
    )


def _too_many(refused: TooManyPixels) -> PhotoRefused:
    return PhotoRefused(
        f"The photo has {refused.width} x {refused.height} pixels, more than the"
        f" {refused.limit} that are taken: send it at a smaller size.",
        code="photo-too-many-pixels",
        title="Photo has too many pixels",
    )
