import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.file_sms import FileSmsChannel
from kiosk_appliance.domain.delivery import (
    Delivered,
    Found,
    LanePaused,
    LookUpFailed,
    NotFound,
    Parcel,
)

PARCEL = Parcel(
    delivery_id="d",
    capture_id="c",
    token="t" * 21,
    attempt=1,
    photo=Path("photo.jpg"),
    recipient="+33612345678",
    text="Votre photo : https://photo.example/abc",
    tag="abcdefghijklmnop",
    valid_for_s=3600,
)


class Noon(Clock):
    """A clock that stands still."""

    def now_ms(self) -> int:
        return 1_780_000_000_123


def channel(folder: Path) -> FileSmsChannel:
    return FileSmsChannel(folder / "sms.txt", Noon())


def test_a_line_holds_time_number_and_text_as_the_guest_reads_it(tmp_path: Path) -> None:
    assert channel(tmp_path).deliver(PARCEL) == Delivered("sms.txt")
    assert (tmp_path / "sms.txt").read_text(encoding="utf-8") == (
        "2026-05-28T20:26:40.123Z\t+33612345678\tVotre photo : https://photo.example/abc\n"
    )


def test_nobody_else_may_read_it_even_if_it_was_open_to_all(tmp_path: Path) -> None:
    path = tmp_path / "sms.txt"
    path.touch(0o644)
    channel(tmp_path).deliver(PARCEL)
    assert path.stat().st_mode & 0o777 == 0o600


def test_lines_are_added_not_replaced(tmp_path: Path) -> None:
    sms = channel(tmp_path)
    sms.deliver(PARCEL)
    sms.deliver(replace(PARCEL, recipient="+33698765432"))
    lines = (tmp_path / "sms.txt").read_text(encoding="utf-8").splitlines()
    assert [line.split("\t")[1] for line in lines] == ["+33612345678", "+33698765432"]


@given(st.text(max_size=300))
def test_any_text_is_one_line_of_three_fields(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("sms")
    sms = channel(folder)
    assert isinstance(sms.deliver(replace(PARCEL, text=text)), Delivered)
    data = (folder / "sms.txt").read_bytes()
    assert data.count(b"\n") == 1
    assert data.count(b"\t") == 2
    assert sms.look_up(replace(PARCEL, text=text)) == Found("sms.txt")
    assert sms.look_up(replace(PARCEL, text=text + "x")) == NotFound()


def test_a_look_up_compares_number_and_text(tmp_path: Path) -> None:
    sms = channel(tmp_path)
    assert sms.look_up(PARCEL) == NotFound()
    sms.deliver(PARCEL)
    assert sms.look_up(PARCEL) == Found("sms.txt")
    assert sms.look_up(replace(PARCEL, recipient="+3361234567")) == NotFound()
    assert sms.look_up(replace(PARCEL, text="Votre photo")) == NotFound()


def test_a_look_up_reads_the_end_of_a_long_file(tmp_path: Path) -> None:
    path = tmp_path / "sms.txt"
    path.write_bytes(b"x" * 99 + b"\n" * 1 + (b"y" * 99 + b"\n") * 2000)
    sms = channel(tmp_path)
    sms.deliver(PARCEL)
    assert sms.look_up(PARCEL) == Found("sms.txt")


def test_a_torn_end_is_closed_and_counts_as_nothing(tmp_path: Path) -> None:
    path = tmp_path / "sms.txt"
    sms = channel(tmp_path)
    sms.deliver(PARCEL)
    path.write_bytes(path.read_bytes()[:-7])
    assert sms.look_up(PARCEL) == NotFound()
    sms.deliver(PARCEL)
    assert len(path.read_bytes().splitlines()) == 2
    assert sms.look_up(PARCEL) == Found("sms.txt")


@contextmanager
def file_size_limit(size: int) -> Iterator[None]:
    """Let the kernel write only so far, as a full disk does."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    former = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, former)


@pytest.mark.parametrize("room", [0, 30])
def test_no_room_leaves_no_half_line_and_pauses_the_lane(tmp_path: Path, room: int) -> None:
    path = tmp_path / "sms.txt"
    sms = channel(tmp_path)
    sms.deliver(PARCEL)
    whole = path.read_bytes()
    with file_size_limit(len(whole) + room):
        outcome = sms.deliver(PARCEL)
    assert outcome == LanePaused("The disk is full: sms.txt can't grow.")
    assert path.read_bytes() == whole
    assert isinstance(sms.deliver(PARCEL), Delivered)


def test_a_missing_folder_or_a_link_pauses_the_lane(tmp_path: Path) -> None:
    missing = FileSmsChannel(tmp_path / "gone" / "sms.txt", Noon())
    assert missing.deliver(PARCEL) == LanePaused(
        "sms.txt can't be written: No such file or directory."
    )
    assert isinstance(missing.probe(), LanePaused)
    assert missing.look_up(PARCEL) == NotFound()
    (tmp_path / "sms.txt").symlink_to(tmp_path / "elsewhere")
    assert isinstance(channel(tmp_path).deliver(PARCEL), LanePaused)
    assert not (tmp_path / "elsewhere").exists()


def test_a_folder_in_its_place_fails_the_look_up(tmp_path: Path) -> None:
    (tmp_path / "sms.txt").mkdir()
    assert isinstance(channel(tmp_path).look_up(PARCEL), LookUpFailed)


def test_a_probe_writes_nothing(tmp_path: Path) -> None:
    sms = channel(tmp_path)
    assert sms.probe() == Delivered("sms.txt")
    assert (tmp_path / "sms.txt").read_bytes() == b""
    assert sms.public_base() is None
    sms.close()
