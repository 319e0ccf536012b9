"""A kiosk that is watched: what there is to see is what a test has set."""

from types import SimpleNamespace

from kiosk_appliance.core.watching import Watching
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import Cause
from kiosk_appliance.errors import KioskError
from kiosk_appliance.store.load import Standing
from tests.parts.clocks import SetClock


class Kiosk:
    """What there is to see, as a test sets it; `looks` counts how often the outbox was read."""

    def __init__(self) -> None:
        self.clock = SetClock()
        self.circuits = {"storage": Circuit(4), "erase-storage": Circuit(4)}
        self.counts: dict[str, dict[str, int]] = {"storage": {"waiting": 1}}
        self.looks = 0
        self.status = "ok"
        self.cause: Cause | None = None
        self.fault: KioskError | None = None
        self.watching = Watching(
            vitals=SimpleNamespace(  # type: ignore[arg-type]
                checks=self._checks,
                standings=self._standings,
                uptime_s=7,
                cause_of=self._cause_of,
            ),
            online=lambda: True,
            circuits=lambda: self.circuits,
            counts=self._counts,
            clock=self.clock,
        )

    def _cause_of(self, circuit: Circuit) -> Cause | None:
        return self.cause or circuit.cause

    async def _counts(self) -> dict[str, dict[str, int]]:
        self.looks += 1
        if self.fault is not None:
            raise self.fault
        return {name: dict(states) for name, states in self.counts.items()}

    async def _checks(self) -> dict[str, dict[str, str]]:
        if self.fault is not None:
            raise self.fault
        return {"disk": {"status": self.status, "detail": "12 GB are free."}}

    async def _standings(self) -> list[Standing]:
        return [
            Standing("storage", "waiting", 1, 90.0),
            Standing("storage", "running", 1, 5.0),
        ]
