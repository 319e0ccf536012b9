"""`Étoiles`: the Milky Way over dark hills, with the day's last glow behind them."""

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.originals.montagnes import _line as skyline
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
_NEAR, _BRIGHT = 0.95, 150


def back() -> NDArray[np.uint8]:
    """Return the scene."""
    dice = np.random.default_rng(17)
    x, y = grid()
    picture = gradient(
        y,
        (0, "060A1E"),
        (0.35, "0E1A3C"),
        (0.62, "233A68"),
        (0.8, "4F6A93"),
        (0.88, "C58F86"),
        (1, "C58F86"),
    )
    picture = shine(picture, 0.5 * blob(x, y, (0.32, 0.9), (0.5, 0.2)), rgb("FFB58A"))
    across = (x - 0.72) * 0.86 + (y - 0.22) * 0.62
    wander = 0.10 * (clouds(dice, 3, 3, 4) - 0.5)
    way = np.exp(-(((across + wander) / 0.15) ** 2)) * smooth(0.86, 0.45, y)
    heart = np.exp(-(((across + wander) / 0.055) ** 2)) * smooth(0.8, 0.4, y)
    lanes = smooth(0.40, 0.66, clouds(dice, 7, 7, 7))
    mist = clouds(dice, 5, 5, 7)
    picture = shine(
        picture, np.asarray(0.42 * way * (0.45 + 0.9 * mist), np.float32), rgb("7C8FD6")
    )
    picture = shine(picture, np.asarray(0.40 * heart * (0.35 + mist), np.float32), rgb("F2CFE0"))
    picture = shine(
        picture,
        np.asarray(0.22 * way * smooth(0.5, 0.8, clouds(dice, 4, 4, 6)), np.float32),
        rgb("C86FB0"),
    )
    dark = np.asarray(0.62 * heart * lanes, np.float32)
    picture = mix(picture, rgb("0B1230"), dark)
    picture = _stars(picture, np.asarray(way, np.float32), dice)
    for level, height, code in (
        (0.90, 0.07, "27304F"),
        (0.94, 0.08, "141A33"),
        (1.0, 0.07, "080B1C"),
    ):
        line = skyline(dice, level, height, 0.45)
        far = 0.28 if level < _NEAR else 0.0
        haze = np.asarray(far * np.clip((y - line) / 0.06, 0, 1), np.float32)
        body = mix(np.zeros_like(picture) + np.array(rgb(code), np.float32), rgb("7E6A80"),
                   haze)  # fmt: skip
        picture = mix(picture, body, smooth(-0.0006, 0.0006, y - line))
    return finished(picture, dice, 1.9)


def _stars(picture: Plane, way: Plane, dice: np.random.Generator) -> Plane:
    field = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    tints = np.array([rgb(code) for code in ("FFFFFF", "CFE0FF", "FFE9C9", "FFD2B0")], np.float32)
    for _ in range(15_000):
        x, y = int(dice.integers(2, WIDTH - 2)), int(dice.integers(2, int(0.9 * HEIGHT)))
        if dice.random() > 0.22 + 0.9 * way[y, x]:
            continue
        strength = min(1.0, 0.10 * (1 / max(dice.random(), 0.004)) ** 0.62) * (
            1 - 0.6 * (y / HEIGHT) ** 3
        )
        field[y, x] = np.maximum(field[y, x], tints[int(dice.integers(0, 4))] * strength)
    soft = 2.6 * cv2.GaussianBlur(field, (0, 0), 0.85)
    halo = 9.0 * cv2.GaussianBlur(np.where(field > _BRIGHT, field, 0), (0, 0), 5)
    lit = 255 * (1 - (1 - picture / 255) * (1 - np.clip(soft + halo, 0, 250) / 255))
    picture = np.asarray(lit, np.float32)
    for _ in range(9):
        at = (dice.uniform(0.03, 0.97) * WIDTH, dice.uniform(0.04, 0.55) * HEIGHT)
        picture = _sparkle(picture, at, dice.uniform(14, 30))
    return picture


def _sparkle(picture: Plane, at: tuple[float, float], size: float) -> Plane:
    side = int(size * 3)
    left, top = int(at[0]) - side, int(at[1]) - side
    if left < 0 or top < 0 or left + 2 * side > WIDTH or top + 2 * side > HEIGHT:
        return picture
    ys, xs = np.mgrid[0 : 2 * side, 0 : 2 * side].astype(np.float32)
    dx, dy = np.abs(xs + left - at[0]), np.abs(ys + top - at[1])
    cross = np.exp(-dx / size * 1.6 - dy * 1.3) + np.exp(-dy / size * 1.6 - dx * 1.3)
    light = 0.8 * cross + np.exp(-((dx**2 + dy**2) / 9)) + 0.16 * np.exp(-(np.hypot(dx, dy) / size))
    part = (slice(top, top + 2 * side), slice(left, left + 2 * side))
    picture[part] = shine(picture[part], np.asarray(light, np.float32), rgb("E4ECFF"))
    return picture
