"""How long a photo is kept, and when it will be erased."""

from collections.abc import Callable

from kiosk_appliance.clock import CREDIBLE_FROM_MS
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.settings import Settings

_DAY_S = 24 * 3600


class Keeping:
    """The retention rule as the settings have it now."""

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings

    @property
    def days(self) -> int | None:
        """Return for how many days photos are kept; None: until somebody erases them."""
        rule = self._settings().retention
        return rule.days if rule.enabled else None

    def erase_at_s(self, capture: Capture) -> int | None:
        """Return when a capture's photo is erased, Unix time in seconds.

        None where nothing is erased by age, or where the capture's own date can't be believed.
        """
        if self.days is None or capture.created_at < CREDIBLE_FROM_MS:
            return None
        return capture.created_at // 1000 + self.days * _DAY_S
