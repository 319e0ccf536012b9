"""Power cuts under the real appliance, served over real HTTP from a file system of its own.

Again and again: guests take photos, the file system is shut down at some instant, the process is
killed, the file system mounted again (its journal is replayed), and everything that was promised is
looked for, on the disk and over HTTP. The shots that were under way are then sent once more under
their keys. With a step of durability left out the same harness has to find losses: it tests itself.

    python -m tests.faults.power_cut --cuts 200 --fs ext4 [--leave-out photo-fsync] [--seed N]
"""

import argparse
import random
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle, product
from pathlib import Path

import psutil

from tests.faults import circumstances, shim, volume
from tests.faults.examination import Examination
from tests.faults.guests import Guests, Shot
from tests.faults.ledger import Fault, Findings
from tests.parts.appliance import Appliance

# A volume's captures are all looked at after each cut, and its 128 MB must not fill up.
_CUTS_PER_VOLUME = 10
# Of processor time: a busy machine is not the appliance's fault.
_SLOW_START_S = 5.0


@dataclass(frozen=True)
class Plan:
    """What to try; `leave_out` is one of shim.STEPS."""

    kind: str
    cuts: int
    seed: int
    leave_out: str | None = None
    until_first_loss: bool = False


@dataclass
class Figures(Findings):
    """What came of it."""

    cuts: int = 0
    sent_again: int = 0
    slowest_start_s: float = 0.0

    def __str__(self) -> str:
        return (
            f"{self.cuts} cuts, {self.answered} answered, {self.lost} lost, "
            f"{self.sent_again} sent again, slowest start {self.slowest_start_s:.1f} s; "
            f"{self.listed}"
        )


Tell = Callable[[str], None]


def cut_power(plan: Plan, tell: Tell) -> Figures:
    """Carry the plan out; root on Linux only (see volume.missing and shim.missing)."""
    rng = random.Random(plan.seed)
    figures = Figures()
    with volume.workplace() as place:
        for number in range(0, plan.cuts, _CUTS_PER_VOLUME):
            folder = place / str(number)
            folder.mkdir()
            cuts = min(_CUTS_PER_VOLUME, plan.cuts - number)
            site = Site(folder, replace(plan, cuts=cuts), rng, figures, tell)
            site.run()
            if plan.until_first_loss and figures.lost:
                break
    return figures


class Site:
    """One kiosk on one volume."""

    def __init__(
        self, folder: Path, plan: Plan, rng: random.Random, figures: Figures, tell: Tell
    ) -> None:
        self._plan = plan
        self._rng = rng
        self._figures = figures
        self._tell = tell
        self._volume = volume.Volume(folder, plan.kind)
        self._appliance = Appliance(folder)
        self._examination = Examination(self._appliance, rng)
        # (offline, quiet): each pair once in four cuts, beginning anywhere.
        pairs = list(product((True, False), repeat=2))
        rng.shuffle(pairs)
        self._circumstances = cycle(pairs)
        self._offline, self._quiet = next(self._circumstances)
        step = plan.leave_out
        self._environ = shim.environ(step, folder) if step else {}

    def run(self) -> None:
        """Cut the power as often as planned, then leave nothing mounted."""
        self._volume.mount()
        try:
            if self._rng.random() < 0.3:
                self._cut_during_start()
            self._start()
            for _ in range(self._plan.cuts):
                self._cut_while_guests_play()
                if self._plan.until_first_loss and self._figures.lost:
                    break
                if self._rng.random() < 0.1:
                    self._appliance.kill()
                    self._cut_during_start()
                    self._start()
        finally:
            self._appliance.close()
            self._volume.unmount()
        step = self._plan.leave_out
        assert step is None or shim.in_force(step, self._appliance.log()), (
            f"{step} was never left out"
        )

    def _start(self) -> None:
        self._appliance.configure(circumstances.tables(self._appliance.url, offline=self._offline))
        started = time.monotonic()
        self._appliance.start(self._environ)
        took = time.monotonic() - started
        self._figures.slowest_start_s = max(self._figures.slowest_start_s, took)
        assert self._appliance.process is not None
        times = psutil.Process(self._appliance.process.pid).cpu_times()
        if times.user + times.system > _SLOW_START_S:
            self._figures.faults.append(Fault("slow start", f"{took:.1f} s"))

    def _cut_during_start(self) -> None:
        self._appliance.launch(self._environ)
        time.sleep(self._rng.uniform(0.1, 1.5))
        self._cut()
        self._figures.faults += self._examination.of_disk([])

    def _cut_while_guests_play(self) -> None:
        with self._appliance.client() as client:
            backgrounds = [one["id"] for one in client.get("/api/backgrounds").json()]
        rng = random.Random(self._rng.random())
        guests = Guests(self._appliance.port, rng, backgrounds)
        guests.come(self._rng.choice((1, 2, 4)))
        circumstances.fill_the_log(self._appliance)
        if self._quiet:
            # The last guest has her answer, and nobody comes after her: nothing else is synced.
            guests.wait_for_answers(self._rng.randint(5, 40), within_s=4)
            guests.go()
            time.sleep(self._rng.uniform(0, 0.1))
        else:
            time.sleep(self._rng.uniform(0.1, 1.5))
        at = self._cut()
        guests.go()
        self._offline, self._quiet = next(self._circumstances)
        self._examine(guests.shots, at)

    def _cut(self) -> float:
        at = time.monotonic()
        self._volume.cut_power()
        self._appliance.kill()
        self._volume.unmount()
        self._volume.mount()
        self._figures.cuts += 1
        return at

    def _examine(self, shots: list[Shot], at: float) -> None:
        # A correct build is held to every answer. One with a step left out may also answer after
        # the cut, which no real cut would allow: that would be too easy a catch.
        by = at if self._plan.leave_out else float("inf")
        self._figures.answered += sum(bool(shot.answer) and shot.answered_at < by for shot in shots)
        self._figures.faults += self._examination.of_disk(shots, by, at)
        self._start()
        faults, taken = self._examination.of_service()
        self._figures.faults += faults
        self._figures.answered += taken
        self._figures.sent_again += taken
        self._tell(str(self._figures))


def main() -> int:
    """Run from the command line; 0: as it should be."""
    parser = argparse.ArgumentParser(description="Cut the power under a serving appliance.")
    parser.add_argument("--cuts", type=int, default=20)
    parser.add_argument("--fs", choices=("ext4", "xfs"), default="ext4")
    parser.add_argument("--leave-out", choices=shim.STEPS, help="must find losses then")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options = parser.parse_args()
    lacking = volume.missing(options.fs) or (options.leave_out and shim.missing())
    if lacking:
        print(f"can't cut the power here: {lacking}", file=sys.stderr)
        return 2
    plan = Plan(options.fs, options.cuts, options.seed, options.leave_out)
    figures = cut_power(plan, lambda line: print(line, flush=True))
    for fault in figures.faults[:20]:
        print(fault)
    print(f"{plan}\n{figures}")
    right = figures.lost > 0 if options.leave_out else not figures.faults
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
