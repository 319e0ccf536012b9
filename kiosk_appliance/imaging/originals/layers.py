"""Puts a back, a front and a zone into one WebP: an animation of two pictures, with our own chunk.

Whatever shows animations shows the front over the back; whatever shows one picture shows the back.
Container: RFC 9649, section 2.
"""

import io

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from kiosk_appliance.imaging.webp import ZONE

_ANIMATED_WITH_ALPHA = 0x12


def layered(
    back: NDArray[np.uint8],
    front: NDArray[np.uint8] | None,
    zone: tuple[int, int, int, int],
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
