"""People on a background: found, placed, lit; and what is made where that can't be."""

import gc
import io
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk_appliance.errors import PhotoRefused
from kiosk_appliance.imaging import models, modes
from kiosk_appliance.imaging.composition import Backdrop, Composer
from kiosk_appliance.imaging.cut import Cut
from kiosk_appliance.imaging.matte import cut_out
from kiosk_appliance.imaging.mode import Artwork, Layer, Zone
from kiosk_appliance.imaging.modes import MODES
from kiosk_appliance.imaging.modes.green_screen import measured
from kiosk_appliance.imaging.modes.person import PersonMode
from kiosk_appliance.imaging.networks import IDLE_S, SHARED, Networks
from kiosk_appliance.imaging.photo import PhotoLimits
from kiosk_appliance.imaging.pixels import Frame, Size
from kiosk_appliance.imaging.placing import Extent, place
from kiosk_appliance.imaging.preview import mask_of
from kiosk_appliance.imaging.scenery import Scenery
from tests.parts import pictures
from tests.parts.people import BLUE, GREEN, everybody, portrait

CANVAS = Size(480, 320)
SEA = (150, 110, 20)
LIMITS = PhotoLimits(max_pixels=40_000_000, formats=frozenset({"jpeg", "png", "webp"}))
HOWS = ("clean", "framed")
HOSTILE, ODD = pictures.hostile_pictures(), pictures.odd_pictures()


def artwork(canvas: Size = CANVAS) -> Artwork:
    return Artwork(np.full((canvas.height, canvas.width, 3), SEA, np.uint8), None, canvas)


def joined(mode: str | PersonMode, photo: Frame) -> tuple[Frame, str]:
    chosen = MODES[mode] if isinstance(mode, str) else mode
    made, how = chosen.prepare(artwork()).join(photo)  # type: ignore[attr-defined]
    return made, how


def is_sea(made: Frame, x: float, y: float) -> bool:
    seen = made[int(y * made.shape[0]), int(x * made.shape[1])].astype(int)
    return bool(np.abs(seen - SEA).max() < 12)


def test_somebody_is_found_with_clean_edges() -> None:
    found = cut_out(portrait(960, 640), SHARED)
    assert found.alpha.shape == (640, 960)
    assert found.confidence > 0.8
    assert found.alpha[200, 480] == found.alpha[600, 480] == 1
    assert found.alpha[:, :200].max() == found.alpha[:, -200:].max() == 0


@pytest.mark.parametrize(
    ("mode", "photo"),
    [
        ("person", portrait(960, 640)),
        ("person", portrait(480, 640)),
        ("person", everybody(960, 640)),
        ("green-screen", portrait(960, 640, GREEN)),
        ("green-screen", portrait(640, 640, BLUE)),
    ],
)
def test_people_stand_on_the_background(mode: str, photo: Frame) -> None:
    made, how = joined(mode, photo)
    assert how == "clean"
    assert made.shape == (CANVAS.height, CANVAS.width, 3)
    assert is_sea(made, 0.02, 0.05)
    assert is_sea(made, 0.98, 0.05)
    row = made[int(0.97 * CANVAS.height)].astype(int)
    assert (np.abs(row - SEA).max(axis=1) > 30).any()


@pytest.mark.parametrize("mode", ["person", "green-screen"])
def test_nobody_on_the_photo_makes_a_print(mode: str) -> None:
    noise = np.asarray(pictures.noise(300, 200))
    made, how = joined(mode, noise)
    assert how == "framed"
    assert is_sea(made, 0.01, 0.01)
    assert not is_sea(made, 0.5, 0.5)


def test_a_cloth_is_measured_and_a_wall_is_none() -> None:
    for cloth in (GREEN, BLUE, (90, 140, 60), (70, 160, 90)):
        assert measured(portrait(640, 480, cloth)) is not None
    for wall in ((170, 160, 150), (60, 90, 190), (20, 30, 40), (255, 255, 255)):
        assert measured(portrait(640, 480, wall)) is None


