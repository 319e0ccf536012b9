"""Reading what stands in a query or a header, with a clear sentence for what is wrong."""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from litestar import Request

from kiosk_appliance.errors import FieldError, InvalidRequest

AnyRequest = Request[Any, Any, Any]

_KEY = re.compile(r"[\x21-\x7e]{1,255}")
# A day is a day in UTC; a time says how far it is from UTC.
_MOMENT = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}"
    r"(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?(Z|[+-][0-9]{2}:[0-9]{2}))?"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_NAME_SHOWN = 80
_MOST_ERRORS = 20


def only(request: AnyRequest, known: Iterable[str]) -> dict[str, str]:
    """Return the query as a flat dict; raises InvalidRequest naming unknown or doubled fields."""
    names = sorted(known)
    pairs = list(request.query_params.multi_items())
    times = Counter(name for name, _ in pairs)
    unknown = f"Unknown field; known are: {', '.join(names) or 'none'}."
    errors = [FieldError(shortened(name), unknown) for name in times if name not in names]
    errors += [FieldError(name, "Give it once.") for name in names if times[name] > 1]
    if errors:
        raise InvalidRequest(
            "The query has fields that are not understood.", errors=tuple(errors[:_MOST_ERRORS])
        )
    return dict(pairs)


def whole_number(query: dict[str, str], name: str, default: int, low: int, high: int) -> int:
    """Return a whole number of the query within its bounds; raises InvalidRequest."""
    text = query.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not low <= int(text) <= high:
        raise InvalidRequest.field(name, f"Give a whole number from {low} to {high}.")
    return int(text)


def words(query: dict[str, str], name: str, most: int) -> list[str]:
    """Return the words of a list such as `a,b,c`, each once; raises InvalidRequest past `most`."""
    found = list(dict.fromkeys(word for word in query.get(name, "").split(",") if word))
    if not 1 <= len(found) <= most:
        raise InvalidRequest.field(name, f"Give 1 to {most} words, with commas between them.")
    return found


def choice(query: dict[str, str], name: str, choices: Iterable[str]) -> str | None:
    """Return one of the choices, or None where the field is absent; raises InvalidRequest."""
    text = query.get(name)
    if text is not None and text not in choices:
        raise InvalidRequest.field(name, f"Choose one of: {', '.join(sorted(choices))}.")
    return text


def moment(query: dict[str, str], name: str) -> int | None:
    """Return a date (its first instant) or a time as UTC milliseconds; raises InvalidRequest."""
    text = query.get(name)
    if text is None:
        return None
    try:
        found = datetime.fromisoformat(text) if _MOMENT.fullmatch(text) else None
    except ValueError:
        found = None
    if found is None:
        raise InvalidRequest.field(
            name, "Give a date such as 2026-06-01, or a time such as 2026-06-01T12:00:00Z."
        )
    since = found.replace(tzinfo=found.tzinfo or UTC) - _EPOCH
    return since // timedelta(milliseconds=1)


def idempotency_key(request: AnyRequest) -> str | None:
    """Return the Idempotency-Key; raises InvalidRequest unless it is 1 to 255 visible ASCII."""
    keys = request.headers.getall("idempotency-key", [])
    if not keys:
        return None
    if len(keys) > 1 or not _KEY.fullmatch(keys[0]):
        raise InvalidRequest.field(
            "Idempotency-Key", "Give one key of 1 to 255 visible ASCII characters."
        )
    return keys[0]


def accept(request: AnyRequest) -> str:
    """Return what a client would like to get, all its Accept headers as one."""
    return ",".join(request.headers.getall("accept", []))


def shortened(name: str) -> str:
    """Return a name that a client has made up, short enough to be shown in an error."""
    return name if len(name) <= _NAME_SHOWN else f"{name[:_NAME_SHOWN]}…"
