import io
import re
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.imaging.backgrounds import inspect, open_artwork
from kiosk_appliance.imaging.layers import layered
from kiosk_appliance.imaging.mode import EVERYWHERE
from kiosk_appliance.imaging.originals import ORIGINALS, Original, read
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


@pytest.mark.parametrize("language", ["fr", "en", "de", "es", "it", "nl"])
def test_the_guest_page_knows_the_originals_by_name(language: str) -> None:
    messages = (Path("kiosk_appliance/web/pages/guest") / f"messages.{language}.js").read_text(
        "utf-8"
    )
    (given,) = re.findall(r"given: \{(.*?)\}", messages, re.DOTALL)
    assert re.findall(r'"(.*?)": "', given) == [original.name for original in ORIGINALS]


def test_the_originals_are_light_and_frames_leave_faces_free() -> None:
    assert {original.name for original in ORIGINALS if original.mode == "frame"} == {*FRAMES}
    for original in ORIGINALS:
        data = read(original)
        assert len(data) < 300_000
        if original.name in FRAMES:
            assert inspect(data, LIMITS).has_alpha
            alpha = open_artwork(data, LIMITS.max_pixels, 2400).alpha
            assert alpha is not None
            height, width = alpha.shape
            # From a forehead down to what is held up; a soft shade may lie there.
            faces = alpha[height * 13 // 100 : height * 3 // 4, width // 4 : width * 3 // 4]
            assert faces.max() < 80, original.name


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
