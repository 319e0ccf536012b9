"""The room on the disk: measured each second, kept in reserve, said before a guest poses.

A photo is refused below the mark; nothing is ever deleted to make room for one. The database, which
also has to record deliveries and erasures on a full disk, gets the reserve.
"""

import asyncio
from collections.abc import Callable
from typing import TypeVar

import structlog

from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.domain.space import (
    LEAST_BYTES,
    LEAST_FILES,
    Figures,
    Marks,
    Standing,
    marks_on,
)
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.disk import disk_full, reason
from kiosk_appliance.store.reserve import Reserve

log = structlog.get_logger("disk")

T = TypeVar("T")
Check = dict[str, str | int | float]


class Space:
    """Knows how things stood at the last look; asking it touches nothing."""

    def __init__(self, settings: Callable[[], Settings], reserve: Reserve) -> None:
        self._settings = settings
        self._reserve = reserve
        # One hand on the reserve at a time.
        self._turn = asyncio.Lock()
        self._figures = Figures(0, 0, None)
        self._held = 0
        self._standing = Standing.ROOM
        self._refusal = ""

    def go_by(self, settings: Callable[[], Settings]) -> None:
        """Ask here for the settings from now on."""
        self._settings = settings

    @property
    def is_short(self) -> bool:
        """Say whether a photo would be refused."""
        return self._standing is Standing.SHORT

    @property
    def free_bytes(self) -> int:
        """Return the free space at the last look."""
        return self._figures.free

    def admit(self) -> None:
        """Raise Unavailable `insufficient-storage` where there is no room for a photo."""
        if self.is_short:
            raise disk_full()

    async def look(self) -> bool:
        """Measure, and make the reserve where there is room; True when room has returned.

        Raises OSError where the disk does not even say how full it is.
        """
        was_short = self.is_short
        await self._in_turn(self._measure_and_make)
        return was_short and not self.is_short

    async def look_again(self) -> None:
        """Measure at once: a write has found less room than the last look. Raises OSError."""
        await self._in_turn(self._measure)

    async def relieve(self) -> bool:
        """Give the database a slice of the reserve; False where nothing is left of it.

        From then on no photo is admitted that could take it. Raises OSError.
        """
        given = await self._in_turn(self._give)
        if given:
            log.warning("reserve_used", left_bytes=self._held)
        return given

    async def _in_turn(self, work: Callable[[], T]) -> T:
        async with self._turn:
            before = self._standing
            done = await in_daemon_thread("disk-look", work)
        if self._standing is not before:
            tell = log.error if self.is_short else log.info
            tell("disk_standing", standing=self._standing, **self._said())
        return done

    async def make_way(self) -> None:
        """Give back what a start needs: even to open the database takes a little room."""
        await self.look_again()
        while self._figures.free < LEAST_BYTES and await self.relieve():
            pass

    def _give(self) -> bool:
        given = self._reserve.give()
        self._measure()
        return given

    def _measure_and_make(self) -> None:
        self._measure()
        marks = self._marks
        if self._held == marks.reserve or (self.is_short and self._held < marks.reserve):
            return
        try:
            self._reserve.make(marks.reserve)
        except OSError as error:
            # One line for each change: this is tried each second.
            if self._refusal != reason(error):
                self._refusal = reason(error)
                log.warning("reserve_refused", errno=self._refusal)
        else:
            self._refusal = ""
        self._measure()

    def _measure(self) -> None:
        self._figures, self._held = self._reserve.figures(), self._reserve.held()
        self._standing = self._marks.standing(self._figures, self._held)

    @property
    def _marks(self) -> Marks:
        return marks_on(self._figures.total, self._settings().disk)

    def check(self) -> Check:
        """Return the health check: what is wrong, and what to do about it."""
        status = {Standing.ROOM: "ok", Standing.LOW: "degraded", Standing.SHORT: "failing"}
        return {"status": status[self._standing], "detail": self._words(), **self._said()}

    def _said(self) -> dict[str, int]:
        files = {} if self._figures.files is None else {"free_files": self._figures.files}
        return {"free_bytes": self._figures.free, "reserve_bytes": self._held, **files}

    def _words(self) -> str:
        marks, figures = self._marks, self._figures
        free, wanted = _size(figures.free), marks.wanted(self._held)
        if self._standing is Standing.ROOM:
            return f"There is room: {free} are free."
        if self._standing is Standing.LOW:
            return (
                f"Only {free} are free; below {_size(wanted)} no photo is taken in. Remove files"
                " that are not the kiosk's, or give it a larger disk."
            )
        if marks.refuse_below + marks.reserve > figures.total:
            return (
                f"No photo is taken in: [disk] asks for {_size(marks.refuse_below + marks.reserve)}"
                f" and the whole disk has {_size(figures.total)}. Set refuse_below and reserve to"
                " less, or give the kiosk a larger disk."
            )
        if figures.free < wanted:
            return (
                f"No photo is taken in: {free} are free, and [disk] asks for {_size(wanted)}."
                " Remove files that are not the kiosk's; it goes on by itself."
            )
        return (
            f"No photo is taken in: the disk takes only {figures.files} more files, and"
            f" {LEAST_FILES} are wanted. Remove files that are not the kiosk's; it goes on by"
            " itself."
        )


def _size(count: int) -> str:
    for unit, bytes_ in (("GB", 1 << 30), ("MB", 1 << 20)):
        if count >= bytes_:
            return f"{count / bytes_:.3g} {unit}"
    return f"{count // 1024} kB"
