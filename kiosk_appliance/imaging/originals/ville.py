"""`Ville la nuit`: a terrace above the city, its lights out of focus, the last blue in the sky."""

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
_LIGHTS = ("FFC46B", "FFDFA6", "FF8A5C", "8FC7FF", "FFF1D6", "FF6F91", "9BE7E0")
_FOOT = 0.80


def back() -> NDArray[np.uint8]:
    """Return the scene."""
    dice = np.random.default_rng(30)
    x, y = grid()
    picture = gradient(
        y, (0, "0B1233"), (0.25, "1B2658"), (0.45, "45407F"), (0.58, "A0587F"), (0.66, "E08A72"),
        (0.8, "E08A72"), (1, "E08A72"),
    )  # fmt: skip
    veil = smooth(0.42, 1.05, clouds(dice, 3, 14))
    picture = mix(picture, rgb("8A5A8C"), 0.45 * veil * smooth(0.05, 0.5, y))
    for level, height, code, blur, many in (
        (0.70, 0.22, "4B4172", 2.2, 0.20), (0.74, 0.28, "2D2C57", 3.2, 0.26),
        (0.80, 0.30, "171B3D", 4.4, 0.30),
    ):  # fmt: skip
        picture = _row(picture, level, height, code, blur, many, dice)
    picture = _bokeh(picture, dice)
    picture = _terrace(picture, x, y)
    picture = (
        picture * (1 - 0.32 * smooth(0.35, 0.85, np.hypot(x - 0.5, (y - 0.5) * 0.8)))[..., None]
    )
    return finished(picture, dice)


def _row(  # noqa: PLR0917 - one call each, read as a table
    picture: Plane,
    level: float,
    height: float,
    code: str,
    blur: float,
    many: float,
    dice: np.random.Generator,
) -> Plane:
    """Paint a row of houses with lit windows, a little out of focus."""
    cover = np.zeros((HEIGHT, WIDTH), np.float32)
    lights = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    left = -30
    while left < WIDTH:
        width = int(dice.integers(70, 190))
        tall = height * dice.uniform(0.25, 1.0) ** 1.2
        top = int((level - tall) * HEIGHT)
        cover[top:, max(0, left) : left + width] = 1
        if dice.random() < 0.25:  # noqa: PLR2004 - some bear a mast
            cover[
                top - int(dice.integers(30, 90)) : top, left + width // 2 : left + width // 2 + 4
            ] = 1
        _windows(lights, (left, top, width), many, dice)
        left += int(width * dice.uniform(0.75, 1.1))
    soft = np.asarray(cv2.GaussianBlur(cover, (0, 0), blur), np.float32)
    _, y = grid()
    body = mix(np.zeros_like(picture) + np.array(rgb(code), np.float32), rgb("C9728A"),
               0.55 * smooth(level - 0.3, level + 0.12, y))  # fmt: skip
    picture = mix(picture, body, soft)
    glow = cv2.GaussianBlur(lights, (0, 0), blur) + 0.8 * cv2.GaussianBlur(lights, (0, 0), 5 * blur)
    added = np.clip(glow * soft[..., None], 0, 255)
    return np.asarray(255 * (1 - (1 - picture / 255) * (1 - added / 255)), np.float32)


def _windows(
    lights: Plane, house: tuple[int, int, int], many: float, dice: np.random.Generator
) -> None:
    left, top, width = house
    warm = np.array(rgb(_LIGHTS[int(dice.integers(0, 2))]), np.float32)
    for row in range(top + 16, HEIGHT, 21):
        for column in range(left + 10, left + width - 12, 15):
            if dice.random() < many and 0 <= column < WIDTH - 9:
                lights[row : row + 10, column : column + 7] = warm * dice.uniform(0.35, 1.0)


def _bokeh(picture: Plane, dice: np.random.Generator) -> Plane:
    """Add street lights as a lens sees them out of focus: even discs with a brighter rim."""
    for _ in range(150):
        nearness = dice.random() ** 1.6
        radius = 10 + 46 * nearness
        x = dice.uniform(-20, WIDTH + 20)
        y = HEIGHT * (0.70 + 0.10 * dice.normal(0, 0.55) + 0.05 * nearness)
        colour = rgb(_LIGHTS[int(dice.choice(7, p=[0.28, 0.22, 0.16, 0.1, 0.1, 0.08, 0.06]))])
        side = int(radius * 1.2) + 2
        low_x, low_y = int(x) - side, int(y) - side
        ys, xs = np.mgrid[0 : 2 * side, 0 : 2 * side]
        away = np.hypot(xs + low_x - x, ys + low_y - y) / radius
        disc = smooth(1.04, 0.97, away.astype(np.float32)) * (0.62 + 0.38 * away**4)
        light = (disc * dice.uniform(0.14, 0.5) * (1 - 0.35 * nearness)).astype(np.float32)
        a, b = max(low_y, 0), max(low_x, 0)
        c, d = min(low_y + 2 * side, HEIGHT), min(low_x + 2 * side, WIDTH)
        if a < c and b < d:
            part = light[a - low_y : c - low_y, b - low_x : d - low_x]
            picture[a:c, b:d] = shine(picture[a:c, b:d], part, colour)
    return picture


def _terrace(picture: Plane, x: Plane, y: Plane) -> Plane:
    """Paint the wet floor of the terrace, in which the city shows again, stretched and dim."""
    foot = int(_FOOT * HEIGHT)
    city = picture[foot - (HEIGHT - foot) : foot][::-1]
    mirrored = cv2.GaussianBlur(city, (0, 0), sigmaX=9, sigmaY=34)
    depth = np.linspace(0, 1, HEIGHT - foot, dtype=np.float32)[:, None, None]
    picture[foot:] = mirrored * (0.62 - 0.38 * depth) + np.array(rgb("0D1030"), np.float32) * 0.5
    edge = np.exp(-(((y - _FOOT) / 0.004) ** 2))
    picture = mix(picture, rgb("0E1230"), np.asarray(0.8 * edge, np.float32))
    warm = 0.22 * blob(x, y, (0.5, 0.86), (0.4, 0.12))
    return shine(picture, warm, rgb("FFB27A"))
