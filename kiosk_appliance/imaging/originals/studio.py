"""`Studio`: seamless paper under a soft box, for whoever wants nothing but a good portrait."""

import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.originals.scene import (
    Plane,
    blob,
    clouds,
    finished,
    gradient,
    grid,
    shine,
    smooth,
)
from kiosk_appliance.imaging.originals.sheet import rgb

ZONE = (0, 7, 100, 100)


def back() -> NDArray[np.uint8]:
    """Return the scene."""
    dice = np.random.default_rng(2)
    x, y = grid()
    picture: Plane = gradient(y, (0, "80766F"), (0.55, "978C84"), (0.82, "A2978E"), (1, "B3A79C"))
    mottled = (clouds(dice, 3, 2, 5) - 0.5) * 0.16 + (clouds(dice, 9, 7, 4) - 0.5) * 0.05
    picture = np.asarray(picture * (1 + mottled[..., None]), np.float32)
    picture = shine(picture, 0.50 * blob(x, y, (0.47, 0.36), (0.34, 0.42)), rgb("FFF4E4"))
    picture = shine(picture, 0.20 * blob(x, y, (0.47, 0.40), (0.16, 0.24)), rgb("FFF9F0"))
    # The paper bends to the floor: a breath of shade, then light again.
    bend = np.exp(-(((y - 0.84 - 0.02 * (x - 0.5) ** 2) / 0.05) ** 2))
    picture = np.asarray(picture * (1 - 0.07 * bend[..., None]), np.float32)
    corner = smooth(0.42, 1.0, np.hypot((x - 0.47) * 1.15, (y - 0.42) * 0.95))
    picture = np.asarray(picture * (1 - 0.48 * corner[..., None]), np.float32)
    return finished(picture, dice, 1.4)
