"""QR codes of links, as pictures of an exact size with a quiet zone of at least 4 modules.

Error correction M. Each module is a whole number of pixels, and what is left of the size widens
the quiet zone. A link of 43 to 62 characters has 41 modules a side with its quiet zone: from 82
pixels on (2 a module) phones read it; from 41 (1 a module) ZXing still does. OpenCV's reader misses
some links at any size. Where there is less than one pixel a module the picture is averaged down,
and no reader is promised.
"""

import struct
import zlib
from functools import lru_cache

import cv2
import numpy as np
from numpy.typing import NDArray

QUIET_ZONE = 4


def render(url: str, size: int, *, svg: bool) -> bytes:
    """Return the QR code of a link as PNG or SVG, exactly `size` (64 to 2048) pixels a side."""
    modules = _modules(url)
    return _svg(modules, size) if svg else _png(modules, size)


@lru_cache(maxsize=64)
def _modules(url: str) -> NDArray[np.uint8]:
    """Return the matrix with its quiet zone: 0 dark, 255 light."""
    import qrcode  # noqa: PLC0415 - slow to import, and a start should not wait for it

    code = qrcode.QRCode(error_correction=qrcode.constants.ERROR_CORRECT_M, border=QUIET_ZONE)
    code.add_data(url)
    code.make(fit=True)
    return np.where(np.array(code.get_matrix()), 0, 255).astype(np.uint8)


def _png(modules: NDArray[np.uint8], size: int) -> bytes:
    if size >= len(modules):
        return _bilevel(modules > 0, size)
    picture = cv2.resize(modules, (size, size), interpolation=cv2.INTER_AREA)
    written, encoded = cv2.imencode(".png", picture)
    if not written:
        raise MemoryError
    return encoded.tobytes()


def _bilevel(is_light: NDArray[np.bool_], size: int) -> bytes:
    """Write rows of bits: as a picture of bytes a large code takes 10 MB, for 8 kB of PNG."""
    scale = size // len(is_light)
    before = (size - scale * len(is_light)) // 2
    lines = np.ones((len(is_light) + 2, size), np.bool_)
    drawn = np.repeat(is_light, scale, axis=1)
    lines[1:-1, before : before + drawn.shape[1]] = drawn
    # Each line begins with its filter: none.
    packed = [b"\0" + line.tobytes() for line in np.packbits(lines, axis=1)]
    times = [before, *[scale] * len(is_light), size - before - drawn.shape[1]]
    rows = b"".join(line * many for line, many in zip(packed, times, strict=True))
    # Width, height, one bit of grey; deflate, its filters, not interlaced.
    head = struct.pack(">IIBBBBB", size, size, 1, 0, 0, 0, 0)
    chunks = ((b"IHDR", head), (b"IDAT", zlib.compress(rows)), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(*chunk) for chunk in chunks)


def _chunk(kind: bytes, body: bytes) -> bytes:
    checksum = zlib.crc32(kind + body)
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checksum)


def _svg(modules: NDArray[np.uint8], size: int) -> bytes:
    """Draw each row's dark runs as one path; a view box in modules scales to any size."""
    count = len(modules)
    strokes = []
    for y, row in enumerate(modules):
        edges = np.flatnonzero(np.diff(row, prepend=255, append=255))
        strokes += [
            f"M{first} {y}h{last - first}v1h-{last - first}z"
            for first, last in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True)
        ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{size}" height="{size}"'
        f' viewBox="0 0 {count} {count}" shape-rendering="crispEdges">'
        f'<path fill="#fff" d="M0 0h{count}v{count}H0z"/>'
        f'<path fill="#000" d="{"".join(strokes)}"/></svg>'
    ).encode()
