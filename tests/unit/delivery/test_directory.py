import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk_appliance.delivery.directory import DirectoryChannel
from kiosk_appliance.domain.delivery import Delivered, LanePaused, Parcel, Refused
from kiosk_appliance.ids import new_id


@pytest.fixture
def parcel(tmp_path: Path) -> Parcel:
    photo = tmp_path / "photo.jpg"
    photo.write_bytes(b"\xff\xd8 photo")
    return Parcel("d", "c", new_id(), 1, photo, page=b"<p>page</p>")


def test_photo_and_page_lie_beside_each_other_and_nothing_else(
    tmp_path: Path, parcel: Parcel
) -> None:
    cloud = tmp_path / "var" / "cloud"
    outcome = DirectoryChannel(cloud).deliver(parcel)
    photo, page = cloud / f"{parcel.token}.jpg", cloud / f"{parcel.token}.html"
    assert outcome == Delivered(photo.as_uri())
    assert photo.read_bytes() == parcel.photo.read_bytes()
    assert page.read_bytes() == parcel.page
    assert sorted(cloud.iterdir()) == sorted([photo, page])


def test_without_a_page_there_is_none(tmp_path: Path, parcel: Parcel) -> None:
    DirectoryChannel(tmp_path / "cloud").deliver(replace(parcel, page=None))
    assert [entry.name for entry in (tmp_path / "cloud").iterdir()] == [f"{parcel.token}.jpg"]


def test_what_a_cut_attempt_left_is_replaced(tmp_path: Path, parcel: Parcel) -> None:
    cloud = tmp_path / "cloud"
    cloud.mkdir()
    (cloud / f".{parcel.token}.jpg.part").write_bytes(b"half of a much longer photo" * 99)
    DirectoryChannel(cloud).deliver(parcel)
    assert (cloud / f"{parcel.token}.jpg").read_bytes() == parcel.photo.read_bytes()
    assert not list(cloud.glob(".*"))


def test_a_vanished_photo_is_refused(tmp_path: Path, parcel: Parcel) -> None:
    parcel.photo.unlink()
    assert isinstance(DirectoryChannel(tmp_path / "cloud").deliver(parcel), Refused)
    assert not (tmp_path / "cloud").exists()


def test_a_full_disk_pauses_the_lane_with_the_system_s_words(
    tmp_path: Path, parcel: Parcel
) -> None:
    cloud = tmp_path / "cloud"
    cloud.mkdir()
    # A file that is always full, where the photo would be written.
    (cloud / f".{parcel.token}.jpg.part").symlink_to("/dev/full")
    outcome = DirectoryChannel(cloud).deliver(parcel)
    assert isinstance(outcome, LanePaused)
    assert os.strerror(errno.ENOSPC) in outcome.reason
    assert parcel.token not in outcome.reason
    assert not (cloud / f"{parcel.token}.jpg").exists()


def test_a_probe_leaves_nothing_behind(tmp_path: Path) -> None:
    assert isinstance(DirectoryChannel(tmp_path / "cloud").probe(), Delivered)
    assert not list((tmp_path / "cloud").iterdir())


def test_a_probe_finds_that_the_folder_can_t_be_written(tmp_path: Path) -> None:
    (tmp_path / "cloud").write_bytes(b"")
    outcome = DirectoryChannel(tmp_path / "cloud").probe()
    assert isinstance(outcome, LanePaused)
