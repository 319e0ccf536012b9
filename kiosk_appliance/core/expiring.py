"""Ends SMS that nobody wants any more, also while their provider can't be reached.

An SMS whose age can't be known (made under a clock that nobody could believe) is never ended here.
"""

from collections.abc import Callable

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import interventions
from kiosk_appliance.store.database import Database

log = structlog.get_logger("replay")


class Expiring:
    """The sweep for what is too old to be sent."""

    def __init__(
        self, *, settings: Callable[[], Settings], database: Database, clock: Clock
    ) -> None:
        self._settings = settings
        self._database = database
        self._clock = clock

    async def sweep(self) -> None:
        """End what is too old."""
        stamp, life_ms = self._clock.stamp(), round(self._settings().sms.expires_after * 1000)
        # Asked of the reader first: a kiosk where nothing is too old writes nothing.
        if not await interventions.is_any_too_old(self._database, stamp, life_ms):
            return
        ended = await self._database.write(lambda tx: interventions.expire_sms(tx, stamp, life_ms))
        log.warning("sms_expired", count=ended)
