"""Pictures of people whose opacity is known: laid on busy grounds, then spoilt as cameras do.

People come as pictures with an alpha channel from a folder that the caller names; the grounds are
drawn here, and photographs of things from an installed package, where it is there.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

Plane = NDArray[np.float32]
Picture = NDArray[np.uint8]

WIDE, TALL = (1920, 1080), (1080, 1440)
_PHOTOGRAPHS = ("coffee", "chelsea", "rocket", "motorcycle_left", "motorcycle_right", "brick",
                "gravel", "grass")  # fmt: skip
KINDS = ("single", "group", "far", "held", "backlight", "dark", "tall")


@dataclass(frozen=True, slots=True)
class Person:
    """Straight colours, and opacity from 0 to 1."""

    name: str
    colours: Picture
    alpha: Plane


@dataclass(frozen=True, slots=True)
class Scene:
    """A spoilt picture; its true opacity and the people's true colours before they were spoilt."""

    name: str
    kind: str
    photo: Picture
    alpha: Plane
    people: Picture


def people_of(folder: Path) -> list[Person]:
    """Return the people in a folder, by name."""
    found = []
    for file in sorted((*folder.glob("*.webp"), *folder.glob("*.png"))):
        read = cv2.imread(str(file), cv2.IMREAD_UNCHANGED)
        if read is not None and read.ndim == 3 and read.shape[2] == 4:
            alpha = np.asarray(read[:, :, 3] / np.float32(255), np.float32)
            found.append(Person(file.stem, np.ascontiguousarray(read[:, :, :3]), alpha))
    return found


def scenes(people: Sequence[Person], count: int = 70) -> Iterator[Scene]:
    """Yield scenes of every kind in turn, the same for the same people."""
    grounds = _photographs()
    for number in range(count):
        dice = np.random.default_rng(1000 + number)
        kind = KINDS[number % len(KINDS)]
        width, height = TALL if kind == "tall" or number % 5 == 4 else WIDE
        ground = _ground(grounds, number, width, height, dice)
        canvas = np.zeros((height, width, 3), np.float32)
        alpha = np.zeros((height, width), np.float32)
        group = _chosen(people, kind, number, dice)
        for index, person in enumerate(group):
            _lay(canvas, alpha, person, index=index, count=len(group), kind=kind, dice=dice)
        if kind == "held":
            _hold(canvas, alpha, dice)
        if kind == "backlight":
            canvas *= 0.45
            ground = np.clip(ground * 1.25 + 60, 0, 255)
        if kind == "dark":
            canvas *= 0.5
            ground = ground * 0.22
        straight = canvas / np.maximum(alpha, 1e-3)[:, :, None]
        mixed = canvas + ground * (1 - alpha[:, :, None])
        photo = _spoilt(mixed, dice)
        yield Scene(f"{number:02} {kind} {'+'.join(one.name for one in group)}", kind, photo, alpha,
                    np.clip(straight, 0, 255).astype(np.uint8))  # fmt: skip


def ground(width: int, height: int, seed: int) -> NDArray[np.float32]:
    """Return a room full of things, the same for the same seed."""
    return _room(width, height, np.random.default_rng(seed))


