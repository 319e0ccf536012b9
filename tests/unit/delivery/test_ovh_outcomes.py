"""The verdicts, from answers as OVH gives them and from failures raised by real sockets."""

import datetime as dt
import errno
import json
import socket
import ssl
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Thread

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given
from hypothesis import strategies as st
from urllib3.exceptions import NewConnectionError

from kiosk_appliance.delivery.ovh_api import Answer, Unready
from kiosk_appliance.delivery.ovh_outcomes import (
    classify,
    failed_look_up,
    lacks_right,
    plain_words,
    trouble,
)
from kiosk_appliance.delivery.ovh_readiness import account_fault, sender_fault
from kiosk_appliance.domain.delivery import (
    Blame,
    Cause,
    Delivered,
    LanePaused,
    NotSent,
    Refused,
    Throttled,
    Transient,
    Uncertain,
)

HTML = b"<!doctype html><h1>Bad gateway</h1>"


def answer(status: int, value: object = None, **more: str) -> Answer:
    body = value if isinstance(value, bytes) else json.dumps(value).encode()
    return Answer(status, body, **more)


def gateway(status: int, code: str, message: str = "no") -> Answer:
    return answer(status, {"errorCode": code, "httpCode": f"{status} x", "message": message})


def application(status: int, message: str) -> Answer:
    return answer(status, {"class": "Client::X", "message": message})


POSTED = [
    (answer(200, {"ids": [213450008], "validReceivers": ["+33612345678"]}), Delivered),
    (answer(200, {"ids": [], "invalidReceivers": ["+33612345678"]}), Refused),
    (answer(200, {"ids": None}), Uncertain),
    (answer(200, {}), Uncertain),
    (answer(200, []), Uncertain),
    (answer(200, None), Uncertain),
    (answer(200, b""), Uncertain),
    (answer(200, HTML), Uncertain),
    (answer(200, b"[" * 100_000), Uncertain),
    (answer(204, b""), Uncertain),
    (answer(302, b""), LanePaused),
    (gateway(400, "INVALID_SIGNATURE"), LanePaused),
    (gateway(400, "QUERY_TIME_OUT", "Query out of time"), LanePaused),
    (application(400, "[message] is too long"), Refused),
    (application(400, "cannot send contact information with shortcode"), LanePaused),
    (application(400, "Sms sender X does not exists in your account"), LanePaused),
    (application(403, "Sms sender X does not exists in your account"), LanePaused),
    (application(401, "You must login first"), LanePaused),
    (application(402, "Payment required"), LanePaused),
    (application(403, "You have not enough credits"), LanePaused),
    (application(400, "Not enough credits for this operation"), LanePaused),
    (gateway(403, "INVALID_KEY"), LanePaused),
    (gateway(403, "INVALID_CREDENTIAL"), LanePaused),
    (gateway(403, "NOT_CREDENTIAL"), LanePaused),
    (gateway(403, "NOT_GRANTED_CALL"), LanePaused),
    (gateway(403, "FORBIDDEN"), LanePaused),
    (application(403, "This is not granted"), LanePaused),
    (application(404, "This service does not exist"), LanePaused),
    (application(409, "conflict"), LanePaused),
    (application(460, "This service is expired"), LanePaused),
    (application(405, "Method not allowed"), LanePaused),
    (application(408, "Request time-out"), Uncertain),
    (answer(403, HTML), Uncertain),
    (answer(404, None), Uncertain),
    (answer(429, {"message": "Too many requests"}), Throttled),
    (answer(429, HTML), Throttled),
    (application(500, "Internal server error"), Uncertain),
    (answer(502, HTML), Uncertain),
    (application(503, "Service unavailable"), Uncertain),
    (answer(504, b""), Uncertain),
    (Unready(answer(200, HTML)), NotSent),
    (Unready(answer(500, HTML)), NotSent),
    (Unready(answer(429, HTML)), Throttled),
    (Unready(requests.TooManyRedirects()), NotSent),
    (Unready(requests.ReadTimeout()), NotSent),
    (Unready(ValueError("anything")), NotSent),
    (requests.TooManyRedirects(), LanePaused),
    (requests.exceptions.InvalidHeader(), LanePaused),
    (UnicodeEncodeError("latin-1", "é", 0, 1, "no"), LanePaused),
    (requests.exceptions.ChunkedEncodingError(), Uncertain),
    (AttributeError("'NoneType' object has no attribute 'get'"), Uncertain),
]


@pytest.mark.parametrize(("reply", "outcome"), POSTED)
def test_what_becomes_of_a_post(reply: Answer | Unready | Exception, outcome: type) -> None:
    assert type(classify(reply)) is outcome


@pytest.mark.parametrize(("reply", "_"), POSTED)
def test_a_call_that_sends_nothing_is_never_delivered_nor_uncertain(
    reply: Answer | Unready | Exception, _: type
) -> None:
    assert not isinstance(trouble(reply), Delivered | Uncertain)


