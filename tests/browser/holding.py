"""Requests of a page that wait until a test lets them go."""

from typing import Final

from playwright.sync_api import Page, Route

_PATIENCE_MS: Final = 20_000
_STEP_MS: Final = 20


def hold(page: Page, path: str, times: int | None = None) -> list[Route]:
    """Return a list that grows by each request from now on to an address like `path`.

    `times` is how many are held at most; the others go on.
    """
    held: list[Route] = []

    # Playwright marks what it is given, which a list's own method does not bear.
    def keep(route: Route) -> None:
        held.append(route)

    page.route(path, keep, times=times)
    return held


def first_held(page: Page, held: list[Route]) -> Route:
    """Return the first request, however long after its state the page asks; fail after 20 s."""
    for _ in range(_PATIENCE_MS // _STEP_MS):
        if held:
            return held[0]
        page.wait_for_timeout(_STEP_MS)
    message = "the page has not asked"
    raise AssertionError(message)
