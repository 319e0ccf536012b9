"""`kiosk-appliance background`, beside a stopped appliance and beside a running one."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from kiosk_appliance.imaging.backgrounds import open_artwork
from kiosk_appliance.imaging.mode import Zone
from tests.parts.appliance import Appliance


def frame(path: Path, *, opaque: bool = False) -> Path:
    picture = Image.new("RGBA", (300, 400), (200, 30, 60, 255 if opaque else 0))
    data = BytesIO()
    picture.save(data, "PNG")
    path.write_bytes(data.getvalue())
    return path


def background(kiosk: Appliance, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "kiosk_appliance", "--config", str(kiosk.config)]
    return subprocess.run(
        [*command, "background", *arguments],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize("running", [False, True])
def test_background_is_added_listed_and_removed(
    make_appliance: Callable[..., Appliance], tmp_path: Path, running: bool
) -> None:
    kiosk = make_appliance()
    if running:
        kiosk.start()
    picture = frame(tmp_path / "Noël.png")
    added = background(kiosk, "add", str(picture), "--order", "7")
    assert added.returncode == 0, added.stderr
    background_id = added.stdout.split()[0]
    listed = background(kiosk, "list").stdout
    assert "Noël" in listed
    assert "Confettis" in listed
    if running:
        with kiosk.client() as client:
            shown = client.get("/api/backgrounds").json()
        assert background_id in [one["id"] for one in shown]
    assert background(kiosk, "remove", background_id).returncode == 0
    assert "Noël" not in background(kiosk, "list").stdout
    with closing(sqlite3.connect(kiosk.data_dir / "kiosk.db")) as database:
        trail = database.execute("select actor, action, target, detail from audit order by seq")
        assert trail.fetchall() == [
            ("cli", "backgrounds", background_id, "added: Noël"),
            ("cli", "backgrounds", background_id, "removed"),
        ]


@pytest.mark.parametrize("running", [False, True])
def test_an_operators_layers_stand_behind_and_before_the_guests(
    make_appliance: Callable[..., Appliance], tmp_path: Path, running: bool
) -> None:
    kiosk = make_appliance()
    if running:
        kiosk.start()
    back, front = tmp_path / "Plage.jpg", frame(tmp_path / "palm.png")
    Image.new("RGB", (600, 800), (90, 160, 220)).save(back)
    words = ["add", str(back), "--front", str(front), "--zone", "20", "10", "80", "100"]
    added = background(kiosk, *words)
    assert added.returncode == 0, added.stderr
    assert "person" in background(kiosk, "list").stdout.partition("Plage")[0].splitlines()[-1]
    if running:
        kiosk.stop()
    with kiosk.start().client() as client:
        (one,) = (one for one in client.get("/api/backgrounds").json() if one["name"] == "Plage")
        kept = client.get(one["file_url"])
    assert (one["mode"], kept.headers["content-type"]) == ("person", "image/webp")
    artwork = open_artwork(kept.content, 10_000_000, 2400)
    assert artwork.front is not None
    assert artwork.zone == Zone(0.2, 0.1, 0.8, 1.0)


def test_removed_originals_stay_away(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance()
    for line in background(kiosk, "list").stdout.splitlines():
        assert background(kiosk, "remove", line.split()[0]).returncode == 0
    assert background(kiosk, "list").stdout == ""


@pytest.mark.parametrize("running", [False, True])
def test_wrong_background_gets_a_sentence(
    make_appliance: Callable[..., Appliance], tmp_path: Path, running: bool
) -> None:
    kiosk = make_appliance()
    if running:
        kiosk.start()
    no_picture = tmp_path / "x.png"
    no_picture.write_bytes(b"no picture")
    for arguments, part in (
        (("add", str(tmp_path / "missing.png")), "can't be read"),
        (("add", str(no_picture)), "picture"),
        (("add", str(frame(tmp_path / "o.png", opaque=True))), "transparent"),
        (("add", str(frame(tmp_path / "f.png")), "--mode", "magic"), "Choose one of"),
        (("add", str(frame(tmp_path / "f.png")), "--order", "-1"), "order from 0 to 999999"),
        (("add", str(frame(tmp_path / "f.png")), "--order", "1000000"), "order from 0 to 999999"),
        (("add", str(frame(tmp_path / "f.png")), "--order", "9" * 30), "order from 0 to 999999"),
        (("add", str(frame(tmp_path / "f.png")), "--name", "two\nlines"), "one line of text"),
        (("add", str(frame(tmp_path / "f.png")), "--name", os.fsdecode(b"\xff")), "of text"),
        (("add", str(frame(tmp_path / os.fsdecode(b"\xff.png")))), "one line of text"),
        (("add", str(frame(tmp_path / "f.png")), "--name", ""), "1 to 80"),
        (
            ("add", str(frame(tmp_path / "f.png")), "--front", str(tmp_path / "gone.png")),
            "gone.png can't be read",
        ),
        (
            ("add", str(frame(tmp_path / "f.png")), "--zone", "0", "0", "0", "0"),
            "left, top, right and bottom",
        ),
        (("remove", "nobody"), "no such background"),
        (("remove", ""), "no such background"),
        (("remove", "a/../b"), "no such background"),
        (("remove", os.fsdecode(b"\xff")), "no such background"),
    ):
        refused = background(kiosk, *arguments)
        assert refused.returncode == 1
        assert part in refused.stderr
        assert "Traceback" not in refused.stderr


def test_data_directory_may_lie_deep_and_bear_any_name(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    # A Unix socket's address has room for 108 bytes.
    kiosk = make_appliance({"kiosk": {"data_dir": str(tmp_path / "é n" / ("deep" * 40))}}).start()
    assert "Confettis" in background(kiosk, "list").stdout
    assert kiosk.stop() == 0
