import io

import numpy as np
import pytest
from PIL import Image

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.imaging.backgrounds import inspect, open_artwork
from kiosk_appliance.imaging.originals import ORIGINALS, Original, read
from kiosk_appliance.imaging.photo import PhotoLimits
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


def test_the_originals_are_light_and_leave_the_middle_free() -> None:
    assert {original.name for original in ORIGINALS} == {"Confettis", "Guirlande"}
    for original in ORIGINALS:
        data = read(original)
        facts = inspect(data, LIMITS)
        assert len(data) < 300_000
        assert facts.has_alpha
        assert original.mode == "frame"
        alpha = open_artwork(data, LIMITS.max_pixels, 2400).alpha
        assert alpha is not None
        height, width = alpha.shape
        assert alpha[height // 4 : height * 6 // 10, width * 3 // 10 : width * 7 // 10].max() < 60


def test_an_original_is_read_from_the_package() -> None:
    with pytest.raises(FileNotFoundError):
        read(Original("No", "frame", "no.webp"))
