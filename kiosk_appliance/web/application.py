"""Puts one listener's ASGI application together: handlers, error mapping, the outer edge."""

from collections.abc import Iterable
from urllib.parse import urlsplit

from litestar import Litestar
from litestar.di import Provide
from litestar.exceptions import HTTPException

from kiosk_appliance.settings import Address, Settings
from kiosk_appliance.web import guest, monitor, problems, static
from kiosk_appliance.web.edge import Application, Edge
from kiosk_appliance.web.limits import RateLimit
from kiosk_appliance.web.static import Pages
from kiosk_appliance.web.use_cases import UseCases

_LOCAL = ("localhost", "127.0.0.1", "::1")


def guest_application(kiosk: UseCases, pages: Pages) -> Application:
    """Return the application of the guest listener."""
    settings = kiosk.settings()
    litestar = Litestar(
        route_handlers=[*guest.HANDLERS, *monitor.HANDLERS, static.static],
        dependencies={
            "kiosk": Provide(lambda: kiosk, sync_to_thread=False),
            "pages": Provide(lambda: pages, sync_to_thread=False),
        },
        exception_handlers={Exception: problems.answer, HTTPException: problems.answer},
        openapi_config=None,
        # Bodies are read with a limit of their own.
        request_max_body_size=None,
        logging_config=None,
    )
    listen = settings.listen
    return Edge(
        litestar,  # type: ignore[arg-type]  # Litestar types the same ASGI shapes its own way
        hosts=hosts(settings, listen.guest),
        origins=(origin.lower() for origin in listen.allowed_origins),
        rate=RateLimit(
            per_minute=listen.requests_per_minute,
            unlimited=listen.unlimited,
            trusted_proxies=listen.trusted_proxies,
        ),
    )


def hosts(settings: Settings, address: Address) -> Iterable[str]:
    """Return the host names that a listener answers to."""
    names = {*_LOCAL, address.host.lower()}
    if settings.links.base_url is not None:
        names.add((urlsplit(settings.links.base_url).hostname or "").lower())
    return names - {""}
