"""How long a photo is kept, and when it will be erased."""

from collections.abc import Callable

from kiosk_appliance.clock import Clock
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.settings import Settings

_DAY_S = 24 * 3600


class Keeping:
    """The retention rule as the settings have it now."""

    def __init__(self, settings: Callable[[], Settings], clock: Clock) -> None:
        self._settings = settings
        self._clock = clock

    @property
    def seconds(self) -> int | None:
        """Return for how long photos are kept; None: until somebody erases them."""
        return None if self.days is None else self.days * _DAY_S

    @property
    def days(self) -> int | None:
        """Return for how many days photos are kept; None: until somebody erases them."""
        rule = self._settings().retention
        return rule.days if rule.enabled else None

    def erase_at_s(self, capture: Capture) -> int | None:
        """Return when a capture's photo will be erased as far as one can say, in Unix seconds.

        None where nothing is erased by age, or where the capture's own date can't be right.
        """
        if self.seconds is None:
            return None
        if not capture.dated and not self._clock.is_plausible(capture.created_at):
            return None
        return capture.created_at // 1000 + self.seconds
