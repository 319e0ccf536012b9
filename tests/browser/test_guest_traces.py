"""What a browser keeps of a guest by itself goes with her, where a plain visit does not show it."""

import json
import re
from collections.abc import Callable, Mapping

import pytest
from playwright.sync_api import FloatRect, Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.guest_page import GuestPage
from tests.browser.holding import hold
from tests.browser.traces import digits, search
from tests.browser.visit import Visit
from tests.parts.appliance import Appliance
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.browser

Gone = Callable[[GuestPage, str], None]


@pytest.fixture
def gone(appliance: Appliance) -> Gone:
    """Wait until nothing of the last guest is found: a question under way goes with its answer."""

    def gone(guest: GuestPage, number: str) -> None:
        photos = (appliance.data_dir / "photos").glob("*.json")
        record = max(photos, key=lambda one: one.stat().st_mtime)
        capture = json.loads(record.read_bytes())["capture"]
        wanted: Mapping[str, str] = {
            "number": digits(number),
            "id": re.escape(capture["id"]),
            "link": re.escape(capture["token"]),
        }
        devtools = guest.page.context.new_cdp_session(guest.page)
        wait_until(lambda: search(guest.page, devtools, wanted) == (), 15, appliance)

    return gone


def wipe(visit: Visit, guest: GuestPage, since: str) -> None:
    visit.on(since, "thanks")
    visit.step("thanks")
    guest.expect_state("attract")


def test_a_screen_drawn_again_before_its_qr_code_came(open_page: OpenPage, gone: Gone) -> None:
    guest, _ = open_page()
    hold(guest.page, "**/api/qr/**")
    visit = Visit(guest.open(), "0687451209")
    visit.on("attract", "ready")
    expect(guest.page.locator(".qr.drawing")).to_be_visible()
    guest.page.get_by_role("button", name="Contraste élevé").tap()
    guest.page.unroute_all()  # which lets it come
    expect(guest.page.locator("img.qr")).to_be_visible()
    wipe(visit, guest, "ready")
    gone(guest, "0687451209")


def test_the_last_text_that_was_searched(open_page: OpenPage, gone: Gone) -> None:
    guest, _ = open_page()
    guest.open("?lang=en")
    for number in ("0698717346", "0698717345"):
        wipe(Visit(guest, number), guest, "attract")
    gone(guest, "0698717345")


def test_a_finger_that_rests_on_what_another_has_taken_away(
    open_page: OpenPage, gone: Gone
) -> None:
    guest, _ = open_page()
    visit = Visit(guest.open(), "0677120934")
    visit.on("attract", "dial")
    guest.type("0677120934")
    devtools = guest.page.context.new_cdp_session(guest.page)
    first = _touch(guest.button("next"), 0)
    resting = _touch(guest.page.locator(".key").get_by_text("5", exact=True), 1)
    guest.page.wait_for_timeout(1000)  # a new screen takes no touch at first

    def fingers(kind: str, *down: dict[str, float]) -> None:
        touch = {"type": kind, "touchPoints": list(down)}
        devtools.send("Input.dispatchTouchEvent", touch)

    fingers("touchStart", first)
    fingers("touchStart", first, resting)
    fingers("touchEnd", first)
    guest.expect_state("confirm")
    fingers("touchEnd")
    guest.page.wait_for_timeout(1000)
    wipe(visit, guest, "confirm")
    gone(guest, "0677120934")


def _touch(on: Locator, finger: int) -> dict[str, float]:
    box: FloatRect | None = on.bounding_box()
    assert box is not None
    return {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2, "id": finger}


def test_a_call_that_failed(open_page: OpenPage, gone: Gone) -> None:
    guest, guard = open_page()
    guard.expect("ERR_FAILED")
    guest.page.route("**/api/status/**", lambda route: route.abort())
    visit = Visit(guest.open(), "0645120088")
    visit.on("attract", "ready")
    with guest.page.expect_event("requestfailed"):
        pass
    guest.page.unroute_all()
    wipe(visit, guest, "ready")
    gone(guest, "0645120088")
