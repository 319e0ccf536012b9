"""The outbox: what waits and why, retry, cancel, and all of it at once."""

from litestar import delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from kiosk_appliance.core.identity import Caller
from kiosk_appliance.core.queue import OutboxPage
from kiosk_appliance.web import paging, queries
from kiosk_appliance.web.admin.forms import Due
from kiosk_appliance.web.contract import admin_lists as described_lists
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@get("/outbox", opt=described_lists.OUTBOX)
async def outbox(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> OutboxPage:
    """List the deliveries, newest first, and count all of them."""
    window, query = paging.read(request, ("channel", "state"))
    return await kiosk.queue.page(query.get("channel"), query.get("state"), window)


@post("/outbox/{delivery_id:str}/retry", status_code=202, opt=described_lists.RETRY)
async def retry_delivery(
    request: AnyRequest,
    delivery_id: FromPath[str],
    kiosk: NamedDependency[UseCases],
    caller: NamedDependency[Caller],
) -> Due:
    """Make a delivery due now, or let it wait again; a parked SMS is sent once more."""
    queries.only(request, ())
    await kiosk.oversight.retry(delivery_id, caller.actor)
    return Due(1)


@delete("/outbox/{delivery_id:str}", opt=described_lists.CANCEL)
async def cancel_delivery(
    request: AnyRequest,
    delivery_id: FromPath[str],
    kiosk: NamedDependency[UseCases],
    caller: NamedDependency[Caller],
) -> None:
    """End a delivery, and with an upload the SMS that waits for it."""
    queries.only(request, ())
    await kiosk.oversight.cancel(delivery_id, caller.actor)


@post("/captures/{capture_id:str}/retry", status_code=202, opt=described_lists.RETRY_CAPTURE)
async def retry_capture(
    request: AnyRequest,
    capture_id: FromPath[str],
    kiosk: NamedDependency[UseCases],
    caller: NamedDependency[Caller],
) -> Due:
    """Make a capture's failed and waiting deliveries due now; an SMS in doubt is not sent again."""
    queries.only(request, ())
    return Due(await kiosk.hastening.capture(capture_id, caller.actor))


@post("/sync", status_code=202, opt=described_lists.SYNC)
async def sync(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Due:
    """Make everything that waits due now, and try every provider at once."""
    queries.only(request, ())
    return Due(await kiosk.hastening.everything(caller.actor))


HANDLERS = (outbox, retry_delivery, cancel_delivery, retry_capture, sync)
