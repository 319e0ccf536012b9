"""The list of captures."""

from litestar import get
from litestar.di import NamedDependency

from kiosk_appliance.core.album import CaptureItem
from kiosk_appliance.core.paging import Page
from kiosk_appliance.web import paging, queries
from kiosk_appliance.web.contract import admin_lists as described_lists
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@get("/captures", opt=described_lists.CAPTURES)
async def captures(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Page[CaptureItem]:
    """List the captures that are not erased, newest first."""
    window, query = paging.read(request, ("phone", "email", "state", "from", "to"))
    sought = kiosk.album.sought(
        phone=query.get("phone"),
        email=query.get("email"),
        state=query.get("state"),
        since=queries.moment(query, "from"),
        until=queries.moment(query, "to"),
    )
    return await kiosk.album.page(sought, window)


HANDLERS = (captures,)
