"""Guests in a row in one page: `tests.browser.endurance` in small."""

import json
import re

import pytest
from playwright.sync_api import Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.endurance import REFERENCE, Endurance, faults
from tests.browser.guest_page import GuestPage
from tests.browser.traces import digits, search
from tests.browser.visit import Visit
from tests.parts.appliance import Appliance
from tests.parts.outside import wait_until

pytestmark = pytest.mark.browser

_KEEP_EVERYWHERE = """async (number) => {
  sessionStorage.setItem("number", number);
  await (await caches.open("number")).put("/number", new Response(number));
  await new Promise((resolve) => {
    const asked = indexedDB.open("numbers");
    asked.onupgradeneeded = () => asked.result.createObjectStore("numbers").put(number, 1);
    asked.onsuccess = () => resolve(asked.result.close());
  });
}"""


@pytest.mark.timeout(300)
def test_a_dozen_guests_in_a_row_leave_nothing(open_page: OpenPage, appliance: Appliance) -> None:
    guest, _ = open_page()
    left = list(Endurance(guest.page, appliance).visits(REFERENCE + 2))
    assert faults(left) == []
    wait_until(lambda: len(appliance.handset_lines()) == len(left), 20, appliance)


def test_a_screen_drawn_again_before_its_qr_code_came_keeps_nobody(
    open_page: OpenPage, appliance: Appliance
) -> None:
    guest, _ = open_page()
    held: list[Route] = []
    guest.page.route("**/api/qr/**", lambda route: held.append(route))  # noqa: PLW0108
    visit = Visit(guest.open(), "0612345678")
    visit.on("attract", "ready")
    expect(guest.page.locator(".qr.drawing")).to_be_visible()
    guest.page.get_by_role("button", name="Contraste élevé").tap()
    guest.page.unroute_all()  # which lets it come
    expect(guest.page.locator("img.qr")).to_be_visible()
    visit.on("ready", "thanks")
    visit.step("thanks")
    guest.expect_state("attract")
    record = max(
        (appliance.data_dir / "photos").glob("*.json"), key=lambda one: one.stat().st_mtime
    )
    capture = json.loads(record.read_bytes())["capture"]
    devtools = guest.page.context.new_cdp_session(guest.page)
    wanted = {"id": re.escape(capture["id"]), "link": re.escape(capture["token"])}
    # A question about the photo, asked a moment ago, goes with its answer.
    wait_until(lambda: search(guest.page, devtools, wanted) == (), 15, appliance)


def test_the_search_finds_what_is_there(guest: GuestPage) -> None:
    number = "0612345678"
    Visit(guest, number).on("attract", "confirm")
    guest.page.evaluate(_KEEP_EVERYWHERE, number)
    found = search(
        guest.page, guest.page.context.new_cdp_session(guest.page), {"number": digits(number)}
    )
    assert found == tuple(
        f"number in the {place}" for place in ("document", "storage", "caches", "databases", "heap")
    )
