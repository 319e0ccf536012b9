"""Whether all is well: the checks behind `/health` and the watchdog.

`failing` means that guests can't be served; a provider that can't be reached is `degraded`.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import asdict

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.replay import Replay
from kiosk_appliance.core.space import Check, Space
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import Cause
from kiosk_appliance.errors import DiskFailing, DiskFull, KioskError
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.disk import disk_full
from kiosk_appliance.store.load import Standing, load_of, standings_of

_RANK = ("ok", "off", "degraded", "failing")
_TICK_LATE_MS = 15_000
_DAY_MS = 24 * 3600 * 1000
_PROOF_S = 5.0
_PROOF_GOOD_MS = 5_000
# Secure connections and log lines go by the system's clock.
_OFF_S = 60
_TIME_SOURCES = {"kernel": "the machine's time service"}


class Vitals:
    """Makes the checks; each is cheap and touches no network.

    `alarm` says in a sentence what of the database somebody has to look at, `settings_alarm` what
    of kiosk.toml, and `cutting` what keeps people from being cut out of photos, if anything.
    `camera` is a check while the guest page has trouble with its own, and `spoilt` says whether
    the process is of no use any more.
    """

    def __init__(
        self,
        *,
        database: Database,
        replay: Replay,
        space: Space,
        alarm: Callable[[], str | None],
        clock: Clock,
        settings_alarm: Callable[[], str | None] = lambda: None,
        cutting: Callable[[], str | None] = lambda: None,
        camera: Callable[[], Check | None] = lambda: None,
        spoilt: Callable[[], bool] = lambda: False,
    ) -> None:
        self._database = database
        self._replay = replay
        self._space = space
        self._alarm = alarm
        self._cutting = cutting
        self._camera = camera
        self._spoilt = spoilt
        self._clock = clock
        self._settings_alarm = settings_alarm
        self._started = self._ticked = clock.monotonic_ms()
        self._proving = asyncio.Lock()
        self._proof: Check = {"status": "ok", "detail": "Not asked yet."}
        self._proved_until = 0
        self._fault: str | None = None

    def ticked(self) -> None:
        """Note that the scheduler has just run."""
        self._ticked = self._clock.monotonic_ms()

    @property
    def uptime_s(self) -> int:
        """Return the seconds since the start."""
        return (self._clock.monotonic_ms() - self._started) // 1000

    async def checks(self) -> dict[str, Check]:
        """Return every check of the contract by name; others only while they need somebody."""
        mend: dict[str, Check] = {}
        alarm, complaint, camera = self._settings_alarm(), self._cutting(), self._camera()
        if alarm:
            mend["settings"] = {"status": "degraded", "detail": alarm}
        if complaint:
            detail = f"Nobody is cut out; photos are framed instead. {complaint}"
            mend["cutting"] = {"status": "degraded", "detail": detail}
        if camera:
            mend["camera"] = camera
        return {
            "database": await self._database_check(),
            "disk": self._space.check(),
            "storage": self._channel("storage"),
            "sms": self._channel("sms"),
            "postgres": self._channel("postgres"),
            "outbox": await self._outbox(),
            "clock": clock_check(self._clock),
            "scheduler": self._scheduler(),
            **mend,
        }

    async def alive(self) -> bool:
        """Say whether the event loop and the database do their work: the watchdog's question.

        It gets a proof of its own, never a remembered one.
        """
        if self._spoilt():
            return False
        async with self._proving:
            proof = await self._prove_anew()
        return proof["status"] == "ok" and self._scheduler()["status"] == "ok"

    def obstacle(self) -> str | None:
        """Return the code that a photo would be refused with, as far as is known without asking.

        The watchdog's proof is never older than its interval.
        """
        return disk_full().code if self._space.is_short else self._fault

    async def _database_check(self) -> Check:
        # A proof is a durable write: one at a time, and good for a while, so that whoever asks
        # often keeps no guest's photo waiting.
        async with self._proving:
            if self._clock.monotonic_ms() >= self._proved_until:
                await self._prove_anew()
            proof = self._proof
        alarm = await asyncio.to_thread(self._alarm)
        if alarm is not None and proof["status"] == "ok":
            return proof | {"status": "degraded", "detail": alarm}
        return proof

    async def _prove_anew(self) -> Check:
        self._proof = await self._prove_database()
        self._proved_until = self._clock.monotonic_ms() + _PROOF_GOOD_MS
        return self._proof

    async def _prove_database(self) -> Check:
        started = self._clock.monotonic_ms()
        self._fault = None
        try:
            await asyncio.wait_for(self._database.prove(), _PROOF_S)
        except TimeoutError:
            return {"status": "failing", "detail": "The database does not take writes."}
        except KioskError as error:
            if isinstance(error, DiskFailing | DiskFull):
                self._fault = error.code
            return {"status": "failing", "detail": f"The database does not take writes. {error}"}
        took = self._clock.monotonic_ms() - started
        return {"status": "ok", "detail": "It takes writes.", "write_ms": took}

    def _channel(self, name: str) -> Check:
        circuit = self._replay.circuits().get(name)
        if circuit is None:
            return {"status": "off", "detail": "Not configured."}
        if circuit.position is Position.CLOSED:
            return {"status": "ok", "detail": "Deliveries flow."}
        cause = self.cause_of(circuit)
        since_s = (self._clock.monotonic_ms() - circuit.since_ms) // 1000
        return {
            "status": "degraded",
            "detail": _in_words(cause, circuit.reason),
            "circuit": str(circuit.position),
            "cause": str(cause or "unknown"),
            "for_s": since_s,
        }

    def cause_of(self, circuit: Circuit) -> Cause | None:
        """Return why a channel's provider can't be used, by what the other channels know."""
        if circuit.cause is Cause.NETWORK and self._replay.reaches_anyone():
            # A name that is not found while others are: it is mistyped, or gone.
            return Cause.PROVIDER
        return circuit.cause

    async def _outbox(self) -> Check:
        load = await load_of(self._database, self._clock.now_ms() - _DAY_MS)
        figures = asdict(load)
        for number, words in (
            (load.parked, "{} SMS may have been sent: see `kiosk-appliance outbox list`."),
            (load.suspect, "{} deliveries may be what ends the appliance: see the log."),
            (
                load.lost_uploads,
                "{} uploads were refused for good: `kiosk-appliance outbox list --state refused`.",
            ),
            (load.uncertain, "{} SMS may or may not have been sent; they are looked up."),
        ):
            if number:
                return {"status": "degraded", "detail": words.format(number), **figures}
        return {"status": "ok", "detail": "Nothing is in doubt.", **figures}

    async def standings(self) -> Sequence[Standing]:
        """Return what is unfinished in the outbox, by channel and state."""
        return await standings_of(self._database, self._clock.now_ms())

    def _scheduler(self) -> Check:
        late = self._clock.monotonic_ms() - self._ticked
        if late > _TICK_LATE_MS:
            return {"status": "failing", "detail": "The replay loop stands still.", "late_ms": late}
        return {"status": "ok", "detail": "The replay loop runs.", "late_ms": late}


def _in_words(cause: Cause | None, reason: str) -> str:
    if cause is Cause.NETWORK:
        return f"The kiosk has no network; deliveries wait and go by themselves. {reason}"
    return reason


def overall(checks: dict[str, Check]) -> str:
    """Return the worst of the checks; a channel that is off counts as well."""
    worst = max((str(check["status"]) for check in checks.values()), key=_RANK.index)
    return "ok" if worst == "off" else worst


def clock_check(clock: Clock) -> Check:
    """Say whether the date is right, who says so, and how far the machine's clock is off."""
    source, off_s = clock.reckoning.source, clock.off_by_ms() / 1000
    is_well = clock.is_credible() and abs(off_s) <= _OFF_S
    told_by = _TIME_SOURCES.get(source, source)
    if clock.is_trusted() and not is_well:
        detail = f"Meanwhile the kiosk goes by the right date, confirmed by {told_by}."
    elif clock.is_trusted():
        detail = f"The date is right: confirmed by {told_by}."
    elif clock.is_credible():
        detail = "The date can be right; nobody has confirmed it since the machine started."
    else:
        detail = "Nobody has told the date since the machine started."
    if not is_well:
        detail = f"The machine's clock is wrong: set it. {detail}"
    return {
        "status": "ok" if is_well else "degraded",
        "detail": detail,
        "source": source,
        "off_by_s": round(off_s, 1),
    }
