"""The audit trail."""

from litestar import get
from litestar.di import NamedDependency

from kiosk_appliance.core.auditing import AuditItem
from kiosk_appliance.core.paging import Page
from kiosk_appliance.web import paging
from kiosk_appliance.web.contract import admin as described_admin
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@get("/audit", opt=described_admin.AUDIT)
async def audit(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Page[AuditItem]:
    """List who did what, newest first."""
    window, _ = paging.read(request)
    return await kiosk.auditing.page(window)


HANDLERS = (audit,)
