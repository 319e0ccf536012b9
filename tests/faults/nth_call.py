"""Kills and disk errors at the N-th sync or write of a short life, N as far as there are any.

After each the next start must answer, hold every promise, and go on delivering. A capture refused
for an error of the disk is sent again under its key.

    python -m tests.faults.nth_call [--call write] [--error ENOSPC] [--then-kill] [--every 5]
"""

import argparse
import errno
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path
from typing import Any

import psutil

from kiosk_appliance.imaging.originals import ORIGINALS
from tests.faults import shim
from tests.faults.examination import Examination
from tests.faults.ledger import Fault
from tests.faults.shim import NthCall
from tests.faults.short_life import ShortLife
from tests.parts.appliance import Appliance, Tables

_DRAINED_WITHIN_S = 30.0
# Of processor time: a busy machine is not the appliance's fault.
_SLOW_START_S = 3.0
# After a kill the next start is killed at one of its first syncs, too.
_EARLY_SYNCS = 8
_TABLES: Tables = {
    "log": {"level": "WARNING"},
    "disk": {"warn_below": "1 MB", "refuse_below": "1 MB", "reserve": "1 MB"},
}


@dataclass
class Figures:
    """What came of it; `resume` is counted from the process's start until all is delivered."""

    tried: int = 0
    ended: bool = False
    answered: int = 0
    in_doubt: int = 0
    slowest_start_s: float = 0.0
    slowest_start_processor_s: float = 0.0
    slowest_resume_s: float = 0.0
    faults: list[Fault] = field(default_factory=list)

    def __str__(self) -> str:
        kinds = Counter(fault.kind for fault in self.faults)
        found = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        return (
            f"{self.tried} positions{' to the end' if self.ended else ''}, "
            f"{self.answered} captures answered, {self.in_doubt} SMS left in doubt, "
            f"slowest next start {self.slowest_start_s:.1f} s "
            f"({self.slowest_start_processor_s:.1f} s of a processor), "
            f"with all deliveries {self.slowest_resume_s:.1f} s; "
            f"faults: {found or 'none'}"
        )


Tell = Callable[[str], None]


def go_wrong(fault: NthCall, positions: Iterable[int], seed: int, tell: Tell) -> Figures:
    """Let `fault` happen at each position, until a life ends before it; needs gcc."""
    figures = Figures()
    for position in positions:
        rng = random.Random(f"{seed}/{position}")
        with tempfile.TemporaryDirectory(prefix="kiosk-nth-call-") as folder:
            trial = Trial(Path(folder), replace(fault, number=position), rng, figures)
            try:
                figures.ended = not trial.run(tell)
            finally:
                trial.close()
        if figures.ended:
            break
        tell(str(figures))
    return figures


