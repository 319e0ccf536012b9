"""Mode `none`: nothing is drawn or replaced; the photo takes the background's shape."""

from dataclasses import dataclass

from kiosk_appliance.imaging.mode import Artwork
from kiosk_appliance.imaging.pixels import Frame, Size


@dataclass(frozen=True, slots=True)
class _Shape:
    canvas: Size
    nbytes: int = 0

    def take_in(self, photo: Frame) -> Frame:
        return photo


@dataclass(frozen=True, slots=True)
class _None:
    name: str = "none"

    def prepare(self, artwork: Artwork) -> _Shape:
        return _Shape(artwork.canvas)


MODE = _None()
