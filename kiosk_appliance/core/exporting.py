"""Gives the captures out as a table, Excel or CSV: a part at a time, and behind the guests.

Nothing here opens a photo: the links to it are left out, since whoever has one can also erase.
Numbers are masked unless somebody asks for them in full, and then the audit trail says so.
"""

import asyncio
import csv
import io
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import IO

from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core.auditing import entry
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.domain.guest import masked_phone
from kiosk_appliance.store import audit, exports
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.exports import Exported, Place
from kiosk_appliance.store.paging import TOP
from kiosk_appliance.store.workbooks import Cell, WorkbookFile, Workbooks

HEADER = (
    "id", "created_at", "status", "phone", "email", "consent_sms", "consent_marketing",
    "background_id", "background", "width", "height", "file_size", "sms_sent",
)  # fmt: skip
# A part is a few milliseconds of the reader's time and of the interpreter's.
_PART = 100
_CHUNK = 64 * 1024
# What a spreadsheet takes for a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which captures, by UTC milliseconds (`since` inclusive), and whether with full numbers."""

    since: int | None = None
    until: int | None = None
    full_numbers: bool = False


class Exporting:
    """The use cases of whoever takes the table away."""

    def __init__(
        self,
        *,
        database: Database,
        workbooks: Workbooks,
        clock: Clock,
        counting: Callable[[], Collection[str]],
        give_way: Callable[[], Awaitable[None]],
    ) -> None:
        self._database = database
        self._workbooks = workbooks
        self._clock = clock
        self._counting = counting
        self._give_way = give_way
        self._one_at_a_time = asyncio.Lock()

    async def csv(self, wanted: Wanted, actor: Actor) -> AsyncIterator[bytes]:
        """Return the chunks of a CSV file (UTF-8). Raises Unavailable for the disk."""
        await self._note(wanted, actor, "csv")
        return self._csv(wanted)

    async def _csv(self, wanted: Wanted) -> AsyncIterator[bytes]:
        yield _lines([HEADER])
        async for rows in self._parts(wanted):
            yield _lines([[_plain(cell) for cell in row] for row in rows])

    async def excel(self, wanted: Wanted, actor: Actor) -> AsyncIterator[bytes]:
        """Return the chunks of an Excel file, once it is whole. Raises Unavailable for the disk."""
        await self._note(wanted, actor, "excel")
        async with self._one_at_a_time:
            file = await in_daemon_thread("export", lambda: self._workbooks.begin(HEADER))
            try:
                async for rows in self._parts(wanted):
                    await _add(file, rows)
            except BaseException:
                file.abandon()
                raise
            return _chunks(await in_daemon_thread("export", file.finish))

    async def _parts(self, wanted: Wanted) -> AsyncIterator[list[list[Cell]]]:
        behind = Place(wanted.since or 0)
        until = TOP if wanted.until is None else wanted.until
        while True:
            await self._give_way()
            found = await exports.part(self._database.aside, behind, until, self._counting(), _PART)
            if found:
                yield [_cells(one, full_numbers=wanted.full_numbers) for one in found]
            if len(found) < _PART:
                return
            behind = found[-1].place

    async def _note(self, wanted: Wanted, actor: Actor, form: str) -> None:
        span = [
            f"{name} {rfc3339(moment)}"
            for name, moment in (("from", wanted.since), ("to", wanted.until))
            if moment is not None
        ]
        detail = " ".join(span) or "all captures"

        def work(tx: Transaction) -> None:
            audit.append(tx, entry(self._clock, actor, Action.EXPORTS, form, detail))
            if wanted.full_numbers:
                audit.append(tx, entry(self._clock, actor, Action.REVEALED_NUMBERS, form, detail))

        await self._database.write(work)


async def _add(file: WorkbookFile, rows: list[list[Cell]]) -> None:
    await in_daemon_thread("export", lambda: file.add(rows))


async def _chunks(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await in_daemon_thread("export", lambda: file.read(_CHUNK)):
            yield chunk


def _cells(one: Exported, *, full_numbers: bool) -> list[Cell]:
    phone = one.phone if full_numbers or one.phone is None else masked_phone(one.phone)
    return [
        one.id,
        datetime.fromtimestamp(one.place.created_at / 1000, UTC),
        "synced" if one.is_synced else "pending",
        phone,
        one.email,
        one.consent_sms,
        one.consent_marketing,
        one.background_id,
        one.background,
        one.width,
        one.height,
        one.file_size,
        one.sms_sent,
    ]


def _plain(cell: Cell) -> str:
    """Return a cell as CSV has it; the quote keeps a spreadsheet from calculating a text."""
    match cell:
        case None:
            return ""
        case datetime():
            return rfc3339(round(cell.timestamp() * 1000))
        case bool():
            return "true" if cell else "false"
        case str():
            return f"'{cell}" if cell.startswith(_FORMULA) else cell
    return str(cell)


def _lines(rows: Sequence[Sequence[str]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
