"""`Montagnes`: snow and ridges in the first sun, mist between them, pines below."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.originals.scene import (
    HEIGHT,
    WIDTH,
    Plane,
    blob,
    clouds,
    finished,
    gradient,
    grid,
    mix,
    shine,
    smooth,
)
from kiosk_appliance.imaging.originals.sheet import rgb

ZONE = (0, 7, 100, 100)
_SUN = (0.24, 0.30)
_NEAR, _TIP = 0.85, 0.9


def back() -> NDArray[np.uint8]:
    """Return the scene."""
    dice = np.random.default_rng(8)
    x, y = grid()
    picture = gradient(
        y, (0, "3F6FA8"), (0.2, "7FA5CB"), (0.38, "C9D3DC"), (0.52, "FBE3C4"), (1, "FBE3C4")
    )
    picture = shine(picture, 0.85 * blob(x, y, _SUN, (0.42, 0.34)), rgb("FFD9A0"))
    high = smooth(0.45, 1.05, clouds(dice, 3, 12)) * smooth(0.42, 0.1, y)
    picture = mix(picture, rgb("FFF1E2"), 0.6 * high)
    picture = _peaks(picture, y, dice)
    for number, (level, height, code, mist) in enumerate(
        (
            (0.66, 0.10, "7C93AE", 0.62),
            (0.74, 0.11, "566F8A", 0.5),
            (0.83, 0.09, "38526A", 0.36),
            (0.93, 0.07, "1B3242", 0.0),
        )
    ):
        picture = _ridge(picture, (x, y), (level, height), code, mist, dice, pines=number > 1)
    picture = shine(picture, 0.32 * blob(x, y, _SUN, (0.7, 0.6)), rgb("FFC98A"))
    return finished(picture, dice)


def _line(
    dice: np.random.Generator, level: float, height: float, rough: float, *, sharp: bool = False
) -> Plane:
    """Return a skyline: one height for each column."""
    line = np.zeros(WIDTH, np.float32)
    weight, count = 1.0, 3
    while count < WIDTH // 3:
        knots = np.abs(dice.random((1, count + 2)).astype(np.float32) - 0.5) * 2
        knots = 1 - knots if sharp else knots
        line += weight * cv2.resize(knots, (WIDTH, 1), interpolation=cv2.INTER_LINEAR)[0]
        weight, count = weight * rough, count * 2
    line = (line - line.min()) / (line.max() - line.min())
    return np.asarray(level - height * line, np.float32)[None, :]


def _peaks(picture: Plane, y: Plane, dice: np.random.Generator) -> Plane:
    """Paint the snowy range: light from the left, shade in blue, rock where it is steep."""
    line = _line(dice, 0.66, 0.40, 0.46, sharp=True)
    folds = clouds(dice, 7, 5, 7)
    # Slopes run down from the skyline: the folds are drawn along the fall line.
    across = cv2.Sobel(cv2.GaussianBlur(folds, (0, 0), 3), cv2.CV_32F, 1, 0)
    below = np.clip((y - line) / 0.34, 0, 1)
    slope = np.gradient(cv2.GaussianBlur(line, (0, 0), 6)[0])[None, :] * 900
    light = np.clip(0.55 - 0.9 * np.tanh(slope) * np.exp(-3 * below) + across * 9, 0, 1)
    light = np.asarray(light, np.float32)
    snow = mix(np.zeros_like(picture) + np.array(rgb("8FA9CB"), np.float32), rgb("FFF3E0"),
               smooth(0.2, 0.85, light))  # fmt: skip
    rock = mix(np.zeros_like(picture) + np.array(rgb("5C708E"), np.float32), rgb("B89F92"), light)
    bare = smooth(0.46, 0.62, clouds(dice, 16, 10, 6) + 0.45 * below - 0.06)
    range_ = mix(snow, rock, bare * 0.85)
    haze = smooth(0.25, 1.1, below) * 0.9
    range_ = mix(range_, rgb("DCE0E2"), np.asarray(haze, np.float32))
    return mix(picture, mix(range_, rgb("C4D0DC"), np.full_like(y, 0.18)), _above(y, line))


def _above(y: Plane, line: Plane) -> Plane:
    return smooth(-0.0005, 0.0005, y - line)


def _ridge(  # noqa: PLR0917 - one call each, read as a table
    picture: Plane,
    at: tuple[Plane, Plane],
    place: tuple[float, float],
    code: str,
    mist: float,
    dice: np.random.Generator,
    *,
    pines: bool,
) -> Plane:
    x, y = at
    line = _line(dice, *place, 0.46)
    if pines:
        line = line - _pines(dice, 0.034 if place[0] < _NEAR else 0.07)
    below = np.clip((y - line) / 0.16, 0, 1)
    grain = clouds(dice, 60, 60, 4) - 0.5
    body = np.zeros_like(picture) + np.array(rgb(code), np.float32)
    body = np.clip(body * (1 + 0.22 * grain[..., None] * (1 - below[..., None])), 0, 255)
    edge = np.exp(-((y - line) / 0.012)) * (y > line) * np.exp(-(((x - _SUN[0]) / 0.5) ** 2))
    body = shine(np.asarray(body, np.float32), 0.35 * np.asarray(edge, np.float32), rgb("FFD9A8"))
    drift = 0.75 + 0.5 * (clouds(dice, 3, 6, 4) - 0.5)
    veil = np.asarray(mist * below * drift, np.float32)
    body = mix(body, rgb("F3E4D4"), np.clip(veil, 0, 1))
    return mix(picture, body, _above(y, line))


def _pines(dice: np.random.Generator, tall: float) -> Plane:
    """Return the heights of treetops by column."""
    heights = np.zeros(WIDTH, np.float32)
    columns = np.arange(WIDTH)
    x = -20.0
    while x < WIDTH + 20:
        top = tall * dice.uniform(0.45, 1.0)
        half = top * HEIGHT * dice.uniform(0.20, 0.28)
        away = np.abs(columns - x) / half
        steps = np.clip(1 - away, 0, 1)
        jag = 0.05 * np.sin(steps * 42)
        heights = np.maximum(
            heights, np.where(away < 1, top * np.clip(steps + jag * (steps < _TIP), 0, 1), 0)
        )
        x += half * dice.uniform(0.5, 1.5)
    return np.asarray(heights, np.float32)[None, :]
