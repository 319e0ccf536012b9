import io
import re
import tracemalloc

import cv2
import numpy as np
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from kiosk_appliance.imaging.qr import QUIET_ZONE, render

LINK = "http://localhost:8000/api/download/dGhpcyBpcyBhIHRva2VuIG9m"
SHORT = "https://p.example/aB3"


def picture(url: str, size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.asarray(Image.open(io.BytesIO(render(url, size, svg=False))).convert("L"))


def drawn(svg: str, size: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """Draw the path of our own SVG as a browser would."""
    count = int(re.findall(r'viewBox="0 0 (\d+) ', svg)[0])
    modules = np.full((count, count), 255, np.uint8)
    for x, y, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", svg):
        modules[int(y), int(x) : int(x) + int(width)] = 0
    return cv2.resize(modules, (size, size), interpolation=cv2.INTER_NEAREST)  # type: ignore[return-value]


@pytest.mark.parametrize("size", [82, 96, 128, 200, 256, 400, 401, 777, 1024, 2048])
def test_a_reader_finds_the_link_at_every_size(size: int) -> None:
    image = picture(LINK, size)
    assert image.shape == (size, size)
    assert cv2.QRCodeDetector().detectAndDecode(image)[0] == LINK
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [LINK]


@pytest.mark.parametrize("link", [LINK, SHORT])
def test_a_good_reader_finds_the_link_at_the_smallest_size(link: str) -> None:
    assert [code.text for code in zxingcpp.read_barcodes(picture(link, 64))] == [link]


@pytest.mark.parametrize("size", [64, 65, 100, 400, 2047])
def test_the_side_is_exact_and_the_margin_quiet(size: int) -> None:
    image = picture(LINK, size)
    dark = np.argwhere(image < 128)
    low, high = dark.min(axis=0), dark.max(axis=0)
    module = (high[0] - low[0] + 1) / 33  # version 4
    assert image.shape == (size, size)
    assert min(*low, *(size - 1 - high)) >= int(QUIET_ZONE * module)
    assert size < 41 or set(np.unique(image)) == {0, 255}


def test_a_large_code_takes_little_memory() -> None:
    """The C library keeps what many large ones would leave in pieces."""
    render(LINK, 400, svg=False)
    tracemalloc.start()
    try:
        render(LINK, 2048, svg=False)
        assert tracemalloc.get_traced_memory()[1] < 2_000_000
    finally:
        tracemalloc.stop()


def test_svg_bears_its_size_and_no_script() -> None:
    svg = render(LINK, 321, svg=True).decode()
    assert svg.startswith('<svg xmlns="http://www.w3.org/2000/svg" width="321" height="321"')
    assert 'shape-rendering="crispEdges"' in svg
    assert "script" not in svg
    assert "href" not in svg
    assert zxingcpp.read_barcodes(drawn(svg, 410))[0].text == LINK


def test_the_same_link_gives_the_same_bytes() -> None:
    assert render(LINK, 400, svg=False) == render(LINK, 400, svg=False)


def test_a_link_too_long_for_one_pixel_a_module_still_has_its_size() -> None:
    assert picture("https://example.com/" + "x" * 700, 64).shape == (64, 64)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=120))
def test_any_link_is_read_back(path: str) -> None:
    url = "https://k.example/" + path
    assert zxingcpp.read_barcodes(picture(url, 600))[0].text == url
