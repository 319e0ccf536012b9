"""Who this is and how it does: `/`, `/health`, `/health/ping`, and the page's own settings."""

import asyncio
from pathlib import Path
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from kiosk_appliance import __version__
from kiosk_appliance.core import vitals
from kiosk_appliance.domain.guest import calling_code
from kiosk_appliance.errors import NotFound
from kiosk_appliance.settings.declarations import SUCCESS_MESSAGE, WELCOME_MESSAGE, Settings
from kiosk_appliance.web import negotiation, queries
from kiosk_appliance.web.answers import About, Health
from kiosk_appliance.web.contract import monitoring
from kiosk_appliance.web.metrics import metrics
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.static import Pages
from kiosk_appliance.web.use_cases import UseCases

# Also the small network that a browser with a GPU runs by itself.
_SCRIPTS = "'self' 'wasm-unsafe-eval'"
_LOGO_MOST = 1_048_576
_LOGOS = ((b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"RIFF", "image/webp"))


class CallingCode(msgspec.Struct, frozen=True):
    """A country whose numbers may be texted, and the digits after the plus."""

    region: str
    calling: str


class GuestConfig(msgspec.Struct, frozen=True):
    """What the guest page has to know of the settings."""

    name: str
    language: str
    welcome_message: str
    success_message: str
    countdown_seconds: int
    idle_timeout_s: float
    retakes: int
    retention_days: int
    retention_enabled: bool
    sms: bool
    countries: list[CallingCode]
    marketing_opt_in: bool
    privacy_contact: str | None
    review: bool
    colour: str
    logo: bool


class GuestNow(msgspec.Struct, frozen=True):
    """What the guest page asks before the countdown: the code of a refusal, or null."""

    obstacle: str | None


@get("/", opt=monitoring.ABOUT)
async def about(
    request: AnyRequest,
    kiosk: NamedDependency[UseCases],
    pages: NamedDependency[Pages],
) -> Response[Any]:
    """Say who this is; a person's browser gets the guest page."""
    if negotiation.prefers_html(queries.accept(request), "application/json"):
        return pages.answer("guest/index.html", request, scripts=_SCRIPTS)
    checks = await kiosk.vitals.checks()
    answer = About(
        name=kiosk.settings().kiosk.name,
        version=__version__,
        status=vitals.overall(checks),
        online=kiosk.replay.online(),
        docs="/docs",
    )
    return Response(answer, media_type="application/json", headers={"Vary": "Accept"})


@get("/health/ping", opt=monitoring.PING)
async def ping(request: AnyRequest) -> dict[str, str]:
    """Answer; touches nothing slow."""
    queries.only(request, ())
    return {"status": "ok"}


@get("/health", opt=monitoring.HEALTH)
async def health(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Response[Health]:
    """Say how everything does; 503 only where guests can't be served."""
    queries.only(request, ())
    checks = await kiosk.vitals.checks()
    status = vitals.overall(checks)
    answer = Health(
        status=status,
        online=kiosk.replay.online(),
        checks=checks,
        version=__version__,
        uptime_s=kiosk.vitals.uptime_s,
    )
    return Response(answer, status_code=503 if status == "failing" else 200)


@get("/guest/config.json", include_in_schema=False)
async def guest_config(kiosk: NamedDependency[UseCases]) -> Response[GuestConfig]:
    """Return what the guest page has to know."""
    settings = kiosk.settings()
    answer = GuestConfig(
        name=settings.kiosk.name,
        language=settings.kiosk.language,
        welcome_message=_spoken(settings, settings.guest.welcome_message),
        success_message=_spoken(settings, settings.guest.success_message),
        countdown_seconds=settings.guest.countdown_seconds,
        idle_timeout_s=settings.guest.idle_timeout,
        retakes=settings.guest.retakes,
        retention_days=settings.retention.days,
        retention_enabled=settings.retention.enabled,
        sms=True,
        countries=[CallingCode(one, calling_code(one)) for one in settings.sms.countries],
        marketing_opt_in=settings.guest.marketing_opt_in,
        privacy_contact=settings.guest.privacy_contact,
        review=settings.guest.review_url is not None,
        colour=settings.guest.colour,
        logo=settings.guest.logo is not None,
    )
    return Response(answer, headers={"Cache-Control": "no-store"})


def _spoken(settings: Settings, message: str) -> str:
    """Return the operator's words; empty where they are ours, and the page has better ones."""
    if message == SUCCESS_MESSAGE:
        return ""
    return "" if message == WELCOME_MESSAGE and settings.kiosk.language != "fr" else message


@get("/guest/review.svg", include_in_schema=False)
async def guest_review(kiosk: NamedDependency[UseCases]) -> Response[bytes]:
    """Draw the QR code of the operator's review page."""
    url = kiosk.settings().guest.review_url
    if url is None:
        raise NotFound("No review page is set, or it is switched off.")
    code = await kiosk.qr_codes.draw(url, 1024, svg=True)
    return Response(code, media_type="image/svg+xml", headers={"Cache-Control": "no-store"})


@get("/guest/logo", include_in_schema=False)
async def guest_logo(kiosk: NamedDependency[UseCases]) -> Response[bytes]:
    """Hand out the operator's logo, for what its content is."""
    path = kiosk.settings().guest.logo
    data = await asyncio.to_thread(_logo, path) if path is not None else b""
    kind = next((kind for start, kind in _LOGOS if data.startswith(start)), None)
    if kind is None:
        raise NotFound("There is no logo, or it is no PNG, JPEG or WebP picture of 1 MB at most.")
    return Response(data, media_type=kind, headers={"Cache-Control": "no-cache"})


def _logo(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            data = file.read(_LOGO_MOST + 1)
    except OSError:
        return b""
    return data if len(data) <= _LOGO_MOST else b""


@get("/guest/now.json", include_in_schema=False)
async def guest_now(kiosk: NamedDependency[UseCases]) -> Response[GuestNow]:
    """Say, from memory, what would come in the way of a photo taken now."""
    return Response(GuestNow(kiosk.vitals.obstacle()), headers={"Cache-Control": "no-store"})


# Also on an admin listener of its own.
FOR_EVERYBODY = (ping, health, metrics)
HANDLERS = (about, *FOR_EVERYBODY, guest_config, guest_now, guest_review, guest_logo)
