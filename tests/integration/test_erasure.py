"""A guest's photo erased for good: on the kiosk at once, in the cloud and the fleet's database too.

The real appliance with a real Swift and a real PostgreSQL; offline first, and killed meanwhile.
"""

import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from kiosk_appliance.store.backups import Backups
from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance, Tables
from tests.parts.pictures import jpeg
from tests.parts.postgres.central import Central
from tests.parts.shifted import ShiftedClock
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
                if accept == "text/html" and "download" in path:
                    assert "Cette photo a été effacée" in answer.text
                    continue
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


@pytest.mark.parametrize(
    ("liked", "language", "erased", "unknown"),
    [
        ("", "fr", "Cette photo a été effacée", "Aucune photo à cette adresse"),
        ("pt-BR,pt;q=0.9", "fr", "Cette photo a été effacée", "Aucune photo à cette adresse"),
        ("en-GB,en;q=0.9", "en", "This photo has been erased", "No photo at this address"),
        ("nl-BE", "nl", "Deze foto is gewist", "Geen foto op dit adres"),
    ],
)
def test_a_phone_whose_link_leads_to_no_photo_is_told_so_in_its_language(
    appliance: Appliance, liked: str, language: str, erased: str, unknown: str
) -> None:
    token = take(appliance)["token"]
    headers = {"Accept": "text/html,*/*;q=0.8", "Accept-Language": liked}
    with appliance.client(headers=headers) as client:
        client.delete(f"/api/download/{token}")
        for key, status, title in ((token, 410, erased), ("nothing", 404, unknown)):
            answer = client.get(f"/api/download/{key}")
            assert answer.status_code == status
            assert answer.headers["content-type"] == "text/html; charset=utf-8"
            assert answer.headers["vary"] == "Accept, Accept-Language"
            assert "default-src 'none'" in answer.headers["content-security-policy"]
            assert f'<html lang="{language}">' in answer.text
            assert f'<h1 id="title">{title}</h1>' in answer.text


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


