"""A picture that came from outside: recognised by content, measured before it is decoded.

One place where the three formats meet. Knows no audience: it raises Damaged and TooManyPixels.
"""

from dataclasses import dataclass
from typing import Protocol

from kiosk_appliance.imaging import jpeg, png, webp
from kiosk_appliance.imaging.colour import Raster, to_frame
from kiosk_appliance.imaging.damage import Damaged, TooManyPixels
from kiosk_appliance.imaging.pixels import Frame, Size

SHORTEST_SIDE = 16
_FIRST_TURNED = 5  # EXIF orientations 5 to 8 swap width and height


class Encoded(Protocol):
    """What each format's module gives once it has read the header."""

    @property
    def size(self) -> Size:
        """The size as it lies in the file."""
        ...

    @property
    def orientation(self) -> int:
        """The EXIF orientation, 1 to 8."""
        ...

    @property
    def profile(self) -> bytes:
        """The ICC profile, or nothing."""
        ...

    def raster(self, want: Size | None) -> Raster:
        """Decode it, at least `want` large. Raises Damaged."""
        ...


@dataclass(frozen=True, slots=True)
class Source:
    """A picture whose header has been read."""

    format: str
    encoded: Encoded

    @property
    def stored(self) -> Size:
        """Its size as it lies in the file."""
        return self.encoded.size

    @property
    def orientation(self) -> int:
        """Its EXIF orientation, 1 to 8."""
        return self.encoded.orientation

    @property
    def lies_on_its_side(self) -> bool:
        """Whether width and height change places when it is turned upright."""
        return self.orientation >= _FIRST_TURNED

    @property
    def size(self) -> Size:
        """Its size upright."""
        return self.stored.transposed() if self.lies_on_its_side else self.stored

    def raster(self, want: Size | None) -> Raster:
        """Decode it as it lies, colours and opacity apart, in sRGB. Raises Damaged."""
        raster = self.encoded.raster(want)
        colours = to_frame(Raster(raster.samples, raster.space), self.encoded.profile)
        return Raster(colours, "bgr", raster.alpha)

    def frame(self, want: Size | None) -> Frame:
        """Decode it as it lies, on white, in sRGB. Raises Damaged."""
        return to_frame(self.encoded.raster(want), self.encoded.profile)


def sniff(data: bytes) -> str | None:
    """Return `jpeg`, `png` or `webp` by the first bytes, None for anything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:8] == png.SIGNATURE:
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


def open_source(data: bytes, *, max_pixels: int, formats: frozenset[str]) -> Source:
    """Read the header. Raises Damaged, TooManyPixels."""
    kind = sniff(data)
    if kind is None or kind not in formats:
        names = ", ".join(sorted(name.upper() for name in formats))
        raise Damaged(f"it is none of {names}")
    source = Source(kind, _read(kind, data))
    width, height = source.size
    if width * height > max_pixels:
        raise TooManyPixels(width, height, max_pixels)
    if min(width, height) < SHORTEST_SIDE:
        raise Damaged(f"it is smaller than {SHORTEST_SIDE} pixels on a side")
    return source


def _read(kind: str, data: bytes) -> Encoded:
    match kind:
        case "jpeg":
            return jpeg.read(data)
        case "png":
            return png.read(data)
        case _:
            return webp.read(data)
