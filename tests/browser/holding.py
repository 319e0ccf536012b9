"""Requests of a page that wait until a test lets them go."""

from playwright.sync_api import Page, Route


def hold(page: Page, path: str) -> list[Route]:
    """Return a list that grows by each request from now on to an address like `path`."""
    held: list[Route] = []

    # Playwright marks what it is given, which a list's own method does not bear.
    def keep(route: Route) -> None:
        held.append(route)

    page.route(path, keep)
    return held