def test_spill_is_taken_off_and_skin_stays() -> None:
    photo = portrait(960, 640, GREEN)
    made, _ = joined("green-screen", photo)
    blue, green, red = (plane.astype(int) for plane in cv2.split(made))
    people = np.abs(made.astype(int) - SEA).max(axis=2) > 40
    assert (green - np.maximum(blue, red))[people].max() < 40
    face = made[int(0.35 * CANVAS.height), CANVAS.width // 2].astype(int)
    assert face[2] > face[1] > face[0]


@settings(max_examples=200, deadline=None)
@given(
    photo=st.tuples(st.integers(64, 4000), st.integers(64, 4000)),
    canvas=st.tuples(st.integers(64, 2400), st.integers(64, 2400)),
    sides=st.tuples(*(st.floats(0, 1) for _ in range(4))),
    widest=st.floats(0, 1),
)
def test_heads_are_never_cut(
    photo: tuple[int, int],
    canvas: tuple[int, int],
    sides: tuple[float, float, float, float],
    widest: float,
) -> None:
    left, right = sorted(sides[:2])
    top, bottom = sorted(sides[2:])
    people = Extent(left, top, min(1, right + 0.01), min(1, bottom + 0.01), max(top, widest))
    where = place(Size(*photo), people, Size(*canvas), Zone())
    assert where.scale > 0
    # One that the photo has cut already stays at the edge.
    margin = 0.0 if people.top < 0.012 else 0.02 * canvas[1]
    assert where.y + people.top * photo[1] * where.scale >= margin - 1e-6


def test_what_stands_in_front_covers_people() -> None:
    leaf = np.full((320, 480, 3), (0, 200, 0), np.uint8)
    alpha = np.zeros((320, 480), np.uint8)
    alpha[280:] = 255
    art = Artwork(artwork().pixels, None, CANVAS, Layer(leaf, alpha))
    made = MODES["person"].prepare(art).take_in(portrait(960, 640))
    assert (made[285:] == (0, 200, 0)).all()


@pytest.mark.parametrize("mode", ["person", "green-screen"])
def test_what_stands_in_front_goes_behind_faces(mode: str) -> None:
    leaf, everywhere = (0, 200, 0), np.full((320, 480), 255, np.uint8)
    front = Layer(np.full((320, 480, 3), leaf, np.uint8), everywhere)
    photo = portrait(960, 640, GREEN)
    free = MODES[mode].prepare(artwork()).take_in(photo.copy()).astype(int)
    made = MODES[mode].prepare(Artwork(artwork().pixels, None, CANVAS, front)).take_in(photo)
    face = (slice(70, 150), slice(225, 255))
    assert np.abs(made[face] - free[face]).max() <= 3
    for row, column in ((0, 0), (100, 20), (100, 460), (319, 240)):
        assert tuple(made[row, column]) == leaf


def test_somebody_small_who_stands_apart_has_a_face_too() -> None:
    tall, small = portrait(480, 640), cv2.resize(portrait(480, 640), (240, 320))
    photo = np.full((640, 1100, 3), tall[0, 0], np.uint8)
    photo[:, :480] = tall
    photo[-320:, 800:1040] = small
    alpha = np.where(np.abs(photo.astype(int) - tall[0, 0]).max(axis=2) > 30, 255, 0)
    faces = cv2.resize(Cut(photo, alpha.astype(np.uint8)).heads().alpha, (1100, 640))
    assert faces[220, 240] == faces[420, 920] == 255
    assert faces[-60:].max() == 0


def test_the_networks_go_when_idle_and_come_back_the_same() -> None:
    now = [0.0]
    networks = Networks(monotonic=lambda: now[0])
    photo = portrait(320, 320)
    first = cut_out(photo, networks)
    networks.drop_idle()
    assert networks.is_loaded
    now[0] += IDLE_S
    networks.drop_idle()
    assert not networks.is_loaded
    assert (cut_out(photo, networks).alpha == first.alpha).all()


@pytest.mark.parametrize("damage", ["missing", "truncated", "swapped", "empty", "folder"])
def test_without_whole_networks_the_photo_is_framed(tmp_path: Path, damage: str) -> None:
    other = models.read(models.FINDER)
    for model in models.EVERY:
        file = tmp_path / model.filename
        if damage == "truncated":
            file.write_bytes(models.read(model)[:1000])
        elif damage == "swapped":
            file.write_bytes(other if model is models.MATTER else b"\x08\x07" * 999)
        elif damage == "empty":
            file.touch()
        elif damage == "folder":
            file.mkdir()
    networks = Networks(tmp_path)
    assert networks.complaint() is not None
    assert joined(PersonMode(networks), portrait(320, 200))[1] == "framed"


def test_a_preview_is_masked() -> None:
    jpeg = cv2.imencode(".jpg", portrait(256, 256))[1].tobytes()
    mask = np.asarray(Image.open(io.BytesIO(mask_of(jpeg))))
    assert mask.shape == (256, 256)
    assert mask[90, 128] == 255
    assert mask[20, 20] == 0


def backdrop(mode: str) -> Backdrop:
    return Backdrop(mode, "1", mode, lambda: pictures.png(240, 160))


@pytest.mark.parametrize("mode", ["person", "green-screen"])
def test_the_same_photo_makes_the_same_picture(mode: str) -> None:
    photo = cv2.imencode(".jpg", portrait(640, 480, GREEN))[1].tobytes()
    first, again = (Composer(LIMITS, 2400, 88).compose(photo, backdrop(mode)) for _ in range(2))
    assert first.jpeg == again.jpeg
    assert first.cut_out == "clean"
    assert (first.width, first.height) == (240, 160)


def test_whoever_waits_for_her_turn_holds_no_stage() -> None:
    """One of these takes 11 MB, and two are more than is remembered."""
    photo = cv2.imencode(".jpg", portrait(640, 480, GREEN))[1].tobytes()
    large = pictures.png(2400, 1600)
    alive = []

    def read() -> bytes:
        alive.append(sum(isinstance(one, Scenery) for one in gc.get_objects()))
        return large

    composer = Composer(LIMITS, 2400, 88)
    with ThreadPoolExecutor(6) as guests:
        for number in range(12):
            chosen = Backdrop(str(number), "1", "green-screen", read)
            guests.submit(composer.compose, photo, chosen)
    assert len(alive) == 12
    assert max(alive) - min(alive) <= 2


@pytest.mark.parametrize("mode", ["person", "green-screen"])
def test_whatever_is_sent_each_mode_has_an_answer(mode: str) -> None:
    composer = Composer(LIMITS, 400, 88)
    for name, (data, code) in HOSTILE.items():
        with pytest.raises(PhotoRefused) as refused:
            composer.compose(data, backdrop(mode))
        assert refused.value.code == code, name
    # A network takes its time for each.
    for name in sorted(ODD)[:: 9 if mode == "person" else 1]:
        assert composer.compose(ODD[name].data, backdrop(mode)).cut_out in HOWS, name
    for size in ((16, 3000), (3000, 16), (17, 16)):
        assert composer.compose(pictures.jpeg(*size), backdrop(mode)).width == 240


def test_a_mode_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "mirrored.py").write_text(
        "from dataclasses import dataclass\n"
        "from kiosk_appliance.imaging.mode import Artwork\n"
        "from kiosk_appliance.imaging.pixels import Frame, Size\n"
        "@dataclass\n"
        "class Stage:\n"
        "    canvas: Size\n"
        "    nbytes: int = 0\n"
        "    def take_in(self, photo: Frame) -> Frame:\n"
        "        return photo[:, ::-1].copy()\n"
        "@dataclass\n"
        "class Mirrored:\n"
        "    name: str = 'mirrored'\n"
        "    def prepare(self, artwork: Artwork) -> Stage:\n"
        "        return Stage(artwork.canvas)\n"
        "MODE = Mirrored()\n",
        encoding="utf-8",
    )
    modes.__path__.append(str(tmp_path))
    known = set(MODES)
    try:
        MODES.update(modes.discovered())
        assert set(MODES) == {*known, "mirrored"}
        made = Composer(LIMITS, 400, 95).compose(pictures.jpeg(240, 160), backdrop("mirrored"))
    finally:
        modes.__path__.remove(str(tmp_path))
        MODES.pop("mirrored", None)
        sys.modules.pop(f"{modes.__name__}.mirrored", None)
    seen = Image.open(io.BytesIO(made.jpeg)).getpixel((40, 40))
    assert isinstance(seen, tuple)
    assert np.abs(np.array(seen) - pictures.GREEN).max() < 12
