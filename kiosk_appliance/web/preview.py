"""`POST /api/preview/...`: who is on a live frame, and what a photo will become.

For the kiosk's own page only: nothing of it is kept, and it may be asked ten times a second. A
body is read once there is a place for it, and gives the place back if it dawdles.
"""

from litestar import Response, post
from litestar.di import NamedDependency

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.web import bodies, json_form, limits, queries
from kiosk_appliance.web.contract import preview as described
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

# From this very machine a body takes milliseconds; two that trickle in would hold both places. The
# page itself waits 5 s for a mask; a picture has megabytes, and a processor that may be busy.
_MASK_PATIENCE_S = 5
_PICTURE_PATIENCE_S = 15
# In pixels: wider than any screen, and than most pictures.
_WIDEST = 16_384
_UNKEPT = {"Cache-Control": "no-store"}


@post("/api/preview/mask", opt=described.MASK)
async def mask(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[bytes]:
    """Say where people are on a frame."""
    queries.only(request, ())
    _only_from_the_page(request, kiosk)
    kiosk.presence.note()
    with kiosk.previewing.frames.one():
        frame = await bodies.read(request, bodies.OTHER_BODY, patience_s=_MASK_PATIENCE_S)
        answer = await kiosk.previewing.mask(frame)
    return Response(answer, status_code=200, media_type="image/png", headers=_UNKEPT)


@post("/api/preview/picture", opt=described.PICTURE)
async def picture(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[bytes]:
    """Show what a capture of this photo would become, and take nothing in."""
    query = queries.only(request, {"background_id", "width", "height"})
    background_id = query.get("background_id")
    if background_id is None:
        raise InvalidRequest.field("background_id", "Say on which background.")
    screen = _screen(query)
    _only_from_the_page(request, kiosk)
    kiosk.presence.note()
    most = kiosk.settings().photo.max_size
    # Of the room for photos it takes nothing: there are two at most.
    with kiosk.previewing.pictures.one():
        over = json_form.too_large(most, "body")
        photo = await bodies.read(request, most, over=over, patience_s=_PICTURE_PATIENCE_S)
        shown = await kiosk.previewing.picture(photo, background_id, screen)
    headers = _UNKEPT if shown.cut_out is None else _UNKEPT | {"Cut-Out": shown.cut_out}
    return Response(shown.jpeg, status_code=200, media_type="image/jpeg", headers=headers)


def _screen(query: dict[str, str]) -> tuple[int, int] | None:
    """Return what the picture has to fit on, None where both sides are left open."""
    if query.keys().isdisjoint({"width", "height"}):
        return None
    width, height = (
        queries.whole_number(query, side, _WIDEST, 1, _WIDEST) for side in ("width", "height")
    )
    return width, height


def _only_from_the_page(request: AnyRequest, kiosk: UseCases) -> None:
    limits.only_from_here(request.scope, kiosk.settings().listen.trusted_proxies)
    if not bodies.media_type(request)[0].startswith("image/"):
        raise bodies.wrong_type("Send the picture as image/jpeg, image/png or image/webp.")


HANDLERS = (mask, picture)
