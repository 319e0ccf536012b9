"""The checks behind /health and the watchdog."""

import asyncio
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk_appliance.core.vitals import Vitals, overall
from kiosk_appliance.domain.circuit import Position
from kiosk_appliance.settings import load
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.deliveries import Deliveries
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture


@pytest.mark.parametrize(
    ("statuses", "expected"),
    [
        (["ok", "ok"], "ok"),
        (["off", "ok"], "ok"),
        (["ok", "degraded", "off"], "degraded"),
        (["degraded", "failing", "ok"], "failing"),
    ],
)
def test_the_worst_check_counts(statuses: list[str], expected: str) -> None:
    assert overall({str(i): {"status": status} for i, status in enumerate(statuses)}) == expected


def test_checks_follow_what_happens(tmp_path: Path) -> None:
    config = tmp_path / "kiosk.toml"
    marks = '[disk]\nwarn_below = "2 MB"\nrefuse_below = "1 MB"\nreserve = "1 MB"\n'
    config.write_text(f'[kiosk]\ndata_dir = "{tmp_path}"\n{marks}', encoding="utf-8")
    settings = load(config, {}).settings

    async def go() -> None:
        clock, database = SetClock(), await open_database(tmp_path / "kiosk.db")
        standing = {"storage": (Position.CLOSED, ""), "sms": (Position.PAUSED, "No credit.")}
        vitals = Vitals(
            settings=lambda: settings,
            database=database,
            deliveries=Deliveries(database),
            replay=SimpleNamespace(standing=lambda: standing),  # type: ignore[arg-type]
            clock=clock,
        )
        await add_capture(database, clock, ["+33612345678"])
        checks = await vitals.checks()
        told = {name: check["status"] for name, check in checks.items()}
        assert told == {
            "database": "ok",
            "disk": "ok",
            "storage": "ok",
            "sms": "degraded",
            "postgres": "off",
            "outbox": "ok",
            "clock": "ok",
            "scheduler": "ok",
        }
        assert checks["sms"]["detail"] == "No credit."
        assert checks["outbox"]["waiting"] == 2
        assert await vitals.alive()
        clock.pass_ms(15_001)
        assert (await vitals.checks())["scheduler"]["status"] == "failing"
        assert not await vitals.alive()
        vitals.ticked()
        assert await vitals.alive()
        assert vitals.uptime_s == 15
        clock.now = 0
        assert (await vitals.checks())["clock"]["status"] == "degraded"
        other = sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)
        other.execute("begin immediate")
        checks = await vitals.checks()
        assert checks["database"]["status"] == "ok", "who asks often, writes nothing"
        wedged, quick = await asyncio.gather(vitals.alive(), asyncio.sleep(0, "the loop goes on"))
        assert (wedged, quick) == (False, "the loop goes on")
        other.close()
        await database.close()

    in_loop(go())
