"""An opaque scene to paint on: gradients, clouds of noise, light, and the grain that hides steps.

Only for making the pictures beside it; nothing of it runs on a kiosk.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.originals.sheet import Colour, Sheet, rgb

Plane = NDArray[np.float32]
WIDTH, HEIGHT = 2160, 1440


def grid() -> tuple[Plane, Plane]:
    """Return x from 0 to 1 and y from 0 to 1 (downwards) of each pixel."""
    x = np.linspace(0, 1, WIDTH, dtype=np.float32)[None, :]
    y = np.linspace(0, 1, HEIGHT, dtype=np.float32)[:, None]
    return (
        np.ascontiguousarray(np.broadcast_to(x, (HEIGHT, WIDTH))),
        np.ascontiguousarray(np.broadcast_to(y, (HEIGHT, WIDTH))),
    )


def gradient(at: Plane, *stops: tuple[float, str]) -> Plane:
    """Return the colours (0 to 255) of a run of stops (place, hexadecimal), smooth between them."""
    places = [place for place, _ in stops]
    colours = np.array([rgb(code) for _, code in stops], np.float32)
    # Eased, so that no stop shows as a line.
    index = np.interp(at, places, np.arange(len(places)))
    whole = np.floor(index)
    t = index - whole
    eased = whole + t * t * (3 - 2 * t) * 0.5 + t * 0.5
    channels = [np.interp(eased, np.arange(len(places)), colours[:, c]) for c in range(3)]
    return np.stack(channels, axis=-1).astype(np.float32)


def clouds(dice: np.random.Generator, across: float, down: float, octaves: int = 6) -> Plane:
    """Return noise of many sizes, about 0 to 1; its largest waves are so many a side."""
    total = np.zeros((HEIGHT, WIDTH), np.float32)
    weight, whole = 1.0, 0.0
    for octave in range(octaves):
        size = (max(2, round(across * 2**octave)) + 3, max(2, round(down * 2**octave)) + 3)
        if size[0] > WIDTH or size[1] > HEIGHT:
            break
        coarse = dice.random((size[1], size[0])).astype(np.float32)
        total += weight * cv2.resize(coarse, (WIDTH, HEIGHT), interpolation=cv2.INTER_CUBIC)
        whole += weight
        weight *= 0.52
    return np.asarray(np.clip((total / whole - 0.5) * 1.9 + 0.5, 0, 1), np.float32)


def mix(one: Plane, other: Plane | Colour, share: Plane) -> Plane:
    """Return `one` where the share is 0, `other` where it is 1."""
    wanted = np.asarray(other, np.float32)
    return np.asarray(one + (wanted - one) * share[..., None], np.float32)


def shine(picture: Plane, light: Plane, colour: Colour) -> Plane:
    """Add light as film does: what is bright already gains little."""
    added = light[..., None] * np.asarray(colour, np.float32) / 255
    return np.asarray(255 * (1 - (1 - picture / 255) * (1 - np.clip(added, 0, 1))), np.float32)


def blob(x: Plane, y: Plane, at: tuple[float, float], reach: tuple[float, float]) -> Plane:
    """Return soft light round a place."""
    return np.asarray(
        np.exp(-(((x - at[0]) / reach[0]) ** 2) - ((y - at[1]) / reach[1]) ** 2), np.float32
    )


def smooth(low: float, high: float, plane: Plane) -> Plane:
    """Return 0 below, 1 above, and a soft step between."""
    t = np.clip((plane - low) / (high - low), 0, 1)
    return np.asarray(t * t * (3 - 2 * t), np.float32)


def under(picture: Plane, sheet: Sheet) -> Plane:
    """Return the picture with a sheet laid over it."""
    return np.asarray(picture * (1 - sheet.alpha[..., None]) + sheet.colours, np.float32)


def finished(picture: Plane, dice: np.random.Generator, grain: float = 1.6) -> NDArray[np.uint8]:
    """Return it in 8 bits, with a fine grain that keeps soft gradients from showing steps."""
    noise = dice.normal(0, grain, picture.shape[:2]).astype(np.float32)[..., None]
    return np.asarray(np.clip(np.round(picture + noise), 0, 255), np.uint8)
