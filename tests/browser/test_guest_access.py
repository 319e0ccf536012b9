"""For everyone: WCAG 2.2 AA by axe on every state, the keyboard alone, and nothing left behind.

One visit serves many questions: starting one is the slow part.
"""

from itertools import count

import pytest
from playwright.sync_api import Locator, expect

from tests.browser import layout
from tests.browser.axe import SOURCE, Axe
from tests.browser.conftest import TakeTour
from tests.browser.guest_page import GuestPage
from tests.parts.requirements import need

pytestmark = pytest.mark.browser

#: A guest each: the appliance sends only so many SMS to one number.
_GUESTS = count()


def _number() -> str:
    return f"06 12 35 77 {next(_GUESTS):02}"


def test_no_scene_breaks_a_rule_of_wcag_in_any_look(take_tour: TakeTour) -> None:
    need(SOURCE.exists(), "axe-core is missing: make setup")
    tour = take_tour()
    page = tour.page
    axe = None
    found: list[str] = []
    for scene in tour.scenes():
        axe = axe or Axe(
            page
        )  # the page is there with the first scene, which waits for its settings
        if page.locator("h1").count() != 1:
            found.append(f"{scene}: not one title")
        for name, look in layout.LOOKS.items():
            layout.dress(page, look)
            found += [f"{scene}, {name}: {fault}" for fault in axe.faults()]
        layout.dress(page, layout.Look())
        page.emulate_media(color_scheme="dark")
        found += [f"{scene}, dark: {fault}" for fault in axe.faults()]
        page.emulate_media(color_scheme="light")
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    ("where", "change", "rule"),
    [
        (".button.main", "one.replaceChildren()", "button-name"),
        (".notice", "one.style.color = '#e0b000'", "color-contrast"),
        (".notice", "one.setAttribute('role', 'notise')", "aria-roles"),
    ],
)
def test_axe_finds_what_is_wrong(guest: GuestPage, where: str, change: str, rule: str) -> None:
    need(SOURCE.exists(), "axe-core is missing: make setup")
    assert Axe(guest.page).faults() == []
    guest.page.locator(where).evaluate(f"(one) => {{ {change}; }}")
    assert [fault.partition(":")[0] for fault in Axe(guest.page).faults()] == [rule]


_FOCUSED = """() => {
  const one = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(one);
  const { left, right, top, bottom } = one.getBoundingClientRect();
  const pane = one.closest("dialog, main, aside").getBoundingClientRect();
  return { what: one.textContent.trim() || one.ariaLabel,
    ring: outlineStyle === "solid" ? parseFloat(outlineWidth) : 0,
    seen: one.checkVisibility() && left >= pane.left && right <= pane.right
      && top >= pane.top && bottom <= pane.bottom };
}"""


def test_a_whole_visit_by_the_keyboard_alone(guest: GuestPage) -> None:
    page = guest.page

    def press(wanted: Locator, most: int = 12) -> None:
        """Go on by Tab until it has the focus, each stop to be seen, and press Enter there."""
        expect(wanted).to_be_enabled()
        for _ in range(most):
            page.keyboard.press("Tab")
            focused = page.evaluate(_FOCUSED)
            assert focused["ring"] >= 4, focused
            assert focused["seen"], focused
            if wanted.evaluate("(button) => button === document.activeElement"):
                break
        expect(wanted).to_be_focused()
        page.keyboard.press("Enter")

    def named(name: str) -> Locator:
        return page.get_by_role("button", name=name, exact=True)

    # From the top of the page, and then from each screen's title, which gets the focus.
    press(guest.button("start"))
    guest.expect_state("consent")
    expect(guest.title).to_be_focused()
    press(named("En savoir plus"))
    expect(page.get_by_role("dialog")).to_be_visible()
    page.keyboard.press("Escape")
    expect(named("En savoir plus")).to_be_focused()
    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    guest.expect_state("choose")
    expect(guest.title).to_be_focused()
    press(guest.button("further"))
    expect(named("Studio")).to_be_focused()
    press(named("Confettis"))
    expect(named("Confettis")).to_have_attribute("aria-pressed", "true")
    press(guest.button("shoot"))
    guest.expect_state("review")
    expect(guest.title).to_be_focused()
    press(guest.button("keep"))
    guest.expect_state("ready")
    press(guest.button("sms"))
    guest.expect_state("dial")
    number = _number().replace(" ", "")
    page.keyboard.type(f"{number[:-1]}x1")
    page.keyboard.press("Backspace")
    page.keyboard.type(number[-1])
    press(guest.button("next"), most=20)
    guest.expect_state("confirm")
    press(guest.button("send"))
    guest.expect_state("result")
    expect(guest.title).to_have_text("Votre SMS est parti", timeout=20000)
    press(guest.button("finish"))
    guest.expect_state("thanks")
    press(guest.button("finish"))
    guest.expect_state("attract")
    assert number[-4:] not in page.content().replace("\u00a0", "")


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
