"""Gives captures without a record their record back.

A commit that the disk refuses takes its record along, so that nobody is sent what was never
promised; after a crash its row may be there all the same, and its guest is answered with it.
"""

import asyncio

import structlog

from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store import captures
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.records import Record, Records, recorded

log = structlog.get_logger("recording")


async def complete_records(database: Database, records: Records, known: set[str]) -> None:
    """Write the record of each known capture that has none.

    What the disk refuses is logged, and tried again at the next start.
    """
    try:
        lacking = known - await asyncio.to_thread(records.ids)
        for capture_id in lacking:
            await _complete(database, records, capture_id)
    except (Unavailable, OSError) as error:
        log.warning("records_not_completed", reason=type(error).__name__)
    else:
        if lacking:
            log.warning("records_completed", count=len(lacking))


async def _complete(database: Database, records: Records, capture_id: str) -> None:
    def read(tx: Transaction) -> Record | None:
        capture = captures.get_for_update(tx, capture_id)
        return recorded(tx, capture) if capture else None

    record = await database.write(read)
    if record is not None:
        await asyncio.to_thread(records.write, record)
