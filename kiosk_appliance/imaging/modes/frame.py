"""Mode `frame`: the background's picture, transparent where the guests are, over the photo."""

from dataclasses import dataclass

import numpy as np

from kiosk_appliance.imaging.mode import Artwork
from kiosk_appliance.imaging.overlay import Overlay, overlay
from kiosk_appliance.imaging.pixels import Frame, Size


@dataclass(frozen=True, slots=True)
class _Framed:
    canvas: Size
    overlay: Overlay

    @property
    def nbytes(self) -> int:
        return self.overlay.nbytes

    def take_in(self, photo: Frame) -> Frame:
        self.overlay.over(photo)
        return photo


@dataclass(frozen=True, slots=True)
class _FrameMode:
    name: str = "frame"

    def prepare(self, artwork: Artwork) -> _Framed:
        alpha = artwork.alpha
        if alpha is None:
            alpha = np.full(artwork.pixels.shape[:2], 255, np.uint8)
        return _Framed(artwork.canvas, overlay(artwork.pixels, alpha, artwork.canvas))


MODE = _FrameMode()
