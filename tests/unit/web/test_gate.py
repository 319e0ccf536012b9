"""Hosts and origins, whatever is written into the headers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.errors import KioskError
from kiosk_appliance.web.gate import Gate

GATE = Gate(
    hosts=lambda: frozenset({"localhost", "127.0.0.1", "::1", "photos.example"}),
    origins=["https://Kiosk.example"],
)


def refusal(method: str = "GET", host: bytes = b"localhost", **headers: bytes) -> str | None:
    pairs = {name.encode(): value for name, value in headers.items()}
    try:
        GATE.check(method, pairs, [host])
    except KioskError as error:
        return error.code
    return None


@pytest.mark.parametrize(
    "host", [b"LocalHost", b"localhost:8000", b"[::1]:1", b"[0::1]", b"photos.example:443"]
)
def test_known_hosts_pass(host: bytes) -> None:
    assert refusal(host=host) is None


@given(st.binary(max_size=40))
def test_any_host_header_is_survived(host: bytes) -> None:
    found = refusal(host=host)
    if found is None:
        name = host.decode("latin-1").lower().rpartition(":")[0] or host.decode("latin-1").lower()
        assert any(known in name for known in ("localhost", "127.0.0.1", "::1", "photos.example"))


@given(st.binary(max_size=40))
def test_any_origin_is_survived_and_only_the_own_passes(origin: bytes) -> None:
    found = refusal("POST", origin=origin)
    assert found == "origin-refused" or b"localhost" in origin.lower()


def test_every_host_header_counts() -> None:
    with pytest.raises(KioskError):
        GATE.check("GET", {}, [b"localhost", b"evil.example"])
    with pytest.raises(KioskError):
        GATE.check("GET", {}, [])


def test_only_changes_need_an_origin_of_ours() -> None:
    assert refusal("GET", origin=b"https://evil.example") is None
    for method in ("POST", "PUT", "PATCH", "DELETE"):
        assert refusal(method, origin=b"https://evil.example") == "origin-refused"
        assert refusal(method, origin=b"null") == "origin-refused"
        assert refusal(method, origin=b"https://kiosk.example") is None
        assert refusal(method, origin=b"HTTPS://KIOSK.EXAMPLE") is None
        assert refusal(method, origin=b"http://kiosk.example") == "origin-refused"
        assert refusal(method, host=b"localhost:80", origin=b"http://localhost:80") is None
        assert refusal(method, host=b"localhost:80", origin=b"http://localhost:81")


def test_what_a_browser_says_of_its_page_counts_without_an_origin_too() -> None:
    for site in (b"cross-site", b"same-site", b"Cross-Site"):
        said = {"sec-fetch-site": site}
        assert refusal("POST", **said) == "origin-refused"
        assert refusal("GET", **said) is None
        assert refusal("POST", origin=b"https://kiosk.example", **said) is None
        # No browser says both of one request.
        assert refusal("POST", origin=b"http://localhost", **said) == "origin-refused"
    for site in (b"same-origin", b"none", b""):
        assert refusal("POST", **{"sec-fetch-site": site}) is None


def test_a_listener_everywhere_answers_to_the_address_that_was_called_and_to_no_other() -> None:
    wide = Gate(hosts=lambda: frozenset({"localhost"}), origins=[], is_everywhere=True)
    wide.check("GET", {}, [b"192.0.2.7:8000"], "192.0.2.7")
    wide.check("GET", {}, [b"[2001:db8::7]:8000"], "2001:DB8:0::7")
    for host in (b"192.0.2.8", b"evil.example", b"0.0.0.0"):
        with pytest.raises(KioskError):
            wide.check("GET", {}, [host], "192.0.2.7")
    with pytest.raises(KioskError):
        GATE.check("GET", {}, [b"192.0.2.7"], "192.0.2.7")


def test_cors_is_for_allowed_origins() -> None:
    allowed = dict(GATE.cors({b"origin": b"https://kiosk.example"}))
    assert allowed[b"access-control-allow-origin"] == b"https://kiosk.example"
    assert dict(GATE.cors({b"origin": b"https://evil.example"})) == {b"vary": b"Origin"}
    assert Gate(hosts=frozenset, origins=[]).cors({b"origin": b"https://kiosk.example"}) == []


def test_preflight_is_for_allowed_origins_that_ask() -> None:
    own = {b"origin": b"https://kiosk.example"}
    asked = {**own, b"access-control-request-method": b"PUT"}
    assert GATE.preflight(own, b"GET") == []
    assert dict(GATE.preflight(asked, b"GET, PUT"))[b"access-control-allow-methods"] == b"GET, PUT"
    foreign = {**asked, b"origin": b"https://evil.example"}
    assert GATE.preflight(foreign, b"GET") == []
