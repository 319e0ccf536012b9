"""The audit trail for whoever reads it, and one line of it for whoever writes it."""

import msgspec

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core.paging import Page, page_of
from kiosk_appliance.domain.audit import Action, Actor, Entry
from kiosk_appliance.store import audit
from kiosk_appliance.store.audit import Audit
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.paging import Window


class AuditItem(msgspec.Struct, frozen=True):
    """One line of the trail."""

    id: str
    at: str
    actor: Actor
    action: Action
    target: str | None
    detail: str | None


class Auditing:
    """The use cases of the audit trail."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._trail = Audit(database.aside)

    async def page(self, window: Window) -> Page[AuditItem]:
        """Return a page of the trail, newest first."""
        rows = await self._trail.page(window)
        return page_of(rows, window, await self._trail.total(), _item)

    async def note(
        self,
        actor: Actor,
        action: Action,
        target: str | None = None,
        detail: str | None = None,
    ) -> None:
        """Write down what has been done outside of any transaction."""
        noted = entry(self._clock, actor, action, target, detail)
        await self._database.write(lambda tx: audit.append(tx, noted))


def entry(
    clock: Clock,
    actor: Actor,
    action: Action,
    target: str | None = None,
    detail: str | None = None,
) -> Entry:
    """Return a line for the trail; whoever changes rows appends it in the same transaction."""
    return Entry(ids.new_id(), clock.now_ms(), actor, action, target, detail)


def _item(one: Entry) -> AuditItem:
    return AuditItem(one.id, rfc3339(one.at), one.actor, one.action, one.target, one.detail)
