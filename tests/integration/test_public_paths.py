"""What a guest can follow: status, SMS, photo, link, QR code, backgrounds, pages."""

import hashlib
import html.parser
import json
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any

import cv2
import httpx
import numpy as np
import pytest
import zxingcpp

from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance
from tests.parts.guests import (
    BROWSER,
    CHROME,
    answered,
    as_json,
    exchange,
    head,
    problem,
    running,
    take,
)
from tests.parts.pictures import jpeg, noise, saved

PHOTO = saved(noise(320, 240), "JPEG", quality=90)
UNKNOWN = "aaaaaaaaaaaaaaaaaaaaa"


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
    return take(client, PHOTO)


# --- status ---------------------------------------------------------------------------------------


def test_the_status_map_tells_of_many_captures_at_once(
    client: httpx.Client, kiosk: Appliance
) -> None:
    capture = take(client)["id"]
    kiosk.wait_for(capture, status="synced")
    ids = [capture, UNKNOWN, capture, *(f"id{number}" for number in range(198))]
    answer = client.get("/api/captures/status", params={"ids": ",".join(ids)})
    assert answer.status_code == 200
    found = answer.json()
    assert found.pop(capture) == {"exists": True, "is_synced": True}
    assert len(found) == 199
    assert found[UNKNOWN] == {"exists": False, "is_synced": False}


@pytest.mark.parametrize("ids", [None, "", ",", ",".join(f"id{number}" for number in range(201))])
def test_the_status_map_asks_for_1_to_200_ids(client: httpx.Client, ids: str | None) -> None:
    answer = client.get("/api/captures/status", params={} if ids is None else {"ids": ids})
    problem(answer, 422, "invalid-request", "ids")


def test_the_status_map_knows_what_is_not_synced_yet(
    make_appliance: Callable[..., Appliance],
) -> None:
    offline = make_appliance({"storage": UNREACHABLE_CLOUD}).start()
    with offline.client() as client:
        capture = take(client)["id"]
        found = client.get(f"/api/captures/status?ids={capture}").json()
    assert found == {capture: {"exists": True, "is_synced": False}}


def test_status_tells_how_far_it_is_and_nothing_personal(
    client: httpx.Client, kiosk: Appliance
) -> None:
    fields: dict[str, Any] = {
        "phone": "06 12 34 56 70",
        "email": "user@example.com",
        "consent": {"sms": True},
    }
    capture = take(client, **fields)
    status = kiosk.wait_for(capture["id"], status="synced", sms_sent=True)
    assert set(status) == {
        "id", "created_at", "status", "is_synced", "sms_sent", "sync_attempts", "download_url",
        "photo_remote_url", "deliveries",
    }  # fmt: skip
    assert status["is_synced"] is True
    assert status["sync_attempts"] == 1
    assert status["created_at"] == capture["created_at"]
    assert status["download_url"] == capture["download_url"]
    assert {row["channel"] for row in status["deliveries"]} == {"storage", "sms"}
    for row in status["deliveries"]:
        assert set(row) == {"channel", "state", "attempts", "next_attempt_at", "last_error"}
        assert (row["state"], row["attempts"], row["next_attempt_at"]) == ("delivered", 1, None)
    text = client.get(f"/api/status/{capture['id']}").text
    assert "612345670" not in text
    assert "user@example.com" not in text


def test_status_knows_ids_only(client: httpx.Client, capture: dict[str, Any]) -> None:
    problem(client.get(f"/api/status/{UNKNOWN}"), 404, "not-found")
    problem(client.get(f"/api/status/{capture['token']}"), 404, "not-found")
    answer = client.get(f"/api/status/{capture['id']}?verbose=1")
    problem(answer, 422, "invalid-request", "verbose")


# --- SMS ------------------------------------------------------------------------------------------


def send(client: httpx.Client, capture_id: str, phone: str) -> httpx.Response:
    return client.post("/api/send-sms", json={"phone": phone, "capture_id": capture_id})


