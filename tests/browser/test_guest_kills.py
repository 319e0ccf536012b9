"""SIGKILL of the appliance at each state of a visit: the guest goes on where she was.

The states are asked of the page itself, so that a new one fails here until it has its kill.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.guest_page import GuestPage
from tests.browser.holding import first_held
from tests.browser.outage import Outage, Promises
from tests.browser.visit import STATES, WORKING, Visit
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Kill:
    """What is to be seen of an appliance that is killed in a state and then started again."""

    then: str
    """The state in which the guest is once it is back."""
    goes_on: bool = False
    """She taps on meanwhile, as if nothing were."""
    waits: bool = False
    """The page says in words that she has to wait."""
    asks: str | None = None
    """What the page asks for again and again; None: it works on without the appliance."""
    holds: str | None = None
    """The request that is under way at the kill."""


KILLS = {
    "attract": Kill("attract", waits=True, asks="/health/ping"),
    "consent": Kill("choose", goes_on=True),
    "choose": Kill("review", goes_on=True),
    "countdown": Kill("review"),
    "shooting": Kill("review"),
    "review": Kill("ready", goes_on=True, waits=True, asks="/api/capture"),
    "saving": Kill("ready", waits=True, asks="/api/capture", holds="**/api/capture*"),
    "ready": Kill("ready", asks="/api/qr", holds="**/api/qr/*"),
    "dial": Kill("confirm", goes_on=True),
    "confirm": Kill("result", goes_on=True, waits=True, asks="/api/send-sms"),
    "sending": Kill("result", waits=True, asks="/api/send-sms", holds="**/api/send-sms"),
    "result": Kill("result", asks="/api/status", holds="**/api/status/*"),
    "thanks": Kill("attract", goes_on=True, waits=True, asks="/health/ping"),
}

#: A frame that comes late, but not so late that the page gives the camera up.
_LATE_FRAME = """() => {
  HTMLVideoElement.prototype.requestVideoFrameCallback = (act) => setTimeout(act, 1500);
}"""
_SHOOTING = "() => document.querySelector('main[data-state=shooting]')"


def test_each_state_of_the_page_has_its_kill(guest: GuestPage) -> None:
    states = guest.page.evaluate(
        "async () => Object.keys((await import('/static/guest/screens/page.js')).SCREENS)"
    )
    assert sorted(states) == sorted(KILLS) == sorted(STATES)


def _reach(outage: Outage, visit: Visit, state: str) -> None:
    """Bring a visit into a state, what that state asks for under way and held back."""
    if state == "attract":
        return
    last = [one for one in STATES[: STATES.index(state)] if one not in WORKING][-1]
    visit.on("attract", last)
    if state == "shooting":
        outage.page.evaluate(_LATE_FRAME)
        visit.step(last)
        outage.page.wait_for_function(_SHOOTING)
        return
    request = KILLS[state].holds
    held = outage.hold(request) if request else None
    visit.on(last, state)
    if held is not None:
        first_held(outage.page, held)


@pytest.mark.parametrize("state", KILLS)
def test_an_appliance_killed_in_any_state_costs_the_guest_nothing(
    open_page: OpenPage, appliance: Appliance, state: str
) -> None:
    kill = KILLS[state]
    promises = Promises(appliance)
    outage = Outage(open_page, appliance)
    guest = outage.guest
    if state == "countdown":
        guest.tell(countdown_seconds=5)
    outage.open()
    visit = Visit(guest, promises.number, "Confettis")
    _reach(outage, visit, state)

    outage.kill(noticed=True)
    if kill.goes_on:
        visit.step(state)
    if kill.waits:
        expect(guest.title).to_have_text("Un instant…")
    outage.end()

    guest.expect_state(kill.then)
    if state == "ready":
        expect(guest.page.locator("img.qr")).to_be_visible()
    if state == "result":
        expect(guest.page.locator(".sms")).not_to_have_attribute("data-sms", "leaving")
    if kill.asks is not None:
        outage.expect_asked_again(kill.asks)
    outage.expect_whole()
    if state != "thanks":
        visit.on(kill.then, "thanks")
        visit.step("thanks")
        guest.expect_state("attract")
    outage.expect_whole()
    promises.expect_kept()
