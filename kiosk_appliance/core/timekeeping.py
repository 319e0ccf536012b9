"""What the kiosk knows of time across restarts: how old things are, and which dates hold.

Three things are remembered. *Lived time* is monotonic time that goes on from boot to boot; it
counts no hour in which the machine was off, so an age by it is never too high. The *floor* is the
last time that was told by somebody who can be believed, plus what was lived through since: it
can't be earlier now. And what this boot was *told* outlives a restart of the process.
"""

from typing import Annotated, Protocol

import msgspec
import structlog

from kiosk_appliance.clock import Clock, Reckoning
from kiosk_appliance.store import dates
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.memory import Memory

log = structlog.get_logger("clock")

_KEY = "time"
_NOTED_EVERY_MS = 60_000
# A boot a day for a quarter of a year.
_BOOTS = 90
# The second catches what was stamped before the news and written after it.
_MENDS = 2


class Made(Protocol):
    """Something with the stamp of its making."""

    @property
    def created_at(self) -> int:
        """UTC milliseconds, as the kiosk knew it then."""
        ...

    @property
    def dated(self) -> bool:
        """Whether `created_at` can be believed."""
        ...

    @property
    def created_boot(self) -> str:
        """The boot whose monotonic clock counts."""
        ...

    @property
    def created_mono(self) -> int:
        """Milliseconds of that clock."""
        ...


class _Boot(msgspec.Struct, frozen=True, array_like=True):
    """A boot of the machine: where it stood when the appliance first saw it."""

    id: str
    mono_ms: int
    lived_ms: int

    def lived_at(self, mono_ms: int) -> int:
        return self.lived_ms + mono_ms - self.mono_ms


class _Notes(msgspec.Struct, frozen=True):
    lived_ms: int
    boots: Annotated[list[_Boot], msgspec.Meta(min_length=1)]
    floor_ahead_ms: int | None = None
    """The floor minus lived time; None before anybody could be believed."""
    told: tuple[str, int, str] | None = None
    """Of which boot, how far UTC is ahead of its monotonic clock, and who said so."""


class Timekeeping:
    """Keeps the clock honest, and answers how old something is."""

    def __init__(self, clock: Clock, database: Database) -> None:
        self._clock = clock
        self._database = database
        self._memory = Memory(database)
        self._boots = [_Boot(clock.boot, clock.monotonic_ms(), 0)]
        self._floor_ahead_ms: int | None = None
        self._dated_by: Reckoning | None = None
        self._mends = 0
        self._note_due_ms = 0

    async def begin(self) -> None:
        """Go on from what an earlier run remembered; writes nothing."""
        notes = _read(await self._memory.recall(_KEY))
        if notes is not None:
            self._recall(notes)
        self._clock.look()

    def _recall(self, notes: _Notes) -> None:
        self._boots = notes.boots
        if notes.boots[-1].id != self._clock.boot:
            here = _Boot(self._clock.boot, self._clock.monotonic_ms(), notes.lived_ms)
            self._boots = [*notes.boots[1 - _BOOTS :], here]
        if notes.floor_ahead_ms is not None:
            self._raise_floor(notes.floor_ahead_ms)
        if notes.told is not None and notes.told[0] == self._clock.boot:
            self._clock.resume(Reckoning(*notes.told[1:]))

    def _raise_floor(self, ahead_of_lived_ms: int) -> None:
        self._floor_ahead_ms = ahead_of_lived_ms
        self._clock.not_before(ahead_of_lived_ms + self._boots[-1].lived_at(0))

    async def tick(self) -> None:
        """Look at the system's clock, put dates right that turned out wrong; called each second."""
        self._clock.look()
        reckoning = self._clock.reckoning
        news = reckoning != self._dated_by
        if news:
            self._mends = _MENDS
            if reckoning.is_trusted:
                self._raise_floor(reckoning.ahead_ms - self._boots[-1].lived_at(0))
        if news or self._clock.monotonic_ms() >= self._note_due_ms:
            await self._mend(reckoning)
            await self._note(reckoning)
        if news:
            self._dated_by = reckoning
            off = self._clock.off_by_ms() / 1000
            log.info("time_reckoned", by=reckoning.source, system_off_by_s=off)

    async def _mend(self, reckoning: Reckoning) -> None:
        if not self._mends:
            return

        def work(tx: Transaction) -> int:
            return dates.mend(
                tx, self._clock.boot, reckoning.ahead_ms, believed=reckoning.is_trusted
            )

        mended = await self._database.write(work)
        self._mends -= 1
        if mended:
            log.info("dates_mended", deliveries=mended)

    async def _note(self, reckoning: Reckoning) -> None:
        told = (self._clock.boot, reckoning.ahead_ms, reckoning.source)
        notes = _Notes(
            self.lived_ms(),
            self._boots,
            self._floor_ahead_ms,
            told if reckoning.is_trusted else None,
        )
        await self._memory.remember(_KEY, msgspec.json.encode(notes).decode())
        self._note_due_ms = self._clock.monotonic_ms() + _NOTED_EVERY_MS

    def lived_ms(self) -> int:
        """Return the milliseconds that the kiosk has lived through; never steps nor restarts."""
        return self._boots[-1].lived_at(self._clock.monotonic_ms())

    def age_ms(self, made: Made) -> int:
        """Return how old something is, as far as that is certain: it is never younger."""
        if made.created_boot == self._clock.boot:
            return self._clock.monotonic_ms() - made.created_mono
        lived = self.lived_ms() - self._lived_at(made)
        if made.dated and self._clock.is_trusted():
            return max(self._clock.now_ms() - made.created_at, lived)
        return lived

    def made_at_ms(self, made: Made) -> int | None:
        """Return when something was made (UTC); None where nobody who can be believed said so."""
        stamp = self._clock.stamp()
        if made.created_boot == stamp.boot:
            return stamp.at_ms - stamp.mono_ms + made.created_mono if stamp.dated else None
        return made.created_at if made.dated else None

    def _lived_at(self, made: Made) -> int:
        """Return when in lived time another boot made something, at the latest."""
        # What was lived through after the last note is not known.
        latest = self._boots[-1].lived_ms
        for boot in self._boots:
            if boot.id == made.created_boot:
                return min(boot.lived_at(made.created_mono), latest)
        return self._boots[0].lived_ms


def _read(text: str | None) -> _Notes | None:
    if text is None:
        return None
    try:
        return msgspec.json.decode(text, type=_Notes)
    except msgspec.DecodeError as error:
        log.warning("notes_unreadable", error=str(error))
        return None
