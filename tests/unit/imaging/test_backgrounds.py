import io
from contextlib import suppress

import numpy as np
import pytest
from PIL import Image

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.imaging.backgrounds import inspect, open_artwork
from kiosk_appliance.imaging.mode import EVERYWHERE, Zone
from kiosk_appliance.imaging.originals import ORIGINALS, Original, read
from kiosk_appliance.imaging.originals.layers import layered
from kiosk_appliance.imaging.photo import PhotoLimits
from kiosk_appliance.imaging.pixels import Size
from tests.parts import pictures

LIMITS = PhotoLimits(max_pixels=40_000_000, formats=frozenset({"jpeg"}))
HOSTILE = pictures.hostile_pictures()


def test_a_frame_is_measured_and_its_thumbnail_stays_transparent() -> None:
    facts = inspect(pictures.transparent_frame(960, 1280, 96, (0, 0, 200, 255)), LIMITS)
    assert (facts.format, facts.media_type) == ("png", "image/png")
    assert (facts.width, facts.height, facts.has_alpha) == (960, 1280, True)
    thumbnail = Image.open(io.BytesIO(facts.thumbnail))
    assert (thumbnail.format, thumbnail.mode, thumbnail.size) == ("PNG", "RGBA", (360, 480))
    assert thumbnail.getpixel((10, 10)) == (0, 0, 200, 255)
    assert thumbnail.getpixel((180, 240)) == (0, 0, 0, 0)


def test_the_edges_of_a_thumbnail_keep_their_own_colour() -> None:
    image = Image.new("RGBA", (999, 999), (255, 255, 255, 0))
    image.paste((200, 0, 0, 255), (100, 100, 900, 900))
    facts = inspect(pictures.saved(image, "PNG"), LIMITS)
    seen = np.asarray(Image.open(io.BytesIO(facts.thumbnail)))
    edges = seen[(seen[:, :, 3] > 40) & (seen[:, :, 3] < 255)]
    assert len(edges)
    assert np.abs(edges[:, :3].astype(int) - (200, 0, 0)).max() <= 6


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_all_three_formats_serve_whatever_guests_may_send(kind: str) -> None:
    facts = inspect(pictures.saved(pictures.quarters(300, 200), kind), LIMITS)
    assert (facts.format, facts.has_alpha) == (kind.lower(), False)
    assert Image.open(io.BytesIO(facts.thumbnail)).mode == "RGB"


def test_opacity_that_hides_nothing_is_no_transparency() -> None:
    opaque = pictures.saved(pictures.quarters().convert("RGBA"), "PNG")
    assert not inspect(opaque, LIMITS).has_alpha


def test_a_lying_background_is_measured_upright() -> None:
    facts = inspect(pictures.with_orientation(6), LIMITS)
    assert (facts.width, facts.height) == (pictures.HEIGHT, pictures.WIDTH)
    artwork = open_artwork(pictures.with_orientation(6), LIMITS.max_pixels, 2400)
    assert artwork.canvas == (pictures.HEIGHT, pictures.WIDTH)


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_background_is_refused_with_its_field(name: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        inspect(HOSTILE[name][0], LIMITS)
    assert [error.field for error in refused.value.errors] == ["file"]
    assert refused.value.status == 422
    assert refused.value.detail.startswith("The picture ")


FRAMES = ("Confettis", "Guirlande")


def test_the_originals_are_light_and_frames_leave_the_middle_free() -> None:
    assert {original.name for original in ORIGINALS if original.mode == "frame"} == {*FRAMES}
    for original in ORIGINALS:
        data = read(original)
        assert len(data) < 300_000
        if original.name in FRAMES:
            assert inspect(data, LIMITS).has_alpha
            alpha = open_artwork(data, LIMITS.max_pixels, 2400).alpha
            assert alpha is not None
            height, width = alpha.shape
            middle = alpha[height // 4 : height * 6 // 10, width * 3 // 10 : width * 7 // 10]
            assert middle.max() < 60


def test_six_scenes_let_people_stand_before_them_and_behind_leaves() -> None:
    scenes = [original for original in ORIGINALS if original.mode == "person"]
    assert len(scenes) == 6
    fronts = set()
    for original in scenes:
        artwork = open_artwork(read(original), LIMITS.max_pixels, 2400)
        assert artwork.canvas == Size(2160, 1440)
        assert artwork.alpha is None or artwork.alpha.min() == 255
        assert artwork.zone != EVERYWHERE
        if artwork.front is not None:
            fronts.add(original.filename)
            face = artwork.front.alpha[200:900, 900:1260]
            assert face.max() < 10
    assert fronts == {"plage.webp", "pluie.webp"}


def test_layers_come_back_as_they_were_joined() -> None:
    back = np.full((40, 60, 3), (200, 30, 60), np.uint8)
    front = np.zeros((40, 60, 4), np.uint8)
    front[20:, 30:] = (0, 255, 0, 255)
    data = layered(back, front, (10, 20, 90, 100), 95)
    artwork = open_artwork(data, LIMITS.max_pixels, 2400)
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


@pytest.mark.parametrize("share", [30, 60, 90, 97])
def test_damaged_layers_are_refused_or_taken_whole(share: int) -> None:
    data = layered(
        np.full((40, 60, 3), 90, np.uint8), np.full((40, 60, 4), 70, np.uint8), (90, 9, 10, 8), 80
    )
    artwork = open_artwork(data, LIMITS.max_pixels, 2400)
    assert artwork.zone == EVERYWHERE
    rubbish = bytearray(data)
    at = len(data) * share // 100
    rubbish[at : at + 6] = b"\xff\x00\xff\x00\xff\x00"
    with suppress(InvalidRequest):
        assert open_artwork(bytes(rubbish), LIMITS.max_pixels, 2400).canvas == Size(60, 40)
    with pytest.raises(InvalidRequest):
        open_artwork(data[:at], LIMITS.max_pixels, 2400)


def test_an_original_is_read_from_the_package() -> None:
    with pytest.raises(FileNotFoundError):
        read(Original("No", "frame", "no.webp"))
