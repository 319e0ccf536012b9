"""`Guirlande`: a summer evening; strings of warm bulbs above, eucalyptus in the corners.

The bulbs hang above where foreheads are: nobody is cut out here, so nothing can go behind them.
"""

import numpy as np

from kiosk_appliance.imaging.originals.sheet import (
    Colour,
    Points,
    Sheet,
    band,
    ellipse,
    mixed,
    rgb,
    rounded,
    turned,
)

WIDTH, HEIGHT = 2160, 1440
_APART = 125
_NIGHT, _CABLE, _GOLD = rgb("141B33"), rgb("23261F"), rgb("E8C27A")
_AMBER, _FLAME, _CORE = rgb("FFB347"), rgb("FFD58A"), rgb("FFF8E4")
_LEAVES = tuple(rgb(code) for code in ("5D7F6B", "7E9F8A", "9DB8A2", "45644F", "B7C9B0"))


def draw() -> Sheet:
    """Return the finished sheet."""
    dice = np.random.default_rng(5)
    dusk = _dusk()
    line = _gold_line()
    strings = Sheet(WIDTH, HEIGHT)
    lights = Sheet(WIDTH, HEIGHT)
    hung: list[tuple[float, float]] = []
    for start, end, sag, count in (
        ((-60, 10), (1150, -150), 130, 9),
        ((1010, -150), (2220, 10), 130, 9),
    ):
        _string(strings, lights, start, end, sag, count, hung)
    strings.cast_shadow(_NIGHT, 0.4, 6, 9)
    leaves = Sheet(WIDTH, HEIGHT)
    for x, y, heading, length in (
        (-40, 1480, -0.30, 640), (-30, 1500, -0.95, 470), (-60, 1420, -1.32, 480),
        (2200, 1480, np.pi + 0.30, 640), (2190, 1500, np.pi + 0.95, 470),
        (2220, 1420, np.pi + 1.32, 480),
    ):  # fmt: skip
        _branch(leaves, x, y, heading, length, dice)
    leaves.cast_shadow(_NIGHT, 0.45, 10, 12)
    for upper, lower in ((line, dusk), (strings, line), (lights, strings), (leaves, lights)):
        upper.over(lower)
    return leaves


def _dusk() -> Sheet:
    """Darken the photo towards the top, where the lights hang, and a little at its foot."""
    sheet = Sheet(WIDTH, HEIGHT)
    rows = np.linspace(0, 1, HEIGHT, dtype=np.float32)
    fall = (
        0.5 * np.clip(1 - rows / 0.34, 0, 1) ** 1.7
        + 0.42 * np.clip((rows - 0.72) / 0.28, 0, 1) ** 1.8
    )
    sheet.wash(np.repeat(fall.astype(np.float32)[:, None], WIDTH, axis=1), _NIGHT)
    return sheet


def _gold_line() -> Sheet:
    """Return a fine golden line around the picture."""
    outer, inner, sheet = (Sheet(WIDTH, HEIGHT) for _ in range(3))
    outer.polygon(rounded(38, 38, WIDTH - 38, HEIGHT - 38, 30), _GOLD)
    inner.polygon(rounded(42, 42, WIDTH - 42, HEIGHT - 42, 26), _GOLD)
    sheet.wash((outer.alpha - inner.alpha) * 0.85, _GOLD)
    return sheet


def _string(  # noqa: PLR0917 - one call each, read as a table
    strings: Sheet,
    lights: Sheet,
    start: tuple[float, float],
    end: tuple[float, float],
    sag: float,
    count: int,
    hung: list[tuple[float, float]],
) -> None:
    """Hang a cable between two points, with bulbs at even distances, none over another."""
    t = np.linspace(0, 1, 120)
    line = np.outer(1 - t, start) + np.outer(t, end)
    line[:, 1] += 4 * sag * t * (1 - t)
    strings.polygon(band(line, np.full(120, 6.5)), _CABLE)
    for step in range(count):
        at = (step + 0.5) / count
        x = float(np.interp(at, t, line[:, 0]))
        y = float(np.interp(at, t, line[:, 1]))
        if all(np.hypot(x - other[0], y - other[1]) > _APART for other in hung):
            hung.append((x, y))
            _bulb(strings, lights, x, y)


