"""Mode `person`: people are cut out by networks, without a cloth, and stand on the background.

Where the cut would be ugly, or can't be made, the photo lies on the background as a print.
"""

from dataclasses import dataclass, field

import numpy as np

from kiosk_appliance.imaging.cut import Cut
from kiosk_appliance.imaging.matte import cut_out
from kiosk_appliance.imaging.mode import Artwork, CutOut
from kiosk_appliance.imaging.models import ModelUnusable
from kiosk_appliance.imaging.networks import SHARED, Networks
from kiosk_appliance.imaging.pixels import Frame, Size
from kiosk_appliance.imaging.scenery import Scenery

ENOUGH = 0.5


@dataclass(frozen=True, slots=True)
class _Stage:
    scenery: Scenery
    networks: Networks

    @property
    def canvas(self) -> Size:
        return self.scenery.canvas

    @property
    def nbytes(self) -> int:
        return self.scenery.nbytes

    def take_in(self, photo: Frame) -> Frame:
        return self.join(photo)[0]

    def join(self, photo: Frame) -> tuple[Frame, CutOut]:
        try:
            found = cut_out(photo, self.networks)
        except ModelUnusable:
            return self.scenery.with_print(photo), "framed"
        if found.confidence < ENOUGH:
            return self.scenery.with_print(photo), "framed"
        alpha = np.asarray(np.round(found.alpha * 255), np.uint8)
        return self.scenery.with_people(Cut(photo, alpha, found.colours)), "clean"


@dataclass(frozen=True, slots=True)
class PersonMode:
    """Cuts with these networks."""

    networks: Networks = field(default=SHARED)
    name: str = "person"

    def prepare(self, artwork: Artwork) -> _Stage:
        """Scale the layers once."""
        return _Stage(Scenery.of(artwork), self.networks)


MODE = PersonMode()
