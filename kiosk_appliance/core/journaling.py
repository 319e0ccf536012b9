"""The system log for whoever reads it over HTTP: gathered from the log, written by the handful.

A capture's own line is written in its transaction (`line_of`), whatever the log's level. All other
lines wait in memory for a second or two, and share one commit; a power cut may take those along.
"""

import logging
from collections import deque
from collections.abc import Mapping
from typing import Any

import msgspec
from structlog.contextvars import get_contextvars

from kiosk_appliance import ids, logs
from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.core.paging import Page, page_of
from kiosk_appliance.domain.journal import Line
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store import journal
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.journal import Journal
from kiosk_appliance.store.paging import Window

# Of what a storm says between two looks the newest are kept.
_MOST_WAITING = 1000
_LONGEST = 1000
_APART = frozenset({"event", "level", "logger", "timestamp", "correlation_id", "exception"})


class LogItem(msgspec.Struct, frozen=True):
    """One line of the system log."""

    id: str
    timestamp: str
    level: str
    component: str
    message: str
    correlation_id: str | None


class Journaling(logging.Handler):
    """The use cases of the system log; a handler of the process's log as well."""

    def __init__(self, database: Database, clock: Clock) -> None:
        super().__init__(logging.INFO)
        self._database = database
        self._clock = clock
        self._journal = Journal(database.aside)
        self._waiting: deque[Line] = deque(maxlen=_MOST_WAITING)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line until it is written."""
        self._waiting.append(self._line(record))

    async def write(self) -> None:
        """Write what has been gathered, in one commit; what can't be written now stays gathered."""
        lines = [self._waiting.popleft() for _ in range(len(self._waiting))]
        if not lines:
            return

        def work(tx: Transaction) -> None:
            for line in lines:
                journal.append(tx, line)

        try:
            await self._database.write(work)
        except Unavailable:
            # The oldest give way: the table itself keeps the newest.
            room = _MOST_WAITING - len(self._waiting)
            self._waiting.extendleft(reversed(lines[max(len(lines) - room, 0) :]))

    async def page(self, window: Window, wanted: Mapping[str, str]) -> Page[LogItem]:
        """Return a page of the lines that match every filter, newest first."""
        await self.write()
        rows = await self._journal.page(window, wanted)
        return page_of(rows, window, await self._journal.total(wanted), _item)

    def _line(self, record: logging.LogRecord) -> Line:
        said = _fields(record)
        words = [str(said.get("event", ""))]
        words += [f"{name}={value}" for name, value in said.items() if name not in _APART]
        correlation = said.get("correlation_id")
        return Line(
            id=ids.new_id(),
            at=self._clock.now_ms(),
            level=record.levelname.lower(),
            component=record.name.partition(".")[0],
            message=" ".join(words)[:_LONGEST],
            correlation_id=None if correlation is None else str(correlation),
        )


def line_of(clock: Clock, component: str, message: str) -> Line:
    """Return a line for whoever appends it in a transaction of his own."""
    correlation = get_contextvars().get("correlation_id")
    return Line(ids.new_id(), clock.now_ms(), "info", component, message, correlation)


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """Return what a line says; ours are JSON already, and free of anything personal."""
    if not record.args and isinstance(record.msg, str) and record.msg.startswith("{"):
        try:
            return msgspec.json.decode(record.msg, type=dict[str, Any])
        except msgspec.DecodeError:
            pass
    return {"event": logs.scrubbed(record.getMessage())}


def _item(line: Line) -> LogItem:
    return LogItem(
        line.id,
        rfc3339(line.at),
        line.level,
        line.component,
        line.message,
        line.correlation_id,
    )
