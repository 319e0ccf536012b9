"""WebP: the first picture taken out of its container, and only that given to the decoder.

Layout: RFC 9649 (container, section 2; lossless header, section 3) and RFC 6386 section 9.1 for
the size in a lossy picture.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import cv2
import numpy as np

from kiosk_appliance.imaging import exif
from kiosk_appliance.imaging.colour import MOST_PROFILE_BYTES, Raster
from kiosk_appliance.imaging.damage import Damaged
from kiosk_appliance.imaging.pixels import UNKNOWN, Size

# Ours: left, top, right, bottom of where guests look well, in hundredths of the picture's sides.
ZONE = b"KIOS"
_MOST_CHUNKS = 16_384
_ALPHA_FLAG = 0x10
_FRAME_HEADER = 16


class _Chunk(NamedTuple):
    kind: bytes
    body: memoryview


@dataclass(slots=True)
class Webp:
    """A WebP whose container has been read; the first picture may cover a part of the canvas."""

    size: Size = UNKNOWN
    orientation: int = 1
    profile: bytes = b""
    still: list[_Chunk] = field(default_factory=list)
    corner: tuple[int, int] = (0, 0)
    front: memoryview | None = None
    zone: tuple[int, int, int, int] | None = None

    def raster(self, want: Size | None) -> Raster:  # noqa: ARG002 - WebP has no scales
        """Decode its first picture. Raises Damaged."""
        encoded = np.frombuffer(_contained(self.still), np.uint8)
        try:
            decoded = cv2.imdecode(encoded, cv2.IMREAD_UNCHANGED)
        except cv2.error as refused:
            raise Damaged("the file is damaged") from refused
        # The stubs promise an array; a file that can't be decoded gives none.
        if not isinstance(decoded, np.ndarray) or decoded.dtype != np.uint8:
            raise Damaged("the file is damaged")
        height, width = decoded.shape[:2]
        if (width, height) != _picture_size(self.still):
            raise Damaged("the file is damaged")
        if (width, height) == self.size and decoded.shape[2] == 3:  # noqa: PLR2004
            return Raster(np.asarray(decoded, np.uint8), "bgr")
        return self._on_canvas(np.asarray(decoded, np.uint8))

    def layer(self) -> Raster | None:
        """Decode what stands in front of the guests, where this is a background of layers.

        That is an animation of two pictures with a `KIOS` chunk; without it an animation is one.
        Raises Damaged.
        """
        if self.front is None or self.zone is None:
            return None
        second = Webp(size=self.size)
        _take_first_frame(second, self.front)
        return _checked(second).raster(None)

    def _on_canvas(self, decoded: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> Raster:
        left, top = self.corner
        height, width = decoded.shape[:2]
        colours = np.zeros((self.size.height, self.size.width, 3), np.uint8)
        alpha = np.zeros((self.size.height, self.size.width), np.uint8)
        opacity = decoded[:, :, 3] if decoded.shape[2] == 4 else 255  # noqa: PLR2004
        colours[top : top + height, left : left + width] = decoded[:, :, :3]
        alpha[top : top + height, left : left + width] = opacity
        return Raster(colours, "bgr", alpha)


def read(data: bytes) -> Webp:
    """Read the container. Raises Damaged."""
    end = 8 + int.from_bytes(data[4:8], "little")
    if end > len(data):
        raise Damaged("the file is cut short")
    found = Webp()
    for chunk in _chunks(memoryview(data)[12:end]):
        if chunk.kind == b"VP8X" and len(chunk.body) >= 10:  # noqa: PLR2004
            found.size = Size(_u24(chunk.body, 4) + 1, _u24(chunk.body, 7) + 1)
        elif chunk.kind in (b"ALPH", b"VP8 ", b"VP8L") and not _complete(found.still):
            found.still.append(chunk)
        elif chunk.kind == b"ANMF" and not found.still:
            _take_first_frame(found, chunk.body)
        elif chunk.kind == b"ANMF" and found.front is None:
            found.front = chunk.body
        elif chunk.kind == ZONE and len(chunk.body) == 4:  # noqa: PLR2004
            found.zone = (chunk.body[0], chunk.body[1], chunk.body[2], chunk.body[3])
        elif chunk.kind == b"ICCP" and len(chunk.body) <= MOST_PROFILE_BYTES:
            found.profile = bytes(chunk.body)
        elif chunk.kind == b"EXIF":
            found.orientation = exif.orientation(bytes(chunk.body).removeprefix(b"Exif\0\0"))
    return _checked(found)


def _checked(found: Webp) -> Webp:
    """Make sure that the picture is there and lies on its canvas."""
    size = _picture_size(found.still)
    if found.size == UNKNOWN:
        found.size = size
    left, top = found.corner
    if left + size.width > found.size.width or top + size.height > found.size.height:
        raise Damaged("the file is damaged")
    return found


def _chunks(body: memoryview) -> Iterator[_Chunk]:
    at = 0
    for _ in range(_MOST_CHUNKS):
        if at + 8 > len(body):
            return
        length = int.from_bytes(body[at + 4 : at + 8], "little")
        if at + 8 + length > len(body):
            raise Damaged("the file is cut short or damaged")
        yield _Chunk(bytes(body[at : at + 4]), body[at + 8 : at + 8 + length])
        at += 8 + length + length % 2
    raise Damaged("it has too many parts")


def _take_first_frame(found: Webp, body: memoryview) -> None:
    """Open the first frame of an animation; its corner is given in steps of two pixels."""
    if len(body) < _FRAME_HEADER:
        raise Damaged("the file is damaged")
    found.corner = (2 * _u24(body, 0), 2 * _u24(body, 3))
    kinds = (b"ALPH", b"VP8 ", b"VP8L")
    found.still = [chunk for chunk in _chunks(body[_FRAME_HEADER:]) if chunk.kind in kinds]
    if _picture_size(found.still) != (_u24(body, 6) + 1, _u24(body, 9) + 1):
        raise Damaged("the file is damaged")


def _complete(still: list[_Chunk]) -> bool:
    return any(chunk.kind != b"ALPH" for chunk in still)


def _picture_size(still: list[_Chunk]) -> Size:
    """Return the size that the bit stream itself declares. Raises Damaged."""
    for kind, body in still:
        if kind == b"VP8 " and bytes(body[3:6]) == b"\x9d\x01\x2a" and len(body) >= 10:  # noqa: PLR2004
            width = int.from_bytes(body[6:8], "little") & 0x3FFF
            return Size(width, int.from_bytes(body[8:10], "little") & 0x3FFF)
        if kind == b"VP8L" and len(body) >= 5 and body[0] == 0x2F:  # noqa: PLR2004
            bits = int.from_bytes(body[1:5], "little")
            return Size((bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1)
    raise Damaged("there is no picture in it")


def _contained(still: list[_Chunk]) -> bytes:
    """Put the picture's chunks into a container of their own."""
    chunks = list(still)
    if chunks[0].kind == b"ALPH":
        size = _picture_size(still)
        sides = b"".join((side - 1).to_bytes(3, "little") for side in size)
        header = bytes([_ALPHA_FLAG, 0, 0, 0]) + sides
        chunks.insert(0, _Chunk(b"VP8X", memoryview(header)))
    body = b"".join(
        kind + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) % 2)
        for kind, part in chunks
    )
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _u24(body: memoryview, at: int) -> int:
    return int.from_bytes(body[at : at + 3], "little")