def test_same_number_however_written_is_one_sms(client: httpx.Client, kiosk: Appliance) -> None:
    capture = take(client)
    first = send(client, capture["id"], "06 11 22 33 44")
    assert first.status_code == 202
    body = first.json()
    assert body == {"sms_id": body["sms_id"], "status": "queued", "online": True}
    for typed in ("+33611223344", "0033 6 11 22 33 44", "06.11.22.33.44", "+33 (0)6 11 22 33 44"):
        again = send(client, capture["id"], typed)
        assert (again.status_code, again.json()["sms_id"]) == (200, body["sms_id"])
    kiosk.wait_for(capture["id"], sms_sent=True)
    assert send(client, capture["id"], "0611223344").status_code == 200
    assert sum(capture["token"] in line for line in kiosk.handset_lines()) == 1


def test_number_of_the_capture_itself_is_not_texted_twice(client: httpx.Client) -> None:
    capture = take(client, phone="06 11 22 33 45", consent={"sms": True})
    again = send(client, capture["id"], "+33611223345")
    assert (again.status_code, again.json()["sms_id"]) == (200, capture["sms_id"])


def test_another_number_is_another_sms(client: httpx.Client) -> None:
    capture = take(client)
    ids = {
        send(client, capture["id"], number).json()["sms_id"]
        for number in ("0611223346", "0611223347")
    }
    assert len(ids) == 2


def test_eight_taps_at_once_are_one_sms(kiosk: Appliance, client: httpx.Client) -> None:
    capture = take(client)

    def tap(_: int) -> httpx.Response:
        with kiosk.client() as own:
            return send(own, capture["id"], "0611223348")

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(tap, range(8)))
    assert sorted(answer.status_code for answer in answers) == [200] * 7 + [202]
    assert len({answer.json()["sms_id"] for answer in answers}) == 1


def test_landline_and_unknown_capture(client: httpx.Client, kiosk: Appliance) -> None:
    capture = take(client)
    assert send(client, capture["id"], "+33123456789").status_code == 202
    (sms,) = [row for row in kiosk.status(capture["id"])["deliveries"] if row["channel"] == "sms"]
    assert (sms["state"], sms["attempts"]) == ("refused", 0)
    problem(send(client, UNKNOWN, "0611223349"), 404, "not-found")
    problem(send(client, capture["token"], "0611223349"), 404, "not-found")


