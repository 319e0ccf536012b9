"""What holds for every request: problems, correlation ids, methods, hosts, origins, rates."""

import time
from collections.abc import Callable, Iterator

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import answered, as_json, exchange, head, problem, running
from tests.parts.pictures import jpeg

PATHS = {
    "/": "GET, HEAD, OPTIONS",
    "/health": "GET, HEAD, OPTIONS",
    "/health/ping": "GET, HEAD, OPTIONS",
    "/health/metrics": "GET, HEAD, OPTIONS",
    "/docs": "GET, HEAD, OPTIONS",
    "/redoc": "GET, HEAD, OPTIONS",
    "/openapi.json": "GET, HEAD, OPTIONS",
    "/api/capture": "OPTIONS, POST",
    "/api/capture-batch": "OPTIONS, POST",
    "/api/captures/status": "GET, HEAD, OPTIONS",
    "/api/send-sms": "OPTIONS, POST",
    "/api/status/x": "GET, HEAD, OPTIONS",
    "/uploads/x.jpg": "GET, HEAD, OPTIONS",
    "/api/qr/x": "GET, HEAD, OPTIONS",
    "/api/backgrounds": "GET, HEAD, OPTIONS",
    "/api/backgrounds/x/file": "GET, HEAD, OPTIONS",
    "/static/guest/index.html": "GET, HEAD, OPTIONS",
}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        yield client


@pytest.mark.parametrize(
    "path", ["/nothing", "/api", "/api/", "/api/captures", "/admin/none", "/%00", "/é", "/a" * 2000]
)
def test_unknown_path_is_404(client: httpx.Client, path: str) -> None:
    for method in ("GET", "POST", "PUT", "DELETE", "OPTIONS"):
        problem(client.request(method, path), 404, "not-found")
    headed = client.head(path)
    assert (headed.status_code, headed.content) == (404, b"")


@pytest.mark.parametrize("path", PATHS)
def test_options_names_every_method(client: httpx.Client, path: str) -> None:
    for spelling in (path, f"{path}/", f"/{path}"):
        answer = client.options(f"{client.base_url}".rstrip("/") + spelling)
        assert (answer.status_code, answer.content) == (204, b"")
        assert answer.headers["allow"] == PATHS[path]


@pytest.mark.parametrize("path", PATHS)
def test_other_methods_are_405_with_allow(client: httpx.Client, path: str) -> None:
    for method in {"GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND"} - set(
        PATHS[path].split(", ")
    ):
        answer = client.request(method, path)
        problem(answer, 405, "method-not-allowed")
        assert answer.headers["allow"] == PATHS[path]


def test_download_names_its_methods(client: httpx.Client) -> None:
    allow = client.options("/api/download/x").headers["allow"].split(", ")
    assert {"GET", "HEAD", "OPTIONS"} <= set(allow)
    answer = client.put("/api/download/x")
    problem(answer, 405, "method-not-allowed")
    assert answer.headers["allow"].split(", ") == allow


@pytest.mark.parametrize("given", ["x", "a.b_c-D.9", "0" * 64])
def test_correlation_id_is_echoed_and_logged(
    client: httpx.Client, kiosk: Appliance, given: str
) -> None:
    answer = client.get("/nothing", headers={"X-Correlation-ID": given})
    assert problem(answer, 404, "not-found")["correlation_id"] == given
    # The line is written once the answer has left; the next answer comes after it.
    client.get("/health/ping")
    assert any(event.get("correlation_id") == given for event in kiosk.events())


@pytest.mark.parametrize("given", ["", "0" * 65, "a b", "a/b", "é", 'x"}', "<script>", "a\tb"])
def test_other_correlation_ids_are_replaced(client: httpx.Client, given: str) -> None:
    headers = [(b"X-Correlation-ID", given.encode())]
    made = client.get("/health/ping", headers=headers).headers.get_list("x-correlation-id")
    assert len(made) == 1
    assert made[0] not in {given, ""}


def test_every_answer_has_one_correlation_id_and_the_safe_headers(client: httpx.Client) -> None:
    seen = set()
    for path in (*PATHS, "/nothing"):
        answer = client.get(path)
        (one,) = answer.headers.get_list("x-correlation-id")
        seen.add(one)
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert "server" not in answer.headers
    assert len(seen) == len(PATHS) + 1