def test_the_reference_is_ovhs_id() -> None:
    assert classify(answer(200, {"ids": [213450008]})) == Delivered("213450008", followed=True)


@pytest.mark.parametrize("status", [400, 401, 402, 403, 404, 409, 460])
@pytest.mark.parametrize("words", ["bad sender ", "no credit ", "invalid signature ", "or else "])
def test_reasons_stay_short_however_long_ovhs_words_are(status: int, words: str) -> None:
    outcome = classify(application(status, words * 99))
    assert isinstance(outcome, Refused | LanePaused)
    assert len(outcome.reason) <= 200
    assert outcome.reason.isprintable()


@pytest.mark.parametrize(
    ("header", "seconds"),
    [("7", 7.0), (" 60 ", 60.0), ("", None), ("-1", None), ("Wed, 21 Oct 2026 07:28:00 GMT", None)],
)
def test_retry_after(header: str, seconds: float | None) -> None:
    outcome = classify(answer(429, {}, retry_after=header))
    assert isinstance(outcome, Throttled)
    assert outcome.retry_after_s == seconds


@pytest.mark.parametrize(
    "spelling",
    ["+33612345678", "0033612345678", "0612345678", "06 12 34 56 78", "33.6.12.34.56.78"],
)
def test_reasons_hold_no_phone_in_any_spelling(spelling: str) -> None:
    for status in (400, 403, 404, 409):
        outcome = classify(application(status, f"The receiver {spelling} is refused"))
        assert isinstance(outcome, Refused | LanePaused)
        assert "12" not in outcome.reason
        assert "[number]" in outcome.reason


@given(st.text(max_size=50), st.text(max_size=50))
def test_words_hold_no_link_token_or_control_character(before: str, after: str) -> None:
    token = "aB3" * 7
    words = plain_words(f"{before} https://photo.example/{token}.html {token} {after}")
    assert token not in words
    assert "photo.example" not in words
    assert words.isprintable()
    assert len(words) <= 90


def test_rights_are_told_from_keys() -> None:
    assert lacks_right(gateway(403, "NOT_GRANTED_CALL"))
    assert lacks_right(application(403, "no"))
    assert not lacks_right(gateway(403, "INVALID_KEY"))
    assert not lacks_right(gateway(403, "INVALID_CREDENTIAL"))
    assert not lacks_right(answer(403, HTML))
    assert not lacks_right(application(404, "no"))
    assert not lacks_right(requests.ReadTimeout())
    assert failed_look_up(gateway(403, "NOT_GRANTED_CALL")).refused
    assert not failed_look_up(answer(502, HTML)).refused


READY = {"status": "enable", "creditsLeft": 12.0}


def test_an_account_is_ready_or_says_why_not() -> None:
    assert account_fault(answer(200, READY)) is None
    assert account_fault(gateway(403, "NOT_GRANTED_CALL")) is None
    assert isinstance(account_fault(answer(200, READY | {"creditsLeft": 0})), LanePaused)
    assert isinstance(account_fault(answer(200, READY | {"status": "disable"})), LanePaused)
    assert isinstance(account_fault(gateway(403, "INVALID_KEY")), LanePaused)
    assert isinstance(account_fault(answer(200, HTML)), Transient)
    assert isinstance(account_fault(answer(502, HTML)), Transient)
    assert isinstance(account_fault(requests.ReadTimeout()), NotSent)


def test_a_sender_is_ready_or_says_why_not() -> None:
    assert sender_fault(answer(200, {"status": "enable"}), "Kiosk") is None
    assert sender_fault(application(403, "no"), "Kiosk") is None
    waiting = sender_fault(answer(200, {"status": "waitingValidation"}), "Kiosk")
    assert waiting == LanePaused("The sender Kiosk waits for OVH's validation (usually 72 hours).")
    for reply in (
        answer(200, {"status": "refused"}),
        answer(200, {"status": "disable"}),
        answer(200, {"status": "new state"}),
        application(404, "The requested object does not exist"),
    ):
        assert isinstance(sender_fault(reply, "Kiosk"), LanePaused)


# failures raised for real


def post(url: str, verify: str | bool = True) -> Exception:
    try:
        with requests.Session() as session:
            session.trust_env = False
            session.post(url, data=b"{}", timeout=(0.5, 0.3), verify=verify)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what is tested
        return error
    raise AssertionError("no failure")


Serve = Callable[[Callable[[socket.socket], None]], int]


@pytest.fixture
def serve(request: pytest.FixtureRequest) -> Serve:
    """Hand one accepted connection to a function in a thread; return the port."""

    def start(talk: Callable[[socket.socket], None]) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listener.settimeout(5)

        def once() -> None:
            with listener, listener.accept()[0] as connection:
                connection.settimeout(5)
                talk(connection)

        thread = Thread(target=once)
        thread.start()
        request.addfinalizer(thread.join)
        port: int = listener.getsockname()[1]
        return port

    return start


def read_then(*sent: bytes) -> Callable[[socket.socket], None]:
    def talk(connection: socket.socket) -> None:
        connection.recv(65536)
        for piece in sent:
            connection.sendall(piece)

    return talk


