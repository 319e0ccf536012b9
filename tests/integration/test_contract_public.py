"""Every line of the contract's public table against a running kiosk, and against its own document.

Whatever is asked here has its answer checked with the schema that `/openapi.json` gives for it.
"""

import base64
import re
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from jsonschema import Draft202012Validator

from tests.parts.appliance import Appliance, free_port
from tests.parts.contract import Document, examples_fit, fits, template_of
from tests.parts.guests import BROWSER, JPEG, JSON, running, take
from tests.parts.pictures import jpeg

UNKNOWN = "aaaaaaaaaaaaaaaaaaaaa"
ORDER = {"photo_base64": base64.b64encode(jpeg()).decode()}
SMS = {"phone": "06 12 34 56 61"}
HTML = {"Accept": BROWSER}
PICTURE = "/api/preview/picture?background_id"
# Nobody vouches for whom a proxy speaks for: only the kiosk itself is answered.
FORWARDED = JPEG | {"Origin": "https://elsewhere"}
TABLE = {
    ("GET", "/"), ("GET", "/health/ping"), ("GET", "/health"), ("GET", "/health/metrics"),
    ("POST", "/api/capture"), ("POST", "/api/capture-batch"), ("GET", "/api/captures/status"),
    ("GET", "/api/status/{capture_id}"), ("POST", "/api/send-sms"), ("GET", "/api/download/{key}"),
    ("GET", "/uploads/{name}"), ("GET", "/api/qr/{token}"), ("GET", "/api/backgrounds"),
    ("GET", "/api/backgrounds/{background_id}/file"), ("GET", "/docs"), ("GET", "/redoc"),
    ("GET", "/openapi.json"), ("DELETE", "/api/download/{key}"),
    ("POST", "/api/preview/mask"), ("POST", "/api/preview/picture"),
}  # fmt: skip


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        yield client


@pytest.fixture(scope="module")
def capture(client: httpx.Client) -> dict[str, Any]:
    return take(client)


@pytest.fixture(scope="module")
def background(client: httpx.Client) -> str:
    found: str = client.get("/api/backgrounds").json()[0]["id"]
    return found


@pytest.fixture(scope="module")
def document(client: httpx.Client) -> Document:
    found: Document = client.get("/openapi.json").json()
    return found


