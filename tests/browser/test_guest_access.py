"""For everyone: WCAG 2.2 AA by axe on every state, the keyboard alone, and nothing left behind.

One visit serves many questions: starting one is the slow part.
"""

import json
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import OpenPage
from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance
from tests.parts.requirements import need

pytestmark = pytest.mark.browser

AXE = Path("kiosk_appliance/web/pages/node_modules/axe-core/axe.min.js")
_RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
#: A guest each: the appliance sends only so many SMS to one number.
_GUESTS = count()


def _number() -> str:
    return f"06 12 35 77 {next(_GUESTS):02}"


def _axe(page: Page) -> None:
    # Its source goes in past the page's own policy, which allows no foreign script.
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = page.evaluate(
        "async (tags) => (await axe.run(document, {runOnly: tags})).violations", _RULES
    )
    state = page.locator("main").get_attribute("data-state")
    said = [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found]
    assert not said, (state, json.dumps(said, indent=1))


def _walk(guest: GuestPage) -> None:
    """One whole visit, each state asked about."""

    def look(state: str) -> None:
        guest.expect_state(state)
        guest.page.wait_for_timeout(350)  # what moves in is half transparent till then
        _axe(guest.page)
        assert guest.page.locator("h1").count() == 1

    look("attract")
    guest.tap("start")
    look("consent")
    guest.page.get_by_role("button", name="Learn more").tap()
    look("consent")
    guest.page.get_by_role("button", name="Close").tap()
    guest.tap("accept")
    expect(guest.button("shoot")).to_be_enabled()
    look("choose")
    guest.shoot()
    look("review")
    guest.keep()
    look("ready")
    guest.dial(_number())
    look("dial")
    guest.tap("next")
    look("confirm")
    guest.tap("send")
    look("result")
    guest.tap("finish")
    look("thanks")


@pytest.mark.parametrize("look", ["plain", "contrast", "dark"])
def test_no_state_breaks_a_rule_of_wcag(open_page: OpenPage, look: str) -> None:
    need(AXE.exists(), "axe-core is missing: make setup")
    guest, _ = open_page(color_scheme="dark" if look == "dark" else "light")
    guest.open("?lang=en")
    if look == "contrast":
        guest.page.get_by_role("button", name="High contrast").tap()
    _walk(guest)


def test_a_whole_visit_by_the_keyboard_alone(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.open()

    def press(word: str) -> None:
        wanted = guest.button(word)
        expect(wanted).to_be_enabled()
        for _ in range(40):
            if wanted.evaluate("(button) => button === document.activeElement"):
                break
            guest.page.keyboard.press("Tab")
        expect(wanted).to_be_focused()
        guest.page.keyboard.press("Enter")

    press("start")
    press("accept")
    guest.expect_state("choose")
    press("shoot")
    guest.expect_state("review")
    press("keep")
    guest.expect_state("ready")
    press("sms")
    guest.expect_state("dial")
    guest.page.keyboard.type(_number().replace(" ", ""))
    press("next")
    guest.expect_state("confirm")
    press("send")
    guest.expect_state("result")
    press("finish")
    guest.expect_state("thanks")


def test_what_a_guest_asks_of_the_screen_goes_with_her(guest: GuestPage) -> None:
    page = guest.page
    root = page.locator("html")
    page.get_by_role("button", name="Texte normal").tap()
    page.get_by_role("button", name="Grand texte").tap()
    page.get_by_role("button", name="Contraste élevé").tap()
    page.get_by_role("button", name="Tout à portée basse").tap()
    page.get_by_role("button", name="Son", exact=True).tap()
    page.get_by_role("button", name="Choisir la langue").tap()
    page.get_by_role("dialog").get_by_role("button", name="Deutsch").tap()
    expect(page.get_by_role("button", name="Zum Starten berühren")).to_be_visible()
    assert root.evaluate("(root) => root.style.getPropertyValue('--text-scale')") == "2"
    expect(root).to_have_attribute("data-contrast", "more")
    expect(page.get_by_role("button", name="Ton", exact=True)).to_have_attribute(
        "aria-pressed", "false"
    )
    page.get_by_role("button", name="Zum Starten berühren").tap()
    page.get_by_role("button", name="Nein, danke").tap()
    guest.expect_state("attract")
    expect(root).to_have_attribute("lang", "fr")
    expect(root).to_have_attribute("data-contrast", "")
    assert root.evaluate("(root) => root.style.getPropertyValue('--text-scale')") == "1"


def test_within_low_reach_every_touch_lies_in_the_lower_two_fifths(guest: GuestPage) -> None:
    guest.page.get_by_role("button", name="Tout à portée basse").tap()
    guest.start()
    guest.shoot()
    guest.keep()
    guest.dial(_number())
    for key in guest.page.locator(".key").all():
        box = key.bounding_box()
        assert box is not None
        assert box["y"] >= 1920 * 0.6
        assert min(box["width"], box["height"]) >= 64


_BUSY = """() => ({
  streams: [...document.querySelectorAll("video")].filter((video) => video.srcObject).length,
  stored: localStorage.length + sessionStorage.length,
  nodes: document.querySelectorAll("*").length,
  page: document.documentElement.outerHTML,
})"""


def test_after_the_wipe_nothing_of_the_guest_is_left(guest: GuestPage) -> None:
    devtools = guest.page.context.new_cdp_session(guest.page)

    def visit(number: str) -> None:
        guest.start()
        guest.shoot()
        guest.keep()
        guest.send_sms(number)
        guest.finish()

    def heap() -> str:
        devtools.send("HeapProfiler.collectGarbage")
        pieces: list[str] = []
        devtools.on("HeapProfiler.addHeapSnapshotChunk", lambda part: pieces.append(part["chunk"]))
        devtools.send("HeapProfiler.takeHeapSnapshot", {"reportProgress": False})
        return "".join(pieces)

    visit(_number())
    visit(_number())
    before = guest.page.evaluate(_BUSY)
    number = "06 12 35 88 43"
    visit(number)
    after = guest.page.evaluate(_BUSY)
    assert after["streams"] == 0
    assert after["stored"] == 0
    assert abs(after["nodes"] - before["nodes"]) <= 2
    snapshot = heap()
    for trace in (
        number.replace(" ", ""),
        number.replace(" ", "\\u00a0"),
        "33612358843",
        "35 88 43",
    ):
        assert trace not in snapshot
        assert trace not in after["page"]
    assert guest.page.evaluate("async () => (await caches.keys()).length") == 0


def test_a_guest_on_the_notice_or_the_pad_outlives_a_killed_appliance(
    open_page: OpenPage, appliance: Appliance
) -> None:
    guest, guard = open_page()
    guard.expect("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE")
    guest.open()
    guest.tap("start")
    guest.expect_state("consent")
    appliance.kill()
    appliance.start()
    guest.tap("accept")
    guest.expect_state("choose")
    guest.shoot()
    guest.keep()
    guest.dial(_number())
    appliance.kill()
    guest.tap("next")
    guest.expect_state("confirm")
    guest.tap("send")
    expect(guest.title).to_have_text("Un instant…")
    appliance.start()
    guest.expect_state("result", timeout_ms=10000)
