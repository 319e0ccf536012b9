import io

import numpy as np
import pytest
from PIL import Image, ImageSequence

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.imaging.backgrounds import open_artwork
from kiosk_appliance.imaging.layers import layered, packed
from kiosk_appliance.imaging.mode import EVERYWHERE, Zone
from kiosk_appliance.imaging.pixels import Size
from tests.parts import pictures

MOST = 40_000_000


def test_layers_come_back_as_they_were_joined() -> None:
    back = np.full((40, 60, 3), (200, 30, 60), np.uint8)
    front = np.zeros((40, 60, 4), np.uint8)
    front[20:, 30:] = (0, 255, 0, 255)
    data = layered(back, front, (10, 20, 90, 100), 95)
    artwork = open_artwork(data, MOST, 2400)
    assert artwork.zone == Zone(0.1, 0.2, 0.9, 1.0)
    assert artwork.front is not None
    assert artwork.front.alpha[5, 5] == 0
    assert artwork.front.alpha[35, 55] == 255
    assert np.abs(artwork.pixels[5, 5].astype(int) - (60, 30, 200)).max() < 12
    # A browser plays it: the front comes over the back, and stays.
    shown = Image.open(io.BytesIO(data))
    shown.seek(1)
    seen = shown.convert("RGB").getpixel((55, 35))
    assert isinstance(seen, tuple)
    assert np.abs(np.array(seen) - (0, 255, 0)).max() < 12


def beach(width: int = 600, height: int = 400) -> bytes:
    return pictures.saved(pictures.quarters(width, height), "JPEG")


def palm(width: int = 300, height: int = 200) -> bytes:
    image = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    image.paste((0, 120, 0, 255), (width * 2 // 3, 0, width, height))
    return pictures.saved(image, "PNG")


def test_an_operators_pictures_become_one_background() -> None:
    artwork = open_artwork(packed(beach(), palm(), (20, 10, 80, 100), MOST), MOST, 2400)
    assert artwork.canvas == Size(600, 400)
    assert artwork.zone == Zone(0.2, 0.1, 0.8, 1.0)
    assert artwork.front is not None
    assert artwork.front.alpha.shape == (400, 600)
    assert artwork.front.alpha[200, 100] == 0
    assert artwork.front.alpha[200, 500] == 255
    assert np.abs(artwork.front.pixels[200, 500].astype(int) - (0, 120, 0)).max() < 12


def test_the_edge_of_a_front_that_is_scaled_keeps_its_own_colour() -> None:
    artwork = open_artwork(packed(beach(), palm(299, 200), None, MOST), MOST, 2400)
    assert artwork.front is not None
    alpha, colours = artwork.front.alpha, artwork.front.pixels
    edge = colours[(alpha > 100) & (alpha < 255)]
    assert len(edge)
    assert edge[:, 2].max() < 60, "no white of what can't be seen"


def test_a_picture_with_a_zone_alone_has_no_front() -> None:
    artwork = open_artwork(packed(beach(), None, (0, 0, 50, 100), MOST), MOST, 2400)
    assert artwork.front is None
    assert artwork.zone == Zone(0.0, 0.0, 0.5, 1.0)
    assert open_artwork(packed(beach(), palm(), None, MOST), MOST, 2400).zone == EVERYWHERE


@pytest.mark.parametrize(
    ("back", "front", "zone", "field", "part"),
    [
        (b"no picture", palm(), None, "file", "can't be used"),
        (beach(), b"no picture", None, "front", "picture in front can't be used"),
        (beach(), beach(), None, "front", "transparent part"),
        (beach(), palm(200, 200), None, "front", "600 x 400"),
        (beach(), palm(), (80, 0, 20, 100), "zone", "from 0 to 100"),
        (beach(), palm(), (0, 0, 101, 100), "zone", "from 0 to 100"),
        (beach(), palm(), (-1, 0, 100, 100), "zone", "from 0 to 100"),
        (beach(), palm(), (0, 50, 100, 50), "zone", "from 0 to 100"),
    ],
)
def test_what_does_not_fit_gets_a_sentence(
    back: bytes, front: bytes, zone: tuple[int, int, int, int] | None, field: str, part: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        packed(back, front, zone, MOST)
    assert [error.field for error in refused.value.errors] == [field]
    assert part in refused.value.detail


@pytest.mark.parametrize("name", pictures.hostile_pictures())
def test_a_hostile_front_is_refused_with_its_field(name: str) -> None:
    hostile = pictures.hostile_pictures()[name][0]
    with pytest.raises(InvalidRequest) as refused:
        packed(beach(), hostile, None, MOST)
    assert [error.field for error in refused.value.errors] == ["front"]


def test_the_file_says_the_same_each_time() -> None:
    made = packed(beach(), palm(), None, MOST)
    assert made == packed(beach(), palm(), None, MOST)
    assert len(list(ImageSequence.Iterator(Image.open(io.BytesIO(made))))) == 2
