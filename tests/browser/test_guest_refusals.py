"""What the appliance refuses, or can't take now: each has its sentence and its way on."""

import json
import re
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.conftest import OpenPage
from tests.browser.guest_page import PLAIN, GuestPage, french

pytestmark = pytest.mark.browser


def _problem(status: int, code: str) -> dict[str, Any]:
    body = {"type": code, "title": code, "status": status, "detail": code}
    content = json.dumps(body)
    return {"status": status, "content_type": "application/problem+json", "body": content}


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
    guest.to_review()
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
    guest.choose(PLAIN)
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
    guest.to_review()
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
        (422, "photo-unreadable", french("L'image est arrivée abîmée"), "Refaire la photo"),
        (413, "photo-too-large", "trop lourde", "Refaire la photo"),
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
    guest.to_review()
    guest.tap("keep")
    expect(guest.page.locator(".lead")).to_contain_text(sentence)
    guest.page.unroute("**/api/capture*")
    guest.page.get_by_role("button", name=way_on, exact=True).tap()
    guest.expect_state("choose" if "Refaire" in way_on else "ready")


def test_a_wrong_number_is_said_plainly_and_can_be_corrected(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("422")
    guest.open()
    guest.to_ready()
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


def test_what_the_kiosk_knows_against_a_number_is_said_on_the_pad(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("422")
    guest.open()
    guest.to_ready()
    guest.dial("01 42 68 53 00")
    refusal = guest.page.locator(".refusal")
    expect(refusal).to_have_text(
        french("Ce n'est pas un numéro de portable\u00a0: il ne reçoit pas de SMS.")
    )
    expect(guest.page.locator("[role=status]")).to_have_text(re.compile("numéro de portable"))
    expect(guest.button("next")).to_be_disabled()
    erase = guest.page.get_by_role("button", name="Effacer le dernier chiffre")
    for _ in range(10):
        erase.tap()
    expect(refusal).to_have_count(0)
    expect(guest.page.locator(".hint")).to_have_text("")  # one country alone is allowed
    guest.type("+32")
    expect(refusal).to_contain_text(french("Cette borne n'envoie pas de SMS vers ce pays"))
    guest.type("470123456")
    expect(guest.page.locator(".dialled")).to_have_text("+32 470 12 34 56")
    expect(guest.button("next")).to_be_disabled()
    for _ in range(12):
        erase.tap()

    # An answer that comes too late on the pad is said once the SMS has been asked for.
    guest.page.route("**/guest/number", lambda route: route.fulfill(json={"refusal": None}))
    guest.type("0612345")
    guest.type("000")
    guest.page.unroute("**/guest/number")
    problem = _problem(422, "phone-invalid")
    guest.page.route("**/api/send-sms", lambda route: route.fulfill(**problem))
    guest.page.route("**/guest/number", lambda route: route.fulfill(json={"refusal": "premium"}))
    guest.tap("next")
    guest.tap("send")
    guest.expect_state("dial")
    expect(refusal).to_contain_text("Ce numéro est surtaxé")


def test_a_refused_sms_leads_back_to_the_pad(guest: GuestPage) -> None:
    guest.page.route("**/guest/number", lambda route: route.fulfill(json={"refusal": None}))
    guest.to_ready()
    guest.send_sms("01 42 68 53 00")
    expect(guest.title).to_have_text(french("Le SMS n'a pas pu partir"), timeout=20000)
    expect(guest.button("finish")).to_be_visible()
    guest.tap("correct")
    guest.expect_state("dial")
    expect(guest.page.locator(".dialled")).to_have_text("01 42 68 53 00")
    for _ in range(10):
        guest.page.get_by_role("button", name="Effacer le dernier chiffre").tap()
    guest.type("06 12 34 58 02")
    guest.tap("next")
    guest.tap("send")
    expect(guest.title).to_have_text("Votre SMS est parti", timeout=20000)
    expect(guest.page.get_by_text("06 •• •• •• 02")).to_be_visible()


def test_a_picture_that_is_gone_is_asked_for_once_more_and_then_left(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("404")
    asked = guest.calls("/static/guest/sitter.svg")
    gone = _problem(404, "not-found")
    guest.page.route("**/static/guest/sitter.svg", lambda route: route.fulfill(**gone))
    guest.open()
    guest.start()
    for _ in range(3):  # whoever looks for an appliance that is away asks for this first
        with guest.page.expect_response("**/health/ping"):
            pass
    assert len(asked) == 2
