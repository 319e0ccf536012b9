"""The admin's backgrounds: added, listed, changed and removed, with what guests see of it."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance
from tests.parts.guests import problem, running, take
from tests.parts.pictures import jpeg, transparent_frame

PATH = "/admin/backgrounds"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


def a_frame() -> bytes:
    return transparent_frame(160, 120, 20, (200, 30, 30, 255))


def add(client: httpx.Client, picture: bytes | None = None, **fields: str) -> dict[str, Any]:
    answer = client.post(PATH, files={"file": ("Fête.jpg", picture or jpeg(320, 240))}, data=fields)
    assert answer.status_code == 201, answer.text
    added: dict[str, Any] = answer.json()
    return added


def shown(client: httpx.Client) -> dict[str, dict[str, Any]]:
    return {one["id"]: one for one in client.get("/api/backgrounds").json()}


def last_noted(client: httpx.Client) -> tuple[str, str, str, str]:
    one = client.get("/admin/audit?limit=1").json()["items"][0]
    return one["actor"], one["action"], one["target"], one["detail"]


def test_what_is_not_said_has_the_defaults_of_the_contract(client: httpx.Client) -> None:
    added = add(client)
    expected = {"name": "Fête", "mode": "none", "is_active": True, "display_order": 0}
    assert expected.items() <= added.items()
    assert (added["width"], added["height"], added["media_type"]) == (320, 240, "image/jpeg")
    assert shown(client)[added["id"]]["file_url"] == added["file_url"]
    assert client.get(added["file_url"]).content == jpeg(320, 240)
    assert client.get(added["thumbnail_url"]).content.startswith(b"\x89PNG")
    assert last_noted(client) == ("admin", "backgrounds", added["id"], "added: Fête")


def test_every_field_is_taken(client: httpx.Client) -> None:
    fields = {"name": "Noël", "mode": "frame", "is_active": "False", "display_order": "7"}
    added = add(client, a_frame(), **fields)
    expected = {"name": "Noël", "mode": "frame", "is_active": False, "display_order": 7}
    assert expected.items() <= added.items()
    assert added["id"] not in shown(client)
    # The page of whoever may show it again needs its picture.
    assert client.get(added["thumbnail_url"]).status_code == 200


def test_all_are_listed_in_pages_newest_first(client: httpx.Client) -> None:
    ids = [add(client, is_active=str(number % 2 == 0))["id"] for number in range(3)]
    page = client.get(f"{PATH}?limit=2").json()
    assert [one["id"] for one in page["items"]] == [ids[2], ids[1]]
    client.delete(f"{PATH}/{ids[1]}")
    rest = client.get(f"{PATH}?limit=200&cursor={page['next_cursor']}").json()
    assert rest["items"][0]["id"] == ids[0]
    assert rest["next_cursor"] is None
    assert rest["total"] == len(rest["items"]) + 1
    problem(client.get(f"{PATH}?cursor=x"), 422, "invalid-request")


def test_json_changes_what_it_names_and_nothing_else(client: httpx.Client) -> None:
    added = add(client, name="Avant")
    answer = client.put(f"{PATH}/{added['id']}", json={"name": "Après", "display_order": 3})
    assert answer.json() == added | {"name": "Après", "display_order": 3}
    said = "name: Avant -> Après; display_order: 0 -> 3"
    assert last_noted(client) == ("admin", "backgrounds", added["id"], said)
    assert client.put(f"{PATH}/{added['id']}", json={}).json() == answer.json()
    client.put(f"{PATH}/{added['id']}", json={"is_active": False})
    assert added["id"] not in shown(client)


def test_a_new_picture_takes_the_place_of_the_old_one(
    kiosk: Appliance, client: httpx.Client
) -> None:
    added = add(client, name="Fond")
    before = client.get(added["file_url"])
    answer = client.put(f"{PATH}/{added['id']}", files={"file": a_frame()}, data={"mode": "frame"})
    assert answer.status_code == 200, answer.text
    expected = {"name": "Fond", "mode": "frame", "media_type": "image/png", "width": 160}
    assert expected.items() <= answer.json().items()
    after = client.get(added["file_url"], headers={"If-None-Match": before.headers["etag"]})
    assert (after.status_code, after.content) == (200, a_frame())
    assert after.headers["content-type"] == "image/png"
    assert take(client, background_id=added["id"])["width"] == 160
    folder = kiosk.folder / "var" / "backgrounds"
    kept = [path for path in folder.iterdir() if path.name.startswith(added["id"])]
    assert len(kept) == 2


def test_removed_is_gone_and_its_captures_stay(client: httpx.Client) -> None:
    added = add(client)
    capture = take(client, background_id=added["id"])
    assert client.delete(f"{PATH}/{added['id']}").status_code == 204
    assert last_noted(client) == ("admin", "backgrounds", added["id"], "removed")
    problem(client.delete(f"{PATH}/{added['id']}"), 404, "not-found")
    problem(client.put(f"{PATH}/{added['id']}", json={"name": "x"}), 404, "not-found")
    problem(client.get(added["file_url"]), 404, "not-found")
    assert client.get(f"/api/download/{capture['token']}").status_code == 200


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"mode": "hologram"}, "mode"),
        ({"mode": "frame"}, "file"),
        ({"is_active": "perhaps"}, "is_active"),
        ({"display_order": "-1"}, "display_order"),
        ({"display_order": "1000000"}, "display_order"),
        ({"name": "two\nlines"}, "name"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_changes(
    client: httpx.Client, fields: dict[str, str], field: str
) -> None:
    added = add(client)
    total = client.get(PATH).json()["total"]
    for method, path in (("POST", PATH), ("PUT", f"{PATH}/{added['id']}")):
        answer = client.request(method, path, files={"file": jpeg()}, data=fields)
        problem(answer, 422, "invalid-request")
        assert [error["field"] for error in answer.json()["errors"]] == [field]
    page = client.get(PATH).json()
    assert page["total"] == total
    assert page["items"][0] == added


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"name": None}, 422, "name"),
        ({"is_active": "yes"}, 422, "is_active"),
        ({"file": "x"}, 422, "file"),
        # Its picture is opaque.
        ({"mode": "frame"}, 422, "file"),
    ],
)
def test_a_wrong_json_field_is_named(
    client: httpx.Client, body: dict[str, object], status: int, field: str
) -> None:
    added = add(client)
    answer = client.put(f"{PATH}/{added['id']}", json=body)
    problem(answer, status, "invalid-request")
    assert [error["field"] for error in answer.json()["errors"]] == [field]


def test_bodies_are_bounded_and_of_a_known_kind(client: httpx.Client) -> None:
    problem(client.post(PATH, files={"file": b"x" * 11_000_000}), 413, "photo-too-large")
    problem(client.post(PATH, json={"name": "x"}), 415, "unsupported-media-type")
    problem(client.post(PATH, data={"name": "x"}), 415, "unsupported-media-type")
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    problem(client.post(PATH, content=b"rubbish", headers=headers), 400, "invalid-request")
    problem(client.post(PATH, files={"name": (None, "x")}), 422, "invalid-request")
    problem(
        client.post(PATH, files={"file": b"rubbish"}, data={"name": "x"}), 422, "invalid-request"
    )
