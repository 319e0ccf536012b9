"""`POST /api/preview/mask`: small frames of the live picture in, masks out; for this kiosk only."""

from ipaddress import ip_address

from litestar import Response, post
from litestar.di import NamedDependency

from kiosk_appliance.errors import KioskError
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.contract import preview as described
from kiosk_appliance.web.limits import client_of
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@post("/api/preview/mask", opt=described.MASK)
async def mask(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[bytes]:
    """Say where people are on a frame; ten times a second, so only the kiosk's own page may ask."""
    queries.only(request, ())
    _only_this_machine(request, kiosk)
    if not bodies.media_type(request)[0].startswith("image/"):
        raise bodies.wrong_type("Send the frame as image/jpeg, image/png or image/webp.")
    frame = await bodies.read(request, bodies.OTHER_BODY)
    answer = await kiosk.previewing.mask(frame)
    headers = {"Cache-Control": "no-store"}
    return Response(answer, status_code=200, media_type="image/png", headers=headers)


def _only_this_machine(request: AnyRequest, kiosk: UseCases) -> None:
    client = client_of(request.scope, kiosk.settings().listen.trusted_proxies)
    if client.is_forwarded or not ip_address(client.address).is_loopback:
        raise KioskError(
            "Only the kiosk itself may ask for this.",
            code="forbidden",
            title="Forbidden",
            status=403,
        )


HANDLERS = (mask,)
