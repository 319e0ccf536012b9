"""The system log."""

from litestar import get
from litestar.di import NamedDependency

from kiosk_appliance.core.journaling import LogItem
from kiosk_appliance.core.paging import Page
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.web import paging
from kiosk_appliance.web.contract import care as described_care
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@get("/logs", opt=described_care.LOGS)
async def log_lines(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Page[LogItem]:
    """List what the kiosk has done, newest first."""
    window, wanted = paging.read(request, described_care.LOG_FILTERS)
    if wanted.get("level", "info") not in described_care.LEVELS:
        raise InvalidRequest.field("level", f"Choose one of: {', '.join(described_care.LEVELS)}.")
    return await kiosk.journaling.page(window, wanted)


HANDLERS = (log_lines,)
