"""Starts that can't succeed end in one sentence; signals, and stops while a guest is sending."""

import os
import re
import resource
import socket
import time
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from tests.parts.appliance import Appliance, free_port
from tests.parts.guests import head, problem
from tests.parts.pictures import jpeg


def a_file(path: Path) -> None:
    path.write_text("x", encoding="ascii")


def last_words(kiosk: Appliance) -> str:
    kiosk.launch()
    assert kiosk.process is not None
    assert kiosk.process.wait(30) == 1
    assert "Traceback" not in kiosk.log()
    return kiosk.log().splitlines()[-1]


@pytest.mark.parametrize(
    ("spoil", "place", "reason"),
    [
        (a_file, "", "file stands where a folder"),
        (Path.mkdir, "lock", "folder stands where a file"),
        (a_file, "photos", "file stands where a folder"),
        (Path.mkdir, "control.sock", ""),
    ],
)
def test_a_spoiled_data_directory_is_named_with_the_reason(
    make_appliance: Callable[..., Appliance], spoil: Callable[[Path], None], place: str, reason: str
) -> None:
    kiosk = make_appliance()
    path = kiosk.data_dir / place
    path.parent.mkdir(exist_ok=True)
    spoil(path)
    said = last_words(kiosk)
    assert str(path) in said
    assert reason in said


def test_the_address_that_is_printed_for_the_admin_opens_the_page(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance({"listen": {"admin": f"127.0.0.1:{free_port()}"}}).start()
    deadline = time.monotonic() + 10
    while not (printed := re.search(r"^  Admin: +(\S+)$", kiosk.log(), re.MULTILINE)):
        assert time.monotonic() < deadline, kiosk.log()
        time.sleep(0.02)
    answer = httpx.get(printed[1], trust_env=False)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")


def test_a_data_directory_under_a_file_is_named(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    a_file(tmp_path / "file")
    where = str(tmp_path / "file" / "var")
    assert where in last_words(make_appliance({"kiosk": {"data_dir": where}}))


def test_a_log_file_that_is_a_folder_is_named(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    said = last_words(make_appliance({"log": {"file": str(tmp_path)}}))
    assert str(tmp_path) in said
    assert "folder stands where a file" in said


def test_stray_folders_stop_no_start(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance()
    for folder in ("photos", "quarantine"):
        for name in (".Trash-0", "lost+found"):
            (kiosk.data_dir / folder / name).mkdir(parents=True)
    kiosk.start()
    alone = [event["name"] for event in kiosk.events() if event["event"] == "left_alone"]
    assert sorted(alone) == [".Trash-0", ".Trash-0", "lost+found", "lost+found"]
    assert kiosk.stop() == 0


def test_a_second_process_with_the_same_settings_is_told_of_the_directory(
    appliance: Appliance,
) -> None:
    second = Appliance(appliance.folder)
    second.config = appliance.config
    second.log_file = appliance.folder / "second.log"
    appliance.configure({})
    second.launch()
    assert second.process is not None
    assert second.process.wait(30) == 1
    said = second.log().splitlines()[-1]
    assert str(appliance.data_dir) in said


def test_as_many_files_may_be_open_as_the_machine_allows(appliance: Appliance) -> None:
    assert appliance.process is not None
    soft, hard = resource.prlimit(appliance.process.pid, resource.RLIMIT_NOFILE)
    assert soft == hard


def test_a_stop_while_a_photo_arrives_is_quiet(appliance: Appliance) -> None:
    with socket.create_connection(("127.0.0.1", appliance.port), timeout=30) as guest:
        guest.sendall(
            head(
                "POST /api/capture HTTP/1.1",
                "Host: localhost",
                "Content-Type: image/jpeg",
                "Content-Length: 1000",
            )
            + b"\xff\xd8"
        )
        with appliance.client() as client:
            client.get("/health/ping")
        assert appliance.stop() == 0
        said = guest.recv(65_536)
    assert said.startswith(b"HTTP/1.1 503 ")
    assert b"retry-after" in said.lower()
    assert "Traceback" not in appliance.log()
    assert not [event for event in appliance.events() if "exception" in event]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_directory_of_another_user_is_named(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance({"kiosk": {"data_dir": "/proc/1/var"}})
    assert "/proc/1" in last_words(kiosk)


def test_no_room_for_one_more_open_file_is_overload_not_a_failing_disk(
    appliance: Appliance,
) -> None:
    assert appliance.process is not None
    photo, headers = jpeg(640, 480), {"Content-Type": "image/jpeg"}
    with appliance.client() as client:
        client.get("/health/ping")
        # What is open stays open, and nothing more can be: as under a thousand idle connections.
        resource.prlimit(appliance.process.pid, resource.RLIMIT_NOFILE, (3, 3))
        answer = client.post("/api/capture", content=photo, headers=headers)
        problem(answer, 503, "overloaded")
        assert int(answer.headers["retry-after"]) > 0
        # The photo's; and that of the settings' copy, where the start had not made it yet.
        assert {e["errno"] for e in appliance.events() if e["event"] == "disk_fault"} == {"EMFILE"}
