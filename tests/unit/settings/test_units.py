"""Durations and sizes."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.settings import units


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("30 days", 30 * 86400), ("30 jours", 30 * 86400), ("1 day", 86400), ("1j", 86400),
        ("24 h", 86400), ("2 heures", 7200), ("1,5 h", 5400), ("2 min", 120), ("45s", 45),
        ("45 secondes", 45), ("500 ms", 0.5), (" 60  s ", 60), ("2 semaines", 14 * 86400),
        ("0 s", 0), ("2 MIN", 120),
    ],
)  # fmt: skip
def test_durations_as_people_write_them(text: str, seconds: float) -> None:
    assert units.duration(text) == seconds


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("10 MB", 10 << 20), ("10 Mo", 10 << 20), ("64 kB", 64 << 10), ("64 KB", 64 << 10),
        ("1 GB", 1 << 30), ("1,5 Go", 3 << 29), ("1 MiB", 1 << 20), ("512 octets", 512),
        ("10MB", 10 << 20), ("100 TB", 100 << 40),
    ],
)  # fmt: skip
def test_sizes_as_people_write_them(text: str, count: int) -> None:
    assert units.size(text) == count


@pytest.mark.parametrize("text", ["", "MB", "10 XB", "-1 MB", "1e3 MB", "1.2.3 s", "٣ s", "1 s 2"])
def test_anything_else_is_no_quantity(text: str) -> None:
    for read in (units.duration, units.size):
        with pytest.raises(units.NoQuantity) as caught:
            read(text)
        assert not caught.value.bare


@pytest.mark.parametrize("text", ["30", " 30 ", "-30", "1,5"])
def test_a_number_alone_lacks_its_unit(text: str) -> None:
    with pytest.raises(units.NoQuantity) as caught:
        units.duration(text)
    assert caught.value.bare


@given(st.integers(0, 10**12))
def test_a_shown_duration_reads_back(milliseconds: int) -> None:
    seconds = milliseconds / 1000
    assert units.duration(units.show_duration(seconds)) == seconds


@given(st.integers(0, 1 << 46))
def test_a_shown_size_reads_back(count: int) -> None:
    assert units.size(units.show_size(count)) == count


@given(st.text())
def test_no_text_breaks_the_readers(text: str) -> None:
    for read in (units.duration, units.size):
        with contextlib.suppress(units.NoQuantity):
            assert read(text) >= 0


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (60, "60 s"),
        (86400, "24 h"),
        (7 * 86400, "7 days"),
        (90, "90 s"),
        (0.5, "500 ms"),
        (0, "0 s"),
    ],
)
def test_durations_are_shown_in_their_usual_unit(seconds: float, shown: str) -> None:
    assert units.show_duration(seconds) == shown
