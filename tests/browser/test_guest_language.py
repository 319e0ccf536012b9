"""Whose language the page speaks, and until when."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.guest_page import GuestPage
from tests.browser.holding import first_held, hold

pytestmark = pytest.mark.browser

# Within that time a second tap belongs to the first.
_TWICE_MS = 750


def test_the_language_is_the_guest_s_and_not_the_next_one_s(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.page.clock.install()
    guest.open()
    html = guest.page.locator("html")
    expect(html).to_have_attribute("lang", "fr")
    guest.page.get_by_role("button", name="English").tap()
    expect(html).to_have_attribute("lang", "en")
    expect(guest.page.get_by_role("button", name="Touch to start")).to_be_visible()
    guest.page.clock.fast_forward(46_000)
    expect(html).to_have_attribute("lang", "fr")
    guest.page.get_by_role("button", name="English").tap()
    guest.start()
    expect(guest.title).to_have_text("Choose your backdrop")
    guest.choose("Beach at dusk")
    guest.tap("leave")
    expect(html).to_have_attribute("lang", "fr")


def test_a_list_of_languages_that_somebody_has_left_stands_in_nobody_s_way(
    open_page: OpenPage,
) -> None:
    guest, _ = open_page()
    guest.page.clock.install()
    guest.open()
    sheet = guest.page.get_by_role("dialog", name="Choisir la langue")
    globe = guest.page.get_by_role("button", name="FR, Choisir la langue")
    globe.tap()
    expect(sheet).to_be_visible()
    guest.page.wait_for_timeout(_TWICE_MS)
    guest.page.touchscreen.tap(540, 40)
    expect(sheet).to_have_count(0)
    globe.tap()
    guest.page.clock.fast_forward(19_000)
    expect(sheet).to_be_visible()
    guest.page.clock.fast_forward(1_000)
    expect(sheet).to_have_count(0)
    guest.start()
    expect(guest.title).to_have_text("Choisissez votre décor")


_NOTE_TAPS = """window.taps = [];
addEventListener("click", ({ timeStamp }) => taps.push(timeStamp), true);"""


def test_a_double_tap_on_the_bar_is_one(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.page.add_init_script(_NOTE_TAPS)
    guest.open()
    box = guest.page.get_by_role("button", name="FR, Choisir la langue").bounding_box()
    assert box is not None
    at = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    sheet = guest.page.get_by_role("dialog", name="Choisir la langue")
    _tap_twice(guest, *at)
    guest.page.wait_for_timeout(_TWICE_MS)
    expect(sheet).to_be_visible()
    guest.page.touchscreen.tap(*at)
    expect(sheet).to_have_count(0)
    contrast = guest.page.get_by_role("button", name="Contraste élevé")
    spot = contrast.bounding_box()
    assert spot is not None
    _tap_twice(guest, spot["x"] + 20, spot["y"] + 20)
    expect(contrast).to_have_attribute("aria-pressed", "true")
    guest.page.wait_for_timeout(_TWICE_MS)
    contrast.tap()
    expect(contrast).to_have_attribute("aria-pressed", "false")


def _tap_twice(guest: GuestPage, x: float, y: float) -> None:
    """Tap as quickly as a finger does twice; anew where a busy machine took longer over it."""
    for _ in range(20):
        guest.page.evaluate("() => taps.splice(0)")
        for _ in range(2):
            guest.page.touchscreen.tap(x, y)
        times: list[float] = guest.page.evaluate("() => taps")
        if times[-1] - times[0] < _TWICE_MS - 100:
            return
        guest.open()
    pytest.fail("twenty double taps were all too slow")


def test_the_list_of_languages_is_closed_by_its_button_and_stops_a_countdown(
    open_page: OpenPage,
) -> None:
    guest, _ = open_page()
    guest.tell(countdown_seconds=9)
    guest.open()
    guest.page.get_by_role("button", name="English").tap()
    guest.start()
    guest.tap("shoot")
    guest.expect_state("countdown")
    guest.page.get_by_role("button", name="EN, Choose a language").tap()
    sheet = guest.page.get_by_role("dialog", name="Choose a language")
    expect(sheet).to_be_visible()
    guest.expect_state("choose")
    close = sheet.get_by_role("button", name="Close", exact=True)
    box = close.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 96
    close.tap()
    expect(sheet).to_have_count(0)
    expect(guest.button("shoot")).to_be_enabled()


def test_the_warning_comes_above_the_list_of_languages(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.tell(idle_timeout_s=30)
    guest.page.clock.install()
    guest.open()
    guest.start()
    guest.page.get_by_role("button", name="FR, Choisir la langue").tap()
    guest.page.clock.fast_forward(11_000)
    sheet = guest.page.get_by_role("dialog", name="Choisir la langue")
    expect(sheet).to_be_visible()
    guest.tap("stay")
    expect(guest.button("stay")).to_have_count(0)
    sheet.get_by_role("button", name="Fermer").tap()
    guest.expect_state("choose")


def test_the_address_can_ask_for_english(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.open("?lang=en")
    expect(guest.button("start")).to_have_text("Touch to start")
    expect(guest.title).to_have_text("Your portrait, in a moment")
    expect(guest.page.locator("html")).to_have_attribute("lang", "en")


def test_so_does_what_is_said_before_there_are_settings(open_page: OpenPage) -> None:
    guest, _ = open_page()
    held = hold(guest.page, "**/guest/config.json")
    guest.page.goto(f"{guest.url}/?lang=en")
    guest.expect_state("wait")
    expect(guest.title).to_have_text("One moment…")
    expect(guest.page.locator("html")).to_have_attribute("lang", "en")
    first_held(guest.page, held)


@pytest.mark.parametrize("name", ["toString", "__proto__", "xx"])
def test_an_address_that_asks_for_no_language_is_answered_in_french(
    open_page: OpenPage, name: str
) -> None:
    guest, _ = open_page()
    guest.open(f"?lang={name}")
    expect(guest.button("start")).to_have_text("Touchez pour commencer")
    expect(guest.page.locator("html")).to_have_attribute("lang", "fr")
