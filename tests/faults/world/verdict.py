"""What must hold: the outbox's rows against the guests' answers and the world's ledger."""

import asyncio
import sqlite3
from collections import Counter
from dataclasses import dataclass, field

from kiosk_appliance.domain.delivery import ENDED, State
from kiosk_appliance.store.destruction import Remains
from tests.faults.world.kiosk import Life
from tests.faults.world.world import World

# A call takes a while, and so does its SMS.
_GRACE_S = 60.0
# Whatever still waits in fair weather is done within that: an SMS's life, its look-ups.
_LOOK_S = 30.0
_LOOKS = int(30 * 3600 / _LOOK_S)
_OPEN = "state in ('waiting', 'running') or (state = 'uncertain' and due_mono is not null)"


@dataclass(frozen=True, slots=True)
class Promise:
    """An SMS that the kiosk has answered for: `at` is the true time of the answer."""

    sms_id: str
    capture_id: str
    phone: str
    at: float


@dataclass
class Figures:
    """What came of a season."""

    kills: int = 0
    hours: float = 0.0
    ends: Counter[str] = field(default_factory=Counter)
    calls: int = 0
    met: Counter[str] = field(default_factory=Counter)
    handsets: int = 0
    twice: int = 0
    erased: int = 0
    violations: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        ends, met = _listed(self.ends), _listed(self.met)
        return (
            f"{self.ends.total()} SMS in {self.hours:.0f} virtual hours, {self.kills} restarts: "
            f"{ends}; {self.handsets} handsets, {self.twice} with two; "
            f"{self.erased} photos erased; "
            f"{self.calls} calls met {met}; {len(self.violations)} violations"
        )


def _listed(numbers: Counter[str]) -> str:
    return ", ".join(f"{number} {what}" for what, number in sorted(numbers.items())) or "nothing"


async def after_start(life: Life, world: World, promises: dict[str, Promise]) -> None:
    """Hold the outbox to what must be true whenever the process has just started."""
    rows = await _rows(life)
    # A rebuilt row says of its attempts what its record does: nobody destroys anything here.
    for folder in Remains(life.store.layout).folders():
        world.violated(f"a sound database was taken for destroyed: {folder}")
    for promise in promises.values():
        if promise.sms_id not in rows:
            world.violated(f"the SMS {promise.sms_id} was answered for and is gone")
    lives = {str(row["run_id"]).split(".")[0] for row in rows.values() if row["state"] == "running"}
    for stale in lives & world.lives:
        world.violated(f"a delivery still runs in the life {stale}")
    world.lives |= lives
    for row in rows.values():
        _look_at(row, rows, world)


async def wait_for_the_end(life: Life) -> None:
    """Wait until nothing is left that the kiosk would do by itself, at most for long enough."""
    open_ones = f"select 1 from deliveries where {_OPEN} limit 1"
    for _ in range(_LOOKS):
        if not await life.store.database.all(open_ones):
            return
        await asyncio.sleep(_LOOK_S)


async def at_the_end(
    life: Life, world: World, promises: dict[str, Promise], figures: Figures
) -> None:
    """Hold every promise to its end."""
    rows = await _rows(life)
    figures.hours, figures.met = world.now / 3600, world.met
    figures.handsets = len(world.handsets)
    figures.twice = sum(len(got) > 1 for got in world.handsets.values())
    figures.calls = sum(world.departed[name] for name in rows if rows[name]["channel"] == "sms")
    for row in rows.values():
        _look_at(row, rows, world)
        _look_at_attempts(row, world)
        if row["channel"] != "sms" and row["state"] not in ENDED:
            world.violated(f"the {row['channel']} delivery {row['id']} ends {row['state']}")
        if row["capture_id"] in world.erased:
            continue
        if row["channel"] == "postgres" and row["capture_id"] not in world.entries:
            world.violated(f"the capture {row['capture_id']} is missing in the central database")
    _look_for_the_erased(rows, world)
    figures.erased = len(world.erased)
    for promise in promises.values():
        if promise.sms_id not in rows:
            world.violated(f"the SMS {promise.sms_id} was answered for and is gone")
            continue
        row = rows[promise.sms_id]
        if promise.capture_id in world.erased:
            figures.ends["erased"] += 1
            continue
        figures.ends[_end_of(row, promise, life, world)] += 1


