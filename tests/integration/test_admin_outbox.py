"""The admin's hand on the outbox over HTTP: the list, retry, cancel, sync, the trail."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance, free_port
from tests.parts.guests import problem, running
from tests.parts.pictures import jpeg

FIELDS = {
    "id", "capture_id", "channel", "state", "attempts", "next_attempt_at", "last_error",
    "created_at",
}  # fmt: skip


@pytest.fixture
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """Run a kiosk whose cloud is out of reach."""
    nowhere = f"http://127.0.0.1:{free_port()}/v3"
    storage = {
        "channel": "swift", "auth_url": nowhere, "username": "u", "password": "p",
        "tenant_name": "t", "region": "r", "container": "c",
    }  # fmt: skip
    links = {"base_url": "https://photos.example"}
    tables = {"storage": storage, "links": links}
    with running(tmp_path_factory.mktemp("kiosk"), tables) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture
def admin(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.admin_client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


def take(kiosk: Appliance) -> dict[str, Any]:
    data = {"phone": "0612345678", "consent": '{"sms": true}'}
    with kiosk.client() as client:
        answer = client.post("/api/capture", files={"photo": jpeg()}, data=data)
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


def outbox(admin: httpx.Client, **query: str | int) -> Any:
    answer = admin.get("/admin/outbox", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def test_what_waits_is_listed_cancelled_and_made_due(kiosk: Appliance, admin: httpx.Client) -> None:
    first, second = take(kiosk), take(kiosk)
    page = outbox(admin)
    assert set(page) == {"items", "next_cursor", "total", "counts"}
    assert [set(one) for one in page["items"]] == [FIELDS] * 4
    assert [one["capture_id"] for one in page["items"]] == [second["id"]] * 2 + [first["id"]] * 2
    assert page["counts"] == {"storage": {"waiting": 2}, "sms": {"waiting": 2}}
    assert (page["total"], page["next_cursor"]) == (4, None)
    uploads = outbox(admin, channel="storage", limit=1)
    assert (uploads["total"], len(uploads["items"])) == (2, 1)
    rest = outbox(admin, channel="storage", limit=1, cursor=uploads["next_cursor"])
    assert [one["capture_id"] for one in rest["items"]] == [first["id"]]
    assert rest["next_cursor"] is None

    upload = uploads["items"][0]["id"]
    assert admin.post(f"/admin/outbox/{upload}/retry").status_code == 202
    answer = admin.delete(f"/admin/outbox/{upload}")
    assert (answer.status_code, answer.content) == (204, b"")
    problem(admin.delete(f"/admin/outbox/{upload}"), 409, "delivery-ended")
    problem(admin.post(f"/admin/outbox/{upload}/retry"), 409, "delivery-ended")
    page = outbox(admin, state="cancelled")
    assert (page["total"], {one["channel"] for one in page["items"]}) == (2, {"storage", "sms"})
    assert page["counts"]["sms"] == {"waiting": 1, "cancelled": 1}
    assert outbox(admin, channel="sms", state="cancelled")["total"] == 1
    assert outbox(admin)["total"] == 4

    answer = admin.post("/admin/sync")
    assert (answer.status_code, answer.json()) == (202, {"due": 2})
    path = "/admin/captures/{id}/retry"
    assert admin.post(path.format(**first)).json() == {"due": 2}
    assert admin.post(path.format(**second)).json() == {"due": 0}
    assert admin.delete(f"/admin/captures/{second['id']}").status_code == 204
    problem(admin.post(path.format(**second)), 404, "not-found")

    trail = admin.get("/admin/audit").json()["items"]
    said = [(one["actor"], one["action"], one["target"], one["detail"]) for one in trail[1:6]]
    assert said == [
        ("admin", "retry", second["id"], "0 deliveries due"),
        ("admin", "retry", first["id"], "2 deliveries due"),
        ("admin", "sync", None, "2 deliveries due"),
        ("admin", "cancel", upload, "storage"),
        ("admin", "retry", upload, "storage"),
    ]


@pytest.mark.parametrize(
    ("query", "field"),
    [("state=lost", "state"), ("channel=S", "channel"), ("cursor=x", "cursor"), ("q=1", "q")],
)
def test_odd_filters_name_the_field(admin: httpx.Client, query: str, field: str) -> None:
    problem(admin.get(f"/admin/outbox?{query}"), 422, "invalid-request", field)
