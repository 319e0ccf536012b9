"""Where the appliance puts people, as a table that the guest page's own rule is held against.

usage: python -m tests.parts.placings   (writes the table anew)
"""

import json
import random
from pathlib import Path
from typing import Any

import numpy as np

from kiosk_appliance.imaging.cut import Cut
from kiosk_appliance.imaging.mode import EVERYWHERE, Zone
from kiosk_appliance.imaging.pixels import Size
from kiosk_appliance.imaging.placing import Extent, place

TABLE = Path(__file__).parents[2] / "kiosk_appliance" / "web" / "pages" / "test" / "placing.json"
_PLACES, _EXTENTS = 160, 24
_SIDE = 256
_PHOTOS = (Size(1280, 720), Size(1920, 1080), Size(640, 480), Size(1080, 1920), Size(500, 500))
_CANVASES = (Size(1800, 1200), Size(1200, 1800), Size(960, 640), Size(800, 800), Size(1920, 1080))


def table() -> dict[str, Any]:
    """Return the same cases at each call."""
    dice = random.Random(20)
    return {
        "extents": [_extent(dice) for _ in range(_EXTENTS)],
        "places": [_place(dice) for _ in range(_PLACES)],
    }


def _place(dice: random.Random) -> dict[str, Any]:
    left, right = _span(dice)
    top, bottom = _span(dice)
    people = Extent(left, top, right, bottom, dice.choice((1.0, _share(dice, top, bottom))))
    zone = dice.choice((EVERYWHERE, Zone(0.2, 0.1, 0.8, 1.0), Zone(0.5, 0.3, 0.95, 0.9)))
    photo, canvas = dice.choice(_PHOTOS), dice.choice(_CANVASES)
    where = place(photo, people, canvas, zone)
    return {
        "photo": photo._asdict(),
        "people": people._asdict(),
        "canvas": canvas._asdict(),
        "zone": zone._asdict(),
        "place": {name: round(value, 6) for name, value in where._asdict().items()},
    }


def _span(dice: random.Random) -> tuple[float, float]:
    """Return two shares, one or both of them often at an edge."""
    low, high = sorted((_share(dice, 0, 0.9), _share(dice, 0.1, 1)))
    return dice.choice((0.0, 0.01, low, low)), dice.choice((1.0, 0.99, high + 0.01, high + 0.01))


def _share(dice: random.Random, low: float, high: float) -> float:
    return round(dice.uniform(low, high), 4)


def _extent(dice: random.Random) -> dict[str, Any]:
    """Return rectangles of some opacity (left, top, right, bottom, opacity), and what is seen."""
    boxes = []
    for _ in range(dice.randint(1, 3)):
        left, right = sorted(dice.sample((0, 1, 2, 3, *range(20, 240), 253, 254, 255, 256), 2))
        top, bottom = sorted(dice.sample(range(257), 2))
        boxes.append((left, top, right, bottom, dice.choice((90, 100, 101, 255))))
    boxes.append((100, 120, 140, 200, 255))
    alpha = np.zeros((_SIDE, _SIDE), np.uint8)
    for left, top, right, bottom, opacity in boxes:
        alpha[top:bottom, left:right] = opacity
    seen = Cut(np.zeros((9, 16, 3), np.uint8), alpha).extent()
    return {"boxes": boxes, "people": seen._asdict()}


def written() -> str:
    """Return the table as its file holds it, a case a line."""
    parts = (
        f'"{name}": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]"
        for name, cases in table().items()
    )
    return "{\n" + ",\n".join(parts) + "\n}\n"


if __name__ == "__main__":
    TABLE.write_text(written(), encoding="utf-8")
