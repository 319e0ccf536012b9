"""`python -m tests.bench.queue`: prints how fast the outbox is, beside two known queues.

A job is empty: queued, taken, done, forgotten. Every subject does the same number of jobs, in turns
(ours, huey, Dramatiq, ours, ...), while the workers of the others are stopped: trust the ratios,
not the jobs a second. All have the same number of producers, and Dramatiq is asked once more by
one alone, as a program that queues a job after each thing it did would.

- `outbox` is ours, on a real file with synchronous=FULL: one process, a job is a delivery with its
  durable claim, its parcel, its outcome and its line in the log (`tests/bench/queue/ours.py`).
- `huey` is SqliteHuey with fsync and four worker threads; it forgets a job when it takes it.
- `Dramatiq` is its default, two processes of eight threads, on a Redis that never syncs; and on one
  that syncs each write (`appendfsync always`), which is what ours does.

Below it, what a claim costs with 1,000 rows and with a million, on the same disk. `--quick` takes a
tenth of the time for a first look, `--strict` makes a miss the exit code 1.
"""

import argparse
import asyncio
import statistics
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.bench import baseline
from tests.bench.queue import claims, subjects
from tests.bench.report import Goal, percentile

# As many as the appliance takes captures in at once.
_PRODUCERS = 12
_ONE_PRODUCER = f"{subjects.DRAMATIQ}, one producer"
_LIMITS = {
    subjects.HUEY: 1.5,
    subjects.DRAMATIQ: 1.0,
    _ONE_PRODUCER: 1.0,
    subjects.DURABLE_DRAMATIQ: 1.0,
}
_ROUNDS, _JOBS, _CLAIMS, _ROWS = 9, 2_000, 2_000, 1_000_000
_QUICK = 3, 500, 300, 50_000


def main() -> int:
    """Run everything and return the exit code."""
    options = _options()
    rounds, jobs, claimed, rows = _QUICK if options.quick else (_ROUNDS, _JOBS, _CLAIMS, _ROWS)
    with tempfile.TemporaryDirectory(prefix="kiosk-queue-", dir=options.folder) as name:
        folder = Path(name)
        goals = _queues(folder, rounds, jobs)
        goals += _claims(asyncio.run(claims.measured(folder, claimed, rows)))
    print("\n" + "\n".join(goal.line() for goal in goals))
    return int(options.strict and not all(goal.met for goal in goals))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench.queue", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="few jobs, for a first look")
    parser.add_argument("--strict", action="store_true", help="leave with 1 where a goal is missed")
    parser.add_argument("--folder", type=Path, help="where the files lie: a real disk, not a tmpfs")
    return parser.parse_args()


def _queues(folder: Path, rounds: int, jobs: int) -> list[Goal]:
    with ExitStack() as stack:
        running: list[subjects.Subject] = [stack.enter_context(subjects.Outbox(folder))]
        try:
            python = baseline.python()
            redis = subjects.redis_server()
        except (baseline.NoBaseline, OSError) as missing:
            print(f"\nNO OTHER QUEUES: {missing}\nOurs is measured without them.\n")
        else:
            running += [
                stack.enter_context(subjects.Huey(folder, python)),
                stack.enter_context(subjects.Dramatiq(folder, python, redis, durable=False)),
                stack.enter_context(subjects.Dramatiq(folder, python, redis, durable=True)),
            ]
        asked = [(subject.name, subject, _PRODUCERS) for subject in running]
        asked += [(_ONE_PRODUCER, one, 1) for one in running if one.name == subjects.DRAMATIQ]
        speeds: dict[str, list[float]] = {name: [] for name, _, _ in asked}
        for number in range(rounds + 1):
            for name, subject, producers in asked:
                with subject.awake():
                    speed = jobs / subject.run(jobs, producers)
                # The first round warms up.
                if number:
                    speeds[name].append(speed)
    return _compared(speeds)


def _compared(speeds: dict[str, list[float]]) -> list[Goal]:
    ours, *others = speeds
    print(f"\nempty jobs, {_PRODUCERS} producers, median of {len(speeds[ours])} rounds")
    print(f"  {'':36}{'jobs/s':>9}{'slowest':>9}{'fastest':>9}{'ours /':>9}")
    ratios = {}
    for name, seen in speeds.items():
        # By rounds: a slow moment of the machine is the same for all of a round.
        ratios[name] = statistics.median(
            mine / theirs for mine, theirs in zip(speeds[ours], seen, strict=True)
        )
        row = f"  {name:36}{statistics.median(seen):9.0f}{min(seen):9.0f}{max(seen):9.0f}"
        print(f"{row}{ratios[name]:8.2f}x", flush=True)
    return [Goal(f"outbox / {name}", ratios[name], _LIMITS[name], at_least=True) for name in others]


def _claims(crowds: list[claims.Crowd]) -> list[Goal]:
    print(f"\n  {'':36}{'p50 ms':>9}{'p99 ms':>9}{'counts':>9}{'caps':>9}")
    for crowd in crowds:
        claim = crowd.took_ms["claim"]
        row = f"  {'claim, ' + crowd.name:36}{statistics.median(claim):9.2f}"
        row += f"{percentile(claim, 0.99):9.2f}"
        row += f"{statistics.median(crowd.took_ms['counts']):9.2f}"
        print(f"{row}{statistics.median(crowd.took_ms['count_sms']):9.2f}")
    few, many, _ = (percentile(crowd.took_ms["claim"], 0.99) for crowd in crowds)
    return [Goal(f"claim p99, {crowds[1].name} / {crowds[0].name}", many / few, 1.5)]


if __name__ == "__main__":
    sys.exit(main())
