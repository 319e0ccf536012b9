"""Every admin path, line by line of the contract: method, status, fields, and who may call it.

`PATHS` names each of them once; what holds for all is asked of all.
"""

import base64
import hmac
import json
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest

from tests.parts.admins import NAME_AND_PASSWORD, PASSWORD, bearer, set_up, setup_code, token_of
from tests.parts.appliance import Appliance, free_port
from tests.parts.guests import problem, running
from tests.parts.tls import certificate_file

KEY = "a key that only programs know"
# What needs a proof, and what one with a proof gets for a bare call.
GUARDED = {
    ("GET", "/admin/audit"): 200,
    ("GET", "/admin/backgrounds"): 200,
    ("POST", "/admin/backgrounds"): 415,
    ("PUT", "/admin/backgrounds/x"): 415,
    ("DELETE", "/admin/backgrounds/x"): 404,
    ("POST", "/admin/backup"): 200,
    ("GET", "/admin/captures"): 200,
    ("POST", "/admin/captures/x/retry"): 404,
    ("GET", "/admin/outbox"): 200,
    ("POST", "/admin/outbox/x/retry"): 404,
    ("DELETE", "/admin/outbox/x"): 404,
    ("POST", "/admin/sync"): 202,
    ("GET", "/admin/config"): 200,
    ("GET", "/admin/events"): 200,
    ("GET", "/admin/stats"): 200,
    ("GET", "/admin/export/csv"): 200,
    ("GET", "/admin/export/excel"): 200,
    ("GET", "/admin/logs"): 200,
    ("PUT", "/admin/config"): 415,
    ("POST", "/admin/test/sms"): 415,
    ("POST", "/admin/test/storage"): 200,
    ("PUT", "/admin/password"): 415,
}
# Ends the session itself, hence apart.
LOGOUT = ("POST", "/admin/logout")
OPEN = (("POST", "/admin/setup"), ("POST", "/admin/login"))
SECRETS = {
    "admin.password", "admin.api_key", "storage.password", "postgres.url",
    "ovh.application_key", "ovh.application_secret", "ovh.consumer_key",
}  # fmt: skip
PATHS = (*GUARDED, LOGOUT, *OPEN)


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    tables = {"admin": {"api_key": KEY}, "listen": {"admin": f"127.0.0.1:{free_port()}"}}
    with running(tmp_path_factory.mktemp("kiosk"), tables) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.admin_client() as client:
        yield client


@pytest.fixture(scope="module")
def token(kiosk: Appliance) -> str:
    with kiosk.admin_client() as client:
        return token_of(client)


# --- what holds for all of them -------------------------------------------------------------------


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_guest_listener_knows_no_admin_path(
    kiosk: Appliance, token: str, method: str, path: str
) -> None:
    with kiosk.client() as guest:
        for headers in ({}, bearer(token), {"X-API-Key": KEY}):
            problem(guest.request(method, path, headers=headers), 404, "not-found")
            problem(guest.options(path, headers=headers), 404, "not-found")


def test_guest_listener_knows_nothing_under_admin(kiosk: Appliance) -> None:
    with kiosk.client() as guest:
        for path in ("/admin", "/admin/", "//admin/audit", "/admin/nothing", "/%61dmin/audit"):
            problem(guest.get(f"{kiosk.url}{path}"), 404, "not-found")


@pytest.mark.parametrize(("method", "path"), [*GUARDED, LOGOUT])
def test_without_proof_it_is_401(client: httpx.Client, method: str, path: str) -> None:
    for headers in (
        {},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer x.y.z"},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"X-API-Key": ""},
        {"X-API-Key": f"{KEY}x"},
        # A wrong token is not made good by a right key.
        {"Authorization": "Bearer x", "X-API-Key": KEY},
        {"Cookie": "kiosk_session=x", "Origin": str(client.base_url).rstrip("/")},
    ):
        answer = client.request(method, path, headers=headers)
        problem(answer, 401, "unauthenticated")
        assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(("method", "path"), GUARDED)
def test_token_and_key_open_it(client: httpx.Client, token: str, method: str, path: str) -> None:
    for headers in (bearer(token), {"Authorization": f"bearer {token}"}, {"X-API-Key": KEY}):
        # Not read to its end: one of them has none.
        with client.stream(method, path, headers=headers) as answer:
            assert answer.status_code == GUARDED[method, path]


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_foreign_hosts_and_origins_are_refused_with_every_proof(
    client: httpx.Client, token: str, method: str, path: str
) -> None:
    for proof in ({}, bearer(token), {"X-API-Key": KEY}):
        answer = client.request(method, path, headers={**proof, "Host": "evil.example"})
        problem(answer, 421, "host-unknown")
        if method != "GET":
            for origin in ("https://evil.example", "null"):
                answer = client.request(method, path, headers={**proof, "Origin": origin})
                problem(answer, 403, "origin-refused")


