"""Files that can't be read: guests get a sentence of ours, never a 500."""

from pathlib import Path
from typing import Any

import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import problem
from tests.parts.pictures import jpeg


def taken(appliance: Appliance) -> dict[str, Any]:
    with appliance.client() as client:
        answer = client.post(
            "/api/capture", content=jpeg(640, 480), headers={"Content-Type": "image/jpeg"}
        )
    assert answer.status_code == 201, answer.text
    capture: dict[str, Any] = answer.json()
    return capture


def into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def into_a_failing_disk(path: Path) -> None:
    # Its first page is mapped nowhere: reading answers EIO.
    path.unlink()
    path.symlink_to("/proc/self/mem")


def test_a_photo_that_cannot_be_read_is_a_failing_disk(appliance: Appliance) -> None:
    capture = taken(appliance)
    appliance.wait_for(capture["id"], status="synced")
    photo = appliance.data_dir / "photos" / f"{capture['id']}.jpg"
    addresses = (f"/api/download/{capture['token']}", f"/uploads/{capture['id']}.jpg")
    for spoil, name in ((into_a_failing_disk, "EIO"), (into_a_folder, "EISDIR")):
        spoil(photo)
        with appliance.client() as client:
            for address in addresses:
                problem(client.get(address), 503, "storage-failed")
        assert [e["errno"] for e in appliance.events() if e["event"] == "disk_fault"][-1] == name
    photo.rmdir()
    with appliance.client() as client:
        for address in addresses:
            problem(client.get(address), 404, "not-found")
    assert "Traceback" not in appliance.log()


@pytest.mark.parametrize("spoil", [into_a_folder, into_a_failing_disk, Path.unlink])
def test_a_background_that_cannot_be_read_is_no_background(
    appliance: Appliance, spoil: Any
) -> None:
    with appliance.client() as client:
        background_id = client.get("/api/backgrounds").json()[0]["id"]
        for path in (appliance.data_dir / "backgrounds").glob(f"{background_id}-*"):
            spoil(path)
        address = f"/api/backgrounds/{background_id}/file"
        problem(client.get(address), 404, "not-found")
        problem(client.get(f"{address}?size=thumbnail"), 404, "not-found")
        answer = client.post(
            "/api/capture",
            files={"photo": ("photo.jpg", jpeg(), "image/jpeg")},
            data={"background_id": background_id},
        )
        problem(answer, 422, "background-unknown")
    assert "background_unreadable" in [event["event"] for event in appliance.events()]
    assert "Traceback" not in appliance.log()
