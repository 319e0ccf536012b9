"""What the guest page has said of its camera, until it says something else.

Kept in memory: the page says it anew with each guest. Knows neither the page nor the camera.
"""

from dataclasses import dataclass
from enum import StrEnum

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.space import Check

log = structlog.get_logger("camera")

#: Of the shorter side, in pixels; the guest page says the same to its guest.
_SMALL = 720
#: Between two lines of one state: a loose contact, or a page gone wild, fills no log.
_QUIET_MS = 60_000


class State(StrEnum):
    """How it goes with the camera, in the page's words."""

    ON = "on"
    REFUSED = "refused"
    MISSING = "missing"
    BUSY = "busy"
    LOST = "lost"
    SILENT = "silent"


_FAULTS = {
    State.REFUSED: "The browser does not allow the camera: allow it for the guest page.",
    State.MISSING: "The browser finds no camera: check its cable.",
    State.BUSY: "Another program holds the camera: close that program.",
    State.LOST: "The camera was unplugged before a guest: plug its cable in again.",
    State.SILENT: "The camera gives no picture: unplug it and plug it in again.",
}
_UNTIL = "This ends with the next guest whose camera works: try it."


@dataclass(frozen=True, slots=True)
class Sight:
    """One report; width and height in pixels are 0 where there is no picture."""

    state: State
    width: int = 0
    height: int = 0


class Camera:
    """The page's last report."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._sight = Sight(State.ON)
        self._since_ms = clock.monotonic_ms()
        self._logged_ms: dict[State, int] = {}

    def told(self, sight: Sight) -> None:
        """Take a report; one that says something new has its line in the log, within bounds."""
        if sight == self._sight:
            return
        if sight.state is not self._sight.state:
            self._since_ms = self._clock.monotonic_ms()
        self._sight = sight
        if not self._may_log(sight.state):
            return
        if sight.state is State.ON:
            log.info("camera_works", width=sight.width, height=sight.height)
        else:
            log.warning("camera_fails", state=sight.state)

    def _may_log(self, state: State) -> bool:
        now_ms = self._clock.monotonic_ms()
        if now_ms - self._logged_ms.get(state, -_QUIET_MS) < _QUIET_MS:
            return False
        self._logged_ms[state] = now_ms
        return True

    def check(self) -> Check | None:
        """Say what somebody has to do; None: nothing, as far as the page has said."""
        state, side = self._sight.state, min(self._sight.width, self._sight.height)
        if state is not State.ON:
            for_s = (self._clock.monotonic_ms() - self._since_ms) // 1000
            detail = f"{_FAULTS[state]} {_UNTIL}"
            return {"status": "failing", "detail": detail, "cause": str(state), "for_s": for_s}
        if 0 < side < _SMALL:
            size = f"{self._sight.width} x {self._sight.height}"
            detail = f"The camera gives {size} pixels: set it to more, or take another one."
            return {"status": "degraded", "detail": detail}
        return None
