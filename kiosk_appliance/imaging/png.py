"""PNG: every chunk checked, only those that make the picture handed to the decoder.

Texts, animations, times and whatever else a file may hide never reach it. Layout: PNG
specification, third edition (W3C, 2025), sections 5 and 11.
"""

import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import cv2
import numpy as np
from PIL import Image

from kiosk_appliance.imaging import exif
from kiosk_appliance.imaging.colour import MOST_PROFILE_BYTES, Raster
from kiosk_appliance.imaging.damage import Damaged
from kiosk_appliance.imaging.pixels import UNKNOWN, Plane, Size

# The number of pixels is checked here, before decoding; Pillow's own check only warns first.
Image.MAX_IMAGE_PIXELS = None

SIGNATURE = b"\x89PNG\r\n\x1a\n"
_PICTURE = frozenset({b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"})
_MOST_CHUNKS = 16_384
_DEEP_COLOURS = bytes([16, 2])
_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7 (section 8.1): first column, first row, column step, row step of each pass.
_PASSES = (
    (0, 0, 8, 8),
    (4, 0, 8, 8),
    (0, 4, 4, 8),
    (2, 0, 4, 4),
    (0, 2, 2, 4),
    (1, 0, 2, 2),
    (0, 1, 1, 2),
)
_INFLATED_AT_ONCE = 1 << 20
_LOWER_CASE = 0x20


class _Chunk(NamedTuple):
    kind: bytes
    start: int
    end: int
    sound: bool


@dataclass(frozen=True, slots=True)
class Png:
    """A PNG whose chunks have been checked."""

    size: Size
    orientation: int
    profile: bytes
    clean: bytes
    header: bytes

    def raster(self, want: Size | None) -> Raster:  # noqa: ARG002 - PNG has no scales
        """Decode it. Raises Damaged."""
        # Pillow leaves missing rows black, and says nothing.
        if not _inflates_to(self.clean, _raw_length(self.size, self.header)):
            raise Damaged("the file is cut short or damaged")
        try:
            with Image.open(io.BytesIO(self.clean), formats=["PNG"]) as image:
                image.load()
                return _raster(image)
        except MemoryError:
            raise
        except Exception as refused:
            # A border: a decoder of another's making, fed by strangers, raises many things.
            raise Damaged("the file is damaged") from refused


def read(data: bytes) -> Png:
    """Check all chunks and keep those of the picture. Raises Damaged."""
    parts = [SIGNATURE]
    size, header, profile, upright = UNKNOWN, b"", b"", 1
    for chunk in _chunks(data):
        body = data[chunk.start : chunk.end] if chunk.kind != b"IDAT" else b""
        if chunk.kind == b"IHDR":
            if size != UNKNOWN or len(body) != 13:  # noqa: PLR2004
                raise Damaged("the file is damaged")
            size = Size(int.from_bytes(body[:4], "big"), int.from_bytes(body[4:8], "big"))
            header = body[8:]
        if chunk.kind in _PICTURE:
            whole = data[chunk.start - 8 : chunk.end + 4]
            deep = chunk.kind == b"tRNS" and header[:2] == _DEEP_COLOURS
            parts.append(_shallow(body) if deep else whole)
        elif chunk.kind == b"iCCP" and chunk.sound:
            profile = _profile(body)
        elif chunk.kind == b"eXIf" and chunk.sound:
            upright = exif.orientation(body)
    return Png(size, upright, profile, b"".join(parts), header)


def _chunks(data: bytes) -> Iterator[_Chunk]:
    """Yield the chunks from IHDR to IEND. Raises Damaged where the picture itself is hurt."""
    at = len(SIGNATURE)
    for index in range(_MOST_CHUNKS):
        kind, start = data[at + 4 : at + 8], at + 8
        end = start + int.from_bytes(data[at : at + 4], "big")
        if end + 4 > len(data):
            raise Damaged("the file is cut short")
        checksum = zlib.crc32(memoryview(data)[at + 4 : end])
        sound = checksum == int.from_bytes(data[end : end + 4], "big")
        unknown = kind not in _PICTURE and not kind[0] & _LOWER_CASE
        if unknown or (kind in _PICTURE and not sound) or (index == 0) != (kind == b"IHDR"):
            raise Damaged("the file is damaged")
        yield _Chunk(kind, start, end, sound)
        if kind == b"IEND":
            return
        at = end + 4
    raise Damaged("it has too many parts")


def _raw_length(size: Size, header: bytes) -> int:
    """Return how many bytes the rows have, each with its filter byte."""
    depth, colour, interlaced = header[0], header[1], header[4]
    bits = depth * _CHANNELS.get(colour, 1)
    total = 0
    for left, top, across, down in _PASSES if interlaced else ((0, 0, 1, 1),):
        columns, rows = -(-(size.width - left) // across), -(-(size.height - top) // down)
        if columns > 0 and rows > 0:
            total += rows * (1 + -(-columns * bits // 8))
    return total


def _inflates_to(clean: bytes, length: int) -> bool:
    """Say whether the data holds that many bytes, keeping none of them."""
    inflater, whole = zlib.decompressobj(), memoryview(clean)
    try:
        for chunk in _chunks(clean):
            packed: bytes | memoryview = whole[chunk.start : chunk.end]
            while chunk.kind == b"IDAT" and packed and length > 0:
                length -= len(inflater.decompress(packed, _INFLATED_AT_ONCE))
                packed = inflater.unconsumed_tail
        if length > 0:  # what the last call held back
            length -= len(inflater.flush())
    except zlib.error:
        return False
    return length <= 0


def _profile(body: bytes) -> bytes:
    """Return the ICC profile of an iCCP chunk, never inflating more than a profile may have."""
    _, _, packed = body.partition(b"\0")
    inflater = zlib.decompressobj()
    try:
        profile = inflater.decompress(packed[1:], MOST_PROFILE_BYTES)
    except zlib.error:
        return b""
    return profile if inflater.eof else b""


def _shallow(body: bytes) -> bytes:
    """Rewrite a 16-bit transparent colour to the 8 bits that the decoder gives."""
    kind = b"tRNS" + b"".join(b"\0" + body[at : at + 1] for at in (0, 2, 4))
    return (len(kind) - 4).to_bytes(4, "big") + kind + zlib.crc32(kind).to_bytes(4, "big")


def _raster(image: Image.Image) -> Raster:
    """Return the samples of a decoded PNG, whatever Pillow's mode for it."""
    if image.mode.startswith("I"):
        return _deep_gray(image)
    if "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode == "P":
        image = image.convert("RGB")
    elif image.mode == "1":
        image = image.convert("L")
    samples: Plane = np.asarray(image)
    if image.mode == "L":
        return Raster(samples, "gray")
    if image.mode == "LA":
        return Raster(samples[:, :, 0].copy(), "gray", samples[:, :, 1].copy())
    if image.mode == "RGBA":
        colours = np.asarray(cv2.cvtColor(samples, cv2.COLOR_RGBA2BGR), np.uint8)
        return Raster(colours, "bgr", samples[:, :, 3].copy())
    return Raster(np.asarray(cv2.cvtColor(samples, cv2.COLOR_RGB2BGR), np.uint8), "bgr")


def _deep_gray(image: Image.Image) -> Raster:
    """Take the upper 8 of 16 bits, and the transparent shade while it can still be told."""
    deep = np.asarray(image).astype(np.uint16)
    samples = (deep >> 8).astype(np.uint8)
    shade = image.info.get("transparency")
    if not isinstance(shade, int):
        return Raster(samples, "gray")
    return Raster(samples, "gray", np.where(deep == shade, 0, 255).astype(np.uint8))
