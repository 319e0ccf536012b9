"""Crashes at every write that the kernel sends to the disk, torn and reordered ones included.

Guests take photos on an appliance whose disk notes each write and each flush. Afterwards the disk
is rebuilt as a crash at many a position would have left it, mounted, and held against whatever had
been answered by then; now and then the appliance is started on it. With a step of durability left
out the same harness has to find losses: it tests itself.

    python -m tests.faults.every_write --points 500 [--leave-out photo-fsync] [--seed N]
"""

import argparse
import random
import shutil
import subprocess
import sys
import time
from bisect import bisect_right
from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import cycle, product
from pathlib import Path

from tests.faults import circumstances, shim, volume, write_log
from tests.faults.examination import Examination
from tests.faults.guests import Guests, Shot
from tests.faults.ledger import Fault, Findings
from tests.faults.replay import Replay
from tests.faults.write_log import Record
from tests.parts.appliance import Appliance

_POINTS_PER_RECORDING = 25
_PLAYED_ON_S = 2.0
# A slow disk answers few guests in that time, and where few were answered little can be lost.
_ANSWERED = 200
_ANSWERED_WITHIN_S = 60.0
_STARTED = 0.1
_DISK = 64 << 20


@dataclass(frozen=True)
class Plan:
    """What to try; `leave_out` is one of shim.STEPS."""

    points: int
    seed: int
    leave_out: str | None = None
    until_first_loss: bool = False


@dataclass
class Figures(Findings):
    """What came of it; `held` counts each answered capture at each point after its answer."""

    points: int = 0
    writes: int = 0
    flushes: int = 0
    held: int = 0
    started: int = 0
    unmountable: int = 0

    def __str__(self) -> str:
        return (
            f"{self.points} points among {self.writes} writes and {self.flushes} flushes, "
            f"{self.answered} answered captures looked for {self.held} times, {self.lost} lost, "
            f"{self.unmountable} not mountable, {self.started} starts; {self.listed}"
        )


Tell = Callable[[str], None]


def crash_at_writes(plan: Plan, tell: Tell) -> Figures:
    """Carry the plan out; root on Linux only (see `missing`)."""
    rng = random.Random(plan.seed)
    figures = Figures()
    # (offline, guests at once)
    pairs = list(product((True, False), (1, 3)))
    rng.shuffle(pairs)
    turns = cycle(pairs)
    while figures.points < plan.points:
        with volume.workplace() as place:
            site = Site(place, plan, rng, figures)
            offline, guests = next(turns)
            site.record(offline=offline, guests=guests)
            site.crash(min(_POINTS_PER_RECORDING, plan.points - figures.points), tell)
        if plan.until_first_loss and figures.lost:
            break
    return figures


