"""A picture that came from outside: recognised by content, measured before it is decoded.

One place where the three formats meet. Knows no audience: it raises Damaged and TooManyPixels.
"""

from dataclasses import dataclass

from kiosk_appliance.imaging.pixels import Frame, Size


def sniff(data: bytes) -> str | None:
    """Return `jpeg`, `png` or `webp` by the first bytes, None for anything else."""
    if data[:3] == b"\xff\xd8\xff":
        return "jpeg"
    if data[:8] == b"\x89PNG\r\n\x1a\n":
        return "png"
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "webp"
    return None


@dataclass(frozen=True, slots=True)
class Source:
    """A picture whose header has been read; `stored` is its size as it lies in the file."""

    format: str
    stored: Size
    orientation: int

    @property
    def lies_on_its_side(self) -> bool:
        """Whether width and height change places when it is turned upright."""
        return self.orientation >= 5

    @property
    def size(self) -> Size:
        """Its size upright."""
        return self.stored.transposed() if self.lies_on_its_side else self.stored

    def frame(self, want: Size | None) -> Frame:
        """Decode it on white, as it lies. Raises Damaged."""
        raise NotImplementedError


def open_source(data: bytes, *, max_pixels: int, formats: frozenset[str]) -> Source:
    """Read the header. Raises Damaged, TooManyPixels."""
    raise NotImplementedError