def _bulb(strings: Sheet, lights: Sheet, x: float, y: float) -> None:
    """Draw a socket and a lit bulb below it, with its light around."""
    socket = np.array([[-7.0, -4], [7, -4], [9, 20], [-9, 20]]) + np.array((x, y))
    strings.polygon(socket, mixed(_CABLE, (255, 255, 255), 0.16), _CABLE)
    centre = y + 44
    lights.glow(x, centre, 130, _AMBER, 0.50)
    lights.glow(x, centre, 64, _FLAME, 0.62)
    turns = np.linspace(0, 2 * np.pi, 60, endpoint=False)
    narrowing = 1 - 0.42 * np.clip(-np.sin(turns), 0, 1) ** 1.5
    glass = np.stack((np.cos(turns) * 20 * narrowing, np.sin(turns) * 27), axis=1)
    glass += (x, centre)
    lights.polygon(np.roll(glass, 15, axis=0), _AMBER, _FLAME, opacity=0.95)
    lights.glow(x, centre + 3, 24, _CORE, 1.0)
    lights.glow(x, centre + 3, 18, _CORE, 0.9)


def _branch(  # noqa: PLR0917 - one call each, read as a table
    sheet: Sheet,
    x: float,
    y: float,
    heading: float,
    length: float,
    dice: np.random.Generator,
) -> None:
    """Draw a bending twig of eucalyptus, its leaves in pairs, smaller towards the tip."""
    t = np.linspace(0, 1, 60)
    bend = heading + (0.5 if np.cos(heading) > 0 else -0.5) * -t * np.sign(-np.sin(heading))
    step = length / 60
    line = np.stack((x + np.cumsum(np.cos(bend)) * step, y + np.cumsum(np.sin(bend)) * step), 1)
    sheet.polygon(band(line, 9 - 6 * t), mixed(_LEAVES[3], _NIGHT, 0.15))
    pairs = int(length / 46)
    for number in range(1, pairs + 1):
        at = int(59 * number / pairs)
        size = (58 - 28 * t[at]) * dice.uniform(0.9, 1.12)
        for side in (-1, 1):
            spread = side * dice.uniform(0.7, 1.05) * (1 - 0.45 * float(t[at]))
            colour = _LEAVES[int(dice.integers(0, 5))]
            _leaf(sheet, line[at], float(bend[at]) + spread, float(size), colour)
        if number % 3 == 0:
            _berry(sheet, line[at] + dice.uniform(-26, 26, 2), dice.uniform(8, 12))
    _leaf(sheet, line[-1], float(bend[-1]), 34, _LEAVES[2])


def _leaf(sheet: Sheet, root: Points, angle: float, size: float, colour: Colour) -> None:
    """Draw a leaf from its root: two halves in two shades, and a fine vein."""
    t = np.linspace(0, 1, 24)
    width = np.sin(np.pi * t**0.8) ** 0.85 * size * 0.44
    spine = np.stack((t * size * 1.75, np.zeros(24)), axis=1)
    for side, shade in ((-1, 0.22), (1, -0.0)):
        edge = np.stack((t * size * 1.75, side * width), axis=1)
        half = turned(np.concatenate((spine, edge[::-1])), angle, root[0], root[1])
        base = mixed(colour, _NIGHT, 0.26 - shade)
        sheet.polygon(half, base, mixed(colour, (255, 255, 255), 0.10 + shade * 0.6))
    vein = turned(band(spine[1:-3], np.linspace(3.2, 0.8, 20)), angle, root[0], root[1])
    sheet.polygon(vein, mixed(colour, (255, 255, 255), 0.42), opacity=0.7)


def _berry(sheet: Sheet, place: Points, radius: float) -> None:
    """Draw a golden berry with a small light on it."""
    x, y = float(place[0]), float(place[1])
    disc = np.roll(ellipse(x, y, radius, radius), 30, axis=0)
    sheet.polygon(disc, mixed(_GOLD, (255, 255, 255), 0.25), mixed(_GOLD, _NIGHT, 0.35))
    sheet.polygon(ellipse(x - radius * 0.3, y - radius * 0.35, radius * 0.25, radius * 0.2), _CORE)
