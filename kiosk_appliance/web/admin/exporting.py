"""The figures, and the captures as a file: Excel or CSV."""

from litestar import get
from litestar.di import NamedDependency
from litestar.response import Stream

from kiosk_appliance.core.exporting import Wanted
from kiosk_appliance.core.identity import Caller
from kiosk_appliance.core.statistics import Statistics
from kiosk_appliance.web import queries
from kiosk_appliance.web.contract import exports as described_exports
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.use_cases import UseCases


@get("/stats", opt=described_exports.STATS)
async def stats(request: AnyRequest, kiosk: NamedDependency[UseCases]) -> Statistics:
    """Say how much the kiosk has done, how fast, and what went wrong."""
    queries.only(request, ())
    return await kiosk.counting.statistics()


@get("/export/csv", opt=described_exports.CSV)
async def export_csv(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Stream:
    """Give the captures out as CSV."""
    chunks = await kiosk.exporting.csv(_wanted(request), caller.actor)
    return Stream(chunks, media_type="text/csv", headers=_saved_as("csv"))


@get("/export/excel", opt=described_exports.EXCEL)
async def export_excel(
    request: AnyRequest, kiosk: NamedDependency[UseCases], caller: NamedDependency[Caller]
) -> Stream:
    """Give the captures out as an Excel file."""
    chunks = await kiosk.exporting.excel(_wanted(request), caller.actor)
    return Stream(chunks, media_type=described_exports.EXCEL_TYPE, headers=_saved_as("xlsx"))


def _wanted(request: AnyRequest) -> Wanted:
    query = queries.only(request, {"from", "to", "numbers"})
    numbers = queries.choice(query, "numbers", {"full", "masked"})
    return Wanted(
        since=queries.moment(query, "from"),
        until=queries.moment(query, "to"),
        full_numbers=numbers == "full",
    )


def _saved_as(ending: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="captures.{ending}"'}


HANDLERS = (stats, export_csv, export_excel)
