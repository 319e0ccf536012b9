"""The pages in which every long list is given out, and the cursors from one to the next."""

import re
from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

import msgspec

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.store.paging import Window

T = TypeVar("T")
Row = TypeVar("Row")

MOST_ON_A_PAGE, USUAL = 200, 50
# Of no meaning to anybody else; the letter tells a cursor from a number that somebody made up.
_CURSOR = re.compile(r"s([0-9a-f]{1,15})")


class Page(msgspec.Struct, Generic[T], frozen=True):
    """A part of a list, newest first; `next_cursor` leads to the next part."""

    items: list[T]
    next_cursor: str | None
    total: int


def page_of(
    rows: Sequence[tuple[int, Row]], window: Window, total: int, shown: Callable[[Row], T]
) -> Page[T]:
    """Return the page of a query that was asked for one row more than the window holds."""
    kept = rows[: window.limit]
    more = f"s{kept[-1][0]:x}" if len(rows) > window.limit else None
    return Page([shown(row) for _, row in kept], more, total)


def window_at(cursor: str | None, limit: int) -> Window:
    """Return the window that a cursor leads to; raises InvalidRequest naming the wrong field."""
    if not 1 <= limit <= MOST_ON_A_PAGE:
        raise InvalidRequest.field("limit", f"Give a whole number from 1 to {MOST_ON_A_PAGE}.")
    if cursor is None:
        return Window(limit)
    found = _CURSOR.fullmatch(cursor)
    if found is None:
        raise InvalidRequest.field("cursor", "Give the next_cursor of the page before.")
    return Window(limit, int(found[1], 16))
