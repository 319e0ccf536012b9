"""Who may call an admin path: whoever bears a token, the API key, or the page's cookie.

The guard holds for the whole router; a path that strangers may call has to say so.
"""

from typing import Any

from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from kiosk_appliance.core.identity import Caller, Granted, Identity
from kiosk_appliance.errors import KioskError, Unauthenticated
from kiosk_appliance.web import gate

COOKIE = "kiosk_session"
# In a handler's `opt`: strangers may call it.
FOR_STRANGERS = "for_strangers"

AnyConnection = ASGIConnection[Any, Any, Any, Any]


def guard_of(identity: Identity) -> Guard:
    """Return the guard of the admin paths: it lets nobody through without proof."""

    # A function, not an object: Litestar makes deep copies of all that a router holds.
    async def guard(connection: AnyConnection, handler: BaseRouteHandler) -> None:
        if not handler.opt.get(FOR_STRANGERS):
            connection.state.caller = await prove(connection, identity)

    return guard


async def prove(connection: AnyConnection, identity: Identity) -> Caller:
    """Return who calls; raises Unauthenticated, and KioskError `origin-refused`."""
    headers = connection.headers
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return _known(await identity.of_token(token.strip()))
    if "x-api-key" in headers:
        return _known(identity.of_api_key(headers["x-api-key"]))
    if COOKIE in connection.cookies:
        _refuse_other_pages(connection)
        return _known(await identity.of_token(connection.cookies[COOKIE]))
    raise Unauthenticated("Log in first: send a token, an API key or the page's cookie.")


def caller_of(request: Request[Any, Any, Any]) -> Caller:
    """Return who calls, as the guard has found out."""
    caller: Caller = request.state.caller
    return caller


def cookie(granted: Granted, request: Request[Any, Any, Any]) -> Cookie:
    """Return the cookie that a login sets."""
    return _cookie(granted.token, granted.expires_in, request)


def no_cookie(request: Request[Any, Any, Any]) -> Cookie:
    """Return the cookie that takes it away."""
    return _cookie("", 0, request)


def _cookie(value: str, max_age: int, request: Request[Any, Any, Any]) -> Cookie:
    return Cookie(
        COOKIE,
        value=value,
        path="/",
        max_age=max_age,
        httponly=True,
        samesite="strict",
        secure=request.scope["scheme"] == "https",
    )


def _known(caller: Caller | None) -> Caller:
    if caller is None:
        raise Unauthenticated("This token or key does not hold (any more); log in again.")
    return caller


def _refuse_other_pages(connection: AnyConnection) -> None:
    """Raise `origin-refused` for a change that does not say that it comes from the page itself."""
    if connection.scope.get("method") in gate.SAFE:
        return
    headers = connection.headers
    origin = headers.get("origin", "").encode("latin-1")
    if not gate.is_own(origin, headers.get("host", "").encode("latin-1")):
        raise KioskError(
            "A change made with the cookie has to come from the page itself: send its Origin.",
            code="origin-refused",
            title="Origin refused",
            status=403,
        )