def _look_for_the_erased(rows: dict[str, sqlite3.Row], world: World) -> None:
    """Nothing of an erased photo is anywhere, and nothing in the outbox says whose it was."""
    for capture_id, token in world.erased.items():
        if {f"{token}.jpg", f"{token}.html"} & set(world.objects):
            world.violated(f"the erased photo {capture_id} is in the storage")
        if capture_id in world.entries or capture_id not in world.tombs:
            world.violated(f"the central database knows the erased photo {capture_id}")
    for row in rows.values():
        if row["capture_id"] in world.erased and (row["text"] or row["recipient"][:1] == "+"):
            world.violated(f"the delivery {row['id']} says whom an erased photo was sent to")


def _end_of(row: sqlite3.Row, promise: Promise, life: Life, world: World) -> str:
    state, got = State(row["state"]), world.got(row["tag"])
    life_s = life.settings.sms.expires_after
    name = f"the SMS {row['id']} ({row['tag']})"
    if state is State.DELIVERED and len(got) != 1:
        world.violated(f"{name} counts as delivered, and {len(got)} handsets have it")
    if state in ENDED - {State.DELIVERED} and got:
        world.violated(f"{name} ends {state}, and a handset has it")
    if state in ENDED - {State.DELIVERED} and not row["last_error"]:
        world.violated(f"{name} ends {state} without a reason")
    if state is State.EXPIRED and world.now - promise.at < life_s:
        world.violated(f"{name} has expired too early")
    if any(sms.recipient != promise.phone for sms in got):
        world.violated(f"{name} went to another number")
    # Nobody knows how long the machine was off until the clock can be believed.
    latest = promise.at + life_s + world.off_s + _GRACE_S
    if any(sms.at > latest for sms in got):
        world.violated(f"{name} came when it had expired")
    if state is State.UNCERTAIN and row["due_mono"] is None:
        return "parked"
    if state not in ENDED:
        world.violated(f"{name} is stuck: {state}, {row['last_error']}")
    return str(state)


def _look_at(row: sqlite3.Row, rows: dict[str, sqlite3.Row], world: World) -> None:
    """Hold one row to what is true at any time."""
    name, state = f"the {row['channel']} delivery {row['id']}", row["state"]
    if state == "uncertain" and row["due_mono"] is None:
        words = row["last_error"] or ""
        if "retry" not in words or "cancel" not in words:
            world.violated(f"{name} is parked without the operator's two choices: {words}")
    if state == "waiting" and row["depends_on"] is None and row["due_mono"] is None:
        world.violated(f"{name} waits for nothing")
    if state == "waiting" and row["depends_on"] is not None:
        upload = rows.get(row["depends_on"])
        if upload is None or upload["state"] in ENDED:
            world.violated(f"{name} waits for an upload that has ended")


def _look_at_attempts(row: sqlite3.Row, world: World) -> None:
    """Attempts count the calls that may have left; the process's death hides or adds one."""
    left, cut = world.departed[row["id"]], world.cut[row["id"]]
    lowest, highest = (left, left + cut) if row["channel"] == "sms" else (left - cut, left)
    if not lowest <= row["attempts"] <= highest:
        world.violated(
            f"the {row['channel']} delivery {row['id']} counts {row['attempts']} attempts: "
            f"{left} calls left, {cut} were cut by a kill; it ends {row['state']} after "
            f"{row['resends']} resends and {row['crashes']} crashes: {row['last_error']}"
        )


async def _rows(life: Life) -> dict[str, sqlite3.Row]:
    found = await life.store.database.all("select * from deliveries order by seq")
    return {row["id"]: row for row in found}
