"""Erases everything of one person, and tells how far that has come without saying who it was.

A person is a phone number or an e-mail address. All of her captures are erased in one transaction:
a power cut leaves all of them or none.
"""

from collections.abc import Callable
from contextlib import suppress

import msgspec

from kiosk_appliance import ids
from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.erasing import Erasing, mark
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.domain.guest import parse_email, parse_phone
from kiosk_appliance.errors import NotFound, Unavailable
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import audit, persons
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.persons import Ordered, Place


class Item(msgspec.Struct, frozen=True):
    """One place that one capture is erased from."""

    capture_id: str
    place: str
    state: str
    done_at: str | None


class Progress(msgspec.Struct, frozen=True):
    """The answer of `GET /admin/erasures/{id}`: nothing personal."""

    id: str
    created_at: str
    completed_at: str | None
    state: str
    captures: int
    items: list[Item]


class Persons:
    """The use cases of whoever answers a person's demand to be forgotten."""

    def __init__(
        self,
        *,
        settings: Callable[[], Settings],
        database: Database,
        erasing: Erasing,
        clock: Clock,
    ) -> None:
        self._settings = settings
        self._database = database
        self._erasing = erasing
        self._clock = clock

    async def erase_phone(self, typed: str, actor: Actor) -> Ordered:
        """Erase every capture with this number, also where it was only given for an SMS.

        Raises InvalidRequest for what is no number, Unavailable for the disk.
        """
        phone = parse_phone(typed, self._settings().sms.countries).e164
        return await self._erase(lambda tx: persons.by_phone(tx, phone), actor)

    async def erase_email(self, typed: str, actor: Actor) -> Ordered:
        """Erase every capture with this address, whatever its case.

        Raises InvalidRequest for what is no address, Unavailable for the disk.
        """
        email = parse_email(typed)
        return await self._erase(lambda tx: persons.by_email(tx, email), actor)

    async def progress(self, erasure_id: str) -> Progress:
        """Return how far an erasure has come; raises NotFound."""
        ordered = await persons.get(self._database, erasure_id)
        if ordered is None:
            raise NotFound("There is no such erasure.")
        places = await persons.places(self._database, erasure_id)
        times = [one.done_at for one in places if one.done_at is not None]
        is_done = len(times) == len(places)
        completed = max([ordered.created_at, *times])
        return Progress(
            id=ordered.id,
            created_at=rfc3339(ordered.created_at),
            completed_at=rfc3339(completed) if is_done else None,
            state="done" if is_done else "waiting",
            captures=ordered.captures,
            items=[_item(one) for one in places],
        )

    async def _erase(self, find: Callable[[Transaction], list[str]], actor: Actor) -> Ordered:
        at = self._clock.stamp()

        def work(tx: Transaction) -> tuple[Ordered, list[str]]:
            found = find(tx)
            ordered = Ordered(ids.new_id(), at.at_ms, len(found))
            for capture_id in found:
                mark(tx, capture_id, at)
            persons.order(tx, ordered, found)
            detail = f"{ordered.captures} captures of one person"
            audit.append(tx, entry(self._clock, actor, Action.ERASE, ordered.id, detail))
            return ordered, found

        ordered, found = await self._database.write(work)
        # Ordered is ordered: a disk that fails now is tried again, and the progress shows it.
        with suppress(Unavailable):
            await self._erasing.remove(found)
        return ordered


def _item(one: Place) -> Item:
    return Item(
        capture_id=one.capture_id,
        place=one.place,
        state="waiting" if one.done_at is None else "done",
        done_at=rfc3339(one.done_at) if one.done_at is not None else None,
    )