class Site:
    """One kiosk, one recording of its disk, and the crashes in it."""

    def __init__(self, folder: Path, plan: Plan, rng: random.Random, figures: Figures) -> None:
        self._folder = folder
        self._plan = plan
        self._rng = rng
        self._figures = figures
        self._volume = volume.Volume(folder, "ext4", _DISK)
        self._appliance = Appliance(folder)
        self._before = folder / "before.img"
        self._records: list[Record] = []
        self._shots: list[Shot] = []

    def record(self, *, offline: bool, guests: int) -> None:
        """Let guests play on the disk that notes everything, from the first start on."""
        self._appliance.configure(circumstances.tables(self._appliance.url, offline=offline))
        step = self._plan.leave_out
        environ = shim.environ(step, self._folder) if step else {}
        log, folder = self._folder / "log", self._folder / "fuse"
        folder.mkdir()
        shutil.copy(self._volume.image, self._before)
        with write_log.logged(self._volume.image, log, folder) as disk:
            self._volume.mount(disk)
            try:
                self._appliance.start(environ)
                self._shots = self._play(guests)
            finally:
                self._appliance.close()
                ended = time.monotonic()
                self._volume.unmount()
        assert step is None or shim.in_force(step, self._appliance.log()), (
            f"{step} was never left out"
        )
        self._records = [record for record in write_log.records(log) if record.at < ended]
        flushes = sum(record.is_flush for record in self._records)
        self._figures.flushes += flushes
        self._figures.writes += len(self._records) - flushes
        self._figures.answered += sum(bool(shot.answer) for shot in self._shots)

    def _play(self, number: int) -> list[Shot]:
        with self._appliance.client() as client:
            backgrounds = [one["id"] for one in client.get("/api/backgrounds").json()]
        guests = Guests(self._appliance.port, random.Random(self._rng.random()), backgrounds)
        guests.come(number)
        circumstances.fill_the_log(self._appliance)
        time.sleep(_PLAYED_ON_S)
        guests.wait_for_answers(_ANSWERED, _ANSWERED_WITHIN_S)
        guests.go()
        return guests.shots

    def crash(self, points: int, tell: Tell) -> None:
        """Rebuild the disk at `points` positions and look at each."""
        replay = Replay(self._before, self._records)
        crashed = self._folder / "crashed.img"
        for position in self._positions(points):
            crashed.write_bytes(replay.crash_at(position, self._rng))
            self._figures.points += 1
            try:
                self._volume.mount(crashed)
            except subprocess.CalledProcessError as error:
                self._figures.unmountable += 1
                self._figures.faults.append(
                    Fault("not mountable", f"at {position}: {error.stderr}")
                )
                continue
            try:
                self._look(position)
            finally:
                self._appliance.close()
                self._volume.unmount()
            tell(str(self._figures))
            if self._plan.until_first_loss and self._figures.lost:
                break

    def _positions(self, points: int) -> list[int]:
        """Return positions in order: half anywhere, half right after an answer.

        Those are where a promise has just been made and nothing has come after it.
        """
        times = [record.at for record in self._records]
        answers = [shot.answered_at for shot in self._shots if shot.answer]
        just_after = [bisect_right(times, at) for at in answers]
        half = [self._rng.choice(just_after) for _ in range(points // 2)]
        anywhere = [self._rng.randint(1, len(times)) for _ in range(points - len(half))]
        return sorted(half + anywhere)

    def _look(self, position: int) -> None:
        # Whatever was answered before the first record that is missing had all it needs.
        by = self._records[position].at if position < len(self._records) else float("inf")
        shots = [replace(shot) for shot in self._shots if shot.sent_at < by]
        self._figures.held += sum(bool(shot.answer) and shot.answered_at < by for shot in shots)
        examination = Examination(self._appliance, self._rng)
        faults = examination.of_disk(shots, by)
        if self._plan.leave_out is None and self._rng.random() < _STARTED:
            self._figures.started += 1
            self._appliance.start()
            faults += examination.of_service()[0]
        self._figures.faults += faults


def missing() -> str | None:
    """Say in one phrase what this machine lacks; None: nothing."""
    lacking = volume.missing("ext4")
    if lacking:
        return lacking
    try:
        with volume.workplace() as place:
            (place / "fuse").mkdir()
            (place / "file").write_bytes(b"")
            with write_log.logged(place / "file", place / "log", place / "fuse"):
                return None
    except OSError as error:
        return f"FUSE does not work here: {error.strerror}"


def main() -> int:
    """Run from the command line; 0: as it should be."""
    parser = argparse.ArgumentParser(description="Crash at every write under an appliance.")
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--leave-out", choices=shim.STEPS, help="must find losses then")
    parser.add_argument("--seed", type=int, default=random.SystemRandom().getrandbits(32))
    options = parser.parse_args()
    lacking = missing() or (options.leave_out and shim.missing())
    if lacking:
        print(f"can't note every write here: {lacking}", file=sys.stderr)
        return 2
    plan = Plan(options.points, options.seed, options.leave_out)
    figures = crash_at_writes(plan, lambda line: print(line, flush=True))
    for fault in figures.faults[:20]:
        print(fault)
    print(f"{plan}\n{figures}")
    right = figures.lost > 0 if options.leave_out else not figures.faults
    return 0 if right else 1


if __name__ == "__main__":
    sys.exit(main())
