"""A visit on embedded defaults: one step for each tap, and nothing sent that she has not chosen."""

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

NUMBER = "06 12 34 56 78"


def test_a_visit_by_taps_ends_with_the_photo_behind_the_qr_code(
    guest: GuestPage, appliance: Appliance
) -> None:
    guest.to_ready()
    link = guest.read_code()
    with appliance.client() as client:
        answer = client.get(link)
    assert answer.headers["content-type"] == "image/jpeg"
    photo = cv2.imdecode(np.frombuffer(answer.content, np.uint8), cv2.IMREAD_COLOR)
    assert photo is not None
    assert photo.shape == (720, 1280, 3)
    # As the lens sees it: the mirror is the preview's only. OpenCV's order is blue, green, red.
    assert np.abs(photo[360, 200].astype(int) - (40, 40, 200)).max() < 12
    assert np.abs(photo[360, 1080].astype(int) - (200, 40, 40)).max() < 12

    guest.send_sms(NUMBER)
    expect(guest.title).to_have_text("Votre SMS est parti", timeout=20000)
    expect(guest.page.get_by_text("06 •• •• •• 78")).to_be_visible()
    (line,) = [line for line in appliance.handset_lines() if link in line]
    assert "+33612345678" in line
    guest.finish()


def test_the_preview_is_a_mirror_and_the_photo_is_not(guest: GuestPage) -> None:
    guest.start()
    mirror = guest.page.locator("video")
    expect(mirror).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    guest.shoot()
    expect(guest.page.get_by_role("img", name="Votre photo")).to_have_css("transform", "none")


def test_nothing_is_uploaded_before_the_guest_keeps_the_photo(guest: GuestPage) -> None:
    calls = guest.calls("/api/capture")
    guest.to_review()
    guest.tap("retake")
    guest.expect_state("choose")
    guest.shoot()
    assert calls == []
    guest.keep()
    assert len(calls) == 1


def test_a_frame_lies_over_the_preview_and_the_photo(guest: GuestPage) -> None:
    guest.start()
    guest.choose("Confettis")
    expect(guest.page.locator(".hero img.frame")).to_be_visible()
    guest.shoot()
    expect(guest.page.locator(".hero img.frame")).to_be_visible()
    guest.keep()


def test_a_double_tap_does_one_step(guest: GuestPage) -> None:
    guest.tell(countdown_seconds=3)
    guest.open()
    calls = guest.calls("/api/capture")

    def twice(word: str) -> None:
        guest.button(word).tap(trial=True)  # the page is ready for one tap, at least
        box = guest.button(word).bounding_box()
        assert box is not None
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        guest.page.touchscreen.tap(x, y)
        guest.page.touchscreen.tap(x, y)

    twice("start")
    guest.expect_state("consent")
    guest.page.wait_for_timeout(400)
    assert guest.state == "consent"
    twice("accept")
    guest.expect_state("choose")
    expect(guest.button("shoot")).to_be_enabled()
    guest.page.wait_for_timeout(400)
    assert guest.state == "choose"
    twice("shoot")
    guest.expect_state("countdown")
    guest.expect_state("review")
    guest.page.wait_for_timeout(400)
    twice("keep")
    guest.expect_state("ready")
    guest.page.wait_for_timeout(400)
    assert guest.state == "ready"
    assert len(calls) == 1


#: Holds the moment in which no touch counts where the finger has been, 50 ms before its end.
_HOLD = """() => addEventListener("animationstart", ({ animationName, target }) => {
  if (animationName !== "shield") return;
  for (const moment of target.getAnimations()) {
    moment.pause();
    moment.currentTime = 650;
    target.dataset.held = "";
  }
})"""


_RELEASE = "() => document.getAnimations().forEach((moment) => moment.finish())"


def test_a_slow_second_tap_sends_no_unread_number(guest: GuestPage) -> None:
    calls: list[str] = []
    guest.page.on("request", lambda call: calls.append(call.url))
    guest.to_ready()
    guest.dial("06 12 34 58 01")
    guest.button("next").tap(trial=True)
    guest.page.evaluate(_HOLD)
    box = guest.button("next").bounding_box()
    assert box is not None
    place = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    guest.page.touchscreen.tap(*place)
    guest.expect_state("confirm")
    guest.page.locator(".shield[data-held]").wait_for(state="attached")
    # Elsewhere the screen takes touches already: the other button does what it says.
    guest.page.get_by_role("button", name="Corriger", exact=True).tap()
    guest.expect_state("dial")
    guest.page.evaluate(_RELEASE)
    guest.page.touchscreen.tap(*place)
    guest.expect_state("confirm")
    guest.page.locator(".shield[data-held]").wait_for(state="attached")
    guest.page.touchscreen.tap(*place)
    expect(guest.button("send")).to_be_enabled()
    assert guest.state == "confirm"
    assert not [url for url in calls if url.endswith("/api/send-sms")]
    guest.page.evaluate(_RELEASE)
    guest.tap("send")
    guest.expect_state("result")


@pytest.mark.parametrize(("slide", "goal"), [(20, "consent"), (36, "consent"), (60, "attract")])
def test_a_press_that_slides_a_little_counts_once(guest: GuestPage, slide: int, goal: str) -> None:
    guest.button("start").tap(trial=True)
    guest.page.evaluate(
        "() => { window.clicks = 0; addEventListener('click', () => window.clicks += 1, true); }"
    )
    box = guest.button("start").bounding_box()
    assert box is not None
    devtools = guest.page.context.new_cdp_session(guest.page)
    x, y = box["x"] + box["width"] / 2, box["y"] + 20
    path = [{"x": x + way, "y": y + way / 4} for way in range(0, slide + 1, 4)]
    devtools.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": path[:1]})
    for point in path[1:]:
        devtools.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": [point]})
    devtools.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    guest.page.wait_for_timeout(300)
    guest.expect_state(goal)
    assert guest.page.evaluate("window.clicks") == (0 if goal == "attract" else 1)


def test_each_state_gives_the_focus_to_its_only_title(guest: GuestPage) -> None:
    def title_has_focus() -> None:
        expect(guest.title).to_have_count(1)
        expect(guest.title).to_be_focused()

    guest.to_review()
    title_has_focus()
    guest.keep()
    title_has_focus()
    guest.tap("sms")
    guest.expect_state("dial")
    title_has_focus()
