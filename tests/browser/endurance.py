"""Many guests in a row in one page: what each of them leaves behind after her wipe.

usage: python -m tests.browser.endurance --guests 300

Each visit is a whole one, by taps: notice, background, countdown, keep, a number of her own on the
pad, SMS, good-bye. After each wipe the page is searched for the number and for what leads to the
photo, and what lives in it is counted. Not counted: time limits of requests, which end by
themselves.
"""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Page, ViewportSize, sync_playwright

from tests.bench.resources import proportional_mb, resident_mb
from tests.browser.chromium import launch, write_y4m
from tests.browser.guard import Guard
from tests.browser.guest_page import GuestPage
from tests.browser.poster import friends
from tests.browser.traces import digits, search
from tests.browser.visit import Visit, hurry
from tests.parts.appliance import Appliance
from tests.parts.waiting import wait_until

PROBE: Final = Path(__file__).with_name("probe.js")
#: The guest whose page the later ones are compared with: by then everything has been loaded once.
REFERENCE: Final = 10
MOST_HEAP_MB: Final = 5.0
#: One guest in ten is cut out, which takes longest.
BACKGROUNDS: Final = (*("Confettis", "Sans décor", "Guirlande") * 3, "Studio")
#: What the browser holds for a moment more, and how long it may.
HELD: Final = ("nodes", "listeners")
REST_S: Final = 15.0
SIZE: Final[ViewportSize] = {"width": 800, "height": 1280}


@dataclass(frozen=True)
class Left:
    """What is there after a guest's wipe, once the garbage is collected."""

    nth: int
    visit_s: float
    heap_mb: float
    counts: dict[str, int]
    """What the page has of each kind that could be left over: listeners, timers, streams..."""
    outside_mb: dict[str, float]
    """What Chromium's processes hold in all, pictures and buffers outside the heap among them."""
    traces: tuple[str, ...]
    """What of hers was found, and where."""


class Endurance:
    """One page that many guests use one after the other."""

    def __init__(self, page: Page, appliance: Appliance) -> None:
        """Open the appliance's page in one whose context has touch."""
        self.page = page
        self.appliance = appliance
        page.add_init_script(path=PROBE)
        self.devtools = page.context.new_cdp_session(page)
        self.devtools.send("Performance.enable")
        assert page.context.browser is not None
        self._whole = page.context.browser.new_browser_cdp_session()
        hurry(self.devtools)
        self.guest = GuestPage(page, appliance.url).open()
        self._before: dict[str, int] = {}
        self._known: set[Path] = set()

    def visits(self, guests: int) -> Iterator[Left]:
        """Play them; yields what each has left."""
        for nth in range(1, guests + 1):
            number = f"0612{nth * 7919 % 10**6:06}"  # by a prime: no two alike
            began = time.monotonic()
            Visit(self.guest, number, BACKGROUNDS[(nth + 6) % len(BACKGROUNDS)]).whole()
            visit_s = time.monotonic() - began
            photo = self._newest()
            traces = search(self.page, self.devtools, {"number": digits(number), **photo})
            level = self._level()
            if any(one.startswith(tuple(photo)) for one in traces):
                # A question about the photo, asked a moment ago, goes with its answer.
                numbers = tuple(one for one in traces if one.startswith("number"))
                traces = numbers + search(self.page, self.devtools, photo)
            yield Left(nth, visit_s, *level, self._processes(), traces)

    def _newest(self) -> dict[str, str]:
        """Return what else leads to the last guest's photo."""
        records = set((self.appliance.data_dir / "photos").glob("*.json"))
        (record,) = records - self._known
        self._known = records
        capture = json.loads(record.read_bytes())["capture"]
        return {"id": re.escape(capture["id"]), "link": re.escape(capture["token"])}

    def _level(self) -> tuple[float, dict[str, int]]:
        """Return heap (MB) and counts at rest: what the guest before left, or what stays so.

        A screen that has gone, and a question that has just been answered, are held by the browser
        for up to 3 s on a busy machine; what is there all the time of rest is taken as it is.
        """
        ends = time.monotonic() + REST_S
        heap_mb, counts = self._measured()
        while not self._at_rest(counts) and time.monotonic() < ends:
            self.page.wait_for_timeout(500)
            heap_mb, later = self._measured()
            counts = later | {kind: min(counts[kind], later[kind]) for kind in HELD}
        self._before = counts
        return heap_mb, counts

    def _at_rest(self, counts: dict[str, int]) -> bool:
        return bool(self._before) and all(counts[kind] <= self._before[kind] for kind in HELD)

    def _measured(self) -> tuple[float, dict[str, int]]:
        # While the page asks something, the timer until it asks again is not there.
        self.page.wait_for_function("() => probe.count().calls === 0")
        self.devtools.send("HeapProfiler.collectGarbage")
        answer = self.devtools.send("Performance.getMetrics")
        metrics = {one["name"]: one["value"] for one in answer["metrics"]}
        under_way: dict[str, Any] = self.page.evaluate("() => probe.count()")
        counts = {
            "listeners": int(metrics["JSEventListeners"]),
            "nodes": int(metrics["Nodes"]),
            "documents": int(metrics["Documents"]),
            "timers": len(under_way["timers"]),
            "blob addresses": under_way["blobs"],
            "camera tracks": under_way["tracks"],
        }
        return metrics["JSHeapUsedSize"] / 1e6, counts

    def _processes(self) -> dict[str, float]:
        """Return how much memory (MB) Chromium's processes have, by kind."""
        held: dict[str, float] = {}
        for one in self._whole.send("SystemInfo.getProcessInfo")["processInfo"]:
            with suppress(OSError):  # it may just have ended
                held[one["type"]] = held.get(one["type"], 0.0) + proportional_mb(one["id"])
        return held