# --- hosts ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST", "localhost:1", "localhost:8000", "127.0.0.1", "127.0.0.1:99999",
     "[::1]", "[::1]:8000", "[0:0:0:0:0:0:0:1]:80"],
)  # fmt: skip
def test_own_hosts(client: httpx.Client, host: str) -> None:
    assert client.get("/health/ping", headers={"Host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "evil-localhost", "", "localhost@evil.example",
     "evil.example#localhost", "127.0.0.2", "[::2]", "[::1", "::1]", "2130706433", "127.1",
     "localhost/", "localhost?", "a b", "0.0.0.0"],
)  # fmt: skip
def test_foreign_hosts_are_421(kiosk: Appliance, host: str) -> None:
    for path in ("/", "/health/ping", "/nothing", "/static/guest/index.html"):
        received = exchange(kiosk.port, head(f"GET {path} HTTP/1.1", f"Host: {host}"))
        problem(answered(received), 421, "host-unknown")


def test_missing_and_doubled_hosts_are_421(kiosk: Appliance) -> None:
    for lines in (
        ("GET / HTTP/1.1",),
        ("GET / HTTP/1.0",),
        ("GET / HTTP/1.1", "Host: localhost", "Host: evil.example"),
    ):
        problem(answered(exchange(kiosk.port, head(*lines))), 421, "host-unknown")


def test_host_of_the_links_is_known(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance({"links": {"base_url": "https://Photos.Example/s"}}).start()
    with kiosk.client() as client:
        for host in ("photos.example", "PHOTOS.example:443", "localhost"):
            assert client.get("/health/ping", headers={"Host": host}).status_code == 200
        answer = client.get("/health/ping", headers={"Host": "www.photos.example"})
        problem(answer, 421, "host-unknown")


# --- origins --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "origin",
    ["null", "NULL", "https://evil.example", "http://localhost", "http://localhost:1", "http://[",
     "http://evil.example@localhost", "", "file://", "localhost", "http://127.0.0.1"],
)  # fmt: skip
def test_foreign_origins_change_nothing(client: httpx.Client, origin: str) -> None:
    for headers in ({}, {"Authorization": "Bearer x"}, {"X-API-Key": "x"}):
        answer = as_json(client, jpeg(), headers={"Origin": origin, **headers})
        problem(answer, 403, "origin-refused")
    assert client.get("/api/backgrounds", headers={"Origin": origin}).status_code == 200


def test_own_origin_and_none_are_fine(client: httpx.Client, kiosk: Appliance) -> None:
    assert as_json(client, jpeg(), headers={"Origin": kiosk.url}).status_code == 201
    upper = kiosk.url.replace("localhost", "LOCALHOST")
    assert as_json(client, jpeg(), headers={"Origin": upper}).status_code == 201
    assert as_json(client, jpeg()).status_code == 201


def test_nobody_gets_cors_by_default(client: httpx.Client, kiosk: Appliance) -> None:
    for origin in ("https://evil.example", kiosk.url):
        headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
        for answer in (
            client.get("/api/backgrounds", headers=headers),
            client.options("/api/capture", headers=headers),
        ):
            assert not [name for name in answer.headers if name.startswith("access-control")]


