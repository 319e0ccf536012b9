"""Rates: who is counted, and how long a refused one has to wait."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.errors import TooMany
from kiosk_appliance.web.limits import RateLimit


class Seconds:
    """Time that a test lets pass."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def networks(*texts: str) -> list[Any]:
    return [ip_network(text) for text in texts]


def limit(per_minute: int = 2, **options: Any) -> tuple[RateLimit, Seconds]:
    seconds = Seconds()
    options = {"unlimited": [], "trusted_proxies": []} | options
    return RateLimit(per_minute=per_minute, monotonic=seconds, **options), seconds


def refused(
    rate: RateLimit, peer: str = "192.0.2.1", path: str = "/", forwarded: tuple[str, ...] = ()
) -> int | None:
    """Return for how many seconds, or None."""
    headers = [(b"x-forwarded-for", line.encode()) for line in forwarded]
    try:
        rate.check({"client": (peer, 1), "path": path, "headers": headers})
    except TooMany as error:
        return error.retry_after_s
    return None


def test_burst_of_a_minute_then_one_at_a_time() -> None:
    rate, seconds = limit(6)
    assert [refused(rate) for _ in range(6)] == [None] * 6
    assert refused(rate) == 10
    seconds.now += 9.9
    assert refused(rate) == 1
    seconds.now += 0.2
    assert refused(rate) is None
    assert refused(rate) is not None
    seconds.now += 3600
    assert [refused(rate) for _ in range(7)].count(None) == 6


def test_addresses_are_counted_one_by_one() -> None:
    rate, _ = limit(1)
    assert refused(rate, "192.0.2.1") is None
    assert refused(rate, "192.0.2.2") is None
    assert refused(rate, "192.0.2.1")
    # The same host, as a socket of both families names it.
    assert refused(rate, "::ffff:192.0.2.9") is None


def test_ping_and_static_files_are_free_and_nothing_that_looks_like_them() -> None:
    rate, _ = limit(1)
    assert refused(rate) is None
    for path in ("/health/ping", "/static/a.js", "/static/"):
        assert refused(rate, path=path) is None
    for path in ("/health/pingpong", "/health/ping/x", "/staticx", "/static", "/api/static/x"):
        assert refused(rate, path=path), path


def test_only_some_paths() -> None:
    rate, _ = limit(1, only={"/api/send-sms"})
    for _ in range(5):
        assert refused(rate, path="/api/capture") is None
    assert refused(rate, path="/api/send-sms") is None
    assert refused(rate, path="/api/send-sms")


def test_unlimited_addresses() -> None:
    rate, _ = limit(1, unlimited=networks("127.0.0.1", "::1"))
    for peer in ("127.0.0.1", "::1", "::ffff:127.0.0.1"):
        assert [refused(rate, peer) for _ in range(5)] == [None] * 5


@pytest.mark.parametrize(
    ("lines", "counted"),
    [
        (("198.51.100.1",), "198.51.100.1"),
        (("203.0.113.5, 198.51.100.1",), "198.51.100.1"),
        (("198.51.100.1, 10.0.0.7, 10.0.0.8",), "198.51.100.1"),
        (("203.0.113.5", "198.51.100.1"), "198.51.100.1"),
        (("127.0.0.1",), "127.0.0.1"),
        ((" 198.51.100.1 , ",), "198.51.100.1"),
        (("2001:DB8::0:1",), "2001:db8::1"),
    ],
)
def test_rightmost_address_that_is_no_proxy_counts(lines: tuple[str, ...], counted: str) -> None:
    # The listener's loopback is unlimited, a forwarded one is not.
    options = {"trusted_proxies": networks("10.0.0.0/8"), "unlimited": networks("127.0.0.0/8")}
    rate, _ = limit(1, **options)
    assert refused(rate, "10.0.0.1", forwarded=lines) is None
    assert refused(rate, "10.0.0.2", forwarded=(counted,))
    assert refused(rate, "10.0.0.1", forwarded=("198.51.100.99",)) is None


def test_rubbish_counts_for_the_proxy_itself() -> None:
    rate, _ = limit(1, trusted_proxies=networks("10.0.0.1"), unlimited=networks("10.0.0.1"))
    assert refused(rate, "10.0.0.1", forwarded=("unknown",)) is None
    assert refused(rate, "10.0.0.1", forwarded=("_hidden",))
    assert refused(rate, "10.0.0.1") is None


def test_header_of_an_unlisted_peer_is_ignored() -> None:
    rate, _ = limit(1)
    assert refused(rate, forwarded=("198.51.100.1",)) is None
    assert refused(rate, forwarded=("198.51.100.2",))


@given(st.lists(st.text(max_size=30), max_size=3))
def test_any_header_is_survived(lines: list[str]) -> None:
    rate, _ = limit(1, trusted_proxies=networks("10.0.0.1"))
    assert refused(rate, "10.0.0.1", forwarded=tuple(lines)) is None