@pytest.mark.parametrize(("method", "path"), PATHS)
def test_other_methods_are_405_with_allow(client: httpx.Client, method: str, path: str) -> None:
    answer = client.request("PATCH", path)
    problem(answer, 405, "method-not-allowed")
    assert method in answer.headers["allow"].split(", ")
    assert client.options(path).headers["allow"] == answer.headers["allow"]


@pytest.mark.parametrize("path", ["/admin/nothing", "/admin/audit/x", "/administrator"])
def test_unknown_paths_are_404(client: httpx.Client, token: str, path: str) -> None:
    problem(client.get(path), 404, "not-found")
    problem(client.get(path, headers=bearer(token)), 404, "not-found")


@pytest.mark.parametrize("path", [path for _, path in PATHS])
def test_nothing_of_it_is_kept_by_a_browser(client: httpx.Client, token: str, path: str) -> None:
    with client.stream("GET", path, headers=bearer(token)) as answer:
        assert answer.status_code == 405 or answer.headers["cache-control"] == "no-store"


# --- setup ----------------------------------------------------------------------------------------


def test_setup_is_404_once_there_is_a_password(client: httpx.Client, kiosk: Appliance) -> None:
    body = {"code": setup_code(kiosk), "password": "another horse battery"}
    problem(client.post("/admin/setup", json=body), 404, "not-found")


def test_first_start_shows_a_code_that_sets_the_password(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance().start()
    code = setup_code(kiosk)
    with kiosk.client() as client:
        problem(client.post("/admin/login", json=NAME_AND_PASSWORD), 401, "unauthenticated")
        wrong = client.post("/admin/setup", json={"code": "AAAA", "password": PASSWORD})
        problem(wrong, 401, "unauthenticated")
        for poor in ("short", "password1234", "x" * 257):
            answer = client.post("/admin/setup", json={"code": code, "password": poor})
            problem(answer, 422, "invalid-request", "password")
        for body in ({"code": code}, {"password": PASSWORD}, {"code": 1, "password": PASSWORD}):
            problem(client.post("/admin/setup", json=body), 422, "invalid-request")
        set_up(kiosk)
        assert client.get("/admin/audit", headers=bearer(token_of(client))).status_code == 200
    kiosk.stop()
    kiosk.start()
    codes = [event for event in kiosk.events() if event["event"] == "setup_code"]
    assert len(codes) == 1
    assert f"Set-up code: {code}" in kiosk.log()
    assert PASSWORD not in kiosk.log()


# --- login ----------------------------------------------------------------------------------------


def test_login_answers_with_a_token_and_the_cookie(client: httpx.Client) -> None:
    answer = client.post("/admin/login", json=NAME_AND_PASSWORD)
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"access_token", "token_type", "expires_in"}
    assert (body["token_type"], body["expires_in"]) == ("bearer", 24 * 3600)
    assert jwt.get_unverified_header(body["access_token"]) == {"alg": "HS256", "typ": "JWT"}
    assert answer.headers["cache-control"] == "no-store"
    cookie = answer.headers["set-cookie"].lower()
    for part in ("path=/", "httponly", "samesite=strict", "max-age=86400"):
        assert part in cookie.split("; ")
    assert "secure" not in cookie.split("; ")


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        ({"username": "admin"}, 422, "password"),
        ({"password": "x"}, 422, "username"),
        ({"username": "admin", "password": 7}, 422, "password"),
        ({**NAME_AND_PASSWORD, "remember": True}, 422, "remember"),
        ([], 422, "body"),
    ],
)
def test_odd_logins_name_the_field(
    client: httpx.Client, body: Any, status: int, field: str
) -> None:
    problem(client.post("/admin/login", json=body), status, "invalid-request", field)


def test_login_takes_json_only(client: httpx.Client) -> None:
    problem(client.post("/admin/login", data=NAME_AND_PASSWORD), 415, "unsupported-media-type")
    json = {"Content-Type": "application/json"}
    problem(client.post("/admin/login", content=b"{", headers=json), 400, "invalid-request")
    huge = b'{"username": "' + b"x" * 1_100_000
    problem(client.post("/admin/login", content=huge, headers=json), 413, "body-too-large")


