"""A disk that answers every call with an I/O error, under guests who go on."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.photos import Photos
from tests.faults.volume import Volume
from tests.parts.appliance import Appliance
from tests.parts.pictures import jpeg

pytestmark = pytest.mark.faults


@pytest.fixture
def failing(place: Path) -> Iterator[tuple[Appliance, str]]:
    """Return an appliance whose disk has failed, and a capture that it took before."""
    volume = Volume(place, "ext4")
    volume.mount()
    appliance = Appliance(place).start()
    with appliance.client() as client:
        taken: str = _capture(client, 0).json()["id"]
    volume.cut_power()
    yield appliance, taken
    appliance.close()


def _capture(client: httpx.Client, number: int) -> httpx.Response:
    keys = {"Idempotency-Key": f"{number}"} if number % 2 else {}
    headers = {"Content-Type": "image/jpeg", **keys}
    return client.post("/api/capture", content=jpeg(64 + number, 64), headers=headers)


def test_guests_are_told_of_the_disk_at_once_and_always(
    failing: tuple[Appliance, str],
) -> None:
    appliance, _ = failing
    with appliance.client() as client:
        answers = [_capture(client, number) for number in range(20)]
    assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
        (503, "storage-failed")
    }, appliance.log()


def test_reading_never_answers_that_the_program_is_at_fault(
    failing: tuple[Appliance, str],
) -> None:
    appliance, taken = failing
    paths = (f"/api/status/{taken}", f"/uploads/{taken}.jpg", "/api/backgrounds", "/health")
    with appliance.client() as client:
        for _ in range(5):
            _capture(client, 1)
            answers = {path: client.get(path) for path in paths}
            for path, answer in answers.items():
                assert answer.status_code in {200, 503}, f"{path}\n{answer.text}\n{appliance.log()}"
            assert answers["/health"].status_code == 503
            assert client.get("/health/ping").status_code == 200


def test_a_disk_that_turns_read_only_is_a_failing_disk_and_costs_nothing_that_was_answered(
    place: Path,
) -> None:
    volume = Volume(place, "ext4")
    volume.mount()
    appliance = Appliance(place).start()
    with appliance.client() as client:
        taken = _capture(client, 0).json()
        volume.turn_read_only()
        answers = [_capture(client, number) for number in range(3)]
        assert {(answer.status_code, answer.json()["type"]) for answer in answers} == {
            (503, "storage-failed")
        }, appliance.log()
        assert client.get(f"/api/download/{taken['token']}").status_code == 200
        assert client.get("/health").status_code == 503
        # The page tells the next guest before the countdown.
        assert client.get("/guest/now.json").json() == {"obstacle": "storage-failed"}
    appliance.kill()
    volume.unmount()
    volume.mount()
    appliance.start()
    appliance.wait_for(taken["id"], is_synced=True)
    with appliance.client() as client:
        assert _capture(client, 1).status_code == 201
        assert client.get("/guest/now.json").json() == {"obstacle": None}
    appliance.close()


def test_photo_that_can_neither_be_written_nor_dropped_is_the_disks_fault(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    photos = Photos(layout)
    # A folder in its place: neither a rename nor an unlink can do anything about it.
    photos.path("one").mkdir()
    with pytest.raises(Unavailable) as refused:
        photos.keep("one", b"photo", lambda: b"thumbnail", b"{}")
    assert refused.value.code == "storage-failed"
