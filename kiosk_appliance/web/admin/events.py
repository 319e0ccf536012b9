"""`GET /admin/events`: how the kiosk stands, as it changes, for as long as the caller may know."""

from collections.abc import AsyncIterator, Awaitable, Callable
from functools import partial
from time import monotonic

import msgspec
from litestar import get
from litestar.di import NamedDependency
from litestar.response import ServerSentEvent, ServerSentEventMessage

from kiosk_appliance.core.watching import Watcher
from kiosk_appliance.errors import Unauthenticated
from kiosk_appliance.web import queries
from kiosk_appliance.web.admin import access
from kiosk_appliance.web.contract import care as described_care
from kiosk_appliance.web.edge import HEAD_ONLY
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_COMMENT_S = 15.0
# So long a token that was revoked may still be told something.
_PROVED_S = 2.0
_RECONNECT_MS = 3_000
# What Litestar would say by itself is less.
_UNKEPT = {"Cache-Control": "no-store"}


@get("/events", opt=described_care.EVENTS)
async def events(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> ServerSentEvent:
    """Tell how the kiosk stands: everything at first, then what changes, live.

    Whoever comes back is told everything again; `Last-Event-ID` is not needed.
    """
    queries.only(request, ())
    if HEAD_ONLY in request.scope:
        kiosk.watching.admit()
        return ServerSentEvent(iter(()), headers=_UNKEPT)
    watcher = await kiosk.watching.join()
    may_know = partial(_may_still_know, request, kiosk)
    return ServerSentEvent(stream(watcher, may_know), headers=_UNKEPT)


async def stream(
    watcher: Watcher,
    may_know: Callable[[], Awaitable[bool]],
    now_s: Callable[[], float] = monotonic,
) -> AsyncIterator[ServerSentEventMessage]:
    """Yield what the watcher is told, and a comment where a line would else be silent for long.

    `may_know` is asked every few seconds, and before anything that comes later than that; it ends
    with its no.
    """
    try:
        yield ServerSentEventMessage(data=None, retry=_RECONNECT_MS)
        commented = proved = now_s()
        while (news := await watcher.news(_PROVED_S)) is not None:
            now = now_s()
            if now - proved >= _PROVED_S:
                if not await may_know():
                    return
                proved = now
            for one in news:
                data = msgspec.json.encode(one.told)
                yield ServerSentEventMessage(data=data, event=one.topic, id=one.number)
            if now - commented >= _COMMENT_S:
                commented = now
                yield ServerSentEventMessage(data=None, comment="still here")
    finally:
        watcher.leave()


async def _may_still_know(request: AnyRequest, kiosk: UseCases) -> bool:
    try:
        await access.prove(request, kiosk.identity)
    except Unauthenticated:
        return False
    return True


HANDLERS = (events,)
