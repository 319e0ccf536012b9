"""First start, login, logout and the password."""

import msgspec
from litestar import Response, post, put
from litestar.di import NamedDependency

from kiosk_appliance.core.identity import Caller
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.admin import access
from kiosk_appliance.web.admin.forms import LoggedIn, LoginBody, PasswordBody, SetupBody
from kiosk_appliance.web.contract import admin as described_admin
from kiosk_appliance.web.limits import client_of
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_setup = msgspec.json.Decoder(SetupBody)
_login = msgspec.json.Decoder(LoginBody)
_password = msgspec.json.Decoder(PasswordBody)


@post("/setup", status_code=204, opt={access.FOR_STRANGERS: True, **described_admin.SETUP})
async def set_up(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> None:
    """Set the first password with the set-up code; only before there is one."""
    queries.only(request, ())
    body = await bodies.read_json(request, _setup)
    await kiosk.identity.set_up(body.code, body.password, _address(request, kiosk))


@post("/login", status_code=200, opt={access.FOR_STRANGERS: True, **described_admin.LOGIN})
async def log_in(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[LoggedIn]:
    """Log in; sets the page's cookie as well."""
    queries.only(request, ())
    body = await bodies.read_json(request, _login)
    granted = await kiosk.identity.log_in(body.username, body.password, _address(request, kiosk))
    answer = LoggedIn(granted.token, "bearer", granted.expires_in)
    return Response(answer, cookies=[access.cookie(granted, request)])


@post("/logout", status_code=204, opt=described_admin.LOGOUT)
async def log_out(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Response[None]:
    """Revoke the token that was sent."""
    queries.only(request, ())
    await kiosk.identity.log_out(caller)
    return Response(None, status_code=204, cookies=[access.no_cookie(request)])


@put("/password", status_code=204, opt=described_admin.PASSWORD)
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
