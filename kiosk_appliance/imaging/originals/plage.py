"""`Plage au crépuscule`: the sun just gone into the sea, wet sand, a palm leaf before the guest."""

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
from kiosk_appliance.imaging.originals.sheet import Points, Sheet, band, mixed, rgb

_HORIZON, _SUN = 0.56, 0.70
_SHADE, _RIM = rgb("15172A"), rgb("B8705F")
ZONE = (0, 8, 92, 100)


def back() -> NDArray[np.uint8]:
    """Return the scene."""
    dice = np.random.default_rng(21)
    x, y = grid()
    picture = _sky(x, y, dice)
    picture = _sea(picture, x, y, dice)
    picture = _sand(picture, x, y, dice)
    picture = shine(picture, 0.35 * blob(x, y, (_SUN, _HORIZON), (0.5, 0.3)), rgb("FF9A5C"))
    return finished(picture, dice)


def _sky(x: Plane, y: Plane, dice: np.random.Generator) -> Plane:
    picture = gradient(
        y / _HORIZON,
        (0, "2B2F63"), (0.35, "5F4A86"), (0.62, "B5658C"), (0.82, "F0906F"), (0.95, "FFC27A"),
        (1, "FFDD9A"),
    )  # fmt: skip
    glow = blob(x, y, (_SUN, _HORIZON), (0.34, 0.26))
    picture = shine(picture, 0.75 * glow, rgb("FFB45E"))
    picture = shine(
        picture, 0.9 * blob(x, y, (_SUN, _HORIZON - 0.01), (0.09, 0.075)), rgb("FFF0C0")
    )
    veil = clouds(dice, 2.2, 8) * 0.6 + clouds(dice, 9, 30, 5) * 0.4
    shape = smooth(0.40, 1.02, veil) * smooth(0.02, 0.2, y) * smooth(0.56, 0.4, y + 0 * x)
    lit = np.clip(0.25 + 0.9 * glow + 0.5 * (y / _HORIZON), 0, 1)
    tone = mix(np.zeros_like(picture) + np.array(rgb("6A4A80"), np.float32), rgb("FFB08A"), lit)
    picture = mix(picture, tone, 0.72 * shape)
    edge = np.clip(shape * (1 - shape) * 4, 0, 1) * np.clip(glow * 1.6, 0, 1)
    picture = shine(picture, 0.5 * np.asarray(edge, np.float32), rgb("FFE0B0"))
    disc = smooth(0.036, 0.0335, np.hypot((x - _SUN) * 1.5, y - _HORIZON + 0.006))
    return mix(picture, rgb("FFF6DC"), disc)


def _sea(picture: Plane, x: Plane, y: Plane, dice: np.random.Generator) -> Plane:
    depth = np.clip((y - _HORIZON) / (0.84 - _HORIZON), 0, 1)
    water = gradient(depth, (0, "F4A57E"), (0.12, "B9708C"), (0.5, "5C5585"), (1, "3E4673"))
    ripples = _ripples(depth, dice)
    water = mix(water, rgb("F7A98C"), np.clip((ripples - 0.55) * 1.6, 0, 0.55))
    water = mix(
        water, rgb("2A2D57"), np.clip((0.42 - ripples) * 1.7, 0, 0.5) * smooth(0, 0.3, depth)
    )
    spread = 0.022 + 0.15 * depth
    road = np.exp(-(((x - _SUN) / spread) ** 2)) * (1 - 0.45 * depth)
    glitter = smooth(0.50, 0.66, ripples) * 0.95 + 0.25
    water = shine(water, np.asarray(road * glitter, np.float32), rgb("FFD596"))
    return mix(picture, water, smooth(_HORIZON - 0.0006, _HORIZON + 0.0006, y))


def _ripples(depth: Plane, dice: np.random.Generator) -> Plane:
    """Return waves that grow wider apart towards the shore."""
    rows = (np.log1p(depth[:, 0] * 24) / np.log(25) * (HEIGHT - 1)).astype(np.float32)
    columns = np.arange(WIDTH, dtype=np.float32)
    flat = clouds(dice, 9, 70, 4) * 0.6 + clouds(dice, 22, 150, 3) * 0.4
    squeeze = 0.35 + 1.3 * (1 - depth[:, :1])
    map_x = (WIDTH / 2 + (columns[None, :] - WIDTH / 2) * squeeze) % (WIDTH - 1)
    map_y = np.repeat(rows[:, None], WIDTH, axis=1)
    made = cv2.remap(flat, map_x.astype(np.float32), map_y, cv2.INTER_LINEAR)
    return np.asarray(np.clip((made - 0.5) * 1.5 + 0.5, 0, 1), np.float32)


