"""The control socket's paths: what the command line asks of an appliance that is running.

The socket lies in the data directory and is its owner's alone, so that the right to it is the
right to the data. One process owns the database; a command never opens it beside that process.
"""

import re
from typing import Any

import msgspec
from litestar import Litestar, Response, delete, get, post, put
from litestar.di import NamedDependency, Provide
from litestar.exceptions import HTTPException
from litestar.params import FromPath

from kiosk_appliance.core.curation import Curation
from kiosk_appliance.core.identity import Identity
from kiosk_appliance.core.oversight import Detail, Oversight, Page
from kiosk_appliance.domain.background import Background
from kiosk_appliance.web import bodies, problems, queries
from kiosk_appliance.web.edge import Application
from kiosk_appliance.web.queries import AnyRequest

_MOST_BYTES = 64 * 1024 * 1024


@get("/backgrounds")
async def every(curation: NamedDependency[Curation]) -> list[Background]:
    """List all backgrounds."""
    return await curation.every()


@post("/backgrounds")
async def add(request: AnyRequest, curation: NamedDependency[Curation]) -> Response[Background]:
    """Add the background whose picture is the body."""
    query = queries.only(request, {"name", "mode", "order"})
    picture = await bodies.read(request, _MOST_BYTES)
    order = query.get("order", "100")
    added = await curation.add(
        picture,
        query.get("name", ""),
        query.get("mode", "frame"),
        # Whatever is no number is out of bounds, and told so.
        int(order) if re.fullmatch(r"[0-9]{1,9}", order) else -1,
    )
    return Response(added, status_code=201)


@delete("/backgrounds/{background_id:str}")
async def remove(background_id: FromPath[str], curation: NamedDependency[Curation]) -> None:
    """Remove a background."""
    await curation.remove(background_id)


@get("/outbox")
async def outbox(request: AnyRequest, oversight: NamedDependency[Oversight]) -> Page:
    """List deliveries."""
    query = queries.only(request, {"channel", "state", "cursor", "limit"})
    limit = query.get("limit", "50")
    return await oversight.page(
        query.get("channel"),
        query.get("state"),
        query.get("cursor"),
        int(limit) if re.fullmatch(r"[0-9]{1,9}", limit) else 0,
    )


@get("/outbox/{delivery_id:str}")
async def delivery(delivery_id: FromPath[str], oversight: NamedDependency[Oversight]) -> Detail:
    """Show one delivery."""
    return await oversight.show(delivery_id)


@post("/outbox/{delivery_id:str}/retry", status_code=204)
async def retry(delivery_id: FromPath[str], oversight: NamedDependency[Oversight]) -> None:
    """Try one again."""
    await oversight.retry(delivery_id)


@delete("/outbox/{delivery_id:str}")
async def cancel(delivery_id: FromPath[str], oversight: NamedDependency[Oversight]) -> None:
    """Cancel one."""
    await oversight.cancel(delivery_id)


class NewPassword(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The password to be."""

    password: str


_new_password = msgspec.json.Decoder(NewPassword)


@put("/admin/password", status_code=204)
async def set_password(request: AnyRequest, identity: NamedDependency[Identity]) -> None:
    """Set the admin's password."""
    body = await bodies.read_json(request, _new_password)
    await identity.set_password(body.password)


@post("/admin/key", status_code=204)
async def rotate_key(identity: NamedDependency[Identity]) -> None:
    """Sign tokens with a new key."""
    await identity.rotate_key()


def control_application(
    curation: Curation, oversight: Oversight, identity: Identity
) -> Application:
    """Return the application of the control socket."""
    litestar: Any = Litestar(
        route_handlers=[
            every,
            add,
            remove,
            outbox,
            delivery,
            retry,
            cancel,
            set_password,
            rotate_key,
        ],
        dependencies={
            "curation": Provide(lambda: curation, sync_to_thread=False),
            "oversight": Provide(lambda: oversight, sync_to_thread=False),
            "identity": Provide(lambda: identity, sync_to_thread=False),
        },
        exception_handlers={Exception: problems.answer, HTTPException: problems.answer},
        openapi_config=None,
        request_max_body_size=None,
        logging_config=None,
    )
    application: Application = litestar
    return application