def test_cap_of_a_number(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance({"sms": {"per_number_per_day": 2}}).start()
    with kiosk.client() as client:
        for _ in range(2):
            assert take(client, phone="0611223344", consent={"sms": True})["sms_id"]
        third = take(client, phone="0611223344", consent={"sms": True})
        assert third["sms_id"] is None
        refused = send(client, third["id"], "06 11 22 33 44")
        problem(refused, 429, "sms-limit")
        assert int(refused.headers["retry-after"]) <= 24 * 3600 + 1
        assert send(client, third["id"], "0611223345").status_code == 202


def test_cap_of_a_day(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance({"sms": {"per_day": 3}}).start()
    with kiosk.client() as client:
        capture = take(client)
        codes = [send(client, capture["id"], f"06112233{n:02}").status_code for n in range(5)]
        assert codes == [202, 202, 202, 429, 429]
        assert take(client, phone="0611223350", consent={"sms": True})["sms_id"] is None
        # A landline costs nothing and takes nobody's place.
        assert send(client, capture["id"], "0611223300").status_code == 200


# --- the photo ------------------------------------------------------------------------------------


@pytest.mark.parametrize("way", ["token", "id", "uploads"])
def test_photo_comes_whole(client: httpx.Client, capture: dict[str, Any], way: str) -> None:
    address = {
        "token": f"/api/download/{capture['token']}",
        "id": f"/api/download/{capture['id']}",
        "uploads": f"/uploads/{capture['id']}.jpg",
    }[way]
    answer = client.get(address + "?utm_source=messenger&fbclid=x")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert len(answer.content) == capture["file_size"]
    disposition = answer.headers["content-disposition"]
    assert re.fullmatch(r'(inline|attachment); filename="[A-Za-z0-9-]+\.jpg"', disposition)
    assert answer.headers["cache-control"].startswith("private")
    assert "accept" in answer.headers["vary"].lower()
    assert answer.headers["accept-ranges"] == "bytes"
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-robots-tag"] == "noindex"
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert picture is not None
    assert picture.shape[:2] == (capture["height"], capture["width"])


@pytest.mark.parametrize(
    ("accept", "kind"),
    [
        (BROWSER, "text/html"),
        (CHROME, "text/html"),
        ("text/html", "text/html"),
        ("TEXT/HTML", "text/html"),
        ("application/xhtml+xml, */*;q=0.1", "text/html"),
        ("*/*", "image/jpeg"),
        ("", "image/jpeg"),
        ("image/jpeg", "image/jpeg"),
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "image/jpeg"),
        ("image/webp,image/avif,image/jxl,image/heic,video/*;q=0.8,image/*,*/*;q=0.5",
         "image/jpeg"),
        ("image/jpeg, text/html;q=0.5", "image/jpeg"),
        ("text/html;q=0, */*", "image/jpeg"),
        ("application/json", "image/jpeg"),
        ("rubbish;;;,,q=", "image/jpeg"),
    ],
)  # fmt: skip
def test_browser_gets_the_page_and_everybody_else_the_photo(
    client: httpx.Client, capture: dict[str, Any], accept: str, kind: str
) -> None:
    for key in (capture["token"], capture["id"]):
        answer = client.get(f"/api/download/{key}", headers={"Accept": accept})
        assert answer.status_code == 200
        assert answer.headers["content-type"].split(";")[0] == kind
        assert "Accept" in answer.headers["vary"]
    upload = client.get(f"/uploads/{capture['id']}.jpg", headers={"Accept": accept})
    assert upload.headers["content-type"] == "image/jpeg"


def test_photo_that_is_known_is_not_sent_again(
    client: httpx.Client, capture: dict[str, Any]
) -> None:
    address = f"/api/download/{capture['token']}"
    etag = client.get(address).headers["etag"]
    for known in (etag, f"W/{etag}", f'"x", {etag}', "*"):
        answer = client.get(address, headers={"If-None-Match": known})
        assert (answer.status_code, answer.content) == (304, b"")
        assert answer.headers["etag"] == etag
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.get(f"/uploads/{capture['id']}.jpg").headers["etag"] == etag


def test_parts_of_a_photo(client: httpx.Client, capture: dict[str, Any]) -> None:
    address, size = f"/uploads/{capture['id']}.jpg", capture["file_size"]
    whole = client.get(address).content
    etag = client.get(address).headers["etag"]
    for wanted, start, end in (
        ("bytes=0-99", 0, 100),
        ("bytes=100-", 100, size),
        ("bytes=-50", size - 50, size),
        (f"bytes=-{size * 2}", 0, size),
        (f"bytes={size - 1}-{size + 99}", size - 1, size),
        ("BYTES=5-5", 5, 6),
    ):
        answer = client.get(address, headers={"Range": wanted})
        assert answer.status_code == 206, wanted
        assert answer.content == whole[start:end]
        assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
        assert int(answer.headers["content-length"]) == end - start
    for wanted in (f"bytes={size}-", f"bytes={size + 9}-{size + 99}", "bytes=-0"):
        answer = client.get(address, headers={"Range": wanted})
        problem(answer, 416, "range-not-satisfiable")
        assert answer.headers["content-range"] == f"bytes */{size}"
    for ignored in ("bytes=9-5", "bytes=0-1,5-9", "lines=0-5", "bytes=", "bytes=-", "x" * 5000,
                    "bytes=" + "9" * 5000 + "-"):  # fmt: skip
        answer = client.get(address, headers={"Range": ignored})
        assert (answer.status_code, len(answer.content)) == (200, size)
    part = {"Range": "bytes=0-9"}
    assert client.get(address, headers={**part, "If-Range": etag}).status_code == 206
    assert client.get(address, headers={**part, "If-Range": '"old"'}).status_code == 200
    assert client.get(address, headers={**part, "If-None-Match": etag}).status_code == 304


def test_head_tells_the_length(client: httpx.Client, capture: dict[str, Any]) -> None:
    for address in (
        "/",
        "/health/ping",
        "/api/backgrounds",
        f"/api/download/{capture['token']}",
        f"/uploads/{capture['id']}.jpg",
        capture["qr_url"],
        f"/api/status/{UNKNOWN}",
    ):
        got, headed = client.get(address), client.head(address)
        assert headed.status_code == got.status_code
        assert headed.content == b""
        assert headed.headers["content-type"] == got.headers["content-type"]
        if got.status_code == 200:
            assert headed.headers["content-length"] == str(len(got.content))
    part = client.head(f"/uploads/{capture['id']}.jpg", headers={"Range": "bytes=0-9"})
    assert (part.status_code, part.headers["content-length"]) == (206, "10")


def test_what_is_no_photo_is_404(client: httpx.Client, capture: dict[str, Any]) -> None:
    for address in (
        f"/api/download/{UNKNOWN}",
        f"/uploads/{UNKNOWN}.jpg",
        f"/uploads/{capture['token']}.jpg",
        f"/uploads/{capture['id']}",
        f"/uploads/{capture['id']}.png",
        f"/uploads/{capture['id']}.jpg.jpg",
        f"/uploads/{capture['id']}.thumbnail.jpg",
        "/uploads/.jpg",
        "/uploads/..%2fkiosk.db",
        "/uploads/%2e%2e%2f%2e%2e%2fetc%2fpasswd.jpg",
        f"/api/qr/{UNKNOWN}",
        "/api/backgrounds/none/file",
    ):
        problem(client.get(address), 404, "not-found")


# --- the landing page -----------------------------------------------------------------------------


class _Page(html.parser.HTMLParser):
    """Collects what a page refers to."""

    def __init__(self) -> None:
        super().__init__()
        self.sources: list[str] = []
        self.links: list[dict[str, str | None]] = []
        self.scripts_from_elsewhere = 0

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        found = dict(attributes)
        self.scripts_from_elsewhere += tag == "script" and "src" in found
        if tag == "img":
            self.sources.append(found["src"] or "")
        if tag == "a":
            self.links.append(found)


def test_landing_page(client: httpx.Client, capture: dict[str, Any]) -> None:
    answer = client.get(capture["download_url"] + "?x=1", headers={"Accept": BROWSER})
    assert answer.status_code == 200
    assert len(answer.content) < 30_000
    page = _Page()
    page.feed(answer.text)
    assert page.scripts_from_elsewhere == 0
    (source,) = page.sources
    assert len(client.get(source, headers={"Accept": BROWSER}).content) == capture["file_size"]
    save = [link for link in page.links if "download" in link]
    assert [link["href"] for link in save] == [source]
    created = datetime.fromisoformat(capture["created_at"])
    day = created + timedelta(days=30)
    assert f"{day.year}" in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    # Nothing from elsewhere, and no id: the page is what people pass on.
    assert not re.search(r"(src|href)=.?(https?:)?//", answer.text)


# --- QR -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [100, 128, 400, 777, 2048])
def test_qr_code_is_exact_and_readable(
    client: httpx.Client, capture: dict[str, Any], size: int
) -> None:
    answer = client.get(f"{capture['qr_url']}?size={size}")
    assert answer.headers["content-type"] == "image/png"
    picture = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture.shape == (size, size)
    # OpenCV's own reader misses one link in seven at 2048 pixels; ZXing is what phones are like.
    assert [code.text for code in zxingcpp.read_barcodes(picture)] == [capture["download_url"]]


def test_qr_code_sizes(client: httpx.Client, capture: dict[str, Any]) -> None:
    plain = client.get(capture["qr_url"])
    picture = cv2.imdecode(np.frombuffer(plain.content, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture.shape == (400, 400)
    assert client.get(f"{capture['qr_url']}?size=64").status_code == 200
    for wrong in ("63", "2049", "0", "-64", "", "4e2", "400.0", "+400", "٤٠٠", "9" * 30, "x"):
        answer = client.get(capture["qr_url"], params={"size": wrong})
        problem(answer, 422, "invalid-request", "size")
    twice = client.get(f"{capture['qr_url']}?size=64&size=64")
    problem(twice, 422, "invalid-request", "size")
    problem(client.get(f"{capture['qr_url']}?format=gif"), 422, "invalid-request", "format")
    problem(client.get(f"{capture['qr_url']}?width=9"), 422, "invalid-request", "width")


@pytest.mark.parametrize(
    ("accept", "query", "kind"),
    [
        ("image/svg+xml", "", "image/svg+xml"),
        ("image/svg+xml, image/png;q=0.9", "", "image/svg+xml"),
        ("image/png, image/svg+xml;q=0.9", "", "image/png"),
        ("image/svg+xml;q=0, image/png", "", "image/png"),
        ("image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8", "", "image/png"),
        ("*/*", "", "image/png"),
        (BROWSER, "", "image/png"),
        ("*/*", "?format=svg", "image/svg+xml"),
        ("image/svg+xml", "?format=png", "image/png"),
    ],
)
def test_qr_code_in_the_form_that_is_asked_for(
    client: httpx.Client, capture: dict[str, Any], accept: str, query: str, kind: str
) -> None:
    answer = client.get(capture["qr_url"] + query, headers={"Accept": accept})
    assert answer.headers["content-type"].split(";")[0] == kind
    assert "Accept" in answer.headers["vary"]
    if kind == "image/svg+xml":
        assert b'width="400"' in answer.content


# --- backgrounds ----------------------------------------------------------------------------------


def test_backgrounds(client: httpx.Client) -> None:
    answer = client.get("/api/backgrounds")
    rows = answer.json()
    assert len(rows) >= 2
    assert [row["display_order"] for row in rows] == sorted(row["display_order"] for row in rows)
    for row in rows:
        assert set(row) == {
            "id", "name", "mode", "file_url", "thumbnail_url", "display_order",
        }  # fmt: skip
        whole, small = client.get(row["file_url"]), client.get(row["thumbnail_url"])
        assert whole.headers["content-type"].startswith("image/")
        assert small.headers["content-type"].startswith("image/")
        drawn = cv2.imdecode(np.frombuffer(small.content, np.uint8), cv2.IMREAD_COLOR)
        assert drawn is not None
        assert max(drawn.shape) == 480
        assert whole.headers["etag"] != small.headers["etag"]
        for address, etag in (
            (row["file_url"], whole.headers["etag"]),
            (row["thumbnail_url"], small.headers["etag"]),
        ):
            for known in (etag, f"W/{etag}", f'"a", {etag}'):
                again = client.get(address, headers={"If-None-Match": known})
                assert (again.status_code, again.content) == (304, b"")
        assert "max-age" in whole.headers["cache-control"]
    wrong = client.get(rows[0]["file_url"] + "?size=huge")
    problem(wrong, 422, "invalid-request", "size")
    problem(client.get("/api/backgrounds?active=1"), 422, "invalid-request", "active")


# --- who it is, how it does, its page -------------------------------------------------------------


@pytest.mark.parametrize("accept", ["application/json", "*/*", "", "application/json, text/html"])
def test_program_gets_json(client: httpx.Client, accept: str) -> None:
    headers = {"Accept": accept}
    if accept == "application/json, text/html":
        headers = {"Accept": "application/json, text/html;q=0.9"}
    answer = client.get("/?utm_source=x", headers=headers)
    assert answer.headers["content-type"] == "application/json"
    assert set(answer.json()) == {"name", "version", "status", "online", "docs"}
    assert answer.json()["name"] == "kiosk"
    assert answer.json()["online"] is True
    assert "Accept" in answer.headers["vary"]


def test_browser_gets_the_guest_page(client: httpx.Client) -> None:
    answer = client.get("/?x=1", headers={"Accept": CHROME})
    assert answer.headers["content-type"].startswith("text/html")
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    # WebAssembly only, for the network that finds guests on the live picture.
    assert "unsafe" not in policy.replace("script-src 'self' 'wasm-unsafe-eval';", "")
    assert "frame-ancestors 'none'" in policy
    again = client.get(
        "/", headers={"Accept": CHROME, "If-None-Match": f"W/{answer.headers['etag']}"}
    )
    assert again.status_code == 304
    for address in re.findall(r'(?:src|href)="([^"]+)"', answer.text):
        assert client.get(address).status_code == 200, address


def test_static_files_stay_in_their_folder(client: httpx.Client) -> None:
    for path in ("guest", "guest/", "../guest.py", "..%2fguest.py", "%2e%2e/guest.py", "%00",
                 "package.json", "guest/../../guest.py", "//etc/passwd"):  # fmt: skip
        problem(client.get(f"/static/{path}"), 404, "not-found")


def test_ping_and_health(client: httpx.Client) -> None:
    assert client.get("/health/ping").json() == {"status": "ok"}
    problem(client.get("/health/ping?x=1"), 422, "invalid-request", "x")
    answer = client.get("/health")
    assert answer.status_code == 200
    health = answer.json()
    assert set(health) == {"status", "online", "checks", "version", "uptime_s"}
    assert set(health["checks"]) == {
        "database", "disk", "storage", "sms", "postgres", "outbox", "clock", "scheduler",
    }  # fmt: skip
    for check in health["checks"].values():
        assert check["status"] in {"ok", "degraded", "failing", "off"}
        assert check["detail"]
    assert health["checks"]["postgres"]["status"] == "off"
    problem(client.get("/health?x=1"), 422, "invalid-request", "x")


def test_page_knows_its_settings(client: httpx.Client) -> None:
    answer = client.get("/guest/config.json")
    assert answer.json()["countdown_seconds"] == 3
    assert answer.json()["welcome_message"]
    assert answer.json()["success_message"] == ""  # the default's place is the page's own words
    assert "no-store" in answer.headers["cache-control"]


def test_page_is_told_what_is_in_the_way_of_a_photo(client: httpx.Client) -> None:
    answer = client.get("/guest/now.json")
    assert answer.json() == {"obstacle": None}
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("+33612345678", None),
        ("06 12 34 56 78", None),
        ("01 42 68 53 00", "landline"),
        ("+33972393939", "landline"),
        ("+32470123456", "country"),
        ("0899123456", "premium"),
        ("0612345", "unknown"),
        ("", "unknown"),
    ],
)
def test_page_is_told_why_no_sms_would_reach_a_number(
    client: httpx.Client, typed: str, refusal: str | None
) -> None:
    answer = client.post("/guest/number", json={"phone": typed})
    assert (answer.status_code, answer.json()) == (200, {"refusal": refusal})
    assert answer.headers["cache-control"] == "no-store"
    problem(client.post("/guest/number", json={}), 422, "invalid-request", "phone")


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("POST /guest/number", {"phone": "+33612345678"}, 200),
        ("PUT /guest/camera", {"state": "on", "width": 1280, "height": 720}, 204),
    ],
)
def test_what_the_page_says_in_a_line_ends_at_one_kilobyte(
    kiosk: Appliance, path: str, body: dict[str, Any], status: int
) -> None:
    line = json.dumps(body).encode()

    def asked(length: str) -> bytes:
        declared = "Content-Type: application/json"
        return head(f"{path} HTTP/1.1", "Host: localhost", declared, length)

    # Of the first body nothing is sent, of the second no end: only its size can be answered.
    for request in (
        asked("Content-Length: 1025"),
        asked("Transfer-Encoding: chunked") + b"401\r\n" + line.ljust(1025),
    ):
        found = problem(answered(exchange(kiosk.port, request)), 413, "body-too-large")
        assert "1 kB" in found["detail"]
    longest = asked("Content-Length: 1024") + line.ljust(1024)
    assert answered(exchange(kiosk.port, longest)).status_code == status


def test_same_bytes_for_ever(client: httpx.Client, kiosk: Appliance) -> None:
    capture = as_json(client, jpeg()).json()
    address = f"/uploads/{capture['id']}.jpg"
    first = hashlib.sha256(client.get(address).content).hexdigest()
    kiosk.wait_for(capture["id"], is_synced=True)
    assert hashlib.sha256(client.get(address).content).hexdigest() == first
    cloud = kiosk.data_dir / "cloud" / f"{capture['token']}.jpg"
    assert hashlib.sha256(cloud.read_bytes()).hexdigest() == first
