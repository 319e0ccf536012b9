"""Guests in a row in one page: `tests.browser.endurance` in small."""

import pytest

from tests.browser.conftest import OpenPage
from tests.browser.endurance import Endurance, faults
from tests.browser.guest_page import GuestPage
from tests.browser.traces import digits, search
from tests.browser.visit import Visit
from tests.parts.appliance import Appliance
from tests.parts.waiting import wait_until

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


# By then each background has been chosen once.
_REFERENCE = 4


def test_six_guests_in_a_row_leave_nothing(open_page: OpenPage, appliance: Appliance) -> None:
    guest, _ = open_page()
    left = list(Endurance(guest.page, appliance).visits(_REFERENCE + 2))
    assert faults(left, _REFERENCE) == []
    wait_until(lambda: len(appliance.handset_lines()) == len(left), 20, appliance)


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
