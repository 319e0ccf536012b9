"""`PUT /guest/camera`: how it goes with the guest page's camera, for the operator to hear."""

from typing import Annotated

import msgspec
from litestar import put
from litestar.di import NamedDependency

from kiosk_appliance.core.camera import Sight, State
from kiosk_appliance.web import bodies, limits, queries
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_Pixels = Annotated[int, msgspec.Meta(ge=0, le=65_535)]


class CameraReport(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the page sees; width and height in pixels are 0 where there is no picture."""

    state: State
    width: _Pixels = 0
    height: _Pixels = 0


_report = msgspec.json.Decoder(CameraReport)


@put("/guest/camera", status_code=204, include_in_schema=False)
async def camera(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> None:
    """Take the page's word; anybody else could only raise a false alarm."""
    queries.only(request, ())
    limits.only_from_here(request.scope, kiosk.settings().listen.trusted_proxies)
    said = await bodies.read_json(request, _report, bodies.A_LINE)
    kiosk.camera.told(Sight(said.state, said.width, said.height))


HANDLERS = (camera,)
