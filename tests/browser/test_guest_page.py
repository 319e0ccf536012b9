"""The guest page against the real appliance: what a guest sees and what becomes of her photo."""

import json
import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import cv2
import numpy as np
import pytest
import zxingcpp
from playwright.sync_api import Error, Page, Playwright, Request, Route, expect

from tests.browser.chromium import launch
from tests.browser.conftest import OpenPage
from tests.browser.guest_page import GuestPage, french
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

NUMBER = "06 12 34 56 78"
NO_BACKGROUND = "Sans décor"


def _problem(status: int, code: str) -> dict[str, Any]:
    body = {"type": code, "title": code, "status": status, "detail": code}
    content = json.dumps(body)
    return {"status": status, "content_type": "application/problem+json", "body": content}


def _to_review(guest: GuestPage) -> None:
    guest.start()
    guest.choose(NO_BACKGROUND)
    guest.shoot()


def _to_ready(guest: GuestPage) -> None:
    _to_review(guest)
    guest.keep()


def _captures(page: Page) -> list[Request]:
    seen: list[Request] = []
    page.on("request", lambda call: seen.append(call) if "/api/capture" in call.url else None)
    return seen


def test_a_visit_by_taps_ends_with_the_photo_behind_the_qr_code(
    guest: GuestPage, appliance: Appliance
) -> None:
    _to_ready(guest)
    picture = cv2.imdecode(np.frombuffer(guest.qr_png(), np.uint8), cv2.IMREAD_COLOR)
    (code,) = zxingcpp.read_barcodes(picture)
    with appliance.client() as client:
        answer = client.get(code.text)
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
    (line,) = [line for line in appliance.handset_lines() if code.text in line]
    assert "+33612345678" in line
    guest.finish()


def test_the_preview_is_a_mirror_and_the_photo_is_not(guest: GuestPage) -> None:
    guest.start()
    mirror = guest.page.locator("video")
    expect(mirror).to_have_css("transform", "matrix(-1, 0, 0, 1, 0, 0)")
    guest.shoot()
    expect(guest.page.get_by_role("img", name="Votre photo")).to_have_css("transform", "none")


def test_nothing_is_uploaded_before_the_guest_keeps_the_photo(guest: GuestPage) -> None:
    calls = _captures(guest.page)
    _to_review(guest)
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
    calls = _captures(guest.page)

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