def test_allowed_origin_gets_cors(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance({"listen": {"allowed_origins": ["https://kiosk.example"]}}).start()
    own, evil = {"Origin": "https://kiosk.example"}, {"Origin": "https://evil.example"}
    with kiosk.client() as client:
        preflight = client.options(
            "/api/capture", headers={**own, "Access-Control-Request-Method": "POST"}
        )
        assert preflight.status_code == 204
        assert preflight.headers["access-control-allow-origin"] == "https://kiosk.example"
        assert "POST" in preflight.headers["access-control-allow-methods"]
        assert "Idempotency-Key" in preflight.headers["access-control-allow-headers"]
        taken = as_json(client, jpeg(), headers=own)
        assert taken.status_code == 201
        for answer in (taken, client.get("/nothing", headers=own)):
            assert answer.headers["access-control-allow-origin"] == "https://kiosk.example"
            assert "X-Correlation-ID" in answer.headers["access-control-expose-headers"]
            assert "access-control-allow-credentials" not in answer.headers
            assert "Origin" in answer.headers.get_list("vary")[-1]
        problem(as_json(client, jpeg(), headers=evil), 403, "origin-refused")
        refused = client.options(
            "/api/capture", headers={**evil, "Access-Control-Request-Method": "POST"}
        )
        assert not [name for name in refused.headers if name.startswith("access-control")]


# --- rates ----------------------------------------------------------------------------------------


def limited(make: Callable[..., Appliance], **listen: object) -> Appliance:
    return make({"listen": {"unlimited": [], "requests_per_minute": 10, **listen}}).start()


def codes(client: httpx.Client, path: str, times: int, **headers: str) -> list[int]:
    return [
        client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        .status_code
        for _ in range(times)
    ]  # fmt: skip


def test_past_the_rate_everything_but_ping_and_static_is_429(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = limited(make_appliance)
    with kiosk.client() as client:
        found = codes(client, "/api/backgrounds", 15)
        assert found[:10] == [200] * 10
        assert 429 in found
        for path in (
            "/",
            "/nothing",
            "/health",
            "/health/pingpong",
            "/health//",
            "//api/backgrounds",
        ):
            codes(client, "/health", 3)
            answer = client.get(f"{kiosk.url}{path}")
            problem(answer, 429, "rate-limited")
            assert 1 <= int(answer.headers["retry-after"]) <= 60
        assert codes(client, "/health/ping", 30) == [200] * 30
        assert codes(client, "/static/guest/index.html", 30) == [200] * 30
        wait = int(client.get("/").headers.get("retry-after", "1"))
        time.sleep(wait)
        assert client.get("/").status_code == 200


def test_loopback_is_not_counted_by_default(client: httpx.Client) -> None:
    assert codes(client, "/api/backgrounds", 130) == [200] * 130


def test_header_of_an_unlisted_peer_counts_for_nothing(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = limited(make_appliance)
    with kiosk.client() as client:
        found = [
            client.get("/api/backgrounds", headers={"X-Forwarded-For": f"203.0.113.{n}"})
            for n in range(20)
        ]
    assert [answer.status_code for answer in found].count(429) >= 5


def test_behind_a_proxy_the_forwarded_address_counts(
    make_appliance: Callable[..., Appliance],
) -> None:
    # Both the proxy and the guest's address are unlimited; only the peer's own counts as such.
    kiosk = limited(
        make_appliance,
        trusted_proxies=["127.0.0.1", "10.0.0.0/8"],
        unlimited=["127.0.0.1", "203.0.113.7"],
    )
    path = "/api/backgrounds"
    with kiosk.client() as client:
        assert codes(client, path, 20) == [200] * 20
        assert 429 in codes(client, path, 20, X_Forwarded_For="203.0.113.7")
        # What the client itself has sent stands to the left of what the proxy knows.
        assert codes(client, path, 1, X_Forwarded_For="198.51.100.1, 203.0.113.7") == [429]
        assert codes(client, path, 1, X_Forwarded_For="203.0.113.7, 10.1.2.3") == [429]
        assert codes(client, path, 1, X_Forwarded_For="203.0.113.8, 10.1.2.3") == [200]
        assert codes(client, path, 1, X_Forwarded_For="203.0.113.9") == [200]
        assert 429 in codes(client, path, 20, X_Forwarded_For="2001:db8::1")
        lines = [("X-Forwarded-For", "203.0.113.10"), ("X-Forwarded-For", "203.0.113.7")]
        assert client.get(path, headers=lines).status_code == 429


def test_sms_have_a_limit_of_their_own_for_everybody(client: httpx.Client) -> None:
    body = {"phone": "0612345678", "capture_id": "none"}
    answers = [client.post("/api/send-sms", json=body) for _ in range(80)]
    found = [answer.status_code for answer in answers]
    assert found[:20] == [404] * 20
    limited = next(answer for answer in answers if answer.status_code == 429)
    problem(limited, 429, "rate-limited")
    assert int(limited.headers["retry-after"]) >= 1
    assert client.get("/api/backgrounds").status_code == 200
    again = [client.post(f"{client.base_url}/api//send-sms/", json=body) for _ in range(9)]
    assert 429 in {answer.status_code for answer in again}