def faults(left: list[Left], nth: int = REFERENCE) -> list[str]:
    """Say what is more than up to the nth guest, that of reference, and every trace of anybody."""
    reference = left[nth - 1]
    # A question under way has no timer yet: not every moment of rest has all of them.
    most = {kind: max(one.counts[kind] for one in left[:nth]) for kind in reference.counts}
    said = [f"guest {one.nth}: {', '.join(one.traces)}" for one in left if one.traces]
    for one in left[nth:]:
        more_mb = one.heap_mb - reference.heap_mb
        if more_mb > MOST_HEAP_MB:
            said.append(f"guest {one.nth}: the heap has grown by {more_mb:.1f} MB")
        said += [
            f"guest {one.nth}: {had} {kind} have become {one.counts[kind]}"
            for kind, had in most.items()
            if one.counts[kind] > had
        ]
    return said


def main() -> int:
    """Play the guests against an appliance of their own, and tell what they have left."""
    parser = argparse.ArgumentParser(description="Many guests in a row in one page.")
    parser.add_argument("--guests", type=int, default=300, help="more than 10")
    guests: int = parser.parse_args().guests
    left: list[Left] = []
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        appliance = Appliance(folder, {"guest": {"countdown_seconds": 1}}).start()
        try:
            without_camera = launch(playwright, None)
            film = write_y4m(folder / "scene.y4m", friends(without_camera, appliance.url))
            without_camera.close()
            browser = launch(playwright, film)
            guard = Guard()
            # Nobody taps so quickly: on a busy machine the photo before is still in the making.
            guard.expect(r"503 \(Service Unavailable\)")
            guard.watch(browser)
            page = browser.new_context(viewport=SIZE, has_touch=True).new_page()
            for one in Endurance(page, appliance).visits(guests):
                left.append(one)
                if one.nth in {1, REFERENCE, guests} or one.nth % 25 == 0:
                    print(_line(one, appliance), flush=True)
            browser.close()
            wait_until(lambda: len(appliance.handset_lines()) == guests, 60, appliance)
        finally:
            appliance.close()
    wrong = faults(left)
    print(f"{guests} SMS; {len(wrong)} faults", *wrong, sep="\n  ")
    guard.check()
    return 1 if wrong else 0


def _line(one: Left, appliance: Appliance) -> str:
    assert appliance.process is not None
    counts = ", ".join(f"{many} {kind}" for kind, many in one.counts.items())
    server_mb = resident_mb(appliance.process.pid)
    outside = ", ".join(f"{kind} {mb:.0f}" for kind, mb in sorted(one.outside_mb.items()))
    return (
        f"guest {one.nth:3}: {one.visit_s:4.1f} s, heap {one.heap_mb:.2f} MB, {counts};"
        f" traces: {', '.join(one.traces) or 'none'}; appliance {server_mb:.0f} MB;"
        f" Chromium's processes (MB): {outside}"
    )


if __name__ == "__main__":
    sys.exit(main())
