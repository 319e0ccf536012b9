"""A guest's photo erased for good: on the kiosk at once, in the cloud and the fleet's database too.

The real appliance with a real Swift and a real PostgreSQL; offline first, and killed meanwhile.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest

from kiosk_appliance.store.backups import Backups
from tests.parts.appliance import Appliance, Tables
from tests.parts.pictures import jpeg
from tests.parts.postgres.central import Central
from tests.parts.swift.cloud import Cloud

PHONE, EMAIL = "0612345678", "guest@example.com"
WORDS = ("612345678", EMAIL)

Make = Callable[..., Appliance]


def take(appliance: Appliance, **fields: str) -> dict[str, Any]:
    given = {"phone": PHONE, "email": EMAIL, "consent": '{"sms": true}'} | fields
    with appliance.client() as client:
        answer = client.post("/api/capture", files={"photo": jpeg()}, data=given)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def erase(appliance: Appliance, made: dict[str, Any]) -> None:
    with appliance.client() as client:
        assert client.delete(f"/api/download/{made['token']}").status_code == 204


def until(appliance: Appliance, what: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 40
    while not what():
        assert time.monotonic() < deadline, appliance.log()
        time.sleep(0.1)


def assert_gone(appliance: Appliance, made: dict[str, Any]) -> None:
    """Look that every public path says so."""
    token, capture = made["token"], made["id"]
    with appliance.client() as client:
        answers = {
            f"/api/download/{token}": 410,
            f"/api/download/{capture}": 410,
            f"/uploads/{capture}.jpg": 410,
            f"/api/status/{capture}": 404,
            f"/api/qr/{token}": 404,
        }
        for path, status in answers.items():
            for accept in ("image/jpeg", "text/html"):
                answer = client.get(path, headers={"Accept": accept})
                assert answer.status_code == status, path
                assert answer.json()["type"] == {410: "gone", 404: "not-found"}[status]
        texted = client.post("/api/send-sms", json={"phone": PHONE, "capture_id": capture})
        assert texted.status_code == 404
        statuses = client.get("/api/captures/status", params={"ids": capture}).json()
        assert statuses[capture] == {"exists": False, "is_synced": False}


def files_with(appliance: Appliance, *words: str) -> set[str]:
    """Return the names of the kiosk's files that hold a word, but for the handsets' stand-in."""
    return {
        path.name
        for path in appliance.data_dir.rglob("*")
        if path.is_file() and path.name != "sms.txt"
        if any(word.encode() in path.read_bytes() for word in words)
    }


def in_cloud(appliance: Appliance) -> set[str]:
    return {path.name for path in (appliance.data_dir / "cloud").iterdir()}


def test_a_guest_erases_her_own_photo_by_its_token_only(appliance: Appliance) -> None:
    made, other = take(appliance), take(appliance, phone="0698765432")
    for one in (made, other):
        appliance.wait_for(one["id"], is_synced=True, sms_sent=True)
    with appliance.client() as client:
        for key in (made["id"], "nothing"):
            assert client.delete(f"/api/download/{key}").status_code == 404
        crossing = {"Origin": "https://elsewhere.example"}
        path = f"/api/download/{made['token']}"
        assert client.delete(path, headers=crossing).status_code == 403
        assert client.get(path).status_code == 200
        assert client.delete(path, params={"utm": "x"}).status_code == 204
        assert client.delete(path).status_code == 204
    assert_gone(appliance, made)
    kept = {f"{other['token']}.jpg", f"{other['token']}.html"}
    until(appliance, lambda: in_cloud(appliance) == kept)
    assert files_with(appliance, "612345678") == set()
    assert files_with(appliance, "698765432") != set()
    assert appliance.status(other["id"])["is_synced"]
    photos = appliance.data_dir / "photos"
    until(appliance, lambda: not list(photos.glob(f"{made['id']}*")))
    assert appliance.stop() == 0
    appliance.start()
    assert_gone(appliance, made)
    assert made["token"] not in appliance.log()


@pytest.mark.cloud
def test_an_erasure_while_offline_reaches_cloud_and_fleet_later(
    make_appliance: Make, cloud: Cloud, container: str, central: Central
) -> None:
    tables: Tables = {
        "storage": {
            "channel": "swift",
            "auth_url": cloud.auth_url,
            "username": cloud.username,
            "password": cloud.password,
            "tenant_name": cloud.tenant_name,
            "region": cloud.region,
            "container": container,
        },
        "postgres": {"url": central.url},
    }
    appliance = make_appliance(tables).start()
    made, unsent = take(appliance), None
    appliance.wait_for(made["id"], is_synced=True)
    assert set(cloud.names(container)) == {f"{made['token']}.jpg", f"{made['token']}.html"}
    cloud.proxy.stop()
    with central.server.stopped():
        unsent = take(appliance)
        erase(appliance, made)
        erase(appliance, unsent)
        for one in (made, unsent):
            assert_gone(appliance, one)
        assert files_with(appliance, *WORDS) == set()
        appliance.kill()
        appliance.start()
        assert_gone(appliance, made)
    cloud.proxy.start()
    assert_gone(appliance, unsent)
    until(appliance, lambda: cloud.names(container) == [])
    until(appliance, lambda: central.count(made["id"], erased=True) == 1)
    assert central.count(made["id"], erased=False) == 0
    assert central.count(unsent["id"], erased=False) == 0
    assert not any(word in str(central.rows()) for word in WORDS)
    until(appliance, lambda: list((appliance.data_dir / "photos").iterdir()) == [])


def test_a_kiosk_killed_while_it_erases_has_the_photo_or_has_it_not(
    make_appliance: Make,
) -> None:
    appliance = make_appliance().start()
    gone = []
    for _ in range(4):
        made = take(appliance)
        appliance.wait_for(made["id"], is_synced=True)
        erase(appliance, made)
        gone.append(made)
        appliance.kill()
        appliance.start()
        for one in gone:
            assert_gone(appliance, one)
    until(appliance, lambda: in_cloud(appliance) == set())
    assert files_with(appliance, *WORDS) == set()


def test_a_backup_that_still_knows_the_photo_brings_nothing_back(make_appliance: Make) -> None:
    appliance = make_appliance().start()
    made, other = take(appliance), take(appliance, phone="0698765432")
    for one in (made, other):
        appliance.wait_for(one["id"], is_synced=True, sms_sent=True)
    assert appliance.stop() == 0
    database = appliance.data_dir / "kiosk.db"
    Backups(appliance.data_dir / "backups").make(database, 0, 7, go_on=lambda: True)
    appliance.start()
    erase(appliance, made)
    appliance.kill()
    database.write_bytes(b"\xff" * 50_000)
    appliance.start()
    assert_gone(appliance, made)
    kept = {f"{other['token']}.jpg", f"{other['token']}.html"}
    until(appliance, lambda: in_cloud(appliance) == kept)
    with appliance.client() as client:
        assert client.get(f"/api/download/{other['token']}").status_code == 200
    assert len([line for line in appliance.handset_lines() if "612345678" in line]) == 1
