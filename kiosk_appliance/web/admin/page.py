"""`GET /admin`: the operator's page. It is for strangers: nothing of the kiosk is in it."""

from litestar import Response, get
from litestar.di import NamedDependency

from kiosk_appliance.web.admin.access import FOR_STRANGERS
from kiosk_appliance.web.contract import admin as described_admin
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.static import Pages
from kiosk_appliance.web.use_cases import UseCases


@get("/", opt={FOR_STRANGERS: True, **described_admin.PAGE})
async def admin_page(
    request: AnyRequest, kiosk: NamedDependency[UseCases], pages: NamedDependency[Pages]
) -> Response[bytes]:
    """Show the operator's page; before there is a password, the page that sets it."""
    name = "index" if kiosk.identity.has_password else "first"
    return pages.answer(f"admin/{name}.html", request, takes_no_markup=True)


HANDLERS = (admin_page,)
