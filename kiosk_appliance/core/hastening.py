"""Makes due now what waits: all of it, or what one capture still lacks.

Nothing is sent here, and no SMS in doubt is sent again: the operator decides that for each, with
`oversight`.
"""

from collections.abc import Callable

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.oversight import lacks_its_upload
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.errors import NotFound
from kiosk_appliance.store import audit, captures, deliveries, interventions
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Delivery


class Hastening:
    """The use cases of whoever does not want to wait."""

    def __init__(self, *, database: Database, clock: Clock, hurry: Callable[[], None]) -> None:
        """Take `hurry`, which has every provider tried at once."""
        self._database = database
        self._clock = clock
        self._hurry = hurry

    async def everything(self, actor: Actor) -> int:
        """Make all that waits due now; returns how many deliveries that are."""

        def work(tx: Transaction) -> int:
            due = interventions.hurry_all(tx, self._clock.boot, self._clock.monotonic_ms())
            audit.append(tx, entry(self._clock, actor, Action.SYNC, detail=f"{due} deliveries due"))
            return due

        due = await self._database.write(work)
        self._hurry()
        return due

    async def capture(self, capture_id: str, actor: Actor) -> int:
        """Make a capture's failed and waiting deliveries due now; returns how many those are.

        Raises NotFound for unknown and erased ones.
        """

        def work(tx: Transaction) -> int:
            found = captures.get_for_update(tx, capture_id)
            if found is None or found.erased_at is not None:
                raise NotFound("There is no such capture.")
            due = sum(
                self._one(tx, delivery_id) for delivery_id in deliveries.ids_of(tx, capture_id)
            )
            detail = f"{due} deliveries due"
            audit.append(tx, entry(self._clock, actor, Action.RETRY, capture_id, detail))
            return due

        due = await self._database.write(work)
        self._hurry()
        return due

    def _one(self, tx: Transaction, delivery_id: str) -> bool:
        row: Delivery | None = deliveries.get_for_update(tx, delivery_id)
        if row is None:
            return False
        match row.state:
            case State.WAITING:
                return interventions.hurry(tx, row.id)
            case State.REFUSED if not lacks_its_upload(tx, row):
                return interventions.reopen(tx, row.id, row.last_error)
            case State.UNCERTAIN if row.due_mono is not None:
                return interventions.look_up_now(tx, row.id, self._clock.boot)
            case _:
                return False
