"""`Confettis`: a cream mount, two paper streamers, and confetti that leaves the faces free."""

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

WIDTH, HEIGHT = 1440, 1920
_CREAM, _INK = rgb("FFF7EA"), rgb("2A1B3D")
_PAPERS = tuple(rgb(code) for code in ("F2545B", "F7A93B", "FFD97A", "1E9C97", "2F3E8F", "F7B2B7"))
_MOUNT, _MOUNT_BELOW = 46, 46
_CORNERS = ((0, 0, 760), (WIDTH, 0, 700), (0, HEIGHT, 430), (WIDTH, HEIGHT, 560))


def draw() -> Sheet:
    """Return the finished sheet."""
    dice = np.random.default_rng(11)
    mount = _mount()
    streamers = Sheet(WIDTH, HEIGHT)
    _streamer(streamers, 120, -60, 900, 62, _PAPERS[0], dice)
    _streamer(streamers, 262, -60, 430, 46, _PAPERS[1], dice)
    _streamer(streamers, WIDTH - 118, -60, 720, 58, _PAPERS[3], dice)
    _streamer(streamers, WIDTH - 250, -60, 380, 44, _PAPERS[4], dice)
    streamers.cast_shadow(_INK, 0.34, 9, 12)
    pieces = Sheet(WIDTH, HEIGHT)
    for x, y, edge in _places(dice):
        _piece(pieces, x, y, 15 + 19 * edge * dice.uniform(0.7, 1.3), dice)
    pieces.cast_shadow(_INK, 0.36, 5, 8)
    streamers.over(mount)
    pieces.over(streamers)
    return pieces


def _mount() -> Sheet:
    """Return a passe-partout with a fine line in it, throwing a little shadow on the photo."""
    sheet = Sheet(WIDTH, HEIGHT)
    opening = Sheet(WIDTH, HEIGHT)
    right, bottom = WIDTH - _MOUNT, HEIGHT - _MOUNT_BELOW
    opening.polygon(rounded(_MOUNT, _MOUNT, right, bottom, 38), _CREAM)
    sheet.wash(1 - opening.alpha, _CREAM)
    line = Sheet(WIDTH, HEIGHT)
    line.polygon(rounded(20, 20, WIDTH - 20, HEIGHT - 20, 52), _CREAM)
    inner = Sheet(WIDTH, HEIGHT)
    inner.polygon(rounded(24, 24, WIDTH - 24, HEIGHT - 24, 48), _CREAM)
    sheet.wash(line.alpha - inner.alpha, mixed(_PAPERS[1], _CREAM, 0.25))
    frame = Sheet(WIDTH, HEIGHT)
    frame.wash(1 - opening.alpha, _INK)
    shade = Sheet(WIDTH, HEIGHT)
    shade.polygon(rounded(_MOUNT, _MOUNT, right, bottom, 38), _CREAM, blur=9)
    soft = np.clip(1 - shade.alpha, 0, 1) * opening.alpha * 0.5
    sheet.wash(soft, _INK)
    return sheet


def _places(dice: np.random.Generator) -> list[tuple[float, float, float]]:
    """Scatter places, no two too near: many by the edges and on top, none over the faces."""
    found: list[tuple[float, float, float]] = []
    for _ in range(9000):
        x, y = dice.uniform(-10, WIDTH + 10), dice.uniform(-10, HEIGHT + 10)
        # Distance to the nearest of the corners that are decked, those above more than below.
        reach = min(
            np.hypot(x - corner_x, (y - corner_y) * 0.8) / reach
            for corner_x, corner_y, reach in _CORNERS
        )
        # Nearly a rectangle: whoever stands aside has a face, too.
        aside, above = (x / WIDTH - 0.5) / 0.35, (y / HEIGHT - 0.48) / 0.4
        faces = (aside**4 + above**4) ** 0.25
        likely = np.clip(1 - reach, 0, 1) ** 1.5 * (faces > 1)
        spacing = 34 + 52 * (1 - likely)
        if dice.random() < likely and all(
            (x - other[0]) ** 2 + (y - other[1]) ** 2 > spacing**2 for other in found
        ):
            found.append((x, y, float(likely)))
    return found


def _piece(sheet: Sheet, x: float, y: float, size: float, dice: np.random.Generator) -> None:
    """Draw one bit of paper as it tumbles: seen from some side, lit from above."""
    colour = _PAPERS[int(dice.choice(6, p=[0.21, 0.2, 0.17, 0.18, 0.11, 0.13]))]
    angle, tilt = dice.uniform(0, np.pi), dice.uniform(0.35, 1)
    lit = mixed(colour, (255, 255, 255), 0.32 * tilt)
    dark = mixed(colour, _INK, 0.30 * (1.1 - tilt))
    kind = dice.random()
    if kind < 0.56:  # noqa: PLR2004 - shares of the kinds
        half = np.array([[-1.0, -0.62], [1, -0.62], [1, 0.62], [-1, 0.62]]) * (1, tilt) * size
        sheet.polygon(turned(half, angle, x, y), lit, dark)
    elif kind < 0.82:  # noqa: PLR2004
        sheet.polygon(ellipse(x, y, size * 0.78, size * 0.78 * tilt, angle), lit, dark)
    else:
        _curl(sheet, (x, y), size, angle, colour)


def _curl(
    sheet: Sheet, place: tuple[float, float], size: float, angle: float, colour: Colour
) -> None:
    """Draw a short curled strip."""
    along = np.linspace(-1.5, 1.5, 22)
    wave = np.stack((along * size, np.sin(along * 3.1) * size * 0.42), axis=1)
    line = turned(wave, angle, *place)
    _ribbon(sheet, line, size * 0.42, colour, np.sin(along * 3.1))


def _streamer(  # noqa: PLR0917 - one call each, read as a table
    sheet: Sheet,
    x: float,
    top: float,
    length: float,
    width: float,
    colour: Colour,
    dice: np.random.Generator,
) -> None:
    """Draw a paper spiral hanging from above, its coils opening downwards."""
    turns = length / 105
    t = np.linspace(0, 1, int(turns * 30))
    phase = t * turns * 2 * np.pi + dice.uniform(0, 6)
    swing = 20 + 34 * t
    line = np.stack(
        (x + np.sin(phase) * swing + np.sin(t * 4) * 24, top + t * length + np.cos(phase) * 20),
        axis=1,
    )
    _ribbon(sheet, line, width * 0.55, colour, np.cos(phase))


def _ribbon(sheet: Sheet, line: Points, width: float, colour: Colour, facing: Points) -> None:
    """Draw a strip piece by piece: bright where it faces the light, dark where it turns away."""
    light, dark = mixed(colour, (255, 255, 255), 0.38), mixed(colour, _INK, 0.34)
    order = np.argsort(facing[:-1])  # what faces away lies behind
    widths = width * (0.72 + 0.28 * np.abs(facing))
    for index in order:
        piece = slice(max(index - 1, 0), index + 2)
        share = (1 - float(facing[index])) / 2
        sheet.polygon(band(line[piece], widths[piece]), mixed(light, dark, share))
