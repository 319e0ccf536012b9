"""`Soir de fête`: paper falling through warm light, behind the guest and before her."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.originals.scene import (
    HEIGHT,
    WIDTH,
    blob,
    finished,
    gradient,
    grid,
    shine,
    smooth,
    under,
)
from kiosk_appliance.imaging.originals.sheet import Sheet, ellipse, mixed, rgb, turned

ZONE = (0, 7, 100, 100)
_PAPERS = tuple(rgb(code) for code in ("FF5D73", "FFB13D", "FFE08A", "28B5A5", "4B5BD6", "F9A8C4"))
_INK, _LIT = rgb("3A1030"), rgb("FFFFFF")


def back() -> NDArray[np.uint8]:
    """Return the scene."""
    dice = np.random.default_rng(12)
    x, y = grid()
    away = np.hypot((x - 0.5) * 1.25, y - 0.40)
    picture = gradient(
        away, (0, "FFC9A0"), (0.25, "FB9C86"), (0.5, "DE6F80"), (0.8, "A24A78"), (1.1, "6A2F63")
    )
    picture = shine(picture, 0.5 * blob(x, y, (0.5, 0.30), (0.30, 0.34)), rgb("FFE9C4"))
    for number in range(5):
        ray = np.abs((x - 0.5) - (number - 2) * 0.34 * (y + 0.15))
        beam = np.exp(-((ray / (0.03 + 0.07 * y)) ** 2)) * smooth(1.0, 0.0, y)
        picture = shine(picture, np.asarray(0.12 * beam, np.float32), rgb("FFF2D8"))
    for count, low, high, blur, light in (
        (240, 7, 13, 3.2, 0.28),
        (150, 13, 22, 1.1, 0.12),
        (70, 20, 34, 0.5, 0),
    ):
        sheet = Sheet(WIDTH, HEIGHT)
        for _ in range(count):
            place = (dice.uniform(-20, WIDTH + 20), dice.uniform(-20, HEIGHT + 20))
            _paper(sheet, place, dice.uniform(low, high), dice, light)
        _soften(sheet, blur)
        picture = under(picture, sheet)
    return finished(picture, dice)


def front() -> Sheet:
    """Return what falls before the guest: large, blurred, and never where a face may be."""
    dice = np.random.default_rng(3)
    sheet = Sheet(WIDTH, HEIGHT)
    placed = 0
    while placed < 26:  # noqa: PLR2004
        x, y = dice.uniform(0, 1), dice.uniform(0, 1)
        if abs(x - 0.5) < 0.30 + 0.10 * (y > 0.8):  # noqa: PLR2004
            continue
        _paper(sheet, (x * WIDTH, y * HEIGHT), dice.uniform(34, 62), dice, 0.0)
        placed += 1
    _soften(sheet, 5.5)
    return sheet


def _soften(sheet: Sheet, blur: float) -> None:
    sheet.colours = np.asarray(cv2.GaussianBlur(sheet.colours, (0, 0), blur), np.float32)
    sheet.alpha = np.asarray(cv2.GaussianBlur(sheet.alpha, (0, 0), blur), np.float32)


def _paper(
    sheet: Sheet,
    place: tuple[float, float],
    size: float,
    dice: np.random.Generator,
    light: float,
) -> None:
    """Draw one bit of paper as it tumbles, lit from above."""
    colour = mixed(_PAPERS[int(dice.integers(0, 6))], rgb("FFD9B0"), light)
    angle, tilt = dice.uniform(0, np.pi), dice.uniform(0.25, 1)
    lit = mixed(colour, _LIT, 0.35 * tilt)
    dark = mixed(colour, _INK, 0.32 * (1.1 - tilt))
    if dice.random() < 0.7:  # noqa: PLR2004 - most are cut, some punched
        half = np.array([[-1.0, -0.55], [1, -0.55], [1, 0.55], [-1, 0.55]]) * (1, tilt) * size
        sheet.polygon(turned(half, angle, *place), lit, dark)
    else:
        sheet.polygon(ellipse(*place, size * 0.75, size * 0.75 * tilt, angle), lit, dark)
