"""Puts the admin paths under `/admin`, behind the guard: a new part is one more line here."""

from litestar import Router
from litestar.datastructures import ResponseHeader
from litestar.di import Provide

from kiosk_appliance.core.identity import Identity
from kiosk_appliance.web.admin import (
    backgrounds,
    backup,
    captures,
    config,
    entering,
    erasing,
    events,
    exporting,
    journal,
    outbox,
    page,
    trail,
    trials,
)
from kiosk_appliance.web.admin.access import caller_of, guard_of

_HANDLERS = (
    *page.HANDLERS,
    *entering.HANDLERS,
    *config.HANDLERS,
    *backgrounds.HANDLERS,
    *backup.HANDLERS,
    *captures.HANDLERS,
    *outbox.HANDLERS,
    *erasing.HANDLERS,
    *events.HANDLERS,
    *exporting.HANDLERS,
    *journal.HANDLERS,
    *trail.HANDLERS,
    *trials.HANDLERS,
)


def admin_router(identity: Identity) -> Router:
    """Return all admin paths."""
    return Router(
        "/admin",
        route_handlers=_HANDLERS,
        guards=[guard_of(identity)],
        dependencies={"caller": Provide(caller_of, sync_to_thread=False)},
        response_headers=[ResponseHeader(name="Cache-Control", value="no-store")],
        tags=["admin"],
    )
