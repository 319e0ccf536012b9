"""One guest's whole visit by the page's states: what she does in each of them to get on.

Each of her taps is made once: where one is lost, the state that follows it never comes.
"""

import re
from typing import Final

from playwright.sync_api import CDPSession

from tests.browser.guest_page import PLAIN, GuestPage

STATES: Final = (
    "attract",
    "consent",
    "choose",
    "countdown",
    "shooting",
    "review",
    "saving",
    "ready",
    "dial",
    "confirm",
    "sending",
    "result",
    "thanks",
)
#: Where the page is the one that works, and goes on by itself.
WORKING: Final = frozenset({"countdown", "shooting", "saving", "sending"})
_TAPS: Final = {
    "attract": "start",
    "consent": "accept",
    "review": "keep",
    "ready": "sms",
    "confirm": "send",
    "result": "finish",
    "thanks": "finish",
}


class Visit:
    """A guest with a number of her own before a page."""

    def __init__(
        self, guest: GuestPage, number: str, background: str | re.Pattern[str] = PLAIN
    ) -> None:
        """Let her choose `background` and type `number`, with or without spaces."""
        self._guest = guest
        self._number = number
        self._background = background

    def step(self, state: str) -> None:
        """Do what leads on from a state; nothing where the guest waits for the page."""
        if state == "choose":
            self._guest.choose(self._background)
            self._guest.tap("shoot")
        elif state == "dial":
            self._guest.type(self._number)
            self._guest.tap("next")
        elif state not in WORKING:
            self._guest.tap(_TAPS[state])

    def on(self, origin: str, goal: str) -> None:
        """Go on from one state until another is on the screen."""
        for state in STATES[STATES.index(origin) : STATES.index(goal)]:
            if state not in WORKING:
                self._guest.expect_state(state)
                self.step(state)
        self._guest.expect_state(goal)

    def whole(self) -> None:
        """Go from the invitation to the next one."""
        self.on("attract", "thanks")
        self.step("thanks")
        self._guest.expect_state("attract")


def hurry(devtools: CDPSession) -> None:
    """Let entrances, and the moment in which a new screen takes no touch, pass in a twentieth.

    They happen all the same; the page's own timers are not touched.
    """
    devtools.send("Animation.enable")
    devtools.send("Animation.setPlaybackRate", {"playbackRate": 20})
