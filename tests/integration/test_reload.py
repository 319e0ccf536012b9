"""SIGHUP: a changed kiosk.toml is in force at once, a broken one changes nothing."""

import json
import signal
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx

from tests.integration.test_service_manager import Ear
from tests.parts.admins import bearer, token_of
from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance, Tables
from tests.parts.pictures import jpeg

FIRST, SECOND = "the first of two passwords", "the second of two passwords"
ENDS = ("settings_reloaded", "settings_refused")


def reload(kiosk: Appliance) -> dict[str, Any]:
    """Send SIGHUP and return what the log says of it."""
    assert kiosk.process is not None
    known = len(ends(kiosk))
    kiosk.process.send_signal(signal.SIGHUP)
    deadline = time.monotonic() + 20
    while len(ends(kiosk)) == known:
        assert time.monotonic() < deadline, kiosk.log()
        time.sleep(0.02)
    return ends(kiosk)[-1]


def ends(kiosk: Appliance) -> list[dict[str, Any]]:
    whole = kiosk.log().rpartition("\n")[0]
    return [line for line in events(whole) if line["event"] in ENDS]


def events(log: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in log.splitlines() if line.startswith("{")]


def take(client: httpx.Client) -> dict[str, Any]:
    answer = client.post("/api/capture", files={"photo": ("a.jpg", jpeg(320, 240), "image/jpeg")})
    assert answer.status_code == 201, answer.text
    taken: dict[str, Any] = answer.json()
    return taken


def admin_config(client: httpx.Client, password: str) -> dict[str, Any]:
    answer = client.get("/admin/config", headers=bearer(token_of(client, password)))
    assert answer.status_code == 200, answer.text
    found: dict[str, Any] = answer.json()
    return found


def test_what_has_changed_is_in_force_and_what_waits_for_a_restart_is_named(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(FIRST, encoding="utf-8")
    admin = {"admin": {"password_file": str(secret)}}
    kiosk = make_appliance(admin).start()
    with kiosk.client() as client:
        before = take(client)
        assert kiosk.wait_for(before["id"], is_synced=True)
        token = token_of(client, FIRST)

        secret.write_text(SECOND, encoding="utf-8")
        changed: Tables = admin | {
            "kiosk": {"name": "elsewhere"},
            "guest": {"countdown_seconds": 9},
            "photo": {"max_size": "100 kB", "long_side": 320},
            "links": {"base_url": "http://photos.example"},
            "storage": UNREACHABLE_CLOUD,
            "log": {"level": "DEBUG"},
        }
        kiosk.configure(changed | {"listen": {"requests_per_minute": 7}})
        said = reload(kiosk)
        assert said["event"] == "settings_reloaded"
        assert "guest.countdown_seconds" in said["changed"]
        assert "listen.requests_per_minute" not in said["changed"]
        (waiting,) = [one for one in kiosk.events() if one["event"] == "restart_needed"]
        assert waiting["keys"] == ["listen.requests_per_minute"]

        assert client.get("/").json()["name"] == "elsewhere"
        too_large = jpeg(1200, 900) + b"\0" * 200_000
        refused = client.post("/api/capture", files={"photo": ("a.jpg", too_large, "image/jpeg")})
        assert refused.status_code == 413, refused.text
        taken = take(client)
        assert taken["download_url"].startswith("http://photos.example/")
        assert client.get("/health/ping", headers={"Host": "photos.example"}).status_code == 200
        assert client.get("/health").json()["checks"]["storage"]["status"] == "degraded"

        # The password file counts again: every login ends, and only the new one opens.
        assert client.get("/admin/config", headers=bearer(token)).status_code == 401
        items = {item["key"]: item for item in admin_config(client, SECOND)["items"]}
        assert items["listen.requests_per_minute"]["restart_needed"] is True
        assert items["listen.requests_per_minute"]["value"] == 100
        assert "restart_needed" not in items["guest.countdown_seconds"]
        assert items["guest.countdown_seconds"]["value"] == 9

        kiosk.configure(admin)
        assert reload(kiosk)["event"] == "settings_reloaded"
        assert kiosk.wait_for(taken["id"], is_synced=True)
        assert kiosk.status(taken["id"])["download_url"] == taken["download_url"]
    assert "Traceback" not in kiosk.log()
    assert kiosk.stop() == 0


def test_a_broken_file_changes_nothing_and_everybody_who_looks_is_told(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    secret = tmp_path / "password"
    secret.write_text(FIRST, encoding="utf-8")
    admin = {"admin": {"password_file": str(secret)}}
    kiosk = make_appliance(admin).start()
    good = kiosk.config.read_text(encoding="utf-8")
    kiosk.config.write_text(f"{good}[guest]\ncountdown_secs = 9\n", encoding="utf-8")
    line = len(good.splitlines()) + 2
    with kiosk.client() as client:
        said = reload(kiosk)
        place = f"{kiosk.config}:{line}:1"
        assert said["event"] == "settings_refused"
        assert said["level"] == "error"
        assert said["mistakes"][0].startswith(place)
        assert "countdown_seconds" in said["hint"]

        assert place in client.get("/health").json()["checks"]["settings"]["detail"]
        assert client.get("/health").json()["status"] == "degraded"
        assert place in admin_config(client, FIRST)["problem"]
        assert kiosk.wait_for(take(client)["id"], is_synced=True)

        kiosk.config.write_text(good, encoding="utf-8")
        assert reload(kiosk) == reload(kiosk) | {"timestamp": ends(kiosk)[-2]["timestamp"]}
        assert "settings" not in client.get("/health").json()["checks"]
        assert "problem" not in admin_config(client, FIRST)
    assert kiosk.stop() == 0


def test_no_capture_is_lost_or_refused_however_often_it_is_reloaded(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance().start()
    taken: list[str] = []
    done = threading.Event()

    def guests() -> None:
        with kiosk.client() as client:
            while not done.is_set():
                taken.append(take(client)["id"])

    guest = threading.Thread(target=guests)
    guest.start()
    try:
        for times in range(8):
            kiosk.configure({} if times % 2 else {"storage": UNREACHABLE_CLOUD})
            assert reload(kiosk)["event"] == "settings_reloaded"
    finally:
        done.set()
        guest.join(30)
    assert len(taken) > 8
    for capture_id in taken:
        kiosk.wait_for(capture_id, is_synced=True)
    assert "Traceback" not in kiosk.log()
    assert kiosk.stop() == 0


def test_the_service_manager_hears_of_a_reload_and_of_its_end(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    ear = Ear(tmp_path / "notify")
    try:
        kiosk = make_appliance()
        kiosk.launch({"NOTIFY_SOCKET": str(ear.path)})
        assert ear.hear("READY=1", 30)
        assert kiosk.process is not None
        kiosk.process.send_signal(signal.SIGHUP)
        assert ear.hear("RELOADING=1", 20)
        assert ear.hear("READY=1", 20)
        assert kiosk.stop() == 0
    finally:
        ear.close()
