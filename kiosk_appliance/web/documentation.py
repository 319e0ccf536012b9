"""`/docs`, `/redoc` and `/openapi.json`: the API's documentation, with nothing from elsewhere."""

import hashlib
from typing import Any

import msgspec
from litestar import Response, get
from litestar.di import NamedDependency

from kiosk_appliance.web import photos, queries
from kiosk_appliance.web.contract import openapi
from kiosk_appliance.web.contract.captures import UNCHANGED
from kiosk_appliance.web.contract.description import Answer, Content, described
from kiosk_appliance.web.queries import AnyRequest
from kiosk_appliance.web.static import Pages

_PAGE = described(
    answers={
        200: Answer("The page.", (Content({"type": "string"}, "text/html; charset=utf-8"),)),
        304: UNCHANGED,
    },
    tag="Documentation",
    takes_any_query=True,
)


class Documents:
    """The document of one listener, made when it is first asked for."""

    def __init__(self) -> None:
        self._encoded = b""

    def of(self, request: AnyRequest) -> bytes:
        """Return the document of the listener that a request came to."""
        if not self._encoded:
            self._encoded = msgspec.json.encode(openapi.document(request.app.routes))
        return self._encoded


@get("/docs", opt=_PAGE)
async def docs(request: AnyRequest, pages: NamedDependency[Pages]) -> Response[bytes]:
    """Show the API in Swagger UI, which can also try it."""
    return pages.answer("docs/swagger.html", request)


@get("/redoc", opt=_PAGE)
async def redoc(request: AnyRequest, pages: NamedDependency[Pages]) -> Response[bytes]:
    """Show the API in Redoc, for reading."""
    # It makes its styles as it draws; what it draws is our own document.
    return pages.answer("docs/redoc.html", request, styles="'self' 'unsafe-inline'")


@get(
    "/openapi.json",
    opt=described(
        answers={200: Answer("The document.", (Content({"type": "object"}),)), 304: UNCHANGED},
        tag="Documentation",
    ),
)
async def openapi_json(request: AnyRequest, documents: NamedDependency[Documents]) -> Response[Any]:
    """Describe every path of this listener (OpenAPI 3.1)."""
    queries.only(request, ())
    body = documents.of(request)
    headers = {"ETag": f'"{hashlib.sha256(body).hexdigest()[:32]}"', "Cache-Control": "no-cache"}
    if photos.matches(request, headers["ETag"]):
        return Response(photos.EMPTY, status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


HANDLERS = (docs, redoc, openapi_json)
