"""The system log as a table: bounded, and free of what libraries let slip."""

import logging
import sqlite3
from contextlib import closing
from functools import partial
from pathlib import Path

from kiosk_appliance.core.journaling import Journaling, line_of
from kiosk_appliance.store import journal
from kiosk_appliance.store.journal import Journal
from kiosk_appliance.store.paging import Window
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop


def test_the_oldest_lines_make_room(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            for number in range(10):
                line = line_of(SetClock(), "test", f"line {number}")
                await database.write(partial(journal.append, line=line, most=3))
            rows = await Journal(database).page(Window(50), {})
            assert [line.message for _, line in rows] == ["line 9", "line 8", "line 7"]

    in_loop(go())


def test_what_a_library_says_is_scrubbed(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            journaling = Journaling(database, SetClock())
            text = "sent to %s for %s"
            arguments = ("+33612345678", "guest@example.com")
            journaling.emit(
                logging.LogRecord("ovh.client", logging.WARNING, "", 0, text, arguments, None)
            )
            (item,) = (await journaling.page(Window(50), {"level": "warning"})).items
            assert (item.component, item.message) == ("ovh", "sent to [phone] for [email]")

    in_loop(go())


def test_what_the_database_does_not_take_is_written_later(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            journaling = Journaling(database, SetClock())
            for text in ("first", "second"):
                journaling.emit(logging.LogRecord("test", logging.WARNING, "", 0, text, (), None))
            with closing(sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)) as other:
                other.execute("begin immediate")
                await journaling.write()
                other.execute("rollback")
            items = (await journaling.page(Window(50), {"level": "warning"})).items
            assert [item.message for item in items] == ["second", "first"]

    in_loop(go())
