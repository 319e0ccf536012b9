"""The formats and looks that a screen must be whole in, and what is wrong with one.

Knows nothing of the page's steps; what is measured stands in `layout.js`.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Page

KIOSKS: Final = {
    "upright": (1080, 1920),
    "wide": (1920, 1080),
    "tablet": (800, 1280),
}
PHONE: Final = (390, 844)
#: Screens of small panel computers: every scene is whole there until words are enlarged.
PANELS: Final = {"panel": (1366, 768), "low panel": (1280, 720)}
LEAST: Final = {"target": 96, "key": 64, "gap": 16, "qr": 0.45}
"""Sides of what is touched, of the pad's keys, and between any two, in CSS pixels. The QR code's
share of the screen's short side is what a phone reads from an arm's length."""


class Look(NamedTuple):
    """What a guest has asked of the bar: high contrast, and how often larger text."""

    contrast: bool = False
    larger: int = 0


LOOKS: Final = {"light": Look(), "contrast": Look(contrast=True), "200 %": Look(larger=2)}

_MEASURE: Final = (Path(__file__).parent / "layout.js").read_text(encoding="utf-8")
# By the bar's own buttons; a dialog that lies over them hinders fingers, and not this.
_DRESS: Final = """async ([contrast, larger]) => {
  const root = document.documentElement;
  // The page draws itself anew before the next task; timers may stand still.
  const press = (aid) => new Promise((pressed) => {
    document.querySelector(aid).click();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = pressed;
    port2.postMessage(null);
  });
  const scale = ["1", "1.4", "2"][larger];
  const fits = () => root.style.getPropertyValue("--text-scale") === scale;
  for (let tries = 0; tries < 3 && !fits(); tries += 1) await press(".aid:has(.size)");
  if ((root.dataset.contrast === "more") !== contrast) await press(".aid:has(.size) + .aid");
  return fits() && (root.dataset.contrast === "more") === contrast;
}"""


def dress(page: Page, look: Look) -> None:
    """Give the page a look, whatever it had."""
    assert page.evaluate(_DRESS, [look.contrast, look.larger]), look


def resize(page: Page, size: tuple[int, int]) -> None:
    """Give the page's screen a width and a height."""
    page.set_viewport_size({"width": size[0], "height": size[1]})


def everywhere(page: Page, looks: Iterable[str] = LOOKS) -> Iterator[tuple[str, str]]:
    """Show the screen in each format and these looks, and yield what they are called.

    It is left as it was: upright and plain.
    """
    for kiosk, size in KIOSKS.items():
        resize(page, size)
        for look in looks:
            dress(page, LOOKS[look])
            yield kiosk, look
    dress(page, Look())
    resize(page, KIOSKS["upright"])


def faults(page: Page) -> list[str]:
    """Return what is wrong with the screen as it stands, each as a sentence."""
    found: list[str] = page.evaluate(_MEASURE, LEAST)
    return found