def wait_for_the_end(connection: socket.socket) -> None:
    while connection.recv(65536):
        pass


def test_refused() -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as listener:
        port = listener.getsockname()[1]
    outcome = classify(post(f"http://127.0.0.1:{port}/"))
    assert isinstance(outcome, NotSent)
    assert "refused" in outcome.reason
    assert outcome.cause is Cause.PROVIDER


def test_no_way_to_the_address() -> None:
    # As the kernel says it to a machine whose cable is out, and as requests wraps it.
    error = requests.ConnectionError("no way")
    error.__context__ = NewConnectionError(None, "no way")  # type: ignore[arg-type]
    error.__context__.__context__ = OSError(errno.ENETUNREACH, "Network is unreachable")
    assert trouble(error) == NotSent("OVH can't be reached: the connection was cut.", Cause.NETWORK)


@pytest.mark.parametrize("instead", [answer(200, HTML), requests.TooManyRedirects()])
def test_a_log_in_page_is_told_from_an_outage(instead: Answer | Exception) -> None:
    outcome = classify(Unready(instead))
    assert isinstance(outcome, NotSent)
    assert outcome.cause is Cause.PORTAL


@pytest.mark.parametrize(
    ("reply", "blame"),
    [
        (answer(200, {"ids": [], "invalidReceivers": ["+33612345678"]}), Blame.RECIPIENT),
        (application(400, "[message] is too long"), Blame.UNSURE),
    ],
)
def test_a_refusal_says_whose_fault_it_is(reply: Answer, blame: Blame) -> None:
    outcome = classify(reply)
    assert isinstance(outcome, Refused)
    assert outcome.blame is blame


def test_name_not_found() -> None:
    outcome = classify(post("https://kiosk-appliance.invalid/"))
    assert outcome == NotSent("OVH can't be reached: its name is not found.", Cause.NETWORK)


def test_no_connection_in_time() -> None:
    # a queue of one that is full: the kernel leaves the next connection unanswered
    with closing(socket.socket()) as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            error = post(f"http://127.0.0.1:{port}/")
    assert isinstance(error, requests.ConnectTimeout)
    assert isinstance(classify(error), NotSent)


def test_no_answer(serve: Serve) -> None:
    error = post(f"http://127.0.0.1:{serve(wait_for_the_end)}/")
    assert isinstance(error, requests.ReadTimeout)
    assert isinstance(classify(error), Uncertain)
    assert isinstance(trouble(error), NotSent)


@pytest.mark.parametrize(
    "sent",
    [
        (),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{",),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",),
        (b"SSH-2.0-OpenSSH_9.2\r\n",),
    ],
)
def test_cut_or_garbled_after_the_request_left(serve: Serve, sent: tuple[bytes, ...]) -> None:
    error = post(f"http://127.0.0.1:{serve(read_then(*sent))}/")
    assert isinstance(classify(error), Uncertain)


def test_plain_text_where_tls_was_expected_proves_nothing_for_a_post(serve: Serve) -> None:
    plain = read_then(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    error = post(f"https://127.0.0.1:{serve(plain)}/")
    assert isinstance(error, requests.exceptions.SSLError)
    assert isinstance(classify(error), Uncertain)
    assert isinstance(classify(Unready(error)), NotSent)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "localhost")])
    now = dt.datetime.now(dt.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("tls") / "both.pem"
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
        + built.public_bytes(serialization.Encoding.PEM)
    )
    return path


def over_tls(certificate: Path, *, answers: bytes) -> Callable[[socket.socket], None]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)

    def talk(connection: socket.socket) -> None:
        try:
            with context.wrap_socket(connection, server_side=True) as wrapped:
                wrapped.recv(65536)
                # below TLS: what a cut or a broken box on the way looks like
                raw = socket.socket(fileno=wrapped.detach())
                with raw:
                    raw.sendall(answers)
        except ssl.SSLError:
            pass

    return talk


def test_a_certificate_of_nobody_we_know(serve: Serve, certificate: Path) -> None:
    error = post(f"https://localhost:{serve(over_tls(certificate, answers=b''))}/")
    assert isinstance(error, requests.exceptions.SSLError)
    outcome = classify(error)
    assert isinstance(outcome, NotSent)
    assert "certificate" in outcome.reason


def test_a_certificate_of_another_host(serve: Serve, certificate: Path) -> None:
    port = serve(over_tls(certificate, answers=b""))
    assert isinstance(classify(post(f"https://127.0.0.1:{port}/", str(certificate))), NotSent)


@pytest.mark.parametrize("answers", [b"", b"\x17\x03\x03\x00\x20" + b"x" * 32, b"HTTP/1.1 200 "])
def test_tls_broken_after_the_request_left(serve: Serve, certificate: Path, answers: bytes) -> None:
    port = serve(over_tls(certificate, answers=answers))
    assert isinstance(classify(post(f"https://localhost:{port}/", str(certificate))), Uncertain)