class Trial:
    """One life that goes wrong, and what comes after it."""

    def __init__(self, folder: Path, fault: NthCall, rng: random.Random, figures: Figures) -> None:
        self._folder = folder
        self._fault = fault
        self._rng = rng
        self._figures = figures
        self._faults: list[Fault] = []
        self._appliance = Appliance(folder, _TABLES)
        self._life = ShortLife(self._appliance, rng)
        self._examination = Examination(self._appliance, rng, ("503", "507"))

    def run(self, tell: Tell) -> bool:
        """Try it; False where the life ended before the fault's position."""
        ended = self._life.live(self._environ(self._fault))
        told = NthCall.told(self._appliance.log())
        if told is None:
            assert ended, f"it ended by itself:\n{self._appliance.log()}"
            return False
        tell(told)
        self._figures.tried += 1
        if self._fault.errno is None:
            self._kill_the_next_start()
        self._figures.faults += [
            replace(fault, detail=f"{fault.detail} ({told})") for fault in self._held()
        ]
        self._figures.answered += sum(bool(shot.answer) for shot in self._life.shots)
        return True

    def close(self) -> None:
        """End whatever still runs."""
        self._appliance.close()

    def _environ(self, fault: NthCall) -> dict[str, str]:
        return fault.environ(self._folder, self._appliance.data_dir)

    def _kill_the_next_start(self) -> None:
        copies = [replace(shot) for shot in self._life.shots]
        self._faults += Examination(self._appliance, self._rng).of_disk(copies)
        again = NthCall("sync", self._rng.randint(1, _EARLY_SYNCS))
        self._appliance.launch(self._environ(again))
        self._appliance.answers()
        self._appliance.kill()

    def _held(self) -> list[Fault]:
        self._appliance.close()
        self._faults += self._life.faults + self._examination.of_disk(self._life.shots)
        started = time.monotonic()
        self._start()
        self._drain()
        resumed = time.monotonic() - started
        self._figures.slowest_resume_s = max(self._figures.slowest_resume_s, resumed)
        self._look_at_backgrounds()
        self._life.ask_again()
        self._faults += self._examination.of_service()[0]
        self._figures.in_doubt += self._drain()["uncertain"]
        self._appliance.kill()
        return self._faults + self._examination.of_disk([])

    def _start(self) -> None:
        started = time.monotonic()
        self._appliance.start()
        took = time.monotonic() - started
        self._figures.slowest_start_s = max(self._figures.slowest_start_s, took)
        assert self._appliance.process is not None
        times = psutil.Process(self._appliance.process.pid).cpu_times()
        processor_s = times.user + times.system
        self._figures.slowest_start_processor_s = max(
            self._figures.slowest_start_processor_s, processor_s
        )
        if processor_s > _SLOW_START_S:
            self._faults.append(Fault("slow start", f"{took:.1f} s"))

    def _look_at_backgrounds(self) -> None:
        with self._appliance.client() as client:
            given = client.get("/api/backgrounds").json()
            if len(given) != len(ORIGINALS):
                self._faults.append(Fault("backgrounds lost", f"{len(given)} are left"))
            for one in given:
                for path in (one["file_url"], one["thumbnail_url"]):
                    answer = client.get(path)
                    if answer.status_code != 200:
                        self._faults.append(
                            Fault("background lost", f"{path}: {answer.status_code}")
                        )

    def _drain(self) -> dict[str, Any]:
        """Wait until nothing waits any more but for the look-up of an SMS in doubt."""
        deadline = time.monotonic() + _DRAINED_WITHIN_S
        with self._appliance.client() as client:
            while True:
                outbox: dict[str, Any] = client.get("/health").json()["checks"]["outbox"]
                if not outbox["waiting"] + outbox["running"]:
                    return outbox
                if time.monotonic() > deadline:
                    self._faults.append(Fault("not resumed", str(outbox)))
                    return outbox
                time.sleep(0.02)


def main() -> int:
    """Run from the command line; 0: as it should be."""
    parser = argparse.ArgumentParser(description="Let the N-th sync or write go wrong.")
    parser.add_argument("--call", choices=("sync", "write"), default="sync")
    parser.add_argument("--error", choices=("EIO", "ENOSPC"), help="instead of a kill")
    parser.add_argument("--then-kill", action="store_true", help="right after the error")
    parser.add_argument("--from", type=int, default=1, dest="first")
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options = parser.parse_args()
    lacking = shim.missing()
    if lacking:
        print(f"can't let calls go wrong here: {lacking}", file=sys.stderr)
        return 2
    number = getattr(errno, options.error) if options.error else None
    fault = NthCall(options.call, errno=number, then_kill=options.then_kill)
    positions = count(options.first, options.every)
    figures = go_wrong(fault, positions, options.seed, lambda line: print(line, flush=True))
    for one in figures.faults[:20]:
        print(one)
    print(f"{fault} seed={options.seed}\n{figures}")
    return 1 if figures.faults else 0


if __name__ == "__main__":
    sys.exit(main())