Call = tuple[str, str, int, dict[str, Any]]
CALLS: list[Call] = [
    ("GET", "/", 200, {}),
    ("GET", "/", 200, {"headers": HTML}),
    ("GET", "/?utm_source=x", 200, {}),
    ("GET", "/health/ping", 200, {}),
    ("GET", "/health/ping?x=1", 422, {}),
    ("GET", "/health", 200, {}),
    ("GET", "/health?x=1", 422, {}),
    ("GET", "/health/metrics", 200, {}),
    ("GET", "/health/metrics?x=1", 422, {}),
    ("POST", "/api/capture", 201, {"json": ORDER}),
    ("POST", "/api/capture", 201, {"files": {"photo": jpeg()}, "data": {"consent": "{}"}}),
    ("POST", "/api/capture", 201, {"content": jpeg(), "headers": JPEG}),
    ("POST", "/api/capture", 400, {"content": b"{", "headers": JSON}),
    ("POST", "/api/capture", 403, {"json": ORDER, "headers": {"Origin": "null"}}),
    ("POST", "/api/capture", 413, {"content": b" " * 14_800_000, "headers": JSON}),
    ("POST", "/api/capture", 415, {"content": b"x", "headers": {"Content-Type": "text/plain"}}),
    ("POST", "/api/capture", 421, {"json": ORDER, "headers": {"Host": "elsewhere"}}),
    ("POST", "/api/capture", 422, {"content": b"x", "headers": JPEG}),
    ("POST", "/api/capture", 422, {"json": {}}),
    ("POST", "/api/capture-batch", 200, {"json": {"captures": [ORDER, {}]}}),
    ("POST", "/api/capture-batch", 400, {"content": b"{", "headers": JSON}),
    ("POST", "/api/capture-batch", 415, {"content": jpeg(), "headers": JPEG}),
    ("POST", "/api/capture-batch", 422, {"json": {"captures": 1}}),
    ("GET", "/api/captures/status?ids={id},b", 200, {}),
    ("GET", "/api/captures/status", 422, {}),
    ("GET", "/api/status/{id}", 200, {}),
    ("GET", "/api/status/{id}?x=1", 422, {}),
    ("GET", f"/api/status/{UNKNOWN}", 404, {}),
    ("POST", "/api/send-sms", 202, {"json": SMS}),
    ("POST", "/api/send-sms", 200, {"json": SMS}),
    ("POST", "/api/send-sms", 404, {"json": SMS | {"capture_id": UNKNOWN}}),
    ("POST", "/api/send-sms", 422, {"json": SMS | {"phone": "1"}}),
    ("POST", "/api/send-sms", 415, {"content": b"x", "headers": JPEG}),
    ("POST", "/api/send-sms", 413, {"content": b" " * 1_100_000, "headers": JSON}),
    ("GET", "/api/download/{token}", 200, {}),
    ("GET", "/api/download/{id}", 200, {}),
    ("GET", "/api/download/{token}?fbclid=x", 200, {"headers": HTML}),
    ("GET", "/api/download/{token}", 206, {"headers": {"Range": "bytes=0-9"}}),
    ("GET", "/api/download/{token}", 304, {"headers": {"If-None-Match": "*"}}),
    ("GET", "/api/download/{token}", 416, {"headers": {"Range": "bytes=99999999-"}}),
    ("GET", f"/api/download/{UNKNOWN}", 404, {}),
    ("DELETE", f"/api/download/{UNKNOWN}", 404, {}),
    ("DELETE", "/api/download/{id}", 404, {}),
    ("DELETE", "/api/download/{token}", 403, {"headers": {"Origin": "https://elsewhere"}}),
    ("GET", "/uploads/{id}.jpg", 200, {}),
    ("GET", "/uploads/{token}.jpg", 404, {}),
    ("GET", "/uploads/{id}", 404, {}),
    ("GET", "/api/qr/{token}", 200, {}),
    ("GET", "/api/qr/{token}?format=svg&size=64", 200, {}),
    ("GET", "/api/qr/{token}?size=63", 422, {}),
    ("GET", f"/api/qr/{UNKNOWN}", 404, {}),
    ("GET", "/api/backgrounds", 200, {}),
    ("GET", "/api/backgrounds?x=1", 422, {}),
    ("GET", "/api/backgrounds/{background}/file", 200, {}),
    ("GET", "/api/backgrounds/{background}/file?size=thumbnail", 200, {}),
    ("GET", "/api/backgrounds/{background}/file", 304, {"headers": {"If-None-Match": "*"}}),
    ("GET", "/api/backgrounds/{background}/file?size=big", 422, {}),
    ("GET", "/api/backgrounds/none/file", 404, {}),
    ("POST", "/api/preview/mask", 200, {"content": jpeg(), "headers": JPEG}),
    ("POST", "/api/preview/mask?x=1", 422, {"content": jpeg(), "headers": JPEG}),
    ("POST", "/api/preview/mask", 413, {"content": b" " * 1_100_000, "headers": JPEG}),
    ("POST", "/api/preview/mask", 415, {"json": ORDER}),
    ("POST", "/api/preview/mask", 422, {"content": b"x", "headers": JPEG}),
    ("POST", "/api/preview/mask", 403, {"content": jpeg(), "headers": FORWARDED}),
    ("POST", f"{PICTURE}={{background}}", 200, {"content": jpeg(), "headers": JPEG}),
    (
        "POST",
        f"{PICTURE}={{background}}&width=1080&height=1920",
        200,
        {"content": jpeg(), "headers": JPEG},
    ),
    ("POST", f"{PICTURE}={{background}}&width=0", 422, {"content": jpeg(), "headers": JPEG}),
    ("POST", "/api/preview/picture", 422, {"content": jpeg(), "headers": JPEG}),
    ("POST", f"{PICTURE}=none", 422, {"content": jpeg(), "headers": JPEG}),
    ("POST", f"{PICTURE}={{background}}", 413, {"content": b" " * 11_000_000, "headers": JPEG}),
    ("POST", f"{PICTURE}={{background}}", 415, {"json": ORDER}),
    ("POST", f"{PICTURE}={{background}}", 422, {"content": b"x", "headers": JPEG}),
    ("POST", f"{PICTURE}={{background}}", 403, {"content": jpeg(), "headers": FORWARDED}),
    ("GET", "/docs", 200, {}),
    ("GET", "/docs?x=1", 200, {}),
    ("GET", "/redoc", 200, {}),
    ("GET", "/openapi.json", 200, {}),
    ("GET", "/openapi.json", 304, {"headers": {"If-None-Match": "*"}}),
]


