"""Nothing is cut, nothing needs a scroll bar, everything can be hit with a finger."""

from collections.abc import Callable
from itertools import count
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.guest_page import GuestPage

pytestmark = pytest.mark.browser

SIZES = {
    "upright kiosk": (1080, 1920),
    "wide kiosk": (1920, 1080),
    "tablet": (800, 1280),
    "phone": (390, 844),
}
KEY_PX = 64
TARGET_PX = 96
GAP_PX = 16
QR_SHARE = 0.45
"""Of the short side of the screen: what a phone reads from an arm's length."""

_MEASURE = """() => {
  const main = document.querySelector("main");
  const clippers = (element) => {
    const around = [];
    for (let one = element.parentElement; one; one = one.parentElement) {
      if (getComputedStyle(one).overflow !== "visible") around.push(one);
    }
    return around;
  };
  const inside = (inner, outer) => inner.left >= outer.left - 1 && inner.right <= outer.right + 1
    && inner.top >= outer.top - 1 && inner.bottom <= outer.bottom + 1;
  const torn = (element) => {
    const texts = document.createTreeWalker(element, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      for (const { index, 0: word } of texts.currentNode.data.matchAll(/[^\\s-]+/g)) {
        const range = document.createRange();
        range.setStart(texts.currentNode, index);
        range.setEnd(texts.currentNode, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top)));
        if (lines.size > 1) return word;
      }
    }
    return null;
  };
  const box = (element) => {
    const rect = element.getBoundingClientRect();
    const { x, y, width, height } = rect;
    return { what: element.className + ": " + element.textContent.trim(), x, y, width, height,
      key: element.matches(".key, .aid"), bar: element.matches(".aid"), qr: element.matches(".qr"),
      torn: torn(element),
      cut: element.scrollWidth > element.clientWidth + 1
        || element.matches("button") && element.scrollHeight > element.clientHeight + 1,
      clipped: clippers(element).some((one) => !inside(rect, one.getBoundingClientRect())) };
  };
  const shown = [...document.querySelectorAll("#page button:not([tabindex='-1'])")]
    .filter((one) => one.checkVisibility());
  const text = [...main.querySelectorAll("h1, p, output, .promises span, .name, .print, .qr")]
    .filter((one) => !one.closest(".deck") && one.checkVisibility());  // its prints come and go
  return { width: innerWidth, height: innerHeight,
    overflow: [main.scrollWidth - main.clientWidth, main.scrollHeight - main.clientHeight],
    targets: shown.map(box), text: text.map(box) };
}"""

#: A guest each: the appliance sends only so many SMS to one number.
_GUESTS = count()

Check = Callable[[dict[str, Any]], None]


def _walk(guest: GuestPage, check: Check, larger: int = 0) -> None:
    """Go through every state and measure each once its entrance is over.

    `larger` is how often the guest touches the bar's "A" first: twice is text at 200 %.
    """

    def look(state: str) -> None:
        guest.expect_state(state)
        guest.page.wait_for_timeout(300)
        check(guest.page.evaluate(_MEASURE) | {"state": state})

    guest.open()
    for _ in range(larger):
        guest.page.locator(".aid:has(.size)").tap()
    look("attract")
    guest.tap("start")
    look("consent")
    guest.tap("accept")
    expect(guest.button("shoot")).to_be_enabled()
    look("choose")
    guest.page.locator(".tile").last.tap()
    look("choose")
    guest.tap("shoot")
    look("countdown")
    look("review")
    guest.keep()
    look("ready")
    guest.dial(f"06 12 34 57 {next(_GUESTS):02}")
    look("dial")
    guest.tap("next")
    look("confirm")
    guest.tap("send")
    guest.expect_state("result")
    expect(guest.title).to_have_text("Votre SMS est parti", timeout=20000)
    look("result")
    guest.tap("finish")
    look("thanks")


def _nothing_cut(seen: dict[str, Any]) -> None:
    for box in seen["text"] + seen["targets"]:
        assert not box["cut"], (seen["state"], box)
        assert not box["torn"], (seen["state"], box)
        assert box["x"] >= 0, (seen["state"], box)
        assert box["x"] + box["width"] <= seen["width"] + 1, (seen["state"], box)


def _on_one_screen(seen: dict[str, Any]) -> None:
    assert max(seen["overflow"]) <= 0, (seen["state"], seen["overflow"])
    for box in seen["text"] + seen["targets"]:
        assert box["y"] >= 0, (seen["state"], box)
        assert box["y"] + box["height"] <= seen["height"] + 1, (seen["state"], box)
        assert not box["clipped"], (seen["state"], box)
        if box["qr"]:
            least = QR_SHARE * min(seen["width"], seen["height"])
            assert min(box["width"], box["height"]) >= least, (seen["state"], box)


def _gap(one: dict[str, Any], other: dict[str, Any]) -> float:
    across = max(one["x"], other["x"]) - min(one["x"] + one["width"], other["x"] + other["width"])
    down = max(one["y"], other["y"]) - min(one["y"] + one["height"], other["y"] + other["height"])
    return float(max(across, down))


def _fit_for_fingers(seen: dict[str, Any]) -> None:
    targets = seen["targets"]
    for box in targets:
        least = KEY_PX if box["key"] else TARGET_PX
        assert min(box["width"], box["height"]) >= least - 0.5, (seen["state"], box)
    for index, one in enumerate(targets):
        for other in targets[index + 1 :]:
            if one["bar"] != other["bar"]:
                continue  # what does not fit scrolls behind the bar
            assert _gap(one, other) >= GAP_PX - 0.5, (seen["state"], one, other)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_every_state_fits_the_screen_and_the_finger(
    open_page: OpenPage, size: tuple[int, int]
) -> None:
    guest, _ = open_page(size)

    def check(seen: dict[str, Any]) -> None:
        _nothing_cut(seen)
        _on_one_screen(seen)
        _fit_for_fingers(seen)

    _walk(guest, check)


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES.keys())
def test_text_at_twice_its_size_is_not_cut(open_page: OpenPage, size: tuple[int, int]) -> None:
    guest, _ = open_page(size, color_scheme="dark", locale="fr-FR")

    def check(seen: dict[str, Any]) -> None:
        _nothing_cut(seen)
        _fit_for_fingers(seen)
        if size != SIZES["phone"]:  # no kiosk: there the page scrolls
            _on_one_screen(seen)

    _walk(guest, check, larger=2)
