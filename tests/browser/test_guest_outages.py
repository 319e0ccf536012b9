"""An appliance that is killed while something of a guest's is under way, or again and again."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.holding import first_held
from tests.browser.outage import Outage, Promises
from tests.browser.visit import STATES, WORKING, Visit
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

FRAME = "Confettis"
SCENE = "Plage au crépuscule"
#: The state in which an answer gets lost: the one before, the request, the one after.
LOST = {
    "saving": ("review", "**/api/capture*", "ready"),
    "sending": ("confirm", "**/api/send-sms", "result"),
}


def test_a_page_that_does_not_know_its_settings_yet_waits_for_them(
    open_page: OpenPage, appliance: Appliance
) -> None:
    outage = Outage(open_page, appliance)
    outage.hold("**/guest/config.json")
    with outage.page.expect_request("**/guest/config.json"):
        outage.page.goto(outage.guest.url)
    expect(outage.guest.title).to_have_text("Un instant…")
    outage.kill()
    outage.end()
    outage.guest.expect_state("attract")
    outage.expect_asked_again("/guest/config.json")
    outage.expect_whole()


def test_a_scene_chosen_meanwhile_is_drawn_once_the_appliance_is_back(
    open_page: OpenPage, appliance: Appliance
) -> None:
    outage = Outage(open_page, appliance).open()
    guest = outage.guest
    Visit(guest, "").on("attract", "choose")
    outage.kill()
    guest.choose(SCENE)
    outage.end()
    expect(guest.page.locator(".hero .behind")).to_be_visible()
    expect(guest.page.locator(".hero .front")).to_be_visible()
    outage.expect_whole()


def test_a_picture_that_was_being_made_is_made_again(
    open_page: OpenPage, appliance: Appliance
) -> None:
    promises = Promises(appliance)
    outage = Outage(open_page, appliance).open()
    guest = outage.guest
    visit = Visit(guest, promises.number, SCENE)
    visit.on("attract", "choose")
    outage.hold("**/api/preview/picture*")
    visit.on("choose", "review")
    guest.page.wait_for_function("() => probe.count().calls > 0")
    outage.kill()
    outage.end()
    expect(guest.page.locator("img.taken")).to_be_visible(timeout=20_000)
    outage.expect_asked_again("/api/preview")
    visit.on("review", "thanks")
    outage.expect_whole()
    promises.expect_kept()


@pytest.mark.parametrize("state", LOST)
def test_what_was_kept_before_the_answer_got_lost_is_kept_once(
    open_page: OpenPage, appliance: Appliance, state: str
) -> None:
    last, request, then = LOST[state]
    promises = Promises(appliance)
    outage = Outage(open_page, appliance).open()
    visit = Visit(outage.guest, promises.number, FRAME)
    visit.on("attract", last)
    held = outage.hold(request)
    visit.on(last, state)
    assert first_held(outage.page, held).fetch().ok
    assert len(held) == 1
    outage.kill()
    expect(outage.guest.title).to_have_text("Un instant…")
    outage.end()
    visit.on(then, "thanks")
    outage.expect_whole()
    promises.expect_kept()


def test_an_appliance_that_restarts_at_every_step_is_hardly_noticed(
    open_page: OpenPage, appliance: Appliance
) -> None:
    promises = Promises(appliance)
    outage = Outage(open_page, appliance).open()
    visit = Visit(outage.guest, promises.number, FRAME)
    for state in STATES:
        if state in WORKING:
            continue
        outage.guest.expect_state(state)
        # The good-bye ends by itself, sooner than a slow machine starts an appliance.
        if state != "thanks":
            appliance.kill()
            appliance.launch()
        visit.step(state)
        if state != "result":
            assert appliance.answers()
    outage.guest.expect_state("attract")
    outage.expect_whole()
    promises.expect_kept()
