"""Which form of an answer a client gets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.web.negotiation import best, language, prefers_html, quality, ranges_of

PICTURES = ("image/png", "image/svg+xml")


@pytest.mark.parametrize(
    ("accept", "media_type", "expected"),
    [
        ("", "image/png", 1.0),
        ("*/*", "image/png", 1.0),
        ("image/*;q=0.5", "image/png", 0.5),
        ("image/*;q=0.5, image/png;q=0.1", "image/png", 0.1),
        ("*/*;q=0.2, image/*;q=0.5", "text/html", 0.2),
        ("text/html", "image/png", 0.0),
        ("text/html;level=1;q=0.4", "text/html", 0.4),
        ("TEXT/Html ; Q=0.4", "text/html", 0.4),
        ("text/html;q=1.5", "text/html", 0.0),
        ("text/html;q=nan", "text/html", 0.0),
        ("text/html;q=-1", "text/html", 0.0),
        ("text/html;q=0.5, text/html;q=0.7", "text/html", 0.7),
        ("no type at all", "image/png", 1.0),
    ],
)
def test_quality_is_that_of_the_most_exact_range(
    accept: str, media_type: str, expected: float
) -> None:
    assert quality(ranges_of(accept), media_type) == expected


def test_first_of_equals_is_offered() -> None:
    assert best("*/*", PICTURES) == "image/png"
    assert best("image/svg+xml", PICTURES) == "image/svg+xml"
    assert best("text/html", PICTURES) == "image/png"


def test_html_has_to_be_named() -> None:
    assert not prefers_html("*/*", "image/jpeg")
    assert not prefers_html("text/*", "image/jpeg")
    assert prefers_html("text/html, */*", "image/jpeg")
    assert not prefers_html("text/html;q=0.9, image/jpeg", "image/jpeg")
    assert not prefers_html("text/html;q=0", "image/jpeg")


@given(st.text())
def test_any_header_is_survived(accept: str) -> None:
    assert best(accept, PICTURES) in PICTURES
    prefers_html(accept, "image/jpeg")
    assert all(0 <= value <= 1 for value in ranges_of(accept).values())


@pytest.mark.parametrize(
    ("header", "liked"),
    [
        ("", ""),
        ("*", ""),
        ("de", "de"),
        ("fr-CH, fr;q=0.9, en;q=0.8", "fr"),
        ("en;q=0.3, NL-be;q=0.7", "nl"),
        ("de;q=nonsense", "de"),
        ("x" * 5000, ""),
    ],
)
def test_the_language_liked_best_is_told_by_its_two_letters(header: str, liked: str) -> None:
    assert language(header) == liked