#: Holds the moment in which a new screen takes no touch, 50 ms before its end.
_HOLD = """() => addEventListener("animationstart", ({ animationName, target }) => {
  if (animationName !== "deaf") return;
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
    _to_ready(guest)
    guest.dial("06 12 34 58 01")
    guest.button("next").tap(trial=True)
    guest.page.evaluate(_HOLD)
    guest.tap("next")
    guest.expect_state("confirm")
    guest.page.locator(".actions[data-held]").wait_for()
    box = guest.button("send").bounding_box()
    assert box is not None
    guest.page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(guest.button("send")).to_be_enabled()
    assert guest.state == "confirm"
    assert not [url for url in calls if url.endswith("/api/send-sms")]
    guest.page.evaluate(_RELEASE)
    guest.tap("send")
    guest.expect_state("result")


def test_an_answer_that_gets_lost_makes_no_second_photo(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("ERR_FAILED")
    keys: list[str | None] = []
    ids: list[str] = []

    def lose_the_first(route: Route) -> None:
        keys.append(route.request.header_value("Idempotency-Key"))
        answer = route.fetch()
        ids.append(answer.json()["id"])
        if len(keys) == 1:
            route.abort()
        else:
            route.fulfill(response=answer)

    guest.page.route("**/api/capture*", lose_the_first)
    guest.open()
    _to_review(guest)
    guest.tap("keep")
    expect(guest.title).to_have_text("Un instant…")
    guest.expect_state("ready")
    assert keys[0] == keys[1]
    assert ids[0] == ids[1]


def _say_in_the_way(page: Page, obstacle: str | None) -> None:
    page.unroute("**/guest/now.json")
    page.route("**/guest/now.json", lambda route: route.fulfill(json={"obstacle": obstacle}))


def test_a_full_disk_is_said_before_the_countdown_and_goes_by_itself(guest: GuestPage) -> None:
    _say_in_the_way(guest.page, "insufficient-storage")
    guest.expect_state("pause")
    expect(guest.title).to_have_text("La borne est pleine")
    expect(guest.page.locator(".lead")).to_contain_text(french("Prévenez l'équipe"))
    expect(guest.button("start")).to_have_count(0)
    guest.page.get_by_role("button", name="English").tap()
    expect(guest.title).to_have_text("The booth is full")
    guest.page.get_by_role("button", name="Français").tap()
    _say_in_the_way(guest.page, None)
    guest.expect_state("attract")

    guest.start()
    guest.choose(NO_BACKGROUND)
    _say_in_the_way(guest.page, "storage-failed")
    guest.expect_state("pause")
    expect(guest.page.locator(".lead")).to_contain_text("le disque est à vérifier")
    expect(guest.button("leave")).to_be_visible()
    _say_in_the_way(guest.page, None)
    guest.expect_state("choose")
    guest.shoot()


def test_a_full_disk_keeps_the_photo_until_there_is_room(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("507")
    full = _problem(507, "insufficient-storage")
    guest.page.route("**/api/capture*", lambda route: route.fulfill(**full))
    guest.open()
    _to_review(guest)
    guest.tap("keep")
    expect(guest.title).to_have_text("Pas encore enregistrée")
    expect(guest.page.locator(".lead")).to_contain_text(
        french("La borne n'a plus de place. Prévenez l'équipe")
    )
    expect(guest.page.get_by_role("img", name="Votre photo")).to_be_visible()
    guest.page.unroute("**/api/capture*")
    guest.expect_state("ready")


@pytest.mark.parametrize(
    ("status", "code", "sentence", "way_on"),
    [
        (503, "storage-failed", french("n'arrive pas à écrire"), "Réessayer"),
        (503, "overloaded", "Beaucoup de photos", "Réessayer"),
        (422, "background-unknown", french("Ce décor vient d'être retiré"), "Garder sans décor"),
        (422, "photo-unreadable", french("L'image est arrivée abîmée"), "Reprendre une photo"),
        (413, "photo-too-large", "trop lourde", "Reprendre une photo"),
        (500, "internal-error", french("n'a pas réussi"), "Réessayer"),
    ],
)
def test_each_refusal_has_its_sentence_and_its_way_on(
    open_page: OpenPage, status: int, code: str, sentence: str, way_on: str
) -> None:
    guest, guard = open_page()
    guard.expect(str(status))
    refusal = _problem(status, code) | {"headers": {"Retry-After": "9"}}
    guest.page.route("**/api/capture*", lambda route: route.fulfill(**refusal))
    guest.open()
    _to_review(guest)
    guest.tap("keep")
    expect(guest.page.locator(".lead")).to_contain_text(sentence)
    guest.page.unroute("**/api/capture*")
    guest.page.get_by_role("button", name=way_on, exact=True).tap()
    guest.expect_state("choose" if "Reprendre" in way_on else "ready")


def test_a_wrong_number_is_said_plainly_and_can_be_corrected(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("422")
    guest.open()
    _to_ready(guest)
    guest.dial("06 00 00 00 0")
    expect(guest.button("next")).to_be_disabled()
    guest.page.get_by_role("button", name="Effacer le dernier chiffre").tap()
    guest.page.locator(".key").get_by_text("0", exact=True).tap()
    expect(guest.page.locator(".dialled")).to_have_text("06 00 00 00 0")
    guest.page.route(
        "**/api/send-sms", lambda route: route.fulfill(**_problem(422, "phone-invalid"))
    )
    guest.page.locator(".key").get_by_text("0", exact=True).tap()
    guest.tap("next")
    expect(guest.page.get_by_text("06 00 00 00 00")).to_be_visible()
    guest.tap("send")
    guest.expect_state("dial")
    expect(guest.page.locator(".refusal")).to_contain_text("Ce numéro ne peut pas recevoir de SMS")


def test_a_refused_sms_leads_back_to_the_pad(guest: GuestPage) -> None:
    _to_ready(guest)
    guest.send_sms("01 42 68 53 00")
    expect(guest.title).to_have_text(french("Le SMS n'a pas pu partir"), timeout=20000)
    expect(guest.button("finish")).to_be_visible()
    guest.tap("correct")
    guest.expect_state("dial")
    expect(guest.page.locator(".dialled")).to_have_class("dialled empty")
    for key in "0612345802":
        guest.page.locator(".key").get_by_text(key, exact=True).tap()
    guest.tap("next")
    guest.tap("send")
    expect(guest.title).to_have_text("Votre SMS est parti", timeout=20000)
    expect(guest.page.get_by_text("06 •• •• •• 02")).to_be_visible()


def test_offline_is_said_honestly_and_the_text_changes_by_itself(open_page: OpenPage) -> None:
    guest, _ = open_page()

    def offline(route: Route) -> None:
        if route.request.resource_type == "document":
            return route.fallback()
        answer = route.fetch()
        body = answer.json() | {"online": False, "is_synced": False, "sms_sent": False}
        body["deliveries"] = [{"channel": "sms", "state": "waiting"}]
        return route.fulfill(response=answer, json=body)

    for path in (re.compile(r":\d+/$"), "**/api/status/*", "**/api/send-sms"):
        guest.page.route(path, offline)
    guest.open()
    _to_ready(guest)
    expect(guest.page.locator(".lead")).to_contain_text("Gardez ce QR code", timeout=10000)
    guest.send_sms(NUMBER)
    expect(guest.title).to_have_text("Votre SMS est en attente")
    expect(guest.page.locator(".lead")).to_have_text(
        french("Pas de réseau pour l'instant : votre SMS partira tout seul dès son retour. ")
        + "Gardez ce QR code."
    )
    # A question of the page may be under way.
    guest.page.unroute_all(behavior="wait")
    expect(guest.title).to_have_text("Votre SMS est parti", timeout=10000)


def test_the_appliance_restarts_and_the_page_comes_back_by_itself(
    open_page: OpenPage, appliance: Appliance
) -> None:
    guest, guard = open_page()
    guard.expect("ERR_CONNECTION_REFUSED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE")
    guest.open()
    appliance.kill()
    expect(guest.title).to_have_text("Un instant…", timeout=10000)
    appliance.start()
    expect(guest.title).not_to_have_text("Un instant…", timeout=10000)
    _to_review(guest)
    appliance.kill()
    guest.tap("keep")
    expect(guest.title).to_have_text("Un instant…", timeout=10000)
    appliance.start()
    guest.expect_state("ready")


def test_a_refused_camera_is_explained(open_page: OpenPage, playwright: Playwright) -> None:
    browser = launch(playwright, None, camera_granted=False)
    guest, _ = open_page(browser=browser)
    guest.open()
    guest.tap("start")
    guest.tap("accept")
    expect(
        guest.page.get_by_role("heading", name=french("La caméra n'est pas autorisée"))
    ).to_be_visible()
    expect(guest.page.locator(".lead")).to_contain_text(french("Prévenez l'équipe"))
    expect(guest.button("shoot")).to_have_count(0)
    browser.close()


@pytest.mark.parametrize(
    ("error", "sentence"),
    [("NotFoundError", "Aucune caméra trouvée"), ("NotReadableError", "La caméra est occupée")],
)
def test_a_camera_that_fails_is_explained_and_tried_again(
    open_page: OpenPage, error: str, sentence: str
) -> None:
    guest, _ = open_page()
    guest.page.add_init_script(
        f"""const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
        let calls = 0;
        navigator.mediaDevices.getUserMedia = (wish) => (calls += 1) === 1
          ? Promise.reject(new DOMException("", "{error}")) : open(wish);"""
    )
    guest.open()
    guest.tap("start")
    guest.tap("accept")
    expect(guest.page.get_by_role("heading", name=sentence)).to_be_visible()
    guest.tap("retry")
    expect(guest.button("shoot")).to_be_enabled()


def test_a_camera_unplugged_in_the_countdown_brings_the_guest_back(guest: GuestPage) -> None:
    guest.start()
    guest.tap("shoot")
    guest.expect_state("countdown")
    guest.page.evaluate(
        "() => document.querySelector('video').srcObject.getTracks()[0]"
        ".dispatchEvent(new Event('ended'))"
    )
    guest.expect_state("choose")
    expect(
        guest.page.get_by_role("heading", name=french("La caméra s'est débranchée"))
    ).to_be_visible()
    guest.tap("retry")
    expect(guest.button("shoot")).to_be_enabled()


def test_a_guest_who_leaves_is_warned_then_forgotten(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.page.clock.install()
    guest.open()
    _to_ready(guest)
    guest.dial(NUMBER)
    guest.page.clock.fast_forward(31_000)
    dialog = guest.page.get_by_role("dialog", name="Vous êtes encore là ?")
    expect(dialog).to_be_visible()
    guest.tap("stay")
    expect(dialog).not_to_be_visible()
    expect(guest.page.locator(".dialled")).to_have_text(NUMBER)
    guest.page.clock.fast_forward(31_000)
    expect(dialog).to_be_visible()
    guest.page.clock.run_for(16_000)
    guest.expect_state("attract")
    assert "12 34" not in guest.page.content()


def test_a_clock_set_back_does_not_keep_the_guest_on_the_screen(open_page: OpenPage) -> None:
    guest, _ = open_page()
    start = datetime(2026, 5, 1, 12, tzinfo=UTC)
    guest.page.clock.install(time=start)
    guest.open()
    _to_ready(guest)
    guest.page.clock.fast_forward(31_000)
    expect(guest.page.get_by_role("dialog")).to_be_visible()
    guest.page.clock.set_system_time(start - timedelta(hours=1))
    guest.page.clock.run_for(2_000)
    expect(guest.page.get_by_role("dialog")).to_contain_text("dans 13 secondes")
    guest.page.clock.run_for(14_000)
    guest.expect_state("attract")


def test_back_brings_nobody_back(
    open_page: OpenPage, playwright: Playwright, appliance: Appliance
) -> None:
    browser = launch(playwright, None, keeps_pages=True)
    guest, guard = open_page(browser=browser)
    guard.expect("404")  # Chromium asks for an icon of the page in between
    # Chromium keeps no page that is asking for something just then.
    for _ in range(3):
        guest.open()
        _to_ready(guest)
        guest.page.evaluate(
            "() => addEventListener('pageshow', ({ persisted }) => console.log('shown',"
            " persisted, document.querySelectorAll('img.qr, img.taken').length))"
        )
        guest.page.goto(f"{appliance.url}/static/guest/icon.svg")
        with (
            suppress(Error),
            guest.page.expect_console_message(
                lambda said: said.text.startswith("shown"), timeout=5_000
            ) as shown,
        ):
            guest.page.evaluate("() => { history.back(); }")
            break
    assert shown.value.text == "shown true 0"
    guest.expect_state("attract")
    browser.close()


def test_after_the_wipe_the_camera_is_off_and_the_photo_is_gone(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("ERR_FILE_NOT_FOUND")
    guest.open()
    guest.start()
    guest.page.evaluate("() => { window.seen = document.querySelector('video').srcObject; }")
    guest.shoot()
    photo = guest.page.get_by_role("img", name="Votre photo").get_attribute("src")
    guest.tap("leave")
    guest.expect_state("attract")
    assert guest.page.evaluate("() => seen.getTracks().map((track) => track.readyState)") == [
        "ended"
    ]
    gone = """(url) => new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve(false);
        image.onerror = () => resolve(true);
        image.src = url; })"""
    assert guest.page.evaluate(gone, photo)
    assert guest.page.evaluate("() => localStorage.length + sessionStorage.length") == 0


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
    guest.tap("leave")
    expect(html).to_have_attribute("lang", "fr")


def test_the_address_can_ask_for_english(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.open("?lang=en")
    expect(guest.button("start")).to_have_text("Touch to start")
    expect(guest.page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("name", ["toString", "__proto__", "xx"])
def test_an_address_that_asks_for_no_language_is_answered_in_french(
    open_page: OpenPage, name: str
) -> None:
    guest, _ = open_page()
    guest.open(f"?lang={name}")
    expect(guest.button("start")).to_have_text("Touchez pour commencer")
    expect(guest.page.locator("html")).to_have_attribute("lang", "fr")


def test_each_state_gives_the_focus_to_its_only_title(guest: GuestPage) -> None:
    def title_has_focus() -> None:
        expect(guest.title).to_have_count(1)
        expect(guest.title).to_be_focused()

    _to_review(guest)
    title_has_focus()
    guest.keep()
    title_has_focus()
    guest.tap("sms")
    guest.expect_state("dial")
    title_has_focus()
