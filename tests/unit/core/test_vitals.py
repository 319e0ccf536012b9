"""The checks behind /health and the watchdog."""

import asyncio
import sqlite3
from pathlib import Path
from types import SimpleNamespace

import pytest

from kiosk_appliance.core.space import Space
from kiosk_appliance.core.vitals import Vitals, clock_check, overall
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import Cause
from kiosk_appliance.settings import Settings, load
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.reserve import Reserve
from tests.parts.clocks import NOON_MS, SetClock
from tests.parts.databases import opened
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
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            alarms: list[str | None] = [None]
            reached: list[str] = []
            circuits = {"storage": Circuit(4), "sms": Circuit(1)}
            circuits["sms"].pause(clock.mono - 5_000, "No credit.")
            vitals = Vitals(
                database=database,
                replay=SimpleNamespace(
                    circuits=lambda: circuits, reaches_anyone=lambda: bool(reached)
                ),  # type: ignore[arg-type]
                space=Space(lambda: settings, Reserve(tmp_path / "reserve")),
                alarm=lambda: alarms[0],
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
            assert checks["sms"] == {
                "status": "degraded",
                "detail": "No credit.",
                "circuit": "paused",
                "cause": "account",
                "for_s": 5,
            }
            circuits["sms"].unreachable(clock.mono, "Its name is not found.", cause=Cause.NETWORK)
            assert "no network" in str((await vitals.checks())["sms"]["detail"])
            assert vitals.cause_of(circuits["sms"]) is Cause.NETWORK
            reached.append("storage")
            assert vitals.cause_of(circuits["sms"]) is Cause.PROVIDER
            assert checks["outbox"]["waiting"] == 2
            assert await vitals.alive()
            clock.pass_ms(15_001)
            assert (await vitals.checks())["scheduler"]["status"] == "failing"
            assert not await vitals.alive()
            vitals.ticked()
            assert await vitals.alive()
            assert vitals.uptime_s == 15
            alarms[0] = "There is no new backup."
            check = (await vitals.checks())["database"]
            assert (check["status"], check["detail"]) == ("degraded", alarms[0])
            alarms[0] = None
            clock.now = 0
            assert (await vitals.checks())["clock"]["status"] == "degraded"
            other = sqlite3.connect(tmp_path / "kiosk.db", isolation_level=None)
            other.execute("begin immediate")
            checks = await vitals.checks()
            assert checks["database"]["status"] == "ok", "who asks often, writes nothing"
            wedged, quick = await asyncio.gather(
                vitals.alive(), asyncio.sleep(0, "the loop goes on")
            )
            assert (wedged, quick) == (False, "the loop goes on")
            other.close()

    in_loop(go())


def of_a_quiet_kiosk(
    database: Database, clock: SetClock, folder: Path, *, spoilt: bool = False
) -> Vitals:
    return Vitals(
        database=database,
        replay=SimpleNamespace(circuits=dict),  # type: ignore[arg-type]
        space=Space(Settings, Reserve(folder / "reserve")),
        alarm=lambda: None,
        clock=clock,
        spoilt=lambda: spoilt,
    )


@pytest.mark.parametrize(
    ("change", "figure", "words"),
    [
        ("state = 'uncertain', due_mono = 1", "uncertain", "looked up"),
        ("state = 'uncertain', due_mono = null", "parked", "outbox list"),
        ("crashes = 3, depends_on = null", "suspect", "ends the appliance"),
        ("state = 'refused', ended_at = {now}, channel = 'storage'", "lost_uploads", "refused"),
    ],
)
def test_what_an_operator_should_look_at_degrades_the_outbox(
    tmp_path: Path, change: str, figure: str, words: str
) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            added = await add_capture(database, clock, ["+33612345678"])
            vitals = of_a_quiet_kiosk(database, clock, tmp_path)
            assert (await vitals.checks())["outbox"]["status"] == "ok"
            connection = sqlite3.connect(tmp_path / "kiosk.db")
            with connection:
                set_to = change.format(now=clock.now)
                connection.execute(f"update deliveries set {set_to} where id = ?", (added.sms[0],))
            connection.close()
            outbox = (await vitals.checks())["outbox"]
            assert (outbox["status"], outbox[figure]) == ("degraded", 1)
            assert words in str(outbox["detail"])

    in_loop(go())


@pytest.mark.parametrize("spoilt", [False, True])
def test_the_watchdog_is_not_fed_by_a_process_of_no_use(tmp_path: Path, *, spoilt: bool) -> None:
    async def go() -> None:
        clock = SetClock()
        async with opened(tmp_path / "kiosk.db") as database:
            vitals = of_a_quiet_kiosk(database, clock, tmp_path, spoilt=spoilt)
            vitals.ticked()
            assert await vitals.alive() is not spoilt

    in_loop(go())


def test_the_clock_says_who_knows_and_how_far_off_it_is() -> None:
    def told(clock: SetClock) -> tuple[object, ...]:
        check = clock_check(clock)
        return check["status"], check["source"], check["off_by_s"]

    clock = SetClock()
    assert told(clock) == ("ok", "system", 0)
    assert "nobody has confirmed" in str(clock_check(clock)["detail"])
    clock.learn(clock.now, "OVH")
    assert told(clock) == ("ok", "OVH", 0)
    clock.step(-3_600_000)
    assert told(clock) == ("degraded", "OVH", -3_600)
    detail = str(clock_check(clock)["detail"])
    assert "set it" in detail
    assert "goes by the right date, confirmed by OVH" in detail
    clock = SetClock(now=0)
    assert told(clock) == ("degraded", "system", 0)
    clock.not_before(NOON_MS - clock.mono)
    clock.look()
    assert told(clock) == ("degraded", "floor", -NOON_MS / 1000)
    clock.synchronised, clock.now = True, NOON_MS
    clock.look()
    assert told(clock) == ("ok", "kernel", 0)
    assert "time service" in str(clock_check(clock)["detail"])