def _chosen(
    people: Sequence[Person], kind: str, number: int, dice: np.random.Generator
) -> list[Person]:
    first = people[(number // len(KINDS) + number) % len(people)]
    if kind != "group":
        return [first]
    others = [one for one in people if one is not first]
    picks = dice.permutation(len(others))[: int(dice.integers(1, 3))]
    return [first, *(others[int(pick)] for pick in picks)]


def _lay(canvas: Plane, alpha: Plane, person: Person, *, index: int, count: int, kind: str,
         dice: np.random.Generator) -> None:  # fmt: skip
    """Put one person on the canvas; whoever her own picture cuts off stands at its lower edge."""
    height, width = alpha.shape
    share = {"far": dice.uniform(0.3, 0.42), "group": dice.uniform(0.68, 0.85)}.get(
        kind, dice.uniform(0.72, 0.95)
    )
    factor = min(share * height / person.alpha.shape[0], 0.95 * width / person.alpha.shape[1])
    size = (round(person.alpha.shape[1] * factor), round(person.alpha.shape[0] * factor))
    method = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    own = np.clip(cv2.resize(person.alpha, size, interpolation=method), 0, 1)
    dimmed = cv2.resize(person.colours * person.alpha[:, :, None], size, interpolation=method)
    centre = width * ((index + 0.5) / count + (0 if count > 1 else dice.uniform(-0.15, 0.15)))
    left = int(np.clip(centre - size[0] / 2, 0, width - size[0]))
    top = height - size[1]
    part = (slice(top, height), slice(left, left + size[0]))
    canvas[part] = canvas[part] * (1 - own[:, :, None]) + np.clip(dimmed, 0, 255)
    alpha[part] = alpha[part] * (1 - own) + own


def _hold(canvas: Plane, alpha: Plane, dice: np.random.Generator) -> None:
    """Let the person hold something up before herself."""
    ys, xs = np.nonzero(alpha > 0.9)
    x, y = int(np.percentile(xs, 60)), int(np.percentile(ys, 62))
    radius = int(0.11 * alpha.shape[0])
    shape = np.zeros(alpha.shape, np.uint8)
    if dice.random() < 0.5:
        cv2.circle(shape, (x, y), radius, 255, -1, cv2.LINE_AA)
    else:
        cv2.rectangle(shape, (x - radius, y - radius // 2), (x + radius, y + radius), 255, -1)
    own = cv2.GaussianBlur(shape, (0, 0), 1).astype(np.float32) / 255
    colour = dice.uniform(30, 225, 3).astype(np.float32)
    shade = np.linspace(1.15, 0.8, alpha.shape[0], dtype=np.float32)[:, None, None]
    canvas[:] = canvas * (1 - own[:, :, None]) + colour * shade * own[:, :, None]
    alpha[:] = alpha * (1 - own) + own


def _photographs() -> list[Picture]:
    try:
        from skimage import data  # noqa: PLC0415 - only where the benchmark's packages are
    except ImportError:
        return []
    folder = Path(data.__file__).parent
    found = [cv2.imread(str(folder / f"{name}.png")) for name in _PHOTOGRAPHS]
    found += [cv2.imread(str(folder / "rocket.jpg"))]
    return [one.astype(np.uint8) for one in found if one is not None]


def _ground(photographs: list[Picture], number: int, width: int, height: int,
            dice: np.random.Generator) -> NDArray[np.float32]:  # fmt: skip
    if photographs and number % 2:
        picture = photographs[number // 2 % len(photographs)]
        factor = max(width / picture.shape[1], height / picture.shape[0]) * dice.uniform(1, 1.4)
        large = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_CUBIC)
        top = int(dice.integers(0, large.shape[0] - height + 1))
        left = int(dice.integers(0, large.shape[1] - width + 1))
        return large[top : top + height, left : left + width].astype(np.float32)
    return (_shelves, _lights, _leaves, _room)[number // 2 % 4](width, height, dice)


def _shelves(width: int, height: int, dice: np.random.Generator) -> NDArray[np.float32]:
    ground = np.full((height, width, 3), dice.uniform(60, 130, 3), np.float32)
    for top in range(0, height, height // 5):
        x = 0
        while x < width:
            across = int(dice.integers(14, 70))
            low = int(top + dice.uniform(0.05, 0.4) * height / 5)
            cv2.rectangle(ground, (x, low), (x + across - 3, top + height // 5 - 12),
                          dice.uniform(10, 240, 3).tolist(), -1)  # fmt: skip
            x += across
    return ground


def _lights(width: int, height: int, dice: np.random.Generator) -> NDArray[np.float32]:
    ground = np.full((height, width, 3), dice.uniform(10, 50, 3), np.float32)
    for _ in range(160):
        centre = (int(dice.integers(0, width)), int(dice.integers(0, height)))
        cv2.circle(ground, centre, int(dice.integers(8, 70)), dice.uniform(40, 255, 3).tolist(), -1)
    return cv2.GaussianBlur(ground, (0, 0), 5).astype(np.float32)


def _leaves(width: int, height: int, dice: np.random.Generator) -> NDArray[np.float32]:
    ground = np.full((height, width, 3), (40, 90, 50), np.float32)
    for _ in range(1500):
        centre = (int(dice.integers(0, width)), int(dice.integers(0, height)))
        axes = (int(dice.integers(10, 50)), int(dice.integers(4, 16)))
        colour = (dice.uniform(10, 90), dice.uniform(60, 200), dice.uniform(20, 140))
        cv2.ellipse(ground, centre, axes, dice.uniform(0, 180), 0, 360, colour, -1, cv2.LINE_AA)
    return ground


def _room(width: int, height: int, dice: np.random.Generator) -> NDArray[np.float32]:
    rows = np.linspace(0, 1, height, dtype=np.float32)[:, None, None]
    ground = (
        np.array(dice.uniform(120, 220, 3), np.float32)
        * (1 - 0.3 * rows)
        * np.ones((1, width, 1), np.float32)
    )
    for _ in range(12):
        low = dice.uniform(0, 0.8, 2) * (width, height)
        past = low + dice.uniform(0.08, 0.35, 2) * (width, height)
        cv2.rectangle(ground, low.astype(int).tolist(), past.astype(int).tolist(),
                      dice.uniform(20, 240, 3).tolist(), -1)  # fmt: skip
    return cv2.GaussianBlur(ground, (0, 0), 1.5).astype(np.float32)


def _spoilt(mixed: NDArray[np.float32], dice: np.random.Generator) -> Picture:
    """Blur a little, add a sensor's noise, and go through a JPEG."""
    blurred = cv2.GaussianBlur(mixed, (0, 0), float(dice.uniform(0.4, 1.3)))
    noisy = blurred + dice.normal(0, float(dice.uniform(1, 6)), mixed.shape)
    pixels = np.clip(noisy, 0, 255).astype(np.uint8)
    quality = [cv2.IMWRITE_JPEG_QUALITY, int(dice.integers(60, 93))]
    read = cv2.imdecode(cv2.imencode(".jpg", pixels, quality)[1], cv2.IMREAD_COLOR)
    assert read is not None
    return read.astype(np.uint8)
