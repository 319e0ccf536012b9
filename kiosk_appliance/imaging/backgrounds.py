"""An operator's background picture: checked strictly, measured, shown small, opened to compose.

Says no in sentences for the operator. Which mode uses it, and where it is kept, are not its
business.
"""

from dataclasses import dataclass

import cv2
import numpy as np

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.imaging.colour import Raster
from kiosk_appliance.imaging.damage import Damaged, TooManyPixels
from kiosk_appliance.imaging.mode import EVERYWHERE, Artwork, Layer, zone_of
from kiosk_appliance.imaging.photo import PhotoLimits
from kiosk_appliance.imaging.pixels import Frame, Plane, lets_through, resized, size_of, turned
from kiosk_appliance.imaging.source import Source, open_source
from kiosk_appliance.imaging.webp import Webp

THUMBNAIL_LONG_SIDE = 480
_FORMATS = frozenset({"jpeg", "png", "webp"})
# By its field: whoever gives two pictures must know which of them is meant.
_NAMED = {"file": "The picture", "front": "The picture in front"}


@dataclass(frozen=True, slots=True)
class BackgroundFacts:
    """What is known of a background's file.

    `format` is `jpeg`, `png` or `webp`; width and height are upright; `has_alpha` says that
    some of it is really transparent; the thumbnail is a PNG that keeps the transparency.
    """

    format: str
    media_type: str
    width: int
    height: int
    has_alpha: bool
    thumbnail: bytes


def inspect(data: bytes, limits: PhotoLimits) -> BackgroundFacts:
    """Check and measure a background's file.

    All three formats are taken, whatever guests may send. Raises InvalidRequest with the
    field `file`.
    """
    source = _read(data, limits.max_pixels)
    pixels, alpha = _decoded(source)
    transparent = lets_through(alpha)
    return BackgroundFacts(
        format=source.format,
        media_type=f"image/{source.format}",
        width=source.size.width,
        height=source.size.height,
        has_alpha=transparent,
        thumbnail=_thumbnail(pixels, alpha if transparent else None),
    )


def open_artwork(data: bytes, max_pixels: int, long_side: int) -> Artwork:
    """Decode a background for pictures at most that long. Raises InvalidRequest (`file`)."""
    source = _read(data, max_pixels)
    # The larger one first: while it is decoded it takes twice its memory.
    front = _front(source)
    pixels, alpha = _decoded(source)
    zone = EVERYWHERE
    if isinstance(source.encoded, Webp) and source.encoded.zone is not None:
        zone = zone_of(source.encoded.zone)
    return Artwork(pixels, alpha, source.size.within(long_side), front, zone)


def _front(source: Source) -> Layer | None:
    if not isinstance(source.encoded, Webp):
        return None
    try:
        front = source.encoded.layer()
    except Damaged as refused:
        raise _unusable(refused) from refused
    return None if front is None or front.alpha is None else Layer(front.samples, front.alpha)


def opened(data: bytes, max_pixels: int, field: str = "file") -> tuple[Frame, Plane | None]:
    """Return upright colours and opacity. Raises InvalidRequest with that field."""
    return _decoded(_read(data, max_pixels, field), field)


def _read(data: bytes, max_pixels: int, field: str = "file") -> Source:
    """Return a background's file with its header read."""
    try:
        return open_source(data, max_pixels=max_pixels, formats=_FORMATS)
    except TooManyPixels as refused:
        raise InvalidRequest.field(
            field,
            f"{_NAMED[field]} has {refused.width} x {refused.height} pixels, more than the"
            f" {refused.limit} that are taken: save it smaller.",
        ) from refused
    except Damaged as refused:
        raise _unusable(refused, field) from refused


def _decoded(source: Source, field: str = "file") -> tuple[Frame, Plane | None]:
    """Return the upright colours and opacity of a background's file."""
    try:
        raster: Raster = source.raster(None)
    except Damaged as refused:
        raise _unusable(refused, field) from refused
    alpha = None if raster.alpha is None else turned(raster.alpha, source.orientation)
    return turned(raster.samples, source.orientation), alpha


def _unusable(refused: Damaged, field: str = "file") -> InvalidRequest:
    return InvalidRequest.field(
        field,
        f"{_NAMED[field]} can't be used: {refused.reason}."
        " Save it again as JPEG, PNG or WebP and send that.",
    )


def _thumbnail(pixels: Frame, alpha: Plane | None) -> bytes:
    """Return a small PNG; colours are scaled by opacity, so that edges keep their own."""
    small = size_of(pixels).within(THUMBNAIL_LONG_SIDE)
    if alpha is None:
        return _png(resized(pixels, small))
    opacity = np.asarray(cv2.cvtColor(alpha, cv2.COLOR_GRAY2BGR), np.uint8)
    dimmed = resized(np.asarray(cv2.multiply(pixels, opacity, scale=1 / 255), np.uint8), small)
    opacity = resized(opacity, small)
    straight = cv2.divide(dimmed, opacity, scale=255)
    return _png(np.dstack((straight, opacity[:, :, :1])))


def _png(pixels: Plane) -> bytes:
    written, encoded = cv2.imencode(".png", pixels)
    if not written:
        raise MemoryError
    return encoded.tobytes()
