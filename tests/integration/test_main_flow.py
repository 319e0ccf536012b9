"""A photo in, on the guest's phone: the whole way on embedded defaults."""

import hashlib

from tests.parts.appliance import Appliance
from tests.parts.pictures import jpeg


def test_photo_is_stored_uploaded_and_texted(appliance: Appliance) -> None:
    with appliance.client() as client:
        answer = client.post(
            "/api/capture",
            files={"photo": ("photo.jpg", jpeg(1280, 720), "image/jpeg")},
            data={"phone": "06 12 34 56 78", "consent": '{"sms": true}'},
        )
        assert answer.status_code == 201, answer.text
        capture = answer.json()
        appliance.wait_for(capture["id"], status="synced", sms_sent=True)
        photo = client.get(capture["download_url"])
        assert photo.headers["content-type"] == "image/jpeg"
        assert len(photo.content) == capture["file_size"]
    cloud = (appliance.data_dir / "cloud" / f"{capture['token']}.jpg").read_bytes()
    assert hashlib.md5(cloud).hexdigest() == hashlib.md5(photo.content).hexdigest()
    (line,) = appliance.handset_lines()
    assert "+33612345678" in line
    assert capture["download_url"] in line


def test_stop_is_clean_and_a_restart_finds_everything(appliance: Appliance) -> None:
    with appliance.client() as client:
        capture = client.post(
            "/api/capture", content=jpeg(640, 480), headers={"Content-Type": "image/jpeg"}
        ).json()
    assert appliance.stop() == 0
    appliance.start()
    with appliance.client() as client:
        assert client.get(f"/uploads/{capture['id']}.jpg").status_code == 200


def test_second_process_on_the_same_data_leaves_with_one_sentence(appliance: Appliance) -> None:
    second = Appliance(appliance.folder)
    second.data_dir = appliance.data_dir
    second.log_file = appliance.folder / "second.log"
    second.configure({})
    second.launch()
    assert second.process is not None
    assert second.process.wait(30) != 0
    assert str(appliance.data_dir) in second.log().splitlines()[-1]
