"""Nothing is cut or overlaps, nothing is off the screen, everything can be hit with a finger.

Each scene of the tour in three formats, plain, with high contrast and at 200 % text; in French,
the reference, and in German, whose words are the longest; there, contrast adds nothing. Small
panels and, where she may come to it, a phone show each scene as it is at first.
"""

import pytest
from playwright.sync_api import expect

from tests.browser import layout
from tests.browser.conftest import OpenPage, TakeTour
from tests.browser.guest_page import GuestPage

pytestmark = pytest.mark.browser

#: No kiosk, so it may scroll; a plain visit fits all the same.
_ON_A_PHONE = {
    "attract", "attract-languages", "consent-plain", "choose", "choose-chosen", "countdown",
    "review", "ready", "dial-one", "confirm", "result-sent", "thanks",
}  # fmt: skip
_STILL_THERE = {
    "fr": "Vous êtes encore là\u00a0?",
    "en": "Are you still there?",
    "de": "Sind Sie noch da?",
    "es": "¿Sigue ahí?",
    "it": "Sei ancora qui?",
    "nl": "Bent u er nog?",
}


@pytest.mark.parametrize("language", ["fr", "de"])
def test_every_scene_is_whole_in_every_format_and_look(take_tour: TakeTour, language: str) -> None:
    tour = take_tour(language)
    page = tour.page
    found = []
    looks = [look for look in layout.LOOKS if language == "fr" or look != "contrast"]
    for scene in tour.scenes():
        for kiosk, look in layout.everywhere(page, looks):
            found += [f"{scene}, {kiosk}, {look}: {fault}" for fault in layout.faults(page)]
        others = layout.PANELS
        if language == "fr" and scene in _ON_A_PHONE:
            others = others | {"phone": layout.PHONE}
        for other, size in others.items():
            layout.resize(page, size)
            found += [f"{scene}, {other}: {fault}" for fault in layout.faults(page)]
        layout.resize(page, layout.KIOSKS["upright"])
    assert not found, "\n".join(found)


@pytest.mark.parametrize(("language", "question"), _STILL_THERE.items())
def test_the_warning_before_the_wipe_is_whole_in_every_language(
    open_page: OpenPage, language: str, question: str
) -> None:
    guest, _ = open_page()
    page = guest.page
    page.clock.install()
    guest.open(f"?lang={language}")
    page.locator(".panel .main").tap()
    guest.expect_state("consent")
    page.clock.fast_forward(26_000)
    expect(page.get_by_role("dialog", name=question, exact=True)).to_be_visible()
    found = [
        f"{kiosk}, {look}: {fault}"
        for kiosk, look in layout.everywhere(page)
        for fault in layout.faults(page)
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize("language", _STILL_THERE)
def test_within_low_reach_every_dialog_is_whole_and_its_buttons_low(
    open_page: OpenPage, language: str
) -> None:
    guest, _ = open_page()
    page = guest.page
    page.clock.install()
    guest.open(f"?lang={language}")
    page.locator(".aid.reach").tap()
    found: list[str] = []

    def look(dialog: str) -> None:
        expect(page.get_by_role("dialog")).to_be_visible()
        for kiosk in ("upright", "tablet"):
            layout.resize(page, layout.KIOSKS[kiosk])
            for name, asked in layout.LOOKS.items():
                layout.dress(page, asked)
                faults = [*layout.faults(page), *page.evaluate(_OUT_OF_REACH)]
                found.extend(f"{dialog}, {kiosk}, {name}: {fault}" for fault in faults)
        layout.dress(page, layout.Look())
        layout.resize(page, layout.KIOSKS["upright"])

    page.locator(".aid").first.tap()
    look("languages")
    page.keyboard.press("Escape")
    page.locator(".panel .main").tap()
    guest.expect_state("consent")
    page.locator(".panel .quiet").tap()
    look("notice")
    page.keyboard.press("Escape")
    page.clock.fast_forward(26_000)
    look("still there")
    assert not found, "\n".join(found)


# The words of the notice may lie higher than the hand: a third of the screen to read them in.
_OUT_OF_REACH = """() => [
  ...[...document.querySelectorAll("dialog[open] button")]
    .filter((button) => button.getBoundingClientRect().top < 0.6 * innerHeight)
    .map((button) => `"${button.textContent}" is too high`),
  ...[...document.querySelectorAll("dialog[open] .reading")]
    .filter((pane) => pane.clientHeight < Math.min(pane.scrollHeight, innerHeight / 3))
    .map((pane) => `${pane.clientHeight} px to read in`),
]"""


# Those that are seen; the others come and go.
_CUT_PRINTS = """() => {
  const cut = [];
  const seen = ":is([data-place='0'], [data-place='1'], [data-place='2'])";
  for (const print of document.querySelectorAll(`.sheaf${seen} .print`)) {
    const { left, right } = print.getBoundingClientRect();
    for (let one = print.parentElement; one; one = one.parentElement) {
      const pane = one.getBoundingClientRect();
      const cuts = getComputedStyle(one).overflowX !== "visible";
      if (cuts && (left < pane.left || right > pane.right)) cut.push(one.className || one.tagName);
    }
  }
  return cut;
}"""


@pytest.mark.parametrize("size", layout.KIOSKS.values(), ids=layout.KIOSKS.keys())
def test_the_prints_on_the_invitation_lie_whole(open_page: OpenPage, size: tuple[int, int]) -> None:
    guest, _ = open_page(size, reduced_motion="reduce")
    guest.open()
    expect(guest.page.locator(".sheaf[data-place='0'] .behind")).to_be_visible()
    assert guest.page.evaluate(_CUT_PRINTS) == []


_CUT_SHADOWS = """() => {
  const cut = [];
  for (const print of document.querySelectorAll(".sheaf[data-place='0'] .print")) {
    const [, down, blur] = getComputedStyle(print).boxShadow.match(/[\\d.]+(?=px)/g).map(Number);
    const end = print.getBoundingClientRect().bottom + down + blur;
    for (let one = print.parentElement; one; one = one.parentElement) {
      const cuts = getComputedStyle(one).overflowY !== "visible";
      if (cuts && end > one.getBoundingClientRect().bottom) cut.push(one.className || one.tagName);
    }
  }
  return cut;
}"""


@pytest.mark.parametrize("larger", [0, 1, 2])
def test_no_shadow_on_the_invitation_is_cut(open_page: OpenPage, larger: int) -> None:
    guest, _ = open_page(reduced_motion="reduce")
    guest.open()
    layout.dress(guest.page, layout.Look(larger=larger))
    expect(guest.page.locator(".sheaf[data-place='0'] .behind")).to_be_visible()
    assert guest.page.evaluate(_CUT_SHADOWS) == []


_PLANTED = {
    "text over text": (".notice", "position: fixed; top: 60px; left: 60px"),
    "text off the screen": (".notice", "position: fixed; left: -40px"),
    "a torn word": (".notice", "width: 3ch; overflow-wrap: anywhere"),
    "a control too small": (".chip", "min-height: 0; height: 90px"),
    "controls too near": (".languages", "gap: 8px"),
    "a label that runs out": (".button.main span", "margin-left: 900px"),
}


@pytest.mark.parametrize(("where", "style"), _PLANTED.values(), ids=_PLANTED.keys())
def test_the_measure_finds_what_is_wrong(guest: GuestPage, where: str, style: str) -> None:
    assert layout.faults(guest.page) == []
    guest.page.evaluate(
        "([where, style]) => { for (const one of document.querySelectorAll(where))"
        " one.style.cssText += style; }",
        [where, style],
    )
    assert layout.faults(guest.page)
