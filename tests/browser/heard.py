"""What a guest hears who does not see the page: each scene's accessibility tree, in French.

usage: python -m tests.browser.heard   writes tests/browser/heard/ anew; read the difference aloud
"""

import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from playwright.sync_api import Page, sync_playwright

from tests.browser.chromium import launch, write_y4m
from tests.browser.layout import KIOSKS
from tests.browser.tour import LAVISH, Tour
from tests.parts.appliance import Appliance

FOLDER: Final = Path(__file__).parent / "heard"


def tree(page: Page) -> str:
    """Return what there is to be heard now: of a dialog alone, where one is open."""
    dialog = page.get_by_role("dialog")
    return (dialog if dialog.count() else page.locator("body")).aria_snapshot() + "\n"


def heard(tour: Tour) -> Iterator[tuple[str, str]]:
    """Yield each scene of a tour with its tree."""
    for scene in tour.scenes():
        yield scene, tree(tour.page)


def main() -> None:
    """Write every scene's tree into a file of its own, and nothing else."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        appliance = Appliance(folder, LAVISH).start()
        try:
            grey = np.full((720, 1280, 3), 128, np.uint8)
            browser = launch(playwright, write_y4m(folder / "scene.y4m", grey))
            width, height = KIOSKS["upright"]
            page = browser.new_page(has_touch=True, viewport={"width": width, "height": height})
            trees = dict(heard(Tour(page, appliance.url)))
            browser.close()
        finally:
            appliance.close()
    FOLDER.mkdir(exist_ok=True)
    for old in FOLDER.glob("*.txt"):
        old.unlink()
    for scene, text in trees.items():
        (FOLDER / f"{scene}.txt").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
