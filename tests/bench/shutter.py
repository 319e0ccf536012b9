"""From zero to the photo on the screen: how long a guest looks at white, measured in the page.

usage: python -m tests.bench.shutter
"""

import statistics
import tempfile
from pathlib import Path

import numpy as np
from playwright.sync_api import sync_playwright

from tests.browser.chromium import launch, write_y4m
from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance

_TIMES = 9
# Two megapixels, as most webcams give them.
_WIDTH, _HEIGHT = 1920, 1080
_WATCH = """() => {
  window.took = [];
  let zero = 0;
  const look = () => {
    const state = document.querySelector("main")?.dataset.state;
    if (state === "shooting" && !zero) zero = performance.now();
    if (state !== "review" || !zero) return;
    const from = zero;
    zero = 0;
    const photo = document.querySelector("img.taken");
    photo.decode().then(() => requestAnimationFrame(() => requestAnimationFrame(
      () => window.took.push(performance.now() - from))));
  };
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, attributes: true, attributeFilter: ["data-state"]});
}"""


def main() -> None:
    """Take photos with a frame over them and print the median."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        noise = np.random.default_rng(7).integers(0, 255, (_HEIGHT, _WIDTH, 3)).astype(np.uint8)
        browser = launch(playwright, write_y4m(folder / "scene.y4m", noise))
        appliance = Appliance(folder, {"guest": {"countdown_seconds": 1, "retakes": 20}}).start()
        try:
            context = browser.new_context(
                viewport={"width": 1080, "height": 1920}, has_touch=True, locale="fr-FR"
            )
            guest = GuestPage(context.new_page(), appliance.url).open()
            guest.page.evaluate(_WATCH)
            guest.start()
            guest.choose("Confettis")
            for nth in range(_TIMES):
                guest.shoot()
                guest.page.wait_for_function("(n) => window.took.length > n", arg=nth)
                guest.tap("retake")
                guest.expect_state("choose")
            took = guest.page.evaluate("() => window.took")
        finally:
            appliance.close()
            browser.close()
    print(
        f"zero to the photo under its frame, {_WIDTH}x{_HEIGHT}: median "
        f"{statistics.median(took):.0f} ms, worst {max(took):.0f} ms of {len(took)}"
    )


if __name__ == "__main__":
    main()
