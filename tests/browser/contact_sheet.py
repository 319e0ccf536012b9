"""Makes the contact sheet of the guest page: every state, in three formats and three looks.

usage: python -m tests.browser.contact_sheet docs/guest-page-states.webp
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Any

from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import launch, write_y4m
from tests.browser.guest_page import GuestPage
from tests.browser.poster import friends
from tests.parts.appliance import Appliance

_FORMATS = {"upright": (1080, 1920), "wide": (1920, 1080), "tablet": (800, 1280)}
_LOOKS: dict[str, dict[str, Any]] = {
    "light": {},
    "contrast": {"aids": ["Contraste élevé"]},
    "200 %": {"aids": ["Texte normal", "Grand texte"]},
}
_HEIGHT = 300
_GAP = 10


def main(target: Path) -> None:
    """Drive one visit for each format and look, a row each."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        appliance = Appliance(folder).start()
        try:
            without_camera = launch(playwright, None)
            film = write_y4m(folder / "scene.y4m", friends(without_camera, appliance.url))
            without_camera.close()
            browser = launch(playwright, film)
            rows = [
                _visit(browser, appliance.url, size, look.get("aids", []), f"06 12 36 00 {nth:02}")
                for nth, (size, look) in enumerate(
                    (size, look) for size in _FORMATS.values() for look in _LOOKS.values()
                )
            ]
            browser.close()
        finally:
            appliance.close()
    _sheet(rows).save(target, quality=60, method=6)


def _visit(
    browser: Browser, url: str, size: tuple[int, int], aids: list[str], number: str
) -> list[Image.Image]:
    context = browser.new_context(
        viewport={"width": size[0], "height": size[1]}, has_touch=True, locale="fr-FR"
    )
    guest = GuestPage(context.new_page(), url)
    screens: list[Image.Image] = []

    def look() -> None:
        guest.page.wait_for_timeout(500)
        shot = Image.open(BytesIO(guest.page.screenshot())).convert("RGB")
        screens.append(shot.resize((_HEIGHT * shot.width // shot.height, _HEIGHT)))

    guest.open()
    for aid in aids:
        guest.page.get_by_role("button", name=aid).tap()
    look()
    guest.tap("start")
    look()
    guest.tap("accept")
    guest.choose("Confettis")
    look()
    guest.tap("shoot")
    look()
    guest.expect_state("review", timeout_ms=20000)
    look()
    guest.keep()
    look()
    guest.dial(number)
    look()
    guest.tap("next")
    look()
    guest.tap("send")
    guest.expect_state("result")
    look()
    guest.tap("finish")
    look()
    context.close()
    return screens


def _sheet(rows: list[list[Image.Image]]) -> Image.Image:
    width = max(sum(one.width + _GAP for one in row) for row in rows)
    sheet = Image.new("RGB", (width, len(rows) * (_HEIGHT + _GAP)), "#888888")
    for nth, row in enumerate(rows):
        left = 0
        for one in row:
            sheet.paste(one, (left, nth * (_HEIGHT + _GAP)))
            left += one.width + _GAP
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1]))
