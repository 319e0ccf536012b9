"""A database for as long as a test needs it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from kiosk_appliance.store.database import Database, open_database


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Database]:
    """Close it also where the test fails: its threads would keep pytest from ending."""
    database = await open_database(path)
    try:
        yield database
    finally:
        await database.close()
