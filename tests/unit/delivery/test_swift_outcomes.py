"""Each failure as the libraries really raise it, from sockets and servers on loopback."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from swiftclient.exceptions import ClientException

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.swift_outcomes import FAILURES, NotTheProvider, classify
from kiosk_appliance.delivery.swift_session import SwiftAccount, SwiftSession, Timeouts
from kiosk_appliance.domain.delivery import (
    Cause,
    LanePaused,
    NotSent,
    Outcome,
    Refused,
    Throttled,
    Transient,
)
from tests.parts.portal import Portal
from tests.parts.relay import Fault, Relay, unreachable
from tests.parts.tls import own_certificate

TIMEOUTS = Timeouts(connect_s=0.5, answer_s=0.5)
PASSWORD = "a-very-secret-password"
JSON = {"Content-Type": "application/json"}
SWIFT = {"X-Trans-Id": "tx0123"}


def signing_in(url: str) -> Outcome:
    """Sign in for real; return what the failure means."""
    account = SwiftAccount(url, "user", PASSWORD, "tenant", "GRA", "photos")
    session = SwiftSession(account, TIMEOUTS, Clock())
    try:
        with pytest.raises(FAILURES) as caught:
            session.sign_in()
        return classify(caught.value)
    finally:
        session.close()


def answer(status: int, headers: dict[str, str] | None = None, body: bytes = b"{}") -> Outcome:
    with Portal(status, headers, body) as server:
        return signing_in(f"{server.url}/v3")


@pytest.mark.parametrize(
    ("url", "kind", "says"),
    [
        ("http://name.invalid/v3", NotSent, "its name can't be resolved"),
        ("nonsense", LanePaused, "auth_url"),
        ("ftp://example/v3", LanePaused, "auth_url is not a web address"),
        ("http://127.0.0.1:99999/v3", LanePaused, "auth_url is not a web address"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, kind: type[Outcome], says: str) -> None:
    outcome = signing_in(url)
    assert isinstance(outcome, kind)
    assert says in str(outcome)


def test_a_connection_that_does_not_come_about() -> None:
    with Portal() as server, Relay(server.port) as relay:
        at = f"127.0.0.1:{relay.port}/v3"
        assert signing_in(f"https://{at}") == NotSent(
            "Keystone can't be reached: no secure connection comes about."
        )
        relay.behave(Fault.REFUSE)
        assert signing_in(f"http://{at}") == NotSent(
            "Keystone can't be reached: the connection was refused."
        )
        relay.behave(Fault.BLACKHOLE)
        assert signing_in(f"http://{at}") == NotSent(
            "Keystone can't be reached: no answer in time."
        )
        relay.behave(Fault.DROP_ANSWER)
        assert signing_in(f"http://{at}") == NotSent(
            "Keystone can't be reached: the connection was cut."
        )
    with unreachable() as port:
        assert signing_in(f"http://127.0.0.1:{port}/v3") == NotSent(
            "Keystone can't be reached: no answer in time."
        )


def test_a_certificate_that_nobody_knows(tmp_path: Path) -> None:
    with a_tls_server(tmp_path) as port:
        outcome = signing_in(f"https://localhost:{port}/v3")
    assert isinstance(outcome, NotSent)
    assert "its certificate is not accepted" in outcome.reason


@contextmanager
def a_tls_server(folder: Path) -> Iterator[int]:
    """A port on loopback with a certificate of its own making."""
    context = own_certificate(folder)

    def serve() -> None:
        with suppress(OSError), listener.accept()[0] as plain_socket:
            context.wrap_socket(plain_socket, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        thread.join()


@pytest.mark.parametrize(
    ("status", "headers", "kind"),
    [
        (401, JSON, LanePaused),
        (402, JSON, LanePaused),
        (403, JSON, LanePaused),
        (404, JSON, LanePaused),
        (400, JSON, LanePaused),
        (404, {}, NotSent),
        (403, {}, NotSent),
        (511, {}, NotSent),
        (407, {}, NotSent),
        (302, {"Location": "http://127.0.0.1:9/login"}, NotSent),
        (200, {}, NotSent),
        (200, JSON, NotSent),
        (429, JSON, Throttled),
        (503, {"Retry-After": "7"}, Throttled),
        (500, JSON, NotSent),
        (502, {}, NotSent),
        (503, JSON, NotSent),
    ],
)
def test_what_answers_for_keystone(
    status: int, headers: dict[str, str], kind: type[Outcome]
) -> None:
    assert isinstance(answer(status, headers), kind)


@pytest.mark.parametrize("body", [b"null", b"5", b"[]", b'{"token": 3}', b'{"token": {}}', b"<p>"])
def test_json_that_holds_no_token_is_somebody_else_s(body: bytes) -> None:
    assert isinstance(answer(201, JSON, body), NotSent)


def test_keystone_says_how_long_to_wait() -> None:
    assert answer(429, {**JSON, "Retry-After": "12"}) == Throttled(
        "Keystone asks to wait (429).", 12
    )
    dated = answer(429, {**JSON, "Retry-After": "Sun, 22 Nov 2026 10:00:00 GMT"})
    assert dated == Throttled("Keystone asks to wait (429).", None)


def swift_said(status: int, headers: dict[str, str] = SWIFT, body: bytes = b"") -> Outcome:
    return classify(
        ClientException(
            "Object PUT failed",
            http_status=status,
            http_response_content=body,
            http_response_headers=headers,
        )
    )


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (401, b"", LanePaused),
        (402, b"", LanePaused),
        (403, b"", LanePaused),
        (404, b"", LanePaused),
        (405, b"", LanePaused),
        (413, b"Upload exceeds quota.", LanePaused),
        (507, b"", LanePaused),
        (400, b"", Refused),
        (400, b"X-Delete-At in past", Refused),
        (411, b"", Refused),
        (413, b"Your request is too large.", Refused),
        (408, b"", Transient),
        (409, b"", Transient),
        (412, b"", Transient),
        (422, b"", Transient),
        (500, b"", Transient),
        (502, b"", Transient),
        (503, b"", Transient),
        (504, b"", Transient),
        (429, b"", Throttled),
        (498, b"", Throttled),
        (511, b"", NotSent),
    ],
)
def test_what_swift_answers(status: int, body: bytes, kind: type[Outcome]) -> None:
    assert isinstance(swift_said(status, body=body), kind)


@pytest.mark.parametrize("status", [301, 304, 401, 403, 404, 407, 413])
def test_an_answer_without_swift_s_number_is_not_swift_s(status: int) -> None:
    assert isinstance(swift_said(status, headers={}), NotSent)


def test_swift_says_how_long_to_wait() -> None:
    busy = swift_said(503, headers={"Retry-After": "3"})
    assert busy == Throttled("The storage asks to wait (503).", 3)


def test_headers_in_no_known_encoding_are_somebody_else_s() -> None:
    undecodable = UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid start byte")
    assert isinstance(classify(undecodable), NotSent)
    assert classify(NotTheProvider("Keystone")) == NotSent(
        "Keystone did not answer, something else did: a captive portal or a proxy?", Cause.PORTAL
    )


@given(st.integers(min_value=0, max_value=999), st.binary(max_size=300), st.booleans())
def test_any_answer_has_an_outcome_with_a_short_reason(
    status: int, body: bytes, numbered: bool
) -> None:
    outcome = swift_said(status, SWIFT if numbered else {}, body)
    reason = getattr(outcome, "reason", "")
    assert 0 < len(reason) <= 200
    assert reason.isprintable()


@given(st.text(max_size=40))
def test_any_retry_after_is_seconds_or_nothing(text: str) -> None:
    outcome = swift_said(429, headers={"Retry-After": text})
    assert isinstance(outcome, Throttled)
    assert outcome.retry_after_s is None or outcome.retry_after_s >= 0


def test_nothing_of_the_account_is_shown() -> None:
    account = SwiftAccount("http://127.0.0.1:9/v3", "user", PASSWORD, "tenant", "GRA", "photos")
    assert PASSWORD not in repr(account)
    assert PASSWORD not in str(signing_in(account.auth_url))
