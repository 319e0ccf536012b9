"""First start, login, logout and the password."""

import msgspec
from litestar import Response, post, put
from litestar.di import NamedDependency

from kiosk_appliance.core.identity import Caller
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.admin import access
from kiosk_appliance.web.limits import client_of
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


class SetupBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The one-time code that the first start has shown, and the password to be."""

    code: str
    password: str


class LoginBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Name and password."""

    username: str
    password: str


class PasswordBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The password as it is, and as it is to be."""

    current: str
    new: str


class LoggedIn(msgspec.Struct, frozen=True):
    """A token for the Authorization header, and for how many seconds it holds."""

    access_token: str
    token_type: str
    expires_in: int


_setup = msgspec.json.Decoder(SetupBody)
_login = msgspec.json.Decoder(LoginBody)
_password = msgspec.json.Decoder(PasswordBody)


@post("/setup", status_code=204, opt={access.FOR_STRANGERS: True})
async def set_up(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> None:
    """Set the first password with the set-up code; only before there is one."""
    queries.only(request, ())
    body = await bodies.read_json(request, _setup)
    await kiosk.identity.set_up(body.code, body.password, _address(request, kiosk))


@post("/login", status_code=200, opt={access.FOR_STRANGERS: True})
async def log_in(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[LoggedIn]:
    """Log in; sets the page's cookie as well."""
    queries.only(request, ())
    body = await bodies.read_json(request, _login)
    granted = await kiosk.identity.log_in(body.username, body.password, _address(request, kiosk))
    answer = LoggedIn(granted.token, "bearer", granted.expires_in)
    return Response(answer, cookies=[access.cookie(granted, request)])


@post("/logout", status_code=204)
async def log_out(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Response[None]:
    """Revoke the token that was sent."""
    queries.only(request, ())
    await kiosk.identity.log_out(caller)
    return Response(None, status_code=204, cookies=[access.no_cookie(request)])


@put("/password", status_code=204)
async def change_password(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Response[None]:
    """Change the password; every token is revoked."""
    queries.only(request, ())
    body = await bodies.read_json(request, _password)
    await kiosk.identity.change_password(caller, body.current, body.new, _address(request, kiosk))
    return Response(None, status_code=204, cookies=[access.no_cookie(request)])


def _address(request: AnyRequest, kiosk: UseCases) -> str:
    return client_of(request.scope, kiosk.settings().listen.trusted_proxies).address


HANDLERS = (set_up, log_in, log_out, change_password)
