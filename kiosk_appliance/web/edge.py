"""The outermost ASGI layer: what holds for every request, known path or not.

Correlation ids, rates, hosts and origins, methods, HEAD, the headers that every answer bears, and
one log line per request. Logs the route's template, never the path: paths hold tokens.
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

import msgspec
import structlog

from kiosk_appliance import ids
from kiosk_appliance.errors import KioskError, Unavailable
from kiosk_appliance.web.gate import Gate, Headers, Pairs
from kiosk_appliance.web.limits import RateLimit
from kiosk_appliance.web.methods import Known, Methods, normal
from kiosk_appliance.web.problems import MEDIA_TYPE, Refusal, bug, headers_of, to_problem

Scope = dict[str, Any]
Message = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

log = structlog.get_logger("web")

# In the scope of a GET that was a HEAD: an answer without end has to know.
HEAD_ONLY = "kiosk_head_only"

_CORRELATION = re.compile(rb"[A-Za-z0-9._-]{1,64}")
# The guest page asks some of these every few seconds, day and night, and one ten times a second.
_UNLOGGED = (
    "/health/ping",
    "/health/metrics",
    "/guest/now.json",
    "/api/preview/mask",
    "/static/{path}",
)
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
        gate: Gate,
        methods: Methods,
        rates: Sequence[RateLimit],
        count: Callable[[str, str, int], None],
    ) -> None:
        """Have each answer counted by method, route and status."""
        self._application = application
        self._gate = gate
        self._methods = methods
        self._rates = rates
        self._count = count

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (or the lifespan)."""
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        headers = dict(scope["headers"])
        correlation = _correlation(headers)
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(correlation_id=correlation)
        method = scope["method"]
        added = [(b"x-correlation-id", correlation.encode()), *self._gate.cors(headers)]
        exchange = _Exchange(send, added, head=method == "HEAD")
        path = normal(scope["path"])
        scope = {**scope, "path": path}
        if exchange.head:
            scope |= {"method": "GET", HEAD_ONLY: True}
        known = self._methods.of(path)
        started = time.perf_counter()
        try:
            self._admit(scope, headers, method)
            if known is None or method in known.methods - {"OPTIONS"}:
                await self._application(scope, receive, exchange.send)
            else:
                await self._answer_for_method(known, method, headers, exchange)
        except KioskError as error:
            await exchange.refuse(error)
        except asyncio.CancelledError:
            # Only a stop cancels a request, after its grace: nothing comes of it any more.
            if not exchange.status:
                await exchange.refuse(_stopping())
        except Exception as error:  # the outermost border: whatever is a bug answers 500
            if exchange.status:
                raise
            await exchange.refuse(bug(error))
        template = known.template if known is not None else "(unknown path)"
        self._count(method, template, exchange.status)
        _log(template, method, exchange.status, time.perf_counter() - started)

    def _admit(self, scope: Scope, headers: Headers, method: str) -> None:
        for rate in self._rates:
            rate.check(scope)
        hosts = [value for name, value in scope["headers"] if name == b"host"]
        self._gate.check(method, headers, hosts, (scope.get("server") or (None,))[0])

    async def _answer_for_method(
        self, known: Known, method: str, headers: Headers, exchange: "_Exchange"
    ) -> None:
        allow = ", ".join(sorted(known.methods))
        if method != "OPTIONS":
            raise Refusal(
                f"This address does not take {method}; it takes {allow}.",
                code="method-not-allowed",
                title="Method not allowed",
                status=405,
                headers={"Allow": allow},
            )
        preflight = self._gate.preflight(headers, allow.encode())
        await exchange.answer(204, [(b"allow", allow.encode()), *preflight])


class _Exchange:
    """The answer on its way out: gets its headers, loses its body for HEAD."""

    def __init__(self, send: Send, added: Pairs, *, head: bool) -> None:
        self.head = head
        self.status = 0
        self._send = send
        self._added = added

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            present = {name.lower() for name, _ in message["headers"]}
            added = [pair for pair in _HEADERS if pair[0] not in present]
            message = {**message, "headers": [*message["headers"], *added, *self._added]}
        elif message["type"] == "http.response.body" and self.head:
            message = {**message, "body": b""}
        await self._send(message)

    async def answer(self, status: int, headers: Pairs, body: bytes = b"") -> None:
        """Send an answer that no handler has made."""
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        await self.send({"type": "http.response.body", "body": body})

    async def refuse(self, error: KioskError) -> None:
        """Send a problem."""
        body = msgspec.json.encode(to_problem(error))
        headers = {"Content-Type": MEDIA_TYPE, "Content-Length": str(len(body))} | headers_of(error)
        pairs = [(name.lower().encode(), value.encode()) for name, value in headers.items()]
        await self.answer(error.status, pairs, body)


def _stopping() -> Unavailable:
    return Unavailable("The kiosk is being stopped; try again in a moment.", retry_after_s=5)


def _correlation(headers: Headers) -> str:
    given = headers.get(b"x-correlation-id", b"")
    return given.decode() if _CORRELATION.fullmatch(given) else ids.new_id()


def _log(template: str, method: str, status: int, took_s: float) -> None:
    if template not in _UNLOGGED:
        log.info(
            "request",
            method=method,
            path=template,
            status=status,
            took_ms=round(took_s * 1000, 1),
        )
