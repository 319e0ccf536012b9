"""Makes the contact sheet of the guest page: its scenes in three formats and three looks.

usage: python -m tests.browser.contact_sheet docs/guest-page-states.webp
"""

import sys
import tempfile
from io import BytesIO
from pathlib import Path
from typing import Final

import cv2
import numpy as np
from PIL import Image
from playwright.sync_api import Page, sync_playwright

from tests.browser import layout
from tests.browser.chromium import launch, write_y4m
from tests.browser.tour import LAVISH, Tour
from tests.parts.appliance import Appliance
from tests.parts.people import everybody

_SCENES: Final = (
    "attract",
    "pause-full",
    "consent",
    "choose",
    "choose-chosen",
    "choose-missing",
    "countdown",
    "review",
    "review-last",
    "saving-full",
    "ready-later",
    "dial-number",
    "dial-refused",
    "confirm",
    "result-refused",
    "ready-idle",
    "thanks-review",
    "result-sent",
)
_ROWS: Final = (("upright", "tablet"), ("wide",))
"""Formats that lie side by side, a row for each look."""
_HEIGHTS: Final = {"upright": 260, "tablet": 260, "wide": 176}
_GAP: Final = 10
_BACKGROUND: Final = "Plage au crépuscule"

Strip = list[Image.Image]


def main(target: Path) -> None:
    """Take one tour and lay what it showed into rows."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        appliance = Appliance(folder, LAVISH).start()
        try:
            people = np.asarray(cv2.cvtColor(everybody(1280, 960), cv2.COLOR_BGR2RGB), np.uint8)
            browser = launch(playwright, write_y4m(folder / "people.y4m", people))
            page = browser.new_page(has_touch=True)
            strips = _strips(Tour(page, appliance.url, background=_BACKGROUND))
            browser.close()
        finally:
            appliance.close()
    _sheet(strips).save(target, quality=34, method=6)


def _strips(tour: Tour) -> dict[tuple[str, str], Strip]:
    strips: dict[tuple[str, str], Strip] = {
        (kiosk, look): [] for kiosk in layout.KIOSKS for look in layout.LOOKS
    }
    layout.resize(tour.page, layout.KIOSKS["upright"])
    for scene in tour.scenes():
        if scene in _SCENES:
            for kiosk, look in layout.everywhere(tour.page):
                strips[kiosk, look].append(_picture(tour.page, _HEIGHTS[kiosk]))
    return strips


def _picture(page: Page, height: int) -> Image.Image:
    shot = Image.open(BytesIO(page.screenshot())).convert("RGB")
    return shot.resize((height * shot.width // shot.height, height), Image.Resampling.LANCZOS)


def _sheet(strips: dict[tuple[str, str], Strip]) -> Image.Image:
    rows = [
        [picture for kiosk in kiosks for picture in strips[kiosk, look]]
        for kiosks in _ROWS
        for look in layout.LOOKS
    ]
    width = max(sum(one.width + _GAP for one in row) for row in rows)
    height = sum(row[0].height + _GAP for row in rows)
    sheet = Image.new("RGB", (width, height), "#888888")
    top = 0
    for row in rows:
        left = 0
        for one in row:
            sheet.paste(one, (left, top))
            left += one.width + _GAP
        top += row[0].height + _GAP
    return sheet


if __name__ == "__main__":
    main(Path(sys.argv[1]))
