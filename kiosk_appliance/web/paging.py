"""Reading which page of a list is asked for: `limit`, `cursor`, and the list's own filters."""

from collections.abc import Iterable

from kiosk_appliance.core.paging import MOST_ON_A_PAGE, USUAL, window_at
from kiosk_appliance.store.paging import Window
from kiosk_appliance.web import queries
from kiosk_appliance.web.queries import AnyRequest


def read(request: AnyRequest, filters: Iterable[str] = ()) -> tuple[Window, dict[str, str]]:
    """Return the window that is asked for, and the filters that are given.

    Raises InvalidRequest naming unknown, doubled or wrong fields.
    """
    query = queries.only(request, {"limit", "cursor", *filters})
    limit = queries.whole_number(query, "limit", USUAL, 1, MOST_ON_A_PAGE)
    window = window_at(query.get("cursor"), limit)
    return window, {name: query[name] for name in filters if name in query}
