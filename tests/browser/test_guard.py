"""The guard over every page of this suite fails on what it is there for."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.guard import Guard
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

#: Nobody answers there, and Chromium resolves no name: the request itself is the fault.
ELSEWHERE = "https://example.org/pixel.png"
_ASK = """(address) => fetch(address, { mode: "no-cors" }).then(() => true, () => false)"""
_SHOW = """(address) => new Promise((resolve) => {
  const image = new Image();
  image.onload = image.onerror = resolve;
  image.src = address;
})"""
_ADD = """(made) => document.body.append(Object.assign(document.createElement(made.tag), made))"""


@pytest.fixture
def page(chromium: Browser, appliance: Appliance) -> Page:
    page = chromium.new_context().new_page()
    page.goto(f"{appliance.url}/")
    return page


@pytest.fixture
def lawless(chromium: Browser, appliance: Appliance) -> Page:
    """A page whose own policy is not kept: nothing but the guard sees where it turns to."""
    page = chromium.new_context(bypass_csp=True).new_page()
    page.goto(f"{appliance.url}/")
    return page


def _log(page: Page) -> None:
    page.evaluate("() => console.error('lost')")


def _throw(page: Page) -> None:
    page.evaluate("() => { setTimeout(() => { throw new Error('lost'); }); }")


def _reject(page: Page) -> None:
    page.evaluate("() => { Promise.reject(new Error('lost')); }")


def _check_long(page: Page, guard: Guard) -> None:
    # An unhandled rejection is told when the browser comes to it.
    for _ in range(400):
        guard.check()
        page.wait_for_timeout(50)


@pytest.mark.parametrize("wrong", [_log, _throw, _reject])
def test_an_error_on_the_console_fails(
    page: Page, guard: Guard, wrong: Callable[..., None]
) -> None:
    wrong(page)
    with pytest.raises(AssertionError, match="lost"):
        _check_long(page, guard)
    guard.check()


@pytest.mark.parametrize(
    "made",
    [
        {"tag": "script", "textContent": "window.mine = 1"},
        {"tag": "style", "textContent": "body { color: red }"},
        {"tag": "script", "src": ELSEWHERE},
        {"tag": "link", "rel": "stylesheet", "href": ELSEWHERE},
        {"tag": "iframe", "src": ELSEWHERE},
        {"tag": "img", "src": ELSEWHERE},
    ],
    ids=lambda made: f"{made['tag']} {'inline' if 'textContent' in made else 'elsewhere'}",
)
def test_what_breaks_the_page_s_policy_fails_though_errors_are_expected(
    page: Page, guard: Guard, made: dict[str, str]
) -> None:
    guard.expect("")
    with page.expect_console_message():
        page.evaluate(_ADD, made)
    # An image says it twice: what comes behind the check would be another fault.
    page.context.close()
    with pytest.raises(AssertionError, match="Content Security Policy"):
        guard.check()


@pytest.mark.parametrize("way", [_ASK, _SHOW])
@pytest.mark.parametrize("address", [ELSEWHERE, "http://127.0.0.1:9/pixel.png"])
def test_a_request_to_another_server_fails_where_no_policy_stops_it(
    lawless: Page, guard: Guard, way: str, address: str
) -> None:
    guard.expect("")
    lawless.evaluate(way, address)
    with pytest.raises(AssertionError, match=f"off the appliance: {address}"):
        guard.check()


def test_a_socket_to_another_server_fails(lawless: Page, guard: Guard) -> None:
    guard.expect("")
    lawless.evaluate(
        "() => new Promise((end) => { new WebSocket('ws://127.0.0.1:9').onerror = end; })"
    )
    with pytest.raises(AssertionError, match="socket off the appliance"):
        guard.check()


def test_whatever_a_page_does_in_a_window_or_browser_of_its_own_fails_too(
    page: Page, guard: Guard, start_chromium: Callable[..., Browser], appliance: Appliance
) -> None:
    other = page.context.new_page()
    other.goto(f"{appliance.url}/")
    _log(other)
    with pytest.raises(AssertionError, match="lost"):
        _check_long(other, guard)
    third = start_chromium(None).new_context().new_page()
    third.goto(f"{appliance.url}/")
    _log(third)
    with pytest.raises(AssertionError, match="lost"):
        _check_long(third, guard)
