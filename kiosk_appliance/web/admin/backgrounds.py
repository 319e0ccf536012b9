"""The backgrounds: all of them, whether guests may choose them or not."""

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import FromPath

from kiosk_appliance.clock import rfc3339
from kiosk_appliance.core.identity import Caller
from kiosk_appliance.core.paging import Page
from kiosk_appliance.domain.background import Background
from kiosk_appliance.web import paging, queries
from kiosk_appliance.web.admin import background_forms
from kiosk_appliance.web.admin.forms import BackgroundItem
from kiosk_appliance.web.bodies import Room
from kiosk_appliance.web.contract import curation as described_curation
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@get("/backgrounds", opt=described_curation.BACKGROUNDS)
async def every_background(
    request: AnyRequest, kiosk: NamedDependency[UseCases]
) -> Page[BackgroundItem]:
    """List all backgrounds, newest first."""
    window, _ = paging.read(request)
    page = await kiosk.curation.page(window)
    return Page([_item(one) for one in page.items], page.next_cursor, page.total)


@post("/backgrounds", opt=described_curation.ADD)
async def add_background(
    request: AnyRequest,
    kiosk: NamedDependency[UseCases],
    room: NamedDependency[Room],
    caller: NamedDependency[Caller],
) -> BackgroundItem:
    """Keep a new background."""
    with room.hold() as hold:
        picture, wanted = await background_forms.read_new(
            request, kiosk.settings().photo.max_size, hold
        )
        added = await kiosk.curation.add(
            picture,
            wanted.name or "",
            wanted.mode or "none",
            wanted.display_order or 0,
            is_active=wanted.is_active is not False,
            actor=caller.actor,
        )
    return _item(added)


@put("/backgrounds/{background_id:str}", opt=described_curation.CHANGE)
async def change_background(
    request: AnyRequest,
    background_id: FromPath[str],
    kiosk: NamedDependency[UseCases],
    room: NamedDependency[Room],
    caller: NamedDependency[Caller],
) -> BackgroundItem:
    """Change a background, or its picture; what is left out stays as it is."""
    with room.hold() as hold:
        wanted = await background_forms.read_change(request, kiosk.settings().photo.max_size, hold)
        return _item(await kiosk.curation.change(background_id, wanted, caller.actor))


@delete("/backgrounds/{background_id:str}", opt=described_curation.REMOVE)
async def remove_background(
    request: AnyRequest,
    background_id: FromPath[str],
    kiosk: NamedDependency[UseCases],
    caller: NamedDependency[Caller],
) -> None:
    """Remove a background; captures that used it stay."""
    queries.only(request, ())
    await kiosk.curation.remove(background_id, caller.actor)


def _item(background: Background) -> BackgroundItem:
    address = f"/api/backgrounds/{background.id}/file"
    return BackgroundItem(
        id=background.id,
        name=background.name,
        mode=background.mode,
        is_active=background.is_active,
        display_order=background.display_order,
        file_url=address,
        thumbnail_url=f"{address}?size=thumbnail",
        media_type=background.media_type,
        file_size=background.file_size,
        width=background.width,
        height=background.height,
        created_at=rfc3339(background.created_at),
    )


HANDLERS = (every_background, add_background, change_background, remove_background)
