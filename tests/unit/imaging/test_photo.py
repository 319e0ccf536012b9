import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.errors import PhotoRefused
from kiosk_appliance.imaging.photo import PhotoLimits, decode, sniff
from kiosk_appliance.imaging.pixels import Size
from tests.parts import pictures

LIMITS = PhotoLimits(max_pixels=40_000_000, formats=frozenset({"jpeg", "png", "webp"}))
ODD = pictures.odd_pictures()
HOSTILE = pictures.hostile_pictures()
WHOLE = [
    pictures.jpeg(),
    pictures.jpeg(progressive=True, exif=pictures.exif(6)),
    ODD["CMYK with a profile"].data,
    pictures.png(),
    ODD["alpha with a swapping profile"].data,
    ODD["palette, red is clear"].data,
    ODD["animation with a small first frame"].data,
    ODD["lossy WebP with alpha"].data,
    pictures.webp(exif=pictures.exif(8)),
]


def quarters_of(frame: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[list[int]]:
    height, width = frame.shape[:2]
    places = [(y, x) for y in (height // 4, 3 * height // 4) for x in (width // 4, 3 * width // 4)]
    return [frame[place][::-1].tolist() for place in places]


@pytest.mark.parametrize("name", ODD)
def test_an_odd_but_whole_picture_comes_out_right(name: str) -> None:
    odd = ODD[name]
    frame = decode(odd.data, LIMITS, want=None)
    assert (odd.height, odd.width, 3) == frame.shape
    assert frame.dtype == np.uint8
    assert np.abs(np.array(odd.quarters) - np.array(quarters_of(frame))).max() <= 6


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_picture_is_refused(name: str) -> None:
    data, code = HOSTILE[name]
    with pytest.raises(PhotoRefused) as refused:
        decode(data, LIMITS, want=None)
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert refused.value.detail.endswith(".")


def test_there_are_enough_hostile_pictures() -> None:
    assert len(HOSTILE) >= 60


def test_a_format_that_is_not_taken_is_unreadable() -> None:
    only_jpeg = PhotoLimits(max_pixels=1_000_000, formats=frozenset({"jpeg"}))
    with pytest.raises(PhotoRefused, match="it is none of JPEG") as refused:
        decode(pictures.png(), only_jpeg, want=None)
    assert refused.value.code == "photo-unreadable"


def test_the_limit_of_pixels_is_inclusive() -> None:
    exact = PhotoLimits(max_pixels=96 * 64, formats=LIMITS.formats)
    assert decode(pictures.jpeg(96, 64), exact, want=None).shape == (64, 96, 3)
    with pytest.raises(PhotoRefused, match="97 x 64") as refused:
        decode(pictures.jpeg(97, 64), exact, want=None)
    assert refused.value.code == "photo-too-many-pixels"


@pytest.mark.parametrize(
    ("want", "shape"),
    [
        (None, (600, 800)),
        (Size(800, 600), (600, 800)),
        (Size(401, 300), (600, 800)),
        (Size(400, 300), (300, 400)),
        (Size(200, 150), (150, 200)),
        (Size(30, 20), (75, 100)),
    ],
)
def test_a_jpeg_is_decoded_at_half_scales_but_never_below_what_is_wanted(
    want: Size | None, shape: tuple[int, int]
) -> None:
    assert decode(pictures.jpeg(800, 600), LIMITS, want=want).shape[:2] == shape


def test_what_is_wanted_is_meant_upright() -> None:
    lying = pictures.jpeg(800, 600, exif=pictures.exif(6))
    assert decode(lying, LIMITS, want=Size(300, 400)).shape == (400, 300, 3)
    assert decode(lying, LIMITS, want=Size(400, 300)).shape == (800, 600, 3)


def test_the_format_is_told_by_content() -> None:
    built = (pictures.jpeg(), pictures.png(), pictures.webp(), b"GIF89a", b"")
    assert [sniff(data) for data in built] == ["jpeg", "png", "webp", None, None]


@pytest.mark.parametrize("side", [1499, 1500, 1501, 1777])
def test_a_large_flat_png_is_whole(side: int) -> None:
    assert decode(pictures.png(side, side), LIMITS, want=None).shape == (side, side, 3)


@settings(max_examples=300, deadline=None)
@given(
    whole=st.sampled_from(WHOLE),
    changes=st.lists(
        st.tuples(st.floats(0, 1, exclude_max=True), st.binary(min_size=1, max_size=4)),
        min_size=1,
        max_size=6,
    ),
    kept=st.one_of(st.just(1.0), st.floats(0, 1)),
)
def test_a_changed_picture_is_decoded_or_refused_and_nothing_else(
    whole: bytes, changes: list[tuple[float, bytes]], kept: float
) -> None:
    data = bytearray(whole)
    for place, new in changes:
        at = int(place * len(data))
        data[at : at + len(new)] = new
    try:
        frame = decode(bytes(data[: int(kept * len(data))]), LIMITS, want=Size(16, 16))
    except PhotoRefused:
        return
    assert frame.dtype == np.uint8
    assert frame.shape[2] == 3


@settings(max_examples=100, deadline=None)
@given(start=st.sampled_from([whole[:12] for whole in WHOLE]), rest=st.binary(max_size=400))
def test_rubbish_behind_a_right_beginning_is_refused(start: bytes, rest: bytes) -> None:
    with pytest.raises(PhotoRefused):
        decode(start + rest, LIMITS, want=None)
