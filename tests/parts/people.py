"""A drawn person: enough of one for the networks, and nobody's likeness."""

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
GREEN, BLUE = (60, 190, 40), (200, 90, 20)


def portrait(width: int, height: int, ground: tuple[int, int, int] = (170, 160, 150)) -> Picture:
    """Return somebody from the waist up before a plain wall, softly lit from the left."""
    photo = np.full((height, width, 3), ground, np.uint8)
    return _with_somebody(photo, width / 2, height, height)


def everybody(width: int, height: int) -> Picture:
    """Return two people side by side."""
    photo = np.full((height, width, 3), (170, 160, 150), np.uint8)
    photo = _with_somebody(photo, 0.3 * width, height, 0.9 * height)
    return _with_somebody(photo, 0.72 * width, height, 0.8 * height)


def _with_somebody(photo: Picture, x: float, foot: float, tall: float) -> Picture:
    skin, hair, shirt = (125, 160, 215), (30, 40, 60), (60, 50, 120)
    head, radius = foot - 0.68 * tall, 0.13 * tall

    def oval(dx: float, y: float, across: float, down: float, colour: tuple[int, ...]) -> None:
        centre = (round(x + dx), round(y))
        size = (round(across), round(down))
        cv2.ellipse(photo, centre, size, 0, 0, 360, colour, -1, cv2.LINE_AA)

    oval(0, head - 0.12 * radius, 1.22 * radius, 1.5 * radius, hair)
    oval(0, foot, 2.6 * radius, 3.4 * radius, shirt)
    oval(0, head + 1.4 * radius, 0.5 * radius, 0.9 * radius, (105, 140, 195))
    oval(0, head, radius, 1.3 * radius, skin)
    oval(0, head - 1.05 * radius, 0.95 * radius, 0.5 * radius, hair)
    for side in (-1, 1):
        oval(side * 0.4 * radius, head - 0.1 * radius, 0.17 * radius, 0.09 * radius, (245,) * 3)
        oval(side * 0.4 * radius, head - 0.1 * radius, 0.08 * radius, 0.09 * radius, (40, 40, 40))
        oval(side * 0.4 * radius, head - 0.32 * radius, 0.24 * radius, 0.05 * radius, hair)
    oval(0, head + 0.28 * radius, 0.13 * radius, 0.2 * radius, (105, 140, 200))
    oval(0, head + 0.72 * radius, 0.38 * radius, 0.1 * radius, (90, 80, 180))
    light = np.linspace(1.06, 0.9, photo.shape[1], dtype=np.float32)[None, :, None]
    lit = cv2.GaussianBlur(photo, (0, 0), max(0.8, tall / 700)).astype(np.float32) * light
    return np.clip(lit, 0, 255).astype(np.uint8)
