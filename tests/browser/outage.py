"""An appliance that is killed under a page and comes back, and what it owes its guest all the same.

By the page's clock: `probe.js` notes every call of the page, when it began and whether it was
answered. Knows no state of the page.
"""

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from itertools import chain, count
from typing import Any, Final

from playwright.sync_api import Error, Request, Route

from tests.browser.conftest import OpenPage
from tests.browser.endurance import PROBE
from tests.browser.holding import hold
from tests.browser.visit import hurry
from tests.parts.appliance import Appliance
from tests.parts.waiting import wait_until

#: What Chromium reports of calls that find nobody, or are cut off.
AWAY: Final = "ERR_(CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|CONTENT_LENGTH_MISMATCH)"
BACK_WITHIN_MS: Final = 3000
_ALL_PICTURES: Final = """() => [...document.images].every(
  (image) => image.complete && image.naturalWidth > 0)"""
#: A guest each: the appliance sends only so many SMS to one number.
_GUESTS: Final = count()


class Outage:
    """One page, and an appliance that leaves it alone for a while."""

    def __init__(self, open_page: OpenPage, appliance: Appliance) -> None:
        """Have a page, not opened yet."""
        self.guest, guard = open_page()
        self.page = self.guest.page
        self.appliance = appliance
        guard.expect(AWAY)
        self.page.add_init_script(path=PROBE)
        hurry(self.page.context.new_cdp_session(self.page))
        self._held: list[list[Route]] = []
        self._loads: list[str] = []
        self._killed = self._returned = 0.0

    def open(self) -> "Outage":
        """Load the page; whatever else it loads from now on, `held` fails on."""
        self.guest.open()
        self.page.on("framenavigated", lambda frame: self._loads.append(frame.url))
        return self

    def hold(self, request: str) -> list[Route]:
        """Hold back these requests until the kill; return a list that grows by each of them."""
        self._held.append(hold(self.page, request))
        return self._held[-1]

    def kill(self, *, noticed: bool = False) -> None:
        """Kill the appliance; what was held back finds nobody then.

        With `noticed`, return once the page has asked in vain whether it is there.
        """
        self._killed = self._now()
        with self._ping_in_vain() if noticed else nullcontext():
            self.appliance.kill()
        for route in chain(*self._held):
            with suppress(Error):  # one that the page has given up meanwhile
                route.continue_()
        self._held.clear()
        self.page.unroute_all()

    def end(self) -> None:
        """Start the appliance again."""
        self.appliance.start()
        self._returned = self._now()

    def expect_asked_again(self, path: str) -> None:
        """Fail unless the page asked within 3 s of the return for what it then got.

        `path` is the address to its second slash. Without the time that the answer took: that is
        the machine's, not the page's.
        """
        tries: list[dict[str, Any]] = self.page.evaluate("() => probe.tries()")
        began, *_ = [
            one["began"]
            for one in tries
            if one["path"] == path and one["came"] and one["ended"] > self._killed
        ]
        assert began - self._returned < BACK_WITHIN_MS

    def expect_whole(self) -> None:
        """Fail unless it is still the same page, with each of its pictures."""
        self.page.wait_for_function(_ALL_PICTURES)
        assert self._loads == []

    def _now(self) -> float:
        moment: float = self.page.evaluate("() => performance.now()")
        return moment

    @contextmanager
    def _ping_in_vain(self) -> Iterator[None]:
        def is_ping(call: Request) -> bool:
            return call.url.endswith("/health/ping")

        with self.page.expect_event("requestfailed", is_ping):
            yield


class Promises:
    """What the appliance owes one guest, whatever happens to it: one photo and one SMS."""

    def __init__(self, appliance: Appliance) -> None:
        """Give the guest a number."""
        self.number = f"06 12 37 00 {next(_GUESTS):02}"
        self._appliance = appliance
        self._before = self._records()

    def expect_kept(self) -> None:
        """Fail unless there is one photo more, and one SMS, or one that is in doubt."""
        (made,) = self._records() - self._before
        state = self._sms_state(made)
        e164 = "+33" + self.number.replace(" ", "")[1:]
        lines = [line for line in self._appliance.handset_lines() if e164 in line]
        # Killed while it was being sent: whether it was is found out later, by its tag.
        assert len(lines) == 1 or (state == "uncertain" and not lines), (state, lines)

    def _records(self) -> set[str]:
        return {path.stem for path in (self._appliance.data_dir / "photos").glob("*.json")}

    def _sms_state(self, capture_id: str) -> str:
        def state() -> str:
            deliveries = self._appliance.status(capture_id)["deliveries"]
            (found,) = [one["state"] for one in deliveries if one["channel"] == "sms"]
            return str(found)

        wait_until(lambda: state() in {"delivered", "uncertain"}, 20, self._appliance)
        return state()
