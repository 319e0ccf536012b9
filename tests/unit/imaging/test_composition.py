import io
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops, ImageStat

from kiosk_appliance.errors import InvalidRequest, PhotoRefused
from kiosk_appliance.imaging.composition import Backdrop, Composer, Picture
from kiosk_appliance.imaging.photo import PhotoLimits
from kiosk_appliance.imaging.pixels import Size
from tests.parts import pictures

LIMITS = PhotoLimits(max_pixels=40_000_000, formats=frozenset({"jpeg", "png", "webp"}))
FRAME = pictures.transparent_frame(300, 400, 40, (0, 0, 200, 255))
SOURCES = [odd.data for odd in pictures.odd_pictures().values()]


class Shelf:
    """A background's file, and how often it has been read."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.reads = 0

    def read(self) -> bytes:
        self.reads += 1
        return self.data


def backdrop(
    data: bytes | Callable[[], bytes] = FRAME,
    *,
    name: str = "b",
    version: str = "1",
    mode: str = "frame",
) -> Backdrop:
    return Backdrop(name, version, mode, data if callable(data) else lambda: data)


def composer(long_side: int = 2400) -> Composer:
    return Composer(LIMITS, long_side, 88)


def opened(jpeg: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(jpeg))
    image.load()
    return image


def near(image: Image.Image, x: float, y: float, colour: tuple[int, int, int]) -> bool:
    seen = np.array(image.getpixel((int(x * image.width), int(y * image.height))))
    return bool(np.abs(seen - np.array(colour)).max() <= 12)


@pytest.mark.parametrize(
    ("photo", "long_side", "size"),
    [
        ((800, 600), 2400, (800, 600)),
        ((2400, 1800), 2400, (2400, 1800)),
        ((2401, 1800), 2400, (2400, 1799)),
        ((600, 3000), 1000, (200, 1000)),
        ((1000, 1000), 640, (640, 640)),
        ((16, 3000), 100, (1, 100)),
    ],
)
def test_a_photo_alone_keeps_its_shape_and_is_never_enlarged(
    photo: tuple[int, int], long_side: int, size: tuple[int, int]
) -> None:
    picture = composer(long_side).compose(pictures.jpeg(*photo), None)
    assert (picture.width, picture.height) == size == opened(picture.jpeg).size


@pytest.mark.parametrize("mode", ["frame", "none"])
@pytest.mark.parametrize(
    "photo", [pictures.jpeg(1600, 900), pictures.jpeg(90, 700), pictures.jpeg(20, 20)]
)
def test_with_a_background_the_picture_has_its_shape(mode: str, photo: bytes) -> None:
    picture = composer().compose(photo, backdrop(mode=mode))
    assert (picture.width, picture.height) == (300, 400) == opened(picture.jpeg).size


def test_a_background_that_is_too_long_is_scaled_down() -> None:
    picture = composer(200).compose(pictures.jpeg(), backdrop())
    assert opened(picture.jpeg).size == (150, 200)


@pytest.mark.parametrize(
    ("screen", "size"),
    [
        (Size(1080, 1920), (300, 400)),
        (Size(150, 1000), (150, 200)),
        (Size(1000, 100), (75, 100)),
        (Size(1, 1), (1, 1)),
    ],
)
@pytest.mark.parametrize("mode", ["frame", "none", "person", "green-screen"])
def test_for_a_screen_the_very_picture_is_made_to_fit(
    mode: str, screen: Size, size: tuple[int, int]
) -> None:
    photo = pictures.jpeg(600, 800)
    kept = opened(composer().compose(photo, backdrop(mode=mode)).jpeg)
    shown = opened(composer().compose(photo, backdrop(mode=mode), screen).jpeg)
    assert shown.size == size
    # Their brightness: so small a JPEG keeps little of its colours.
    fitting = kept.resize(size, Image.Resampling.BOX).convert("L")
    apart = ImageChops.difference(shown.convert("L"), fitting)
    assert ImageStat.Stat(apart).mean[0] < 4


def test_a_photo_alone_is_made_to_fit_a_screen_too() -> None:
    picture = composer().compose(pictures.jpeg(800, 600), None, Size(200, 200))
    assert (picture.width, picture.height) == (200, 150) == opened(picture.jpeg).size


def test_the_photo_fills_the_background_centred_and_cropped() -> None:
    wide = Image.new("RGB", (1200, 400), pictures.RED)
    wide.paste(pictures.GREEN, (450, 0, 750, 400))  # just what a canvas of 300 x 400 shows
    seen = opened(composer().compose(pictures.saved(wide, "PNG"), backdrop(mode="none")).jpeg)
    assert all(near(seen, x, 0.5, pictures.GREEN) for x in (0.02, 0.5, 0.98))


@pytest.mark.parametrize("value", range(1, 9))
def test_a_lying_photo_stands_upright_in_a_background(value: int) -> None:
    odd = pictures.odd_pictures()[f"JPEG orientation {value}"]
    seen = opened(composer().compose(odd.data, backdrop(mode="none")).jpeg)
    places = ((0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75))
    for place, colour in zip(places, odd.quarters, strict=True):
        assert near(seen, *place, colour)


def test_mode_none_shows_nothing_of_the_background() -> None:
    seen = opened(composer().compose(pictures.jpeg(), backdrop(mode="none")).jpeg)
    assert near(seen, 0.02, 0.02, pictures.RED)


def test_a_frame_covers_the_border_and_leaves_the_middle() -> None:
    seen = opened(composer().compose(pictures.jpeg(600, 800), backdrop()).jpeg)
    assert near(seen, 0.05, 0.05, (0, 0, 200))
    assert near(seen, 0.95, 0.5, (0, 0, 200))
    assert near(seen, 0.3, 0.3, pictures.RED)
    assert near(seen, 0.7, 0.7, pictures.YELLOW)


def test_a_frame_without_transparency_covers_everything() -> None:
    seen = opened(composer().compose(pictures.jpeg(), backdrop(pictures.png(64, 64))).jpeg)
    assert near(seen, 0.75, 0.75, pictures.YELLOW)


@pytest.mark.parametrize(("width", "height", "small"), [(960, 600, (480, 300)), (90, 40, (90, 40))])
def test_the_thumbnail_is_the_small_composite(
    width: int, height: int, small: tuple[int, int]
) -> None:
    picture = composer().compose(pictures.jpeg(width, height), None)
    thumbnail = opened(picture.thumbnail)
    assert thumbnail.size == small
    assert near(thumbnail, 0.75, 0.75, pictures.YELLOW)


def test_a_picture_that_holds_its_pixels_no_longer_has_the_same_thumbnail() -> None:
    photo = pictures.jpeg(900, 600)
    picture, other = (composer().compose(photo, None) for _ in range(2))
    picture.forget_pixels()
    assert picture.thumbnail == other.thumbnail


@pytest.mark.parametrize("data", SOURCES)
def test_nothing_but_the_picture_is_left(data: bytes) -> None:
    picture = composer().compose(data, None)
    for jpeg in (picture.jpeg, picture.thumbnail):
        assert segments(jpeg) <= {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}
        assert set(opened(jpeg).info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density"}
        assert b"Secret" not in jpeg
        assert b"SERIAL" not in jpeg
        assert jpeg.endswith(b"\xff\xd9")
        assert jpeg.count(b"\xff\xd9") == 1


def segments(jpeg: bytes) -> set[int]:
    found, at = set(), 2
    while at < len(jpeg) and 0xDA not in found:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def test_the_same_bytes_make_the_same_bytes() -> None:
    photo = pictures.saved(pictures.noise(900, 700), "JPEG", quality=90)

    def made(by: Composer) -> tuple[bytes, bytes, int, int]:
        picture = by.compose(photo, backdrop())
        return picture.jpeg, picture.thumbnail, picture.width, picture.height

    ours = {made(composer()) for _ in range(3)}
    shared = composer()
    with ThreadPoolExecutor(2) as pool:
        ours |= set(pool.map(lambda _: made(shared), range(6)))
    assert len(ours) == 1


def test_a_background_is_read_once_for_many_photos_until_it_changes() -> None:
    shelf, ours = Shelf(FRAME), composer()
    for _ in range(3):
        ours.compose(pictures.jpeg(), backdrop(shelf.read))
    assert shelf.reads == 1
    ours.compose(pictures.jpeg(), backdrop(shelf.read, version="2"))
    assert shelf.reads == 2
    ours.forget("another")
    ours.compose(pictures.jpeg(), backdrop(shelf.read))
    assert shelf.reads == 2
    ours.forget("b")
    ours.compose(pictures.jpeg(), backdrop(shelf.read))
    assert shelf.reads == 3


def test_only_the_backgrounds_used_last_are_remembered() -> None:
    shelves, ours = [Shelf(FRAME) for _ in range(9)], composer()
    for number in (*range(8), 0, 8, 0, 1):
        ours.compose(pictures.jpeg(), backdrop(shelves[number].read, name=str(number)))
    assert [shelf.reads for shelf in shelves] == [1, 2, 1, 1, 1, 1, 1, 1, 1]


def test_a_broken_background_is_not_the_photos_fault() -> None:
    with pytest.raises(InvalidRequest, match="can't be used"):
        composer().compose(pictures.jpeg(), backdrop(FRAME[:500]))


def test_what_reading_a_background_raises_comes_through() -> None:
    def missing() -> bytes:
        raise FileNotFoundError

    with pytest.raises(FileNotFoundError):
        composer().compose(pictures.jpeg(), backdrop(missing))


def test_a_bad_photo_is_refused_before_its_background_is_read() -> None:
    shelf = Shelf(FRAME)
    with pytest.raises(PhotoRefused):
        composer().compose(b"no photo", backdrop(shelf.read))
    assert shelf.reads == 0


def test_two_threads_compose_with_different_backgrounds() -> None:
    ours, start = composer(), threading.Barrier(2)
    colours = {"one": (200, 0, 0), "two": (0, 0, 200)}

    def work(name: str) -> bool:
        frame = pictures.transparent_frame(300, 400, 40, (*colours[name], 255))
        start.wait()
        made = [ours.compose(pictures.jpeg(), backdrop(frame, name=name)) for _ in range(10)]
        return all(near(opened(picture.jpeg), 0.05, 0.5, colours[name]) for picture in made)

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(work, colours)) == [True, True]


@settings(max_examples=150, deadline=None)
@given(
    source=st.sampled_from(SOURCES),
    place=st.floats(0, 1, exclude_max=True),
    new=st.binary(min_size=1, max_size=8),
    framed=st.booleans(),
)
def test_a_changed_photo_gives_a_picture_or_a_refusal(
    source: bytes, place: float, new: bytes, *, framed: bool
) -> None:
    data = bytearray(source)
    at = int(place * len(data))
    data[at : at + len(new)] = new
    try:
        picture = composer(120).compose(bytes(data), backdrop() if framed else None)
    except PhotoRefused:
        return
    assert isinstance(picture, Picture)
    assert max(picture.width, picture.height) <= 120


def test_backgrounds_are_forgotten_when_nobody_comes() -> None:
    now = [0.0]
    shelf = Shelf(FRAME)
    idle = Composer(LIMITS, 2400, 88, lambda: now[0])
    idle.compose(pictures.jpeg(), backdrop(shelf.read))
    now[0] += 59
    assert not idle.rest()
    now[0] += 1
    assert idle.rest()
    idle.compose(pictures.jpeg(), backdrop(shelf.read))
    assert shelf.reads == 2
