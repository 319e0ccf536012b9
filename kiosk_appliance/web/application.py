"""Puts one listener's ASGI application together: handlers, error mapping, the outer edge."""

from functools import lru_cache
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException
from litestar.routes import HTTPRoute

from kiosk_appliance.core.studio import MOST_AT_ONCE
from kiosk_appliance.settings import Address, Settings
from kiosk_appliance.web import (
    camera,
    documentation,
    guest,
    json_form,
    monitor,
    number,
    preview,
    problems,
    static,
    taking,
)
from kiosk_appliance.web.admin.router import admin_router
from kiosk_appliance.web.bodies import Room
from kiosk_appliance.web.documentation import Documents
from kiosk_appliance.web.edge import Application, Edge
from kiosk_appliance.web.gate import Gate, canonical
from kiosk_appliance.web.limits import RateLimit
from kiosk_appliance.web.methods import Methods
from kiosk_appliance.web.metrics import Metrics
from kiosk_appliance.web.static import Pages
from kiosk_appliance.web.taking import Batches
from kiosk_appliance.web.use_cases import UseCases

_PUBLIC = (
    *taking.HANDLERS,
    *guest.HANDLERS,
    *preview.HANDLERS,
    *camera.HANDLERS,
    *number.HANDLERS,
    *monitor.HANDLERS,
    *documentation.HANDLERS,
    static.static,
)
# What an admin listener of its own serves of the public paths.
_FOR_EVERYBODY = (
    *guest.FOR_EVERYBODY,
    *monitor.FOR_EVERYBODY,
    *documentation.HANDLERS,
    static.static,
)
_LOCAL = ("localhost", "127.0.0.1", "::1")
_EVERYWHERE = ("0.0.0.0", "::")  # noqa: S104 - compared, never bound
_SMS_PATH = "/api/send-sms"
# Stricter than the general limit, and for everybody: a person types a few numbers a minute.
_SMS_PER_MINUTE = 60


def application(
    kiosk: UseCases,
    pages: Pages,
    metrics: Metrics,
    address: Address,
    *,
    for_guests: bool,
    for_admin: bool,
) -> Application:
    """Return the application of a listener at `address`: for guests, for the admin, or for both."""
    settings = kiosk.settings()
    room = Room(lambda: MOST_AT_ONCE * json_form.longest_body(kiosk.settings().photo.max_size))
    batches = Batches(lambda: kiosk.settings().photo.max_batch_size)
    documents = Documents()
    shown = pages if for_guests else pages.without("guest")
    if not for_admin:
        shown = shown.without("admin")
    litestar = Litestar(
        route_handlers=[
            *(_PUBLIC if for_guests else _FOR_EVERYBODY),
            *([admin_router(kiosk.identity)] if for_admin else ()),
        ],
        dependencies={
            "kiosk": Provide(lambda: kiosk, sync_to_thread=False),
            "pages": Provide(lambda: shown, sync_to_thread=False),
            "documents": Provide(lambda: documents, sync_to_thread=False),
            "metrics": Provide(lambda: metrics, sync_to_thread=False),
            "room": Provide(lambda: room, sync_to_thread=False),
            "batches": Provide(lambda: batches, sync_to_thread=False),
        },
        exception_handlers={Exception: problems.answer, HTTPException: problems.answer},
        openapi_config=None,
        # Bodies are read with a limit of their own.
        request_max_body_size=None,
        logging_config=None,
    )
    return Edge(
        litestar,  # type: ignore[arg-type]  # Litestar types the same ASGI shapes its own way
        gate=Gate(
            hosts=lambda: hosts(kiosk.settings().links.base_url, address.host),
            origins=settings.listen.allowed_origins,
            is_everywhere=address.host in _EVERYWHERE,
        ),
        methods=methods_of(litestar),
        rates=rates(settings),
        count=metrics.request,
    )


def methods_of(litestar: Litestar) -> Methods:
    """Return which methods each path of an application takes."""
    routes = [route for route in litestar.routes if isinstance(route, HTTPRoute)]
    return Methods((route.path, route.methods) for route in routes)


def rates(settings: Settings) -> list[RateLimit]:
    """Return the rate limits of a listener: the general one, and that of SMS."""
    listen = settings.listen
    return [
        RateLimit(
            per_minute=listen.requests_per_minute,
            unlimited=listen.unlimited,
            trusted_proxies=listen.trusted_proxies,
        ),
        RateLimit(
            per_minute=_SMS_PER_MINUTE,
            unlimited=(),
            trusted_proxies=listen.trusted_proxies,
            only={_SMS_PATH},
        ),
    ]


@lru_cache(maxsize=8)
def hosts(base_url: str | None, host: str) -> frozenset[str]:
    """Return the host names that a listener at `host` answers to, as `Gate` compares them."""
    names = {*_LOCAL, host, urlsplit(base_url or "").hostname or ""}
    return frozenset(map(canonical, names - {""}))
