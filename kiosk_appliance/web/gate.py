"""Who may talk to a listener: host names (against DNS rebinding) and origins (against CSRF).

Also the CORS headers for the few origins that the technician has allowed.
"""

from collections.abc import Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from kiosk_appliance.errors import KioskError

Headers = dict[bytes, bytes]
Pairs = list[tuple[bytes, bytes]]

_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REQUEST_HEADERS = (
    b"Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-API-Key,"
    b" X-Correlation-ID"
)
_EXPOSED = b"Content-Disposition, Content-Range, ETag, Retry-After, X-Correlation-ID"
_PREFLIGHT_S = b"600"


class Gate:
    """The rules of one listener."""

    def __init__(self, *, hosts: Iterable[str], origins: Iterable[str]) -> None:
        """Take host names without ports, and origins as `https://kiosk.example`."""
        self._hosts = frozenset(_canonical(host) for host in hosts)
        self._origins = frozenset(origin.lower().encode() for origin in origins)

    def check(self, method: str, headers: Headers, hosts: list[bytes]) -> None:
        """Raise KioskError `host-unknown` or `origin-refused`; `hosts` is every Host header."""
        if not hosts or any(_name(host) not in self._hosts for host in hosts):
            raise KioskError(
                "This kiosk does not answer to that host name.",
                code="host-unknown",
                title="Host unknown",
                status=421,
            )
        origin = headers.get(b"origin")
        if origin is None or method in _SAFE or origin.lower() in self._origins:
            return
        if _netloc(origin) != hosts[0].lower():
            raise KioskError(
                "Requests from other web sites are refused.",
                code="origin-refused",
                title="Origin refused",
                status=403,
            )

    def cors(self, headers: Headers) -> Pairs:
        """Return what an answer bears so that an allowed origin's page may read it."""
        if not self._origins:
            return []
        pairs = [(b"vary", b"Origin")]
        origin = headers.get(b"origin", b"")
        if origin.lower() in self._origins:
            pairs += [
                (b"access-control-allow-origin", origin),
                (b"access-control-expose-headers", _EXPOSED),
            ]
        return pairs

    def preflight(self, headers: Headers, methods: bytes) -> Pairs:
        """Return what the answer to an allowed origin's preflight request bears besides."""
        asked = b"access-control-request-method" in headers
        if not asked or headers.get(b"origin", b"").lower() not in self._origins:
            return []
        return [
            (b"access-control-allow-methods", methods),
            (b"access-control-allow-headers", _REQUEST_HEADERS),
            (b"access-control-max-age", _PREFLIGHT_S),
        ]


def _name(host: bytes) -> str | None:
    """Return the name in a Host header without its port; None for what is no host."""
    text = host.decode("latin-1")
    if not text or any(character in text for character in "/@?#\\ \t"):
        return None
    try:
        name = urlsplit(f"//{text}").hostname
    except ValueError:
        return None
    return _canonical(name) if name else None


def _netloc(origin: bytes) -> bytes | None:
    try:
        return urlsplit(origin.decode("latin-1").lower()).netloc.encode("latin-1")
    except ValueError:
        return None


def _canonical(name: str) -> str:
    """Return one spelling for all spellings of an IPv6 address; names in lower case."""
    name = name.lower().strip("[]")
    try:
        return str(ip_address(name))
    except ValueError:
        return name