def test_wrong_logins_are_401_then_429_and_nobody_is_locked_out(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance().start()
    set_up(kiosk)
    with kiosk.client() as client:
        said = []
        for number in range(5):
            name = "admin" if number % 2 else "nobody"
            wrong = {"username": name, "password": f"wrong {number}"}
            answer = client.post("/admin/login", json=wrong)
            assert answer.headers["www-authenticate"].startswith("Bearer")
            said.append(problem(answer, 401, "unauthenticated")["detail"])
        assert len(set(said)) == 1
        refused = client.post("/admin/login", json=NAME_AND_PASSWORD)
        problem(refused, 429, "rate-limited")
        time.sleep(int(refused.headers["retry-after"]))
        token = token_of(client)
        trail = client.get("/admin/audit", headers=bearer(token)).json()["items"]
        failed = [one for one in trail if one["actor"] == "guest"]
        assert {(one["action"], one["target"], one["detail"]) for one in failed} == {
            ("login", "127.0.0.1", "refused")
        }
        assert len(failed) == 5


# --- tokens ---------------------------------------------------------------------------------------


def test_forged_tokens_are_401(client: httpx.Client, token: str) -> None:
    said = jwt.decode(token, options={"verify_signature": False})
    assert set(said) == {"sub", "jti", "iat", "exp"}
    head, body, signature = token.split(".")
    forged = [
        jwt.encode(said, "", "none"),
        jwt.encode(said, "k" * 32, "HS256"),
        jwt.encode(said, "k" * 64, "HS512"),
        f"{head}.{body}.",
        f"{head}.{body}",
        token[:-4],
        f"{head}.{body}.{signature[::-1]}",
        jwt.encode(said | {"exp": 2**40}, "x" * 32, "HS256"),
    ]  # fmt: skip
    for one in forged:
        problem(client.get("/admin/audit", headers=bearer(one)), 401, "unauthenticated")
    assert client.get("/admin/audit", headers=bearer(token)).status_code == 200


def hs512(said: dict[str, Any], key: bytes) -> str:
    """Sign with a key that PyJWT finds too short for this."""
    parts = [json.dumps(one).encode() for one in ({"alg": "HS512", "typ": "JWT"}, said)]
    signed = b".".join(base64.urlsafe_b64encode(one).rstrip(b"=") for one in parts)
    signature = base64.urlsafe_b64encode(hmac.digest(key, signed, "sha512")).rstrip(b"=")
    return b".".join((signed, signature)).decode()


def test_the_kiosks_own_key_helps_no_expired_token_and_no_other_algorithm(
    kiosk: Appliance, client: httpx.Client, token: str
) -> None:
    kept = json.loads((kiosk.data_dir / "credentials.json").read_bytes())
    key = base64.b64decode(kept["token_key"])
    said = jwt.decode(token, key, ["HS256"])
    past = {"iat": said["iat"] - 7200, "exp": said["iat"] - 3600}
    forged = [
        jwt.encode(said | past, key, "HS256"),
        jwt.encode(said | {"iat": said["exp"], "exp": said["exp"] + 3600}, key, "HS256"),
        jwt.encode(said | {"jti": "no session"}, key, "HS256"),
        jwt.encode({name: said[name] for name in ("sub", "iat", "exp")}, key, "HS256"),
        hs512(said, key),
    ]
    for one in forged:
        problem(client.get("/admin/audit", headers=bearer(one)), 401, "unauthenticated")
    # Signed anew as it was, it is the same token.
    assert jwt.encode(said, key, "HS256") == token
    assert client.get("/admin/audit", headers=bearer(token)).status_code == 200


def test_logout_revokes_the_token(client: httpx.Client) -> None:
    token = token_of(client)
    answer = client.post("/admin/logout", headers=bearer(token))
    assert (answer.status_code, answer.content) == (204, b"")
    for method, path in (*GUARDED, LOGOUT):
        problem(client.request(method, path, headers=bearer(token)), 401, "unauthenticated")
    assert client.post("/admin/logout", headers={"X-API-Key": KEY}).status_code == 204


def test_a_token_lasts_as_long_as_the_settings_say(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance({"admin": {"session": "1 min"}}).start()
    set_up(kiosk)
    with kiosk.client() as client:
        answer = client.post("/admin/login", json=NAME_AND_PASSWORD)
        assert answer.json()["expires_in"] == 60
        said = jwt.decode(answer.json()["access_token"], options={"verify_signature": False})
        assert said["exp"] - said["iat"] == 60


def test_cookie_reads_and_changes_only_with_the_own_origin(client: httpx.Client) -> None:
    client.post("/admin/login", json=NAME_AND_PASSWORD)
    assert client.get("/admin/audit").status_code == 200
    problem(client.post("/admin/logout"), 403, "origin-refused")
    assert client.get("/admin/audit").status_code == 200
    own = {"Origin": str(client.base_url).rstrip("/"), "Sec-Fetch-Site": "same-origin"}
    answer = client.post("/admin/logout", headers=own)
    assert answer.status_code == 204
    assert "max-age=0" in answer.headers["set-cookie"].lower()
    problem(client.get("/admin/audit"), 401, "unauthenticated")


def test_tokens_survive_a_restart_and_a_new_password_ends_them(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance({"admin": {"api_key": KEY}}).start()
    set_up(kiosk)
    with kiosk.client() as client:
        token = token_of(client)
    kiosk.kill()
    kiosk.start()
    with kiosk.client() as client:
        headers = bearer(token)
        assert client.get("/admin/audit", headers=headers).status_code == 200
        new = "another horse battery"
        change = {"current": "wrong", "new": new}
        answer = client.put("/admin/password", json=change, headers=headers)
        problem(answer, 403, "forbidden", "current")
        change = {"current": PASSWORD, "new": "password1234"}
        answer = client.put("/admin/password", json=change, headers=headers)
        problem(answer, 422, "invalid-request", "new")
        change = {"current": PASSWORD, "new": new}
        answer = client.put("/admin/password", json=change, headers=headers)
        assert (answer.status_code, answer.content) == (204, b"")
        problem(client.get("/admin/audit", headers=headers), 401, "unauthenticated")
        problem(client.post("/admin/login", json=NAME_AND_PASSWORD), 401, "unauthenticated")
        token_of(client, new)
        assert client.get("/admin/audit", headers={"X-API-Key": KEY}).status_code == 200
    log = kiosk.log()
    for secret in (PASSWORD, new, KEY, token, token.rpartition(".")[2]):
        assert secret not in log


# --- the commands ---------------------------------------------------------------------------------


def command(kiosk: Appliance, *arguments: str, said: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kiosk_appliance", "--config", kiosk.config, "admin", *arguments],
        input=said, capture_output=True, text=True, timeout=30, check=False,
    )  # fmt: skip


@pytest.mark.parametrize("is_running", [False, True])
def test_password_is_set_by_command(
    make_appliance: Callable[..., Appliance], *, is_running: bool
) -> None:
    kiosk = make_appliance()
    if is_running:
        kiosk.start()
    poor = command(kiosk, "set-password", said="password1234\n")
    assert poor.returncode == 1
    assert "tried first" in poor.stderr
    done = command(kiosk, "set-password", said=f"{PASSWORD}\n")
    assert done.returncode == 0, done.stderr
    if not is_running:
        kiosk.start()
        assert not [event for event in kiosk.events() if event["event"] == "setup_code"]
    with kiosk.client() as client:
        token = token_of(client)
        trail = client.get("/admin/audit", headers=bearer(token)).json()["items"]
        assert ("cli", "password") in {(one["actor"], one["action"]) for one in trail}
        done = command(kiosk, "rotate-key")
        assert done.returncode == 0, done.stderr
        problem(client.get("/admin/audit", headers=bearer(token)), 401, "unauthenticated")


def test_password_file_is_the_password(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance()
    file = kiosk.folder / "password"
    file.write_text(f"{PASSWORD}\n", encoding="utf-8")
    file.chmod(0o600)
    kiosk.configure({"admin": {"password_file": str(file), "username": "chef"}})
    kiosk.start()
    with kiosk.client() as client:
        problem(client.post("/admin/login", json=NAME_AND_PASSWORD), 401, "unauthenticated")
        answer = client.post("/admin/login", json=NAME_AND_PASSWORD | {"username": "chef"})
        assert answer.status_code == 200
        problem(client.post("/admin/setup", json={"code": "x", "password": "y"}), 404, "not-found")


# --- settings -------------------------------------------------------------------------------------


def test_a_setting_is_changed_at_once_and_for_good(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance({"admin": {"api_key": KEY}}).start()
    key = {"X-API-Key": KEY}

    def countdown() -> tuple[Any, Any, Any]:
        with kiosk.client() as client:
            items = client.get("/admin/config", headers=key).json()["items"]
            (item,) = (one for one in items if one["key"] == "guest.countdown_seconds")
            shown = client.get("/guest/config.json").json()["countdown_seconds"]
            return item["value"], item["origin"], shown

    assert countdown() == (3, "default", 3)
    with kiosk.client() as client:
        answer = client.put("/admin/config", json={"guest.countdown_seconds": 5}, headers=key)
        assert answer.status_code == 200
        assert answer.json() == client.get("/admin/config", headers=key).json()
        assert countdown() == (5, "admin", 5)
        wrong = {
            "guest.countdown_seconds": 9,
            "guest.retakes": "x",
            "photo.quality": 1,
            "no.key": 1,
        }
        problem_of = problem(
            client.put("/admin/config", json=wrong, headers=key), 422, "invalid-request"
        )
        named = {error["field"] for error in problem_of["errors"]}
        assert named == {"guest.retakes", "photo.quality", "no.key"}
        bodies: tuple[Any, ...] = ([], "x", 7)
        for body in bodies:
            answer = client.put("/admin/config", json=body, headers=key)
            problem(answer, 422, "invalid-request", "body")
        twice = b'{"guest.retakes": 1, "guest.retakes": 2}'
        answer = client.put(
            "/admin/config", content=twice, headers={**key, "Content-Type": "application/json"}
        )
        problem(answer, 422, "invalid-request", "guest.retakes")
    kiosk.stop()
    kiosk.start()
    assert countdown() == (5, "admin", 5)
    with kiosk.client() as client:
        client.put("/admin/config", json={"guest.countdown_seconds": None}, headers=key)
        trail = client.get("/admin/audit", headers=key).json()["items"]
    assert countdown() == (3, "default", 3)
    assert [(one["actor"], one["action"], one["target"], one["detail"]) for one in trail] == [
        ("api-key", "config", "guest.countdown_seconds", "5 -> 3"),
        ("api-key", "config", "guest.countdown_seconds", "3 -> 5"),
    ]
    assert KEY not in kiosk.log()


def test_config_has_the_fields_of_the_contract(client: httpx.Client, token: str) -> None:
    items = client.get("/admin/config", headers=bearer(token)).json()["items"]
    fields = {"key", "value", "default", "origin", "changeable", "unit", "minimum", "maximum"}
    for one in items:
        assert set(one) - {"set"} == fields
        assert one["origin"] in {"default", "kiosk.toml", "admin"}
        assert ("set" in one) == (one["key"] in SECRETS)
        assert "set" not in one or one["value"] is None
    assert KEY not in str(items)


# --- the audit trail ------------------------------------------------------------------------------


def test_trail_is_paged_newest_first(client: httpx.Client, token: str) -> None:
    for _ in range(3):
        token_of(client)
    headers = bearer(token)
    whole = client.get("/admin/audit", params={"limit": 200}, headers=headers).json()
    assert set(whole) == {"items", "next_cursor", "total"}
    assert whole["total"] == len(whole["items"])
    assert whole["next_cursor"] is None
    for one in whole["items"]:
        assert set(one) == {"id", "at", "actor", "action", "target", "detail"}
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", one["at"])
    assert whole["items"][-1]["action"] == "password"
    found: list[Any] = []
    cursor = None
    while cursor is not None or not found:
        page = client.get(
            "/admin/audit",
            params={"limit": 2, **({"cursor": cursor} if cursor else {})},
            headers=headers,
        ).json()
        assert len(page["items"]) <= 2
        found += page["items"]
        cursor = page["next_cursor"]
    assert found == whole["items"]


@pytest.mark.parametrize(
    ("query", "field"),
    [("limit=0", "limit"), ("limit=201", "limit"), ("limit=x", "limit"), ("cursor=x", "cursor"),
     ("cursor=", "cursor"), ("page=2", "page"), ("limit=1&limit=2", "limit")],
)  # fmt: skip
def test_odd_pages_name_the_field(client: httpx.Client, token: str, query: str, field: str) -> None:
    answer = client.get(f"/admin/audit?{query}", headers=bearer(token))
    problem(answer, 422, "invalid-request", field)


def test_cookie_is_for_https_only_where_there_is_https(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    pem = str(certificate_file(tmp_path))
    admin = free_port()
    kiosk = make_appliance(
        {"listen": {"admin": f"127.0.0.1:{admin}", "tls_certificate": pem, "tls_key": pem}}
    )
    assert command(kiosk, "set-password", said=PASSWORD).returncode == 0
    kiosk.start()
    with httpx.Client(verify=False, trust_env=False) as client:
        answer = client.post(f"https://localhost:{admin}/admin/login", json=NAME_AND_PASSWORD)
        assert answer.status_code == 200
        assert "secure" in answer.headers["set-cookie"].lower().split("; ")
