"""The settings: what is in force and where it comes from, and the admin's hand on them."""

from typing import Any

import msgspec
from litestar import get, put
from litestar.di import NamedDependency

from kiosk_appliance.core.configuring import Config
from kiosk_appliance.core.identity import Caller
from kiosk_appliance.web import bodies, queries
from kiosk_appliance.web.contract import admin as described_admin
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_wanted = msgspec.json.Decoder(dict[str, Any])


@get("/config", opt=described_admin.CONFIG)
async def config(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Config:
    """List every key of the settings."""
    queries.only(request, ())
    return kiosk.configuring.document(has_password=kiosk.identity.has_password)


@put("/config", opt=described_admin.CHANGE_CONFIG)
async def change_config(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Config:
    """Set keys, or take them back with null; all or nothing."""
    queries.only(request, ())
    wanted = await bodies.read_json(request, _wanted)
    await kiosk.configuring.change(caller.actor, wanted)
    return kiosk.configuring.document(has_password=kiosk.identity.has_password)


HANDLERS = (config, change_config)