def _sand(picture: Plane, x: Plane, y: Plane, dice: np.random.Generator) -> Plane:
    wave = (
        0.012 * np.sin(x * 9 + 0.6) + 0.008 * np.sin(x * 23) + 0.05 * (clouds(dice, 6, 2, 5) - 0.5)
    )
    shore = 0.80 - 0.055 * x + wave
    dry = gradient(np.clip((y - 0.72) / 0.28, 0, 1), (0, "A87C7B"), (0.5, "8B6568"), (1, "5E4553"))
    fine = clouds(dice, 180, 120, 3) - 0.5
    dunes = clouds(dice, 5, 14, 5) - 0.5
    dry = np.clip(dry * (1 + 0.16 * fine[..., None] + 0.34 * dunes[..., None]), 0, 255)
    wet = gradient(np.clip((y - 0.74) / 0.2, 0, 1), (0, "C98B86"), (0.5, "8C6A80"), (1, "5B4A66"))
    wet = shine(wet, 0.65 * blob(x, y, (_SUN, 0.78), (0.16, 0.16)), rgb("FFB98A"))
    ground = mix(np.asarray(wet, np.float32), np.asarray(dry, np.float32),
                 smooth(0.05, 0.13, y - shore))  # fmt: skip
    picture = mix(picture, ground, smooth(-0.004, 0.004, y - shore))
    lace = clouds(dice, 26, 40, 5)
    for offset, width, strength in (
        (0.0, 0.010, 0.85),
        (-0.034, 0.007, 0.5),
        (-0.066, 0.005, 0.35),
    ):
        away = np.abs(y - shore - offset - 0.018 * (lace - 0.5))
        foam = np.exp(-((away / width) ** 2)) * smooth(0.28, 0.62, lace)
        picture = mix(picture, rgb("FFE6D8"), np.asarray(strength * foam, np.float32))
    return picture


def front() -> Sheet:
    """Return the palm leaves that hang into the picture, near and a little out of focus."""
    dice = np.random.default_rng(4)
    sheet = Sheet(WIDTH, HEIGHT)
    for root, heading, length, bend in (
        ((-90, 330), -0.25, 620, 1.0),
        ((-80, 40), 0.10, 820, 0.62),
        ((250, -90), 0.55, 600, 0.75),
    ):
        _frond(sheet, root, heading, length, bend, dice)
    sheet.colours = np.asarray(cv2.GaussianBlur(sheet.colours, (0, 0), 2.2), np.float32)
    sheet.alpha = np.asarray(cv2.GaussianBlur(sheet.alpha, (0, 0), 2.2), np.float32)
    return sheet


def _frond(  # noqa: PLR0917 - one call each, read as a table
    sheet: Sheet,
    root: tuple[float, float],
    heading: float,
    length: float,
    bend: float,
    dice: np.random.Generator,
) -> None:
    t = np.linspace(0, 1, 90)
    angle = heading + bend * t**1.3
    line = np.stack(
        (root[0] + np.cumsum(np.cos(angle)) * length / 90,
         root[1] + np.cumsum(np.sin(angle)) * length / 90),
        axis=1,
    )  # fmt: skip
    for number in range(6, 88, 3):
        reach = length * 0.36 * np.sin(np.pi * min(1, 0.12 + 0.9 * t[number])) ** 0.8
        for side in (-1, 1):
            turn = angle[number] + side * (1.05 - 0.45 * t[number]) + dice.uniform(-0.06, 0.06)
            tone = mixed(_SHADE, _RIM, float(np.clip(dice.normal(0.1, 0.06), 0, 0.3)))
            _blade(sheet, line[number], turn, reach * dice.uniform(0.88, 1.08), tone)
    sheet.polygon(band(line, 9 - 6 * t), mixed(_SHADE, _RIM, 0.16))


def _blade(
    sheet: Sheet, root: Points, angle: float, length: float, tone: tuple[int, int, int]
) -> None:
    t = np.linspace(0, 1, 16)
    droop = angle + 0.55 * t**2 * np.cos(angle)
    line = np.stack(
        (root[0] + np.cumsum(np.cos(droop)) * length / 16,
         root[1] + np.cumsum(np.sin(droop)) * length / 16),
        axis=1,
    )  # fmt: skip
    width = np.sin(np.pi * (0.08 + 0.92 * t)) ** 0.7 * length * 0.075 + 1
    sheet.polygon(band(line, width), tone, mixed(tone, _RIM, 0.22))
