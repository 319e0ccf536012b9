"""Reading what stands in a query or a header, with a clear sentence for what is wrong."""

import re
from collections.abc import Iterable
from typing import Any

from litestar import Request

from kiosk_appliance.errors import FieldError, InvalidRequest

AnyRequest = Request[Any, Any, Any]

_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def only(request: AnyRequest, known: Iterable[str]) -> dict[str, str]:
    """Return the query as a flat dict; raises InvalidRequest naming unknown or doubled fields."""
    names = sorted(known)
    pairs = list(request.query_params.multi_items())
    errors = [
        FieldError(name, f"Unknown field; known are: {', '.join(names) or 'none'}.")
        for name in dict.fromkeys(name for name, _ in pairs)
        if name not in names
    ]
    query = dict(pairs)
    errors += [FieldError(name, "Give it once.") for name in query if _doubled(name, pairs)]
    if errors:
        raise InvalidRequest("The query has fields that are not understood.", errors=tuple(errors))
    return query


def whole_number(query: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the query within its bounds; raises InvalidRequest."""
    text = query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise InvalidRequest.field(name, f"Give a whole number from {low} to {high}.")
    return int(text)


def choice(query: dict[str, str], name: str, choices: Iterable[str]) -> str | None:
    """Return one of the choices, or None where the field is absent; raises InvalidRequest."""
    text = query.get(name)
    if text is not None and text not in choices:
        raise InvalidRequest.field(name, f"Choose one of: {', '.join(sorted(choices))}.")
    return text


def idempotency_key(request: AnyRequest) -> str | None:
    """Return the Idempotency-Key; raises InvalidRequest unless it is 1 to 255 visible ASCII."""
    key = request.headers.get("idempotency-key")
    if key is not None and not _KEY.fullmatch(key):
        raise InvalidRequest.field("Idempotency-Key", "Give 1 to 255 visible ASCII characters.")
    return key


def prefers_html(request: AnyRequest) -> bool:
    """Say whether a person's browser asks: HTML is named in Accept, and not less than others."""
    accept = request.headers.get("accept", "")
    if "text/html" not in accept and "application/xhtml+xml" not in accept:
        return False
    best = request.accept.best_match(["text/html", "application/json", "image/jpeg"])
    return best == "text/html"


def _doubled(name: str, pairs: list[tuple[str, Any]]) -> bool:
    return sum(other == name for other, _ in pairs) > 1
