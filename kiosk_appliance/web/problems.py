"""The one mapping from errors to `application/problem+json` (RFC 9457).

Every 4xx and 5xx passes here, Litestar's own 404 and 405 included.
"""

from http import HTTPStatus
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


class Refusal(KioskError):
    """A failure whose answer bears headers of its own."""

    def __init__(
        self, detail: str, *, code: str, title: str, status: int, headers: dict[str, str]
    ) -> None:
        super().__init__(detail, code=code, title=title, status=status)
        self.headers = headers


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
    headers = dict(error.headers) if isinstance(error, Refusal) else {}
    if error.retry_after_s is not None:
        headers["Retry-After"] = str(error.retry_after_s)
    if error.status == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = 'Bearer realm="kiosk"'
    return headers


def answer(_request: Request[Any, Any, Any], error: Exception) -> Response[bytes]:
    """Turn any exception of a handler into a problem; the named border for what is a bug."""
    found = known(error)
    return Response(
        msgspec.json.encode(to_problem(found)),
        status_code=found.status,
        media_type=MEDIA_TYPE,
        headers=headers_of(found),
    )


def bug(error: Exception) -> KioskError:
    """Log what no caller can act on, and return what is said about it."""
    log.error("request_failed", exc_info=error)
    return KioskError("Something went wrong on the kiosk; it has been logged.")


def known(error: Exception) -> KioskError:
    """Return any exception of a handler as one that the caller is told of."""
    if isinstance(error, KioskError):
        return error
    if isinstance(error, HTTPException) and error.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
        if error.status_code == HTTPStatus.NOT_FOUND:
            return NotFound("There is nothing at this address.")
        return InvalidRequest(str(error.detail), status=error.status_code)
    return bug(error)
