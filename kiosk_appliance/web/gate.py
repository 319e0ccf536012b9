"""Who may talk to a listener: host names (against DNS rebinding) and origins (against CSRF).

Also the CORS headers for the few origins that the technician has allowed.
"""

from collections.abc import Callable, Iterable
from ipaddress import ip_address
from urllib.parse import urlsplit

from kiosk_appliance.errors import KioskError

Headers = dict[bytes, bytes]
Pairs = list[tuple[bytes, bytes]]

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_REQUEST_HEADERS = (
    b"Authorization, Content-Type, Idempotency-Key, If-None-Match, If-Range, Range, X-API-Key,"
    b" X-Correlation-ID"
)
_EXPOSED = b"Content-Disposition, Content-Range, ETag, Retry-After, X-Correlation-ID"
_PREFLIGHT_S = b"600"
# What a browser says of a request that another site's page has sent off, whatever its Origin.
_FROM_ELSEWHERE = frozenset({b"cross-site", b"same-site"})


class Gate:
    """The rules of one listener."""

    def __init__(
        self,
        *,
        hosts: Callable[[], frozenset[str]],
        origins: Iterable[str],
        is_everywhere: bool = False,
    ) -> None:
        """Take `canonical` host names, and origins as `https://kiosk.example`.

        A listener that `is_everywhere` also answers to the address that a request has come to: no
        name leads there by a rebinding.
        """
        self._hosts = hosts
        self._origins = frozenset(origin.lower().encode() for origin in origins)
        self._is_everywhere = is_everywhere

    def check(
        self, method: str, headers: Headers, hosts: list[bytes], came_to: str | None = None
    ) -> None:
        """Raise KioskError `host-unknown` or `origin-refused`.

        `hosts` is every Host header, `came_to` the IP address of this machine that was called.
        """
        known = self._hosts()
        if self._is_everywhere and came_to is not None:
            known |= {canonical(came_to)}
        if not hosts or any(_name(host) not in known for host in hosts):
            raise KioskError(
                "This kiosk does not answer to that host name.",
                code="host-unknown",
                title="Host unknown",
                status=421,
            )
        origin = headers.get(b"origin")
        if method in SAFE or (origin is not None and origin.lower() in self._origins):
            return
        foreign = origin is not None and not is_own(origin, hosts[0])
        if foreign or headers.get(b"sec-fetch-site", b"").lower() in _FROM_ELSEWHERE:
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


def is_own(origin: bytes, host: bytes) -> bool:
    """Say whether an Origin is that of this very host and port."""
    return _netloc(origin) == host.lower()


def _name(host: bytes) -> str | None:
    """Return the name in a Host header without its port; None for what is no host."""
    text = host.decode("latin-1")
    if not text or any(character in text for character in "/@?#\\ \t"):
        return None
    try:
        name = urlsplit(f"//{text}").hostname
    except ValueError:
        return None
    return canonical(name) if name else None


def _netloc(origin: bytes) -> bytes | None:
    try:
        return urlsplit(origin.decode("latin-1").lower()).netloc.encode("latin-1")
    except ValueError:
        return None


def canonical(name: str) -> str:
    """Return one spelling for all spellings of an IPv6 address; names in lower case."""
    name = name.lower().strip("[]")
    try:
        return str(ip_address(name))
    except ValueError:
        return name
