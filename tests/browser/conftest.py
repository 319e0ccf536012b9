"""Fixtures of the browser suite; the appliance itself comes from `tests.parts.appliance`."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from playwright.sync_api import Browser, Playwright, sync_playwright

from tests.browser.chromium import EXECUTABLE, Guard, Picture, launch, write_y4m
from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance
from tests.parts.requirements import need

PORTRAIT = (1080, 1920)

OpenPage = Callable[..., tuple[GuestPage, Guard]]


# For this package only: Playwright keeps an event loop running in the main thread meanwhile.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    need(EXECUTABLE.exists(), "Chromium is missing: apt-get install chromium")
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def scene() -> Picture:
    """What stands before the camera: red on its left, blue on its right, as the lens sees it."""
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[:, :640] = (200, 40, 40)
    picture[:, 640:] = (40, 40, 200)
    return picture


@pytest.fixture(scope="package")
def chromium(
    playwright: Playwright, scene: Picture, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    film = write_y4m(tmp_path_factory.mktemp("camera") / "scene.y4m", scene)
    browser = launch(playwright, film)
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def appliance(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """Return one appliance on embedded defaults for a whole module: starting one is the slow part.

    A test that stops it starts it again.
    """
    tables = {"guest": {"countdown_seconds": 1}}
    started = Appliance(tmp_path_factory.mktemp("kiosk"), tables).start()
    yield started
    started.close()


@pytest.fixture
def open_page(chromium: Browser, appliance: Appliance) -> Iterator[OpenPage]:
    """Open pages of their own in a context of their own; each is checked at the end."""
    opened: list[Guard] = []

    def open_page(
        size: tuple[int, int] = PORTRAIT, browser: Browser | None = None, **options: Any
    ) -> tuple[GuestPage, Guard]:
        context = (browser or chromium).new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=True,
            service_workers="block",
            **options,
        )
        page = context.new_page()
        opened.append(Guard(page))
        return GuestPage(page, appliance.url), opened[-1]

    yield open_page
    for context in chromium.contexts:
        context.close()
    for guard in opened:
        guard.check()


@pytest.fixture
def guest(open_page: OpenPage) -> GuestPage:
    """Return the page on an upright kiosk, at its invitation."""
    page, _ = open_page()
    return page.open()
