"""`make pictures`: twelve portraits in each mode on one sheet, to be looked at.

Two are photographs in the public domain that come inside packages: `astronaut` (NASA, in
scikit-image) and `grace_hopper` (US Navy, in matplotlib); each is shown in four lights. The others
are drawn by the tests. Nothing of it is part of the appliance.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import cv2
import numpy as np
from numpy.typing import NDArray

from kiosk_appliance.imaging.composition import Backdrop, Composer
from kiosk_appliance.imaging.matte import cut_out
from kiosk_appliance.imaging.networks import SHARED
from kiosk_appliance.imaging.originals import ORIGINALS, read
from kiosk_appliance.imaging.photo import PhotoLimits
from tests.bench.scenes import Picture, ground
from tests.parts.people import BLUE, GREEN, everybody, portrait

_LIMITS = PhotoLimits(40_000_000, frozenset({"jpeg"}))
_CELL = (480, 320)
_WORDS = 30
_PUBLIC_DOMAIN = "public domain"
_OURS = "drawn by the tests, MIT"


class Portrait(NamedTuple):
    name: str
    photo: Picture
    licence: str


def portraits() -> Iterator[Portrait]:
    """Yield the twelve."""
    for name, photo in _photographs():
        yield Portrait(name, photo, _PUBLIC_DOMAIN)
        yield Portrait(f"{name}, dim", _lit(photo, 0.45, 0), _PUBLIC_DOMAIN)
        yield Portrait(f"{name}, far", _far(photo), _PUBLIC_DOMAIN)
        yield Portrait(f"{name}, green cloth", _before_cloth(photo), _PUBLIC_DOMAIN)
    yield Portrait("drawn", portrait(1280, 853), _OURS)
    yield Portrait("two", everybody(1280, 853), _OURS)
    yield Portrait("tall, green cloth", portrait(853, 1280, GREEN), _OURS)
    yield Portrait("blue cloth", portrait(1280, 853, BLUE), _OURS)


def _photographs() -> Iterator[tuple[str, Picture]]:
    import matplotlib as mpl  # noqa: PLC0415 - in the environment of `make pictures` only
    from skimage import data  # noqa: PLC0415

    folder = Path(data.__file__).parent
    yield "astronaut", _read(folder / "astronaut.png")
    yield "grace_hopper", _read(Path(mpl.get_data_path()) / "sample_data" / "grace_hopper.jpg")


def _read(file: Path) -> Picture:
    found = cv2.imread(str(file))
    assert found is not None, file
    return found


def _lit(photo: Picture, gain: float, lift: float) -> Picture:
    return np.clip(photo * np.float32(gain) + lift, 0, 255).astype(np.uint8)


def _cut(photo: Picture) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    found = cut_out(photo, SHARED)
    size = (photo.shape[1], photo.shape[0])
    return cv2.resize(found.alpha, size)[..., None], cv2.resize(found.colours, size)


def _before_cloth(photo: Picture) -> Picture:
    alpha, own = _cut(photo)
    people = np.where(alpha < 0.97, own, photo)
    return np.clip(people * alpha + np.array(GREEN) * (1 - alpha), 0, 255).astype(np.uint8)


def _far(photo: Picture) -> Picture:
    """Put her at a third of her size into a busy room."""
    room = ground(1280, 853, 7)
    small = cv2.resize(photo, None, fx=430 / photo.shape[0], fy=430 / photo.shape[0])
    alpha, own = _cut(small)
    people = np.where(alpha < 0.97, own, small)
    part = room[-430:, 420 : 420 + small.shape[1]]
    part[:] = np.clip(people * alpha + part * (1 - alpha), 0, 255)
    return room.astype(np.uint8)


def main() -> int:
    target = Path(sys.argv[1] if len(sys.argv) > 1 else "contact.png")
    composer = Composer(_LIMITS, 1600, 92)
    scenes = [original for original in ORIGINALS if original.mode == "person"]
    frames = [original for original in ORIGINALS if original.mode == "frame"]
    rows, told = [], []
    for number, one in enumerate(portraits()):
        jpeg = cv2.imencode(".jpg", one.photo, [cv2.IMWRITE_JPEG_QUALITY, 95])[1].tobytes()
        scene, frame = scenes[number % len(scenes)], frames[number % len(frames)]
        cells, ways = [_cell(one.photo, f"{one.name} ({one.licence})")], []
        for mode, original in (("frame", frame), ("person", scene), ("green-screen", scene)):
            backdrop = Backdrop(original.filename, "1", mode, lambda it=original: read(it))
            made = composer.compose(jpeg, backdrop)
            composer.forget(original.filename)
            ways.append(f"{mode} {made.cut_out or ''}".strip())
            picture = cv2.imdecode(np.frombuffer(made.jpeg, np.uint8), cv2.IMREAD_COLOR)
            cells.append(_cell(picture, ways[-1]))
        told.append(f"{one.name}: {one.licence}; {', '.join(ways)}")
        rows.append(np.hstack(cells))
    cv2.imwrite(str(target), np.vstack(rows))
    print("\n".join(told))
    print(f"{target}: {len(rows)} portraits")
    return 0


def _cell(picture: Picture, words: str) -> Picture:
    width, height = _CELL
    factor = min(width / picture.shape[1], height / picture.shape[0])
    small = cv2.resize(picture, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA)
    cell = np.full((height + _WORDS, width, 3), 24, np.uint8)
    left = (width - small.shape[1]) // 2
    cell[: small.shape[0], left : left + small.shape[1]] = small
    at = (8, height + 20)
    cv2.putText(cell, words, at, cv2.FONT_HERSHEY_SIMPLEX, 0.5, (230,) * 3, 1, cv2.LINE_AA)
    return cell


if __name__ == "__main__":
    sys.exit(main())
