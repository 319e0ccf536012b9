"""From zero to the finished picture on the screen, and how fluid the live preview is.

The page's own marks say where the time goes: the frame is there, its JPEG is, the appliance has
been asked, its answer begins and ends, it is decoded, it is painted.

usage: python -m tests.bench.shutter
"""

import statistics
import tempfile
from pathlib import Path

import cv2
import numpy as np
from playwright.sync_api import Browser, sync_playwright

from tests.browser.chromium import Picture, launch, write_y4m
from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance
from tests.parts.people import portrait

_TIMES = 9
# Two megapixels, as most webcams give them.
_WIDTH, _HEIGHT = 1920, 1080
# Background, mode, and what the median is to stay under, in milliseconds.
# In the order of the shelf.
_WANTED = (("Plage au crépuscule", "person", 500), ("Confettis", "frame", 250))
_PREVIEW_MS = 5000
_STAGES = ("frame", "encoded", "asked", "begun", "answered", "decoded", "painted")
_WATCH = """() => {
  window.took = [];
  let zero = 0;
  let answer = null;
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) if (one.name.includes("/preview/picture")) answer = one;
  }).observe({type: "resource"});
  const mark = (name) => performance.getEntriesByName(name, "mark")[0]?.startTime ?? NaN;
  const done = () => {
    const at = {frame: mark("frame"), encoded: mark("encoded"), decoded: mark("made"),
      asked: answer?.requestStart, begun: answer?.responseStart, answered: answer?.responseEnd,
      painted: performance.now()};
    const told = Object.entries(at).filter(([, when]) => when > zero);
    window.took.push(Object.fromEntries(told.map(([name, when]) => [name, when - zero])));
    zero = 0;
  };
  const look = () => {
    const state = document.querySelector("main")?.dataset.state;
    if (state === "shooting" && !zero) zero = performance.now();
    if (state !== "review" || !zero) return;
    if (document.querySelector(".taken") && document.querySelector(".flash.fading")) {
      requestAnimationFrame(() => requestAnimationFrame(() => zero && done()));
    }
  };
  new MutationObserver(look).observe(document.body,
    {subtree: true, childList: true, attributes: true, attributeFilter: ["data-state", "class"]});
}"""
_COUNT = """(ms) => new Promise((resolve) => {
  let drawn = 0;
  const draw = OffscreenCanvasRenderingContext2D.prototype.putImageData;
  OffscreenCanvasRenderingContext2D.prototype.putImageData = function (...given) {
    drawn += 1;
    return draw.apply(this, given);
  };
  setTimeout(() => {
    OffscreenCanvasRenderingContext2D.prototype.putImageData = draw;
    resolve(1000 * drawn / ms);
  }, ms);
})"""


def main() -> None:
    """Take photos with a frame over them and before a beach, and print the medians and rates."""
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        film = write_y4m(folder / "scene.y4m", _somebody())
        tables = {"guest": {"countdown_seconds": 2, "retakes": 20, "idle_timeout": "10 min"}}
        appliance = Appliance(folder, tables).start()
        try:
            browser = launch(playwright, film)
            guest = _guest(browser, appliance, "appliance")
            guest.page.evaluate(_WATCH)
            for background, mode, wanted in _WANTED:
                guest.choose(background)
                if mode == "person":
                    _print_rate(guest, "the appliance")
                _print(background, mode, wanted, _shots(guest))
            browser.close()
            browser = launch(playwright, film, draws_3d=True)
            guest = _guest(browser, appliance, "browser")
            guest.page.route("**/api/preview/mask", lambda route: route.fulfill(body=b""))
            guest.choose(_WANTED[0][0])
            _print_rate(guest, "the browser, without a GPU (there it asks the appliance by itself)")
            browser.close()
        finally:
            appliance.close()


def _guest(browser: Browser, appliance: Appliance, masks: str) -> GuestPage:
    """Return a guest who may choose; `masks` says who tells where she is on the live picture."""
    context = browser.new_context(
        viewport={"width": 1080, "height": 1920}, has_touch=True, locale="fr-FR"
    )
    guest = GuestPage(context.new_page(), appliance.url).open(f"?mask={masks}")
    guest.start()
    return guest


def _print_rate(guest: GuestPage, masks: str) -> None:
    guest.page.locator("canvas.cut[data-drawn=true]").wait_for(timeout=120_000)
    rate = guest.page.evaluate(_COUNT, _PREVIEW_MS)
    print(f"live preview, masks from {masks}: {rate:.1f} frames a second")


def _shots(guest: GuestPage) -> list[dict[str, float]]:
    guest.page.evaluate("() => { window.took = []; }")
    for nth in range(_TIMES):
        guest.shoot()
        guest.page.wait_for_function("(n) => window.took.length > n", arg=nth)
        guest.tap("retake")
        guest.expect_state("choose")
    took: list[dict[str, float]] = guest.page.evaluate("() => window.took")
    return took


def _print(background: str, mode: str, wanted: int, took: list[dict[str, float]]) -> None:
    painted = [shot["painted"] for shot in took]
    print(
        f"zero to the finished picture, {_WIDTH}x{_HEIGHT}, {background} ({mode}): median "
        f"{statistics.median(painted):.0f} ms (wanted: under {wanted}), worst {max(painted):.0f} ms"
        f" of {len(took)}"
    )
    told = ((stage, [shot[stage] for shot in took if stage in shot]) for stage in _STAGES)
    print(
        "  after " + ", ".join(f"{statistics.median(ms):.0f} {stage}" for stage, ms in told if ms)
    )


def _somebody() -> Picture:
    """Return a person before a wall as a webcam gives her: with the noise of its sensor."""
    dice = np.random.default_rng(7)
    noise = dice.normal(0, 4, (_HEIGHT, _WIDTH, 3))
    photo = np.clip(portrait(_WIDTH, _HEIGHT) + noise, 0, 255).astype(np.uint8)
    return np.asarray(cv2.cvtColor(photo, cv2.COLOR_BGR2RGB), np.uint8)


if __name__ == "__main__":
    main()
