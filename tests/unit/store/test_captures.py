"""Looking up many captures at once."""

import sqlite3
from pathlib import Path

from kiosk_appliance.store.captures import SYNCED, Captures
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture

NUMBER = "+33612345678"


def test_a_capture_is_synced_once_all_on_these_channels_is_delivered(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            clock, captures = SetClock(), Captures(database)
            pending, synced, erased = [
                (await add_capture(database, clock, [NUMBER])).capture.id for _ in range(3)
            ]

            def settle(tx: sqlite3.Connection) -> None:
                tx.execute(
                    "update deliveries set state = 'delivered'"
                    " where channel = 'storage' and capture_id in (?, ?)",
                    (synced, erased),
                )
                tx.execute("update captures set erased_at = 1 where id = ?", (erased,))

            await database.write(settle)
            asked = [pending, synced, erased, "unknown", "\ud800\x00'"]
            told = await captures.synced(asked, {"storage", "postgres"})
            assert told == {pending: False, synced: True}
            assert await captures.synced([synced], {"storage", "sms"}) == {synced: False}
            plan = await database.all(f"explain query plan {SYNCED}", ("[]", "[]"))
            steps = [row["detail"] for row in plan]
            assert not [step for step in steps if step in {"SCAN captures", "SCAN deliveries"}]

    in_loop(go())