@pytest.mark.parametrize("call", CALLS, ids=lambda call: f"{call[0]} {call[1]} {call[2]}")
def test_each_line_answers_as_its_document_says(
    client: httpx.Client,
    capture: dict[str, Any],
    background: str,
    document: Document,
    call: Call,
) -> None:
    method, path, status, options = call
    path = path.format(**capture, background=background)
    if path == "/api/send-sms" and "json" in options:
        options = options | {"json": {"capture_id": capture["id"]} | options["json"]}
    answer = client.request(method, path, **options)
    assert answer.status_code == status, answer.text[:500]
    fits(document, answer)


def test_an_erased_capture_answers_as_its_document_says(
    client: httpx.Client, document: Document
) -> None:
    erased = take(client)
    for method, path, status in (
        ("DELETE", "/api/download/{token}", 204),
        ("GET", "/api/download/{token}", 410),
        ("GET", "/api/download/{id}", 410),
        ("GET", "/uploads/{id}.jpg", 410),
        ("GET", "/api/status/{id}", 404),
        ("GET", "/api/qr/{token}", 404),
    ):
        answer = client.request(method, path.format(**erased))
        assert answer.status_code == status
        fits(document, answer)
    found = client.get("/api/captures/status", params={"ids": erased["id"]}).json()
    assert found == {erased["id"]: {"exists": False, "is_synced": False}}


def test_the_document_has_every_line_of_the_table(document: Document) -> None:
    found = {(method.upper(), path) for path, item in document["paths"].items() for method in item}
    assert found >= TABLE
    called = {(method, template_of(document, path)) for method, path, _, _ in CALLS}
    assert called >= TABLE


def test_each_example_fits_its_schema_and_each_body_has_one(document: Document) -> None:
    examples_fit(document)


def test_every_schema_is_one_and_no_reference_leads_nowhere(document: Document) -> None:
    for schema in document["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
    for name in set(re.findall(r"#/components/schemas/(\w+)", str(document))):
        assert name in document["components"]["schemas"]
    ids = [one["operationId"] for item in document["paths"].values() for one in item.values()]
    assert len(ids) == len(set(ids))


def test_every_problem_type_stands_in_the_documentation(document: Document) -> None:
    codes = set(re.findall(r"\| `([a-z-]+)` \| ([0-9]{3}) \|", document["info"]["description"]))
    assert {("photo-unreadable", "422"), ("rate-limited", "429"), ("gone", "410")} <= codes
    told = {
        code
        for item in document["paths"].values()
        for operation in item.values()
        for status, answer in operation["responses"].items()
        for one in answer.get("content", {}).values()
        for part in one["schema"].get("allOf", [])
        for code in [
            (kind, status) for kind in part.get("properties", {}).get("type", {}).get("enum", [])
        ]
    }
    assert told <= codes


def test_an_admin_listener_documents_its_own_paths(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    port = free_port()
    tables = {"listen": {"admin": f"127.0.0.1:{port}"}}
    with running(tmp_path_factory.mktemp("two"), tables) as kiosk:
        other = f"http://localhost:{port}"
        with httpx.Client(base_url=other, trust_env=False) as admin:
            paths = set(admin.get("/openapi.json").json()["paths"])
            assert {"/health", "/health/metrics", "/api/backgrounds", "/docs"} <= paths
            assert "/api/capture" not in paths
            for page in ("/docs", "/redoc"):
                text = admin.get(page).text
                for asset in re.findall(r'(?:src|href)="(/static/[^"]+)"', text):
                    assert admin.get(asset).status_code == 200, asset
        with kiosk.client() as guest:
            assert not [
                path
                for path in guest.get("/openapi.json").json()["paths"]
                if path.startswith("/admin")
            ]