def providers(cloud: Cloud, container: str, central: Central) -> Tables:
    return {
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


@pytest.mark.cloud
def test_an_erasure_while_offline_reaches_cloud_and_fleet_later(
    make_appliance: Make, cloud: Cloud, container: str, central: Central
) -> None:
    appliance = make_appliance(providers(cloud, container, central)).start()
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
    # An SMS that was under way at the erasure ends first, and is emptied within seconds.
    until(appliance, lambda: files_with(appliance, *WORDS) == set())


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


@pytest.fixture
def admin(appliance: Appliance) -> Iterator[httpx.Client]:
    """Return a client that may do everything."""
    with admin_of(appliance) as client:
        yield client


@contextmanager
def admin_of(appliance: Appliance) -> Iterator[httpx.Client]:
    set_up(appliance)
    with appliance.admin_client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


def test_an_admin_deletes_one_capture(appliance: Appliance, admin: httpx.Client) -> None:
    made = take(appliance)
    for _ in range(2):
        assert admin.delete(f"/admin/captures/{made['id']}").status_code == 204
    assert admin.delete("/admin/captures/nobody").status_code == 404
    assert_gone(appliance, made)
    trail = admin.get("/admin/audit").json()["items"]
    noted = [(one["actor"], one["target"]) for one in trail if one["action"] == "delete"]
    assert noted == [("admin", made["id"])]


def test_an_admin_erases_a_person_and_follows_how_far_it_has_come(
    appliance: Appliance, admin: httpx.Client
) -> None:
    hers, sent, _ = take(appliance), take(appliance, phone="0698765432"), take(appliance)
    other = take(appliance, phone="0698765433", email="another@example.com")
    with appliance.client() as client:
        body = {"phone": "+33 6 12 34 56 78", "capture_id": sent["id"]}
        assert client.post("/api/send-sms", json=body).status_code == 202
    answer = admin.post("/admin/erase", json={"phone": "06 12 34 56 78"})
    assert answer.status_code == 202
    assert answer.json()["captures"] == 3
    path = f"/admin/erasures/{answer.json()['erasure_id']}"
    for one in (hers, sent):
        assert_gone(appliance, one)
    until(appliance, lambda: admin.get(path).json()["state"] == "done")
    progress = admin.get(path).json()
    assert set(progress) == {"id", "created_at", "completed_at", "state", "captures", "items"}
    assert {one["place"] for one in progress["items"]} == {"kiosk", "storage"}
    assert {one["state"] for one in progress["items"]} == {"done"}
    assert not any(word in admin.get("/admin/audit").text for word in WORDS)
    nobody = admin.post("/admin/erase", json={"email": "NOBODY@example.com"})
    assert (nobody.status_code, nobody.json()["captures"]) == (202, 0)
    theirs = admin.post("/admin/erase", json={"email": "ANOTHER@Example.com"})
    assert theirs.json()["captures"] == 1
    assert_gone(appliance, other)


def test_whoever_is_to_be_erased_has_to_be_named_by_one_thing(admin: httpx.Client) -> None:
    bodies: list[tuple[dict[str, str], str, str]] = [
        ({}, "invalid-request", "body"),
        ({"phone": "0612345678", "email": EMAIL}, "invalid-request", "body"),
        ({"phone": "12"}, "phone-invalid", "phone"),
        ({"email": "nobody"}, "email-invalid", "email"),
        ({"name": "Ann"}, "invalid-request", "name"),
    ]
    for body, type_, field in bodies:
        answer = admin.post("/admin/erase", json=body)
        assert (answer.status_code, answer.json()["type"]) == (422, type_), body
        assert [one["field"] for one in answer.json()["errors"]] == [field]


def test_nobody_erases_without_proof(appliance: Appliance) -> None:
    with appliance.admin_client() as client:
        for method, path in (
            ("DELETE", "/admin/captures/x"),
            ("POST", "/admin/erase"),
            ("GET", "/admin/erasures/x"),
            ("POST", "/admin/cleanup"),
        ):
            assert client.request(method, path).status_code == 401


def age(appliance: Appliance, days: int) -> None:
    """Make a stopped kiosk's captures older, as if an earlier boot had taken them."""
    with closing(sqlite3.connect(appliance.data_dir / "kiosk.db")) as connection, connection:
        for table in ("captures", "deliveries"):
            connection.execute(
                f"update {table} set created_at = created_at - ?", (days * 86_400_000,)
            )
        connection.execute("update deliveries set created_boot = 'earlier'")


@pytest.mark.cloud
def test_what_is_too_old_goes_everywhere_offline_first(
    make_appliance: Make, cloud: Cloud, container: str, central: Central
) -> None:
    appliance = make_appliance(providers(cloud, container, central)).start()
    old = take(appliance)
    appliance.wait_for(old["id"], is_synced=True)
    until(appliance, lambda: "time_reckoned" in appliance.log())
    with admin_of(appliance) as admin:
        assert admin.post("/admin/cleanup").json() == {"erased": 0}
        assert appliance.stop() == 0
        age(appliance, 31)
        cloud.proxy.stop()
        with central.server.stopped():
            appliance.start()
            young = take(appliance, phone="0698765432", email="young@example.com")
            answer = admin.post("/admin/cleanup")
            assert (answer.status_code, answer.json()) == (202, {"erased": 1})
            assert_gone(appliance, old)
            assert files_with(appliance, *WORDS) == set()
        cloud.proxy.start()
        names = {f"{young['token']}.jpg", f"{young['token']}.html"}
        until(appliance, lambda: set(cloud.names(container)) == names)
        until(appliance, lambda: central.count(old["id"], erased=True) == 1)
        appliance.wait_for(young["id"], is_synced=True)
        assert central.count(young["id"], erased=False) == 1


def test_a_clock_forty_years_ahead_erases_nothing_and_one_that_is_right_does(
    make_appliance: Make, tmp_path: Path
) -> None:
    clock = ShiftedClock(tmp_path, synchronised=True)
    appliance = make_appliance().start(clock.environ)
    made = take(appliance)
    appliance.wait_for(made["id"], is_synced=True)
    set_up(appliance)
    assert appliance.stop() == 0
    age(appliance, 0)
    for days, erased in ((40 * 365, 0), (29, 0), (31, 1)):
        clock.set(days * 86_400)
        appliance.start(clock.environ)
        with appliance.admin_client() as client:
            headers = bearer(token_of(client))
            answer = client.post("/admin/cleanup", headers=headers)
            assert answer.json() == {"erased": erased}, days
            expected = 410 if erased else 200
            assert client.get(f"/api/download/{made['token']}").status_code == expected
        assert appliance.stop() == 0
