"""Makes the README's picture: four states of the guest page, driven on the real appliance.

usage: python -m tests.browser.poster docs/guest-page.webp
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path

import numpy as np
from PIL import Image
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import Picture, launch, write_y4m
from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance

_SIZE = (1080, 1920)
_HEIGHT = 900
_GAP = 24


def main(target: Path) -> None:
    """Drive one visit and lay its screens side by side."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        appliance = Appliance(folder).start()
        try:
            without_camera = launch(playwright, None)
            film = write_y4m(folder / "scene.y4m", friends(without_camera, appliance.url))
            without_camera.close()
            browser = launch(playwright, film)
            screens = _visit(browser, appliance.url)
            browser.close()
        finally:
            appliance.close()
    _side_by_side(screens).save(target, quality=86)


def friends(browser: Browser, url: str) -> Picture:
    """Return the two friends of the attract screen, as a camera would see them."""
    page = browser.new_page(viewport={"width": 2400, "height": 2400}, device_scale_factor=3)
    page.goto(url)
    portrait = page.locator("svg.portrait:has(rect)").last
    portrait.wait_for(state="attached")
    # Alone, upright and whole.
    portrait.evaluate(
        "(portrait) => { portrait.setAttribute('viewBox', '0 0 252 252');"
        " document.querySelector('#page').replaceChildren(portrait);"
        " portrait.style.width = portrait.style.height = '700px'; }"
    )
    tile = Image.open(BytesIO(page.locator("svg.portrait").screenshot())).convert("RGB")
    page.close()
    inside = tile.crop((12, 12, tile.width - 12, tile.height - 12))
    wall = inside.getpixel((inside.width // 2, 20))
    scene = Image.new("RGB", (1280, 960), wall)
    friends = inside.resize((700, 700))
    scene.paste(friends, (290, 260))
    return np.asarray(scene)


def _visit(browser: Browser, url: str) -> list[Image.Image]:
    context = browser.new_context(
        viewport={"width": _SIZE[0], "height": _SIZE[1]}, has_touch=True, locale="fr-FR"
    )
    guest = GuestPage(context.new_page(), url)
    screens = []

    def look() -> None:
        guest.page.wait_for_timeout(700)
        screens.append(Image.open(BytesIO(guest.page.screenshot())).convert("RGB"))

    guest.open()
    look()
    guest.start()
    guest.choose("Confettis")
    look()
    guest.shoot()
    look()
    guest.keep()
    look()
    context.close()
    return screens


def _side_by_side(screens: list[Image.Image]) -> Image.Image:
    small = [one.resize((_HEIGHT * one.width // one.height, _HEIGHT)) for one in screens]
    width = sum(one.width for one in small) + _GAP * (len(small) - 1)
    sheet = Image.new("RGB", (width, _HEIGHT), "white")
    left = 0
    for one in small:
        sheet.paste(one, (left, 0))
        left += one.width + _GAP
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1]))
