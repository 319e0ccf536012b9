"""Every line of the contract's admin table against a running kiosk, and against its document."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.parts.admins import PASSWORD, set_up
from tests.parts.appliance import Appliance, free_port
from tests.parts.contract import Document, examples_fit, fits, template_of
from tests.parts.guests import JPEG, JSON, problem, running, take
from tests.parts.pictures import jpeg

KEY = {"X-API-Key": "a key that only programs know"}
UNKNOWN = "aaaaaaaaaaaaaaaaaaaaa"
TABLE = {
    ("POST", "/admin/setup"), ("POST", "/admin/login"), ("POST", "/admin/logout"),
    ("PUT", "/admin/password"), ("GET", "/admin/captures"),
    ("DELETE", "/admin/captures/{capture_id}"), ("POST", "/admin/captures/{capture_id}/retry"),
    ("POST", "/admin/erase"), ("GET", "/admin/erasures/{erasure_id}"),
    ("POST", "/admin/backgrounds"), ("GET", "/admin/backgrounds"),
    ("PUT", "/admin/backgrounds/{background_id}"),
    ("DELETE", "/admin/backgrounds/{background_id}"), ("GET", "/admin/config"),
    ("PUT", "/admin/config"), ("GET", "/admin/outbox"),
    ("POST", "/admin/outbox/{delivery_id}/retry"), ("DELETE", "/admin/outbox/{delivery_id}"),
    ("POST", "/admin/sync"), ("POST", "/admin/cleanup"), ("GET", "/admin/stats"),
    ("GET", "/admin/export/excel"), ("GET", "/admin/export/csv"), ("POST", "/admin/test/sms"),
    ("POST", "/admin/test/storage"), ("GET", "/admin/logs"), ("GET", "/admin/audit"),
    ("POST", "/admin/backup"), ("GET", "/admin/events"),
}  # fmt: skip
# Endless, so it is asked for by itself.
EVENTS = ("GET", "/admin/events")
LOGIN = {"username": "admin", "password": "wrong"}
PICTURE: dict[str, Any] = {"files": {"file": ("plage.jpg", jpeg())}}
LARGE = {"content": b" " * 1_100_000, "headers": JSON}
PNG_BODY = {"content": jpeg(), "headers": JPEG}
BROKEN = {"content": b"{", "headers": JSON}

Call = tuple[str, str, int, dict[str, Any]]
# In this order: what is erased, cancelled or removed is so after it was asked for.
CALLS: list[Call] = [
    ("POST", "/admin/setup", 404, {"json": {"code": "x", "password": PASSWORD}}),
    ("POST", "/admin/setup", 422, {"json": {"code": "x"}}),
    ("POST", "/admin/setup", 400, BROKEN),
    ("POST", "/admin/login", 200, {"json": LOGIN | {"password": PASSWORD}}),
    ("POST", "/admin/login", 401, {"json": LOGIN}),
    ("POST", "/admin/login", 422, {"json": LOGIN | {"x": 1}}),
    ("POST", "/admin/login", 400, BROKEN),
    ("POST", "/admin/login", 413, LARGE),
    ("POST", "/admin/login", 415, PNG_BODY),
    ("POST", "/admin/login", 421, {"json": LOGIN, "headers": {"Host": "elsewhere"}}),
    ("POST", "/admin/login", 403, {"json": LOGIN, "headers": {"Origin": "null"}}),
    ("PUT", "/admin/password", 403, {"json": {"current": "wrong", "new": PASSWORD}}),
    ("PUT", "/admin/password", 422, {"json": {"current": PASSWORD, "new": "short"}}),
    ("PUT", "/admin/password", 204, {"json": {"current": PASSWORD, "new": PASSWORD}}),
    ("GET", "/admin/captures", 200, {}),
    ("GET", "/admin/captures?phone=%2B33612345661&state=delivered&limit=1", 200, {}),
    ("GET", "/admin/captures?email=guest@example.com&from=2026-01-01&to=2099-01-01", 200, {}),
    ("GET", "/admin/captures?phone=1", 422, {}),
    ("GET", "/admin/captures?email=1", 422, {}),
    ("GET", "/admin/captures?state=x", 422, {}),
    ("GET", "/admin/captures?limit=201", 422, {}),
    ("POST", "/admin/captures/{capture}/retry", 202, {}),
    ("POST", f"/admin/captures/{UNKNOWN}/retry", 404, {}),
    ("POST", "/admin/captures/{capture}/retry?x=1", 422, {}),
    ("GET", "/admin/outbox", 200, {}),
    ("GET", "/admin/outbox?channel=sms&state=refused", 200, {}),
    ("GET", "/admin/outbox?channel=x", 422, {}),
    ("POST", "/admin/outbox/{waiting}/retry", 202, {}),
    ("POST", "/admin/outbox/{delivered}/retry", 409, {}),
    ("POST", f"/admin/outbox/{UNKNOWN}/retry", 404, {}),
    ("DELETE", "/admin/outbox/{delivered}", 409, {}),
    ("DELETE", "/admin/outbox/{waiting}", 204, {}),
    ("DELETE", f"/admin/outbox/{UNKNOWN}", 404, {}),
    ("POST", "/admin/sync", 202, {}),
    ("POST", "/admin/sync?x=1", 422, {}),
    ("GET", "/admin/stats", 200, {}),
    ("GET", "/admin/stats?x=1", 422, {}),
    ("GET", "/admin/export/excel", 200, {}),
    ("GET", "/admin/export/excel?from=x", 422, {}),
    ("GET", "/admin/export/csv?numbers=full", 200, {}),
    ("GET", "/admin/export/csv?numbers=x", 422, {}),
    ("POST", "/admin/test/sms", 200, {"json": {"phone": "06 12 34 56 78"}}),
    ("POST", "/admin/test/sms", 422, {"json": {"phone": "1"}}),
    ("POST", "/admin/test/sms", 400, BROKEN),
    ("POST", "/admin/test/storage", 200, {}),
    ("POST", "/admin/test/storage?x=1", 422, {}),
    ("GET", "/admin/logs?level=info&limit=2", 200, {}),
    ("GET", "/admin/logs?level=x", 422, {}),
    ("GET", "/admin/audit", 200, {}),
    ("GET", "/admin/audit?cursor=x", 422, {}),
    ("POST", "/admin/backup", 200, {}),
    ("POST", "/admin/backup?x=1", 422, {}),
    ("GET", "/admin/config", 200, {}),
    ("GET", "/admin/config?x=1", 422, {}),
    ("PUT", "/admin/config", 200, {"json": {"guest.countdown_seconds": 5}}),
    ("PUT", "/admin/config", 422, {"json": {"no.key": 5}}),
    ("PUT", "/admin/config", 400, BROKEN),
    ("PUT", "/admin/config", 413, LARGE),
    ("PUT", "/admin/config", 415, PNG_BODY),
    ("GET", "/admin/backgrounds", 200, {}),
    ("GET", "/admin/backgrounds?x=1", 422, {}),
    ("POST", "/admin/backgrounds", 201, PICTURE | {"data": {"is_active": "false"}}),
    ("POST", "/admin/backgrounds", 422, PICTURE | {"data": {"mode": "x"}}),
    ("POST", "/admin/backgrounds", 422, {"files": {"file": ("x.jpg", b"no picture")}}),
    ("POST", "/admin/backgrounds", 415, {"json": {"name": "Plage"}}),
    ("PUT", "/admin/backgrounds/{background}", 200, {"json": {"is_active": False}}),
    ("PUT", "/admin/backgrounds/{background}", 200, PICTURE),
    ("PUT", "/admin/backgrounds/{background}", 422, {"json": {"name": 1}}),
    ("PUT", "/admin/backgrounds/{background}", 400, BROKEN),
    ("PUT", "/admin/backgrounds/{background}", 413, LARGE),
    ("PUT", f"/admin/backgrounds/{UNKNOWN}", 404, {"json": {"name": "Plage"}}),
    ("DELETE", "/admin/backgrounds/{background}", 204, {}),
    ("DELETE", "/admin/backgrounds/{background}", 404, {}),
    ("POST", "/admin/cleanup", 202, {}),
    ("POST", "/admin/cleanup?x=1", 422, {}),
    ("POST", "/admin/erase", 202, {"json": {"email": "Guest@example.com"}}),
    ("POST", "/admin/erase", 202, {"json": {"phone": "06 12 34 56 79"}}),
    ("POST", "/admin/erase", 422, {"json": {}}),
    ("POST", "/admin/erase", 422, {"json": {"phone": "1"}}),
    ("POST", "/admin/erase", 400, BROKEN),
    ("GET", "/admin/erasures/{erasure}", 200, {}),
    ("GET", f"/admin/erasures/{UNKNOWN}", 404, {}),
    ("DELETE", "/admin/captures/{capture}", 204, {}),
    ("DELETE", "/admin/captures/{capture}", 204, {}),
    ("DELETE", f"/admin/captures/{UNKNOWN}", 404, {}),
    ("POST", "/admin/captures/{capture}/retry", 404, {}),
    ("POST", "/admin/logout", 204, {}),
    ("POST", "/admin/logout?x=1", 422, {}),
]  # fmt: skip


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    tables = {
        "listen": {"admin": f"127.0.0.1:{free_port()}"},
        "admin": {"api_key": KEY["X-API-Key"]},
        # An SMS waits for ever: nobody listens there.
        "sms": {"channel": "ovh", "service_name": "sms-ab12345-1"},
        "ovh": dict.fromkeys(("application_key", "application_secret", "consumer_key"), "none")
        | {"endpoint": "http://127.0.0.1:9/1.0"},
    }
    with running(tmp_path_factory.mktemp("kiosk"), tables) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.admin_client() as client:
        yield client


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> Document:
    found: Document = client.get("/openapi.json").json()
    return found


def there(kiosk: Appliance, admin: httpx.Client) -> dict[str, str]:
    """Make one of everything that a path can name."""
    with kiosk.client() as guest:
        known = take(
            guest, email="guest@example.com", phone="06 12 34 56 61", consent={"sms": True}
        )
    kiosk.wait_for(known["id"], is_synced=True)
    uploaded = admin.get("/admin/outbox?channel=storage", headers=KEY).json()["items"]
    told = {one["capture_id"]: one["id"] for one in _rows(admin, "sms")}
    kept = admin.post("/admin/backgrounds", headers=KEY, **PICTURE)
    erased = admin.post("/admin/erase", headers=KEY, json={"email": "nobody@example.com"})
    return {
        "capture": known["id"],
        "waiting": told[known["id"]],
        "delivered": next(one["id"] for one in uploaded if one["capture_id"] == known["id"]),
        "background": kept.json()["id"],
        "erasure": erased.json()["erasure_id"],
    }


def _rows(admin: httpx.Client, channel: str) -> list[dict[str, Any]]:
    answer = admin.get("/admin/outbox", params={"channel": channel}, headers=KEY)
    rows: list[dict[str, Any]] = answer.json()["items"]
    return rows


def test_each_line_answers_as_its_document_says(
    kiosk: Appliance, client: httpx.Client, document: Document
) -> None:
    first = client.post("/admin/setup", json={"code": "AAAA", "password": PASSWORD})
    assert first.status_code == 401
    fits(document, first)
    set_up(kiosk)
    names = there(kiosk, client)
    wrong = []
    for method, path, status, options in CALLS:
        headers = KEY | options.get("headers", {})
        address = path.format(**names)
        answer = client.request(method, address, **options | {"headers": headers})
        if answer.status_code != status:
            wrong.append((method, path, status, answer.status_code, answer.text[:300]))
        fits(document, answer)
    assert not wrong


def test_without_proof_each_line_answers_as_its_document_says(
    kiosk: Appliance, document: Document
) -> None:
    with kiosk.admin_client() as stranger:
        for method, path in TABLE - {("POST", "/admin/setup"), ("POST", "/admin/login")}:
            answer = stranger.request(method, path.replace("{", "").replace("}", ""))
            assert answer.status_code == 401, path
            fits(document, answer)


def test_guest_listener_has_none_of_them_for_anybody(
    kiosk: Appliance, client: httpx.Client, document: Document
) -> None:
    with kiosk.client() as guest:
        listed = guest.get("/openapi.json").json()["paths"]
        assert not [path for path in listed if path.startswith("/admin")]
        for method, path in _documented(document):
            for headers in ({}, KEY):
                problem(guest.request(method, path, headers=headers), 404, "not-found")


def test_foreign_hosts_and_pages_are_refused_with_a_key_too(
    client: httpx.Client, document: Document
) -> None:
    for method, path in _documented(document):
        answer = client.request(method, path, headers=KEY | {"Host": "evil.example"})
        problem(answer, 421, "host-unknown")
        if method != "GET":
            for foreign in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}):
                answer = client.request(method, path, headers=KEY | foreign)
                problem(answer, 403, "origin-refused")


def _documented(document: Document) -> list[tuple[str, str]]:
    return [
        (method.upper(), path.replace("{", "").replace("}", ""))
        for path, item in document["paths"].items()
        for method in item
        if path.startswith("/admin")
    ]


def test_events_come_as_the_document_says(client: httpx.Client, document: Document) -> None:
    with client.stream(*EVENTS, headers=KEY) as answer:
        assert answer.status_code == 200
        kind = answer.headers["content-type"].partition(";")[0]
        assert kind in document["paths"]["/admin/events"]["get"]["responses"]["200"]["content"]
        assert next(answer.iter_lines())


def test_the_document_has_every_line_of_the_table(document: Document) -> None:
    found = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert found >= TABLE
    called = {
        (method, template_of(document, path.format_map(_Any()))) for method, path, _, _ in CALLS
    }
    assert called >= TABLE - {EVENTS}
    # Whatever is added later has its lines here too.
    assert {line for line in found if line[1].startswith("/admin/")} <= called | {EVENTS}


class _Any(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return name


def test_each_example_fits_its_schema_and_each_body_has_one(document: Document) -> None:
    examples_fit(document)
