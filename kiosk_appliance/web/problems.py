"""The one mapping from errors to `application/problem+json` (RFC 9457).

Every 4xx and 5xx passes here, Litestar's own 404 and 405 included.
"""

from typing import Any

import msgspec
import structlog
from litestar import Request, Response
from litestar.exceptions import HTTPException
from structlog.contextvars import get_contextvars

from kiosk_appliance.errors import InvalidRequest, KioskError, NotFound

log = structlog.get_logger("web")

MEDIA_TYPE = "application/problem+json"


class FieldProblem(msgspec.Struct, frozen=True):
    """One wrong field."""

    field: str
    message: str


class Problem(msgspec.Struct, frozen=True):
    """The body of every error."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]
    correlation_id: str


def to_problem(error: KioskError) -> Problem:
    """Return the body for an error of our tree."""
    return Problem(
        type=error.code,
        title=error.title,
        status=error.status,
        detail=error.detail,
        errors=[FieldProblem(item.field, item.message) for item in error.errors],
        correlation_id=str(get_contextvars().get("correlation_id", "")),
    )


def headers_of(error: KioskError) -> dict[str, str]:
    """Return the headers that an error's answer bears."""
    return {} if error.retry_after_s is None else {"Retry-After": str(error.retry_after_s)}


def answer(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Turn any exception of a handler into a problem; the named border for what is a bug."""
    known, headers = _known(error)
    if known.status >= 500 and known is not error:  # noqa: PLR2004 - server errors
        log.error("request_failed", exc_info=error)
    return Response(
        msgspec.json.encode(to_problem(known)),
        status_code=known.status,
        media_type=MEDIA_TYPE,
        headers=headers_of(known) | headers,
    )


def _known(error: Exception) -> tuple[KioskError, dict[str, str]]:
    if isinstance(error, KioskError):
        return error, {}
    if isinstance(error, HTTPException):
        return _of_litestar(error), dict(error.headers or {})
    return KioskError("Something went wrong on the kiosk; it has been logged."), {}


def _of_litestar(error: HTTPException) -> KioskError:
    if error.status_code == 404:  # noqa: PLR2004
        return NotFound("There is nothing at this address.")
    if error.status_code == 405:  # noqa: PLR2004
        return KioskError(
            "This address does not take that method; see the Allow header.",
            code="method-not-allowed",
            title="Method not allowed",
            status=405,
        )
    if error.status_code < 500:  # noqa: PLR2004
        return InvalidRequest(str(error.detail), status=error.status_code)
    return KioskError("Something went wrong on the kiosk; it has been logged.")
