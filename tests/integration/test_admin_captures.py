"""The admin's list of captures: what a row says, what finds it, and how it is paged."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance
from tests.parts.guests import problem, running, take
from tests.parts.pictures import jpeg

ADDED = {
    "phone", "email", "consent", "background_id", "width", "height", "file_size", "token",
}  # fmt: skip
LIST = "/admin/captures"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture(scope="module")
def admin(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.admin_client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


@pytest.fixture(scope="module")
def made(kiosk: Appliance) -> dict[str, str]:
    """Return the ids of three captures: a guest's with consent, one only texted, an erased one."""
    given = {
        "phone": "0612345678",
        "email": "Guest@Example.com",
        "consent": '{"sms": true, "marketing": true}',
    }
    with kiosk.client() as client:
        hers = client.post("/api/capture", files={"photo": jpeg()}, data=given).json()
        sent, erased = take(client), take(client)
        body = {"phone": "06 98 76 54 32", "capture_id": sent["id"]}
        assert client.post("/api/send-sms", json=body).status_code == 202
        assert client.delete(f"/api/download/{erased['token']}").status_code == 204
    for one in (hers, sent):
        kiosk.wait_for(one["id"], is_synced=True, sms_sent=True)
    return {"hers": hers["id"], "sent": sent["id"], "erased": erased["id"]}


def listed(admin: httpx.Client, **query: str | int) -> list[str]:
    answer = admin.get(LIST, params=query)
    assert answer.status_code == 200, answer.text
    page = answer.json()
    assert page["total"] == len(page["items"])
    return [one["id"] for one in page["items"]]


def test_a_row_is_the_status_and_whose_it_is(
    kiosk: Appliance, admin: httpx.Client, made: dict[str, str]
) -> None:
    row = admin.get(LIST, params={"phone": "0612345678"}).json()["items"][0]
    status = kiosk.status(made["hers"])
    assert {name: row[name] for name in status} == status
    assert set(row) - set(status) == ADDED
    assert (row["phone"], row["email"]) == ("+33612345678", "Guest@Example.com")
    assert row["consent"] == {"sms": True, "marketing": True}
    assert row["download_url"].endswith(row["token"])
    assert row["file_size"] > row["width"] > row["height"] > 0


def test_list_is_newest_first_and_without_erased_ones(
    admin: httpx.Client, made: dict[str, str]
) -> None:
    assert listed(admin) == [made["sent"], made["hers"]]
    first = admin.get(LIST, params={"limit": 1}).json()
    assert (first["total"], [one["id"] for one in first["items"]]) == (2, [made["sent"]])
    rest = admin.get(LIST, params={"limit": 1, "cursor": first["next_cursor"]}).json()
    assert [one["id"] for one in rest["items"]] == [made["hers"]]
    assert rest["next_cursor"] is None


def test_filters_find_what_has_been_given(admin: httpx.Client, made: dict[str, str]) -> None:
    hers, sent = made["hers"], made["sent"]
    day = admin.get(LIST).json()["items"][0]["created_at"]
    found: list[tuple[dict[str, str], list[str]]] = [
        ({"phone": "06 12 34 56 78"}, [hers]),
        ({"phone": "+33 6 98 76 54 32"}, [sent]),
        ({"phone": "0698765433"}, []),
        ({"email": "GUEST@example.COM"}, [hers]),
        ({"email": "guests@example.com"}, []),
        ({"state": "delivered"}, [sent, hers]),
        ({"state": "refused"}, []),
        ({"state": "waiting"}, []),
        ({"from": "2026-01-01"}, [sent, hers]),
        ({"to": "2026-01-01"}, []),
        ({"from": day}, [sent]),
        ({"to": day}, [hers]),
        ({"from": day[:10], "state": "delivered", "phone": "0612345678"}, [hers]),
        ({"phone": "0612345678", "email": "guests@example.com"}, []),
    ]
    for query, ids in found:
        assert listed(admin, **query) == ids, query


@pytest.mark.parametrize(
    ("query", "code", "field"),
    [
        ("phone=12", "phone-invalid", "phone"),
        ("email=nobody", "email-invalid", "email"),
        ("state=lost", "invalid-request", "state"),
        ("from=yesterday", "invalid-request", "from"),
        ("to=2026-02-30", "invalid-request", "to"),
        ("to=2026-02-01T10:00:00", "invalid-request", "to"),
        ("since=2026-02-01", "invalid-request", "since"),
        ("cursor=7", "invalid-request", "cursor"),
        ("limit=201", "invalid-request", "limit"),
    ],
)
def test_odd_filters_name_the_field(admin: httpx.Client, query: str, code: str, field: str) -> None:
    answer: Any = admin.get(f"{LIST}?{query}")
    problem(answer, 422, code, field)
