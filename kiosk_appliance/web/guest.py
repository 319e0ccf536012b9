"""What follows a capture: SMS, status, photo, link, QR code; and the backgrounds to choose from."""

from typing import Any

from litestar import Response, delete, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath

from kiosk_appliance.core import landing
from kiosk_appliance.core.following import Existence, StatusView
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import Gone, NotFound
from kiosk_appliance.web import negotiation, orders, photos, queries
from kiosk_appliance.web.answers import BackgroundView, SmsQueued
from kiosk_appliance.web.contract import backgrounds as described_backgrounds
from kiosk_appliance.web.contract import captures as described_captures
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases

_JSON = "application/json"


@post("/api/send-sms", opt=described_captures.SEND_SMS)
async def send_sms(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[SmsQueued]:
    """Queue an SMS with the link; the same number again is the same SMS."""
    body = await orders.read_sms(request)
    queued = await kiosk.texting.send(
        body.capture_id,
        body.phone,
        negotiation.language(request.headers.get("accept-language", "")),
    )
    answer = SmsQueued(queued.sms_id, "queued", kiosk.replay.online())
    return Response(answer, status_code=202 if queued.is_new else 200, media_type=_JSON)


@get("/api/captures/status", opt=described_captures.STATUS_MAP)
async def status_map(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> dict[str, Existence]:
    """Say of up to 200 captures at once whether they exist and are synced."""
    ids = queries.words(queries.only(request, {"ids"}), "ids", described_captures.MOST_IDS)
    return await kiosk.following.existence(ids)


@get("/api/status/{capture_id:str}", opt=described_captures.STATUS)
async def status(
    request: AnyRequest, capture_id: FromPath[str], kiosk: NamedDependency[UseCases]
) -> StatusView:
    """Say how far a capture's deliveries are; nothing personal, since the path is public."""
    queries.only(request, ())
    return await kiosk.following.status(capture_id)


@get("/api/download/{key:str}", opt=described_captures.DOWNLOAD)
async def download(
    request: AnyRequest, key: FromPath[str], kiosk: NamedDependency[UseCases]
) -> Response[Any]:
    """Hand out the photo; a person's browser gets the landing page instead."""
    page_asked = negotiation.prefers_html(queries.accept(request), "image/jpeg")
    try:
        photo = await kiosk.following.photo(key)
    except (NotFound, Gone) as error:
        if not page_asked:
            raise
        return _nothing(request, error)
    if not page_asked or photo.remote_url is not None:
        return await photos.answer(request, photo)
    page = await kiosk.following.page(photo.capture)
    return Response(page, media_type="text/html", headers=_page_headers("Accept"))


def _nothing(request: AnyRequest, error: NotFound | Gone) -> Response[bytes]:
    language = negotiation.language(request.headers.get("accept-language", ""))
    page = landing.nothing(language, erased=isinstance(error, Gone))
    headers = _page_headers("Accept, Accept-Language")
    return Response(page, status_code=error.status, media_type="text/html", headers=headers)


def _page_headers(vary: str) -> dict[str, str]:
    return {
        "Vary": vary,
        "Cache-Control": "private, no-cache",
        "X-Robots-Tag": "noindex",
        "Content-Security-Policy": landing.content_security_policy(),
    }


@delete("/api/download/{key:str}", opt=described_captures.ERASE)
async def erase(key: FromPath[str], kiosk: NamedDependency[UseCases]) -> None:
    """Erase the guest's own photo, everywhere; only its token says that it is hers."""
    await kiosk.erasing.erase_by_token(key)


@get("/uploads/{name:str}", opt=described_captures.UPLOAD)
async def upload(
    request: AnyRequest, name: FromPath[str], kiosk: NamedDependency[UseCases]
) -> Response[Any]:
    """Hand out the JPEG under source B's form of the link."""
    capture_id = name.removesuffix(".jpg")
    if capture_id == name:
        raise NotFound("There is nothing at this address.")
    return await photos.answer(request, await kiosk.following.photo_of(capture_id))


@get("/api/qr/{token:str}", opt=described_captures.QR)
async def qr(
    request: AnyRequest, token: FromPath[str], kiosk: NamedDependency[UseCases]
) -> Response[bytes]:
    """Draw the QR code of the link."""
    query = queries.only(request, {"size", "format"})
    size = queries.whole_number(query, "size", 400, 64, 2048)
    form = queries.choice(query, "format", {"png", "svg"})
    svg = form == "svg" if form else _wants_svg(request)
    picture = await kiosk.qr_codes.draw(await kiosk.following.link(token), size, svg=svg)
    headers = {"Vary": "Accept", "Cache-Control": "private, max-age=3600"}
    media_type = "image/svg+xml" if svg else "image/png"
    return Response(picture, media_type=media_type, headers=headers)


@get("/api/backgrounds", opt=described_backgrounds.ACTIVE)
async def backgrounds(
    request: AnyRequest, kiosk: NamedDependency[UseCases]
) -> list[BackgroundView]:
    """List what a guest may choose, in display order."""
    queries.only(request, ())
    kiosk.presence.note()
    return [_view(background) for background in await kiosk.curation.active()]


@get("/api/backgrounds/{background_id:str}/file", opt=described_backgrounds.FILE)
async def background_file(
    request: AnyRequest, background_id: FromPath[str], kiosk: NamedDependency[UseCases]
) -> Response[bytes]:
    """Hand out a background's picture, or its thumbnail."""
    size = queries.choice(queries.only(request, {"size"}), "size", {"thumbnail"})
    background = await kiosk.curation.get(background_id)
    etag = f'"{background.version[:32]}{"-thumbnail" if size else ""}"'
    headers = {"ETag": etag, "Cache-Control": "public, max-age=60, must-revalidate"}
    if photos.matches(request, etag):
        return Response(photos.EMPTY, status_code=304, headers=headers)
    data = await kiosk.curation.picture(background, thumbnail=size is not None)
    media_type = "image/png" if size else background.media_type
    return Response(data, media_type=media_type, headers=headers)


def _view(background: Background) -> BackgroundView:
    address = f"/api/backgrounds/{background.id}/file"
    return BackgroundView(
        id=background.id,
        name=background.name,
        mode=background.mode,
        file_url=address,
        thumbnail_url=f"{address}?size=thumbnail",
        display_order=background.display_order,
    )


def _wants_svg(request: AnyRequest) -> bool:
    offered = ("image/png", "image/svg+xml")
    return negotiation.best(queries.accept(request), offered) == "image/svg+xml"


# Also on an admin listener of its own.
FOR_EVERYBODY = (backgrounds, background_file)
HANDLERS = (
    send_sms,
    status_map,
    status,
    download,
    erase,
    upload,
    qr,
    *FOR_EVERYBODY,
)
