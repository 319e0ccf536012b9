"""An operator's background picture: checked strictly, measured, shown small, opened to compose.

Says no in sentences for the operator. Which mode uses it, and where it is kept, are not its
business.
"""

from dataclasses import dataclass

from kiosk_appliance.imaging.mode import Artwork
from kiosk_appliance.imaging.photo import PhotoLimits


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
    """Check and measure a background's file. Raises InvalidRequest with the field `file`."""
    raise NotImplementedError


def open_artwork(data: bytes, max_pixels: int, long_side: int) -> Artwork:
    """Decode a background for composing at most that long. Raises InvalidRequest (`file`)."""
    raise NotImplementedError
