"""Fixtures of the browser suite; the appliance itself comes from `tests.parts.appliance`."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from playwright.sync_api import Browser, BrowserContext, Playwright, expect, sync_playwright

from tests.browser.chromium import EXECUTABLE, Picture, launch, write_y4m
from tests.browser.guard import Guard
from tests.browser.guest_page import GuestPage
from tests.browser.tour import EXPECTED, LAVISH, Tour
from tests.parts.appliance import Appliance
from tests.parts.requirements import need

PORTRAIT = (1080, 1920)

OpenPage = Callable[..., tuple[GuestPage, Guard]]
StartChromium = Callable[..., Browser]
TakeTour = Callable[..., Tour]


# For this package only: Playwright keeps an event loop running in the main thread meanwhile.
@pytest.fixture(scope="package")
def playwright() -> Iterator[Playwright]:
    need(EXECUTABLE.exists(), "Chromium is missing: apt-get install chromium")
    # A wait that only fails may last: the machine may have other work.
    expect.set_options(timeout=20_000)
    with sync_playwright() as started:
        yield started


@pytest.fixture(scope="package")
def scene() -> Picture:
    """What stands before the camera: red on its left, blue on its right, as the lens sees it.

    A pale band lies above both. They meet softly: halved chroma keeps no sharp line.
    """
    picture = np.zeros((720, 1280, 3), np.uint8)
    picture[:, :640] = (200, 40, 40)
    picture[:, 640:] = (40, 40, 200)
    picture[:160] = (225, 215, 180)
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 8), np.uint8)


@pytest.fixture(scope="package")
def chromium(
    playwright: Playwright, scene: Picture, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Browser]:
    film = write_y4m(tmp_path_factory.mktemp("camera") / "scene.y4m", scene)
    browser = launch(playwright, film)
    yield browser
    browser.close()


@pytest.fixture(autouse=True)
def guard(chromium: Browser) -> Iterator[Guard]:
    """Watch every page of every test; a test names with `expect` what it provokes."""
    guard = Guard()
    guard.watch(chromium)
    yield guard
    for context in chromium.contexts:
        context.close()
    guard.leave(chromium)
    guard.check()


@pytest.fixture
def start_chromium(playwright: Playwright, guard: Guard) -> Iterator[StartChromium]:
    """Start further browsers, with other cameras and habits (see `launch`); watched as well."""
    started: list[Browser] = []

    def start_chromium(camera: Path | None, **habits: bool) -> Browser:
        browser = launch(playwright, camera, **habits)
        guard.watch(browser)
        started.append(browser)
        return browser

    yield start_chromium
    for browser in started:
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
def open_page(chromium: Browser, appliance: Appliance, guard: Guard) -> Iterator[OpenPage]:
    """Open pages, each in a context of its own; they are closed before the appliance is."""
    opened: list[BrowserContext] = []

    def open_page(
        size: tuple[int, int] = PORTRAIT, browser: Browser | None = None, **options: Any
    ) -> tuple[GuestPage, Guard]:
        context = (browser or chromium).new_context(
            viewport={"width": size[0], "height": size[1]},
            has_touch=True,
            service_workers="block",
            **options,
        )
        opened.append(context)
        return GuestPage(context.new_page(), appliance.url), guard

    yield open_page
    for context in opened:
        context.close()


@pytest.fixture
def guest(open_page: OpenPage) -> GuestPage:
    """Return the page on an upright kiosk, at its invitation."""
    page, _ = open_page()
    return page.open()


@pytest.fixture(scope="module")
def lavish(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """Return one appliance for a whole module with all that an operator may ask of guests."""
    started = Appliance(tmp_path_factory.mktemp("lavish"), LAVISH).start()
    yield started
    started.close()


@pytest.fixture
def take_tour(chromium: Browser, lavish: Appliance, guard: Guard) -> TakeTour:
    """Take tours of the page, each in a context of its own."""
    guard.expect(EXPECTED)

    def take_tour(language: str = "fr") -> Tour:
        context = chromium.new_context(
            viewport={"width": PORTRAIT[0], "height": PORTRAIT[1]},
            has_touch=True,
            service_workers="block",
        )
        return Tour(context.new_page(), lavish.url, language)

    return take_tour
