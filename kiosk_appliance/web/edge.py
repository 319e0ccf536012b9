"""The outermost ASGI layer: what holds for every request, known path or not.

Correlation ids, hosts and origins, HEAD, the headers that every answer bears, and one log line
per request. Logs the route's template, never the path: paths hold tokens.
"""

import re
import time
from collections.abc import Awaitable, Callable, Iterable
from typing import Any
from urllib.parse import urlsplit

import msgspec
import structlog

from kiosk_appliance import ids
from kiosk_appliance.errors import KioskError
from kiosk_appliance.web.limits import RateLimit
from kiosk_appliance.web.problems import MEDIA_TYPE, headers_of, to_problem

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger("web")

_CORRELATION = re.compile(rb"[A-Za-z0-9._-]{1,64}")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
_UNLOGGED = ("/health/ping", "/static/{path:path}", "/static/{path}")
_HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
)


class Edge:
    """Wraps an ASGI application for one listener."""

    def __init__(
        self,
        application: Application,
        *,
        hosts: Iterable[str],
        origins: Iterable[str],
        rate: RateLimit,
    ) -> None:
        self._application = application
        self._hosts = frozenset(hosts)
        self._origins = frozenset(origins)
        self._rate = rate

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (or the lifespan)."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        given = headers.get(b"x-correlation-id", b"")
        correlation = given.decode() if _CORRELATION.fullmatch(given) else ids.new_id()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation)
        exchange = _Exchange(send, correlation, head=scope["method"] == "HEAD")
        method = scope["method"]
        if exchange.head:
            scope = {**scope, "method": "GET"}
        started = time.perf_counter()
        try:
            self._rate.check(scope, headers)
            self._check_host(headers)
            self._check_origin(method, headers)
        except KioskError as error:
            await _refuse(exchange, error)
        else:
            await self._application(scope, receive, exchange.send)
        _log(scope, method, exchange.status, time.perf_counter() - started)

    def _check_host(self, headers: dict[bytes, bytes]) -> None:
        host = headers.get(b"host", b"").decode("latin-1").lower()
        name = urlsplit(f"//{host}").hostname if _plain(host) else None
        if name not in self._hosts:
            raise KioskError(
                "This kiosk does not answer to that host name.",
                code="host-unknown",
                title="Host unknown",
                status=421,
            )

    def _check_origin(self, method: str, headers: dict[bytes, bytes]) -> None:
        origin = headers.get(b"origin")
        if origin is None or method in _SAFE:
            return
        text = origin.decode("latin-1").lower()
        same = urlsplit(text).netloc == headers.get(b"host", b"").decode("latin-1").lower()
        if text == "null" or not (same or text in self._origins):
            raise KioskError(
                "Requests from other web sites are refused.",
                code="origin-refused",
                title="Origin refused",
                status=403,
            )


class _Exchange:
    """The answer on its way out: gets its headers, loses its body for HEAD."""

    def __init__(self, send: Send, correlation: str, *, head: bool) -> None:
        self.head = head
        self.status = 0
        self._send = send
        self._correlation = correlation.encode()

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name.lower() for name, _ in message["headers"]}
            added = [pair for pair in _HEADERS if pair[0] not in present]
            added.append((b"x-correlation-id", self._correlation))
            message = {**message, "headers": [*message["headers"], *added]}
        elif message["type"] == "http.response.body" and self.head:
            message = {**message, "body": b""}
        await self._send(message)


async def _refuse(exchange: _Exchange, error: KioskError) -> None:
    body = msgspec.json.encode(to_problem(error))
    headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body))} | headers_of(error)
    encoded = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
    await exchange.send({"type": "http.response.start", "status": error.status, "headers": encoded})
    await exchange.send({"type": "http.response.body", "body": body})


def _plain(host: str) -> bool:
    return not any(character in host for character in "/@?#\\ ")


def _log(scope: Scope, method: str, status: int, took_s: float) -> None:
    template = scope.get("path_template") or "(unknown path)"
    if template not in _UNLOGGED:
        log.info(
            "request",
            method=method,
            path=template,
            status=status,
            took_ms=round(took_s * 1000, 1),
        )
