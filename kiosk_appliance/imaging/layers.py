"""Puts a back, a front and a zone into one WebP: an animation of two pictures, with our own chunk.

Whatever shows animations shows the front over the back; whatever shows one picture shows the back.
Container: RFC 9649, section 2.
"""

import io

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.imaging.backgrounds import opened
from kiosk_appliance.imaging.mode import EVERYWHERE
from kiosk_appliance.imaging.pixels import (
    Frame,
    Plane,
    Size,
    flatten_on_white,
    lets_through,
    size_of,
)
from kiosk_appliance.imaging.webp import ZONE

_ANIMATED_WITH_ALPHA = 0x12
_QUALITY = 90
# As a share of the sides' ratio: a pixel more or less is no other shape.
_SAME_SHAPE = 0.01
_WHOLE = 100

Hundredths = tuple[int, int, int, int]


def packed(back: bytes, front: bytes | None, zone: Hundredths | None, max_pixels: int) -> bytes:
    """Return one background file of an operator's pictures: JPEG, PNG or WebP.

    `front` stands before the guests, `zone` is where they look well (left, top, right, bottom in
    hundredths of the sides). Raises InvalidRequest with the field `file`, `front` or `zone`.
    """
    behind, alpha = opened(back, max_pixels)
    if alpha is not None:
        flatten_on_white(behind, alpha)
    before = None if front is None else _before(front, size_of(behind), max_pixels)
    pixels = np.asarray(cv2.cvtColor(behind, cv2.COLOR_BGR2RGB), np.uint8)
    return layered(pixels, before, _checked(zone), _QUALITY)


def _before(front: bytes, size: Size, max_pixels: int) -> NDArray[np.uint8]:
    """Return what stands before the guests (RGBA) in the size of what is behind them."""
    pixels, alpha = opened(front, max_pixels, "front")
    if alpha is None or not lets_through(alpha):
        raise InvalidRequest.field(
            "front",
            "What stands in front would hide the guests: give a PNG or WebP with a transparent"
            " part.",
        )
    own = size_of(pixels)
    if abs(own.width * size.height / (own.height * size.width) - 1) > _SAME_SHAPE:
        raise InvalidRequest.field(
            "front",
            f"What stands in front has {own.width} x {own.height} pixels: give it the shape of the"
            f" picture behind, {size.width} x {size.height}.",
        )
    image = Image.fromarray(_rgba(pixels, alpha), "RGBA")
    # Pillow weighs colours by their opacity, so that edges keep their own.
    return np.asarray(image.resize((size.width, size.height), Image.Resampling.LANCZOS), np.uint8)


def _rgba(pixels: Frame, alpha: Plane) -> NDArray[np.uint8]:
    return np.dstack((cv2.cvtColor(pixels, cv2.COLOR_BGR2RGB), alpha))


def _checked(zone: Hundredths | None) -> Hundredths:
    if zone is None:
        left, top, right, bottom = (round(_WHOLE * share) for share in EVERYWHERE)
        return left, top, right, bottom
    left, top, right, bottom = zone
    if not (0 <= left < right <= _WHOLE and 0 <= top < bottom <= _WHOLE):
        raise InvalidRequest.field(
            "zone", "Give left, top, right and bottom from 0 to 100, as in: 20 10 80 100."
        )
    return zone


def layered(
    back: NDArray[np.uint8],
    front: NDArray[np.uint8] | None,
    zone: Hundredths,
    quality: int,
) -> bytes:
    """Return the file of a scene (RGB), of what stands before guests (RGBA), and of their zone."""
    size = Image.fromarray(back).size
    frames = [_frame(_encoded(Image.fromarray(back), quality), size)]
    if front is not None:
        frames.append(_frame(_encoded(Image.fromarray(front, "RGBA"), quality), size))
    header = bytes([_ANIMATED_WITH_ALPHA, 0, 0, 0]) + _sides(size)
    body = b"".join((
        b"WEBP", _chunk(b"VP8X", header), _chunk(b"ANIM", b"\0" * 4 + b"\1\0"), *frames,
        _chunk(ZONE, bytes(zone)),
    ))  # fmt: skip
    return b"RIFF" + len(body).to_bytes(4, "little") + body


def _encoded(picture: Image.Image, quality: int) -> bytes:
    file = io.BytesIO()
    picture.save(file, "WEBP", quality=quality, alpha_quality=100, method=6)
    whole = file.getvalue()[12:]
    # The pictures' own chunks; an extended header is the container's business.
    kept, at = b"", 0
    while at + 8 <= len(whole):
        length = int.from_bytes(whole[at + 4 : at + 8], "little")
        end = at + 8 + length + length % 2
        if whole[at : at + 4] in {b"VP8 ", b"VP8L", b"ALPH"}:
            kept += whole[at:end]
        at = end
    return kept


def _frame(chunks: bytes, size: tuple[int, int]) -> bytes:
    """Return one picture of the animation, blended over the one before, for ten milliseconds."""
    return _chunk(b"ANMF", b"\0" * 6 + _sides(size) + b"\x0a\0\0\0" + chunks)


def _sides(size: tuple[int, int]) -> bytes:
    return b"".join((side - 1).to_bytes(3, "little") for side in size)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return kind + len(body).to_bytes(4, "little") + body + b"\0" * (len(body) % 2)
