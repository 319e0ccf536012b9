"""`make bench`: prints how fast, how small and how steady the appliance is, in one run.

How to read the table. Every column is measured in turns (ours, bare cost, baseline, ours, ...), so
that a busy machine slows all of them alike: trust the ratios, not the milliseconds.

- `ours` is `POST /api/capture` in its JSON form with a frame and an SMS, durable when answered;
  `ours, raw body` the same with the photo as the body.
- `bare cost` is what nobody can avoid: decode, compose, encode, thumbnail, fsync, commit, by the
  libraries alone, without HTTP (`tests/bench/floor.py`). With 4 clients it runs in 4 threads.
- `baseline` is the reference implementation that the source documents describe, which does not
  fsync. It is looked for in ../shared/bench, or where KIOSK_BASELINE says; without it the rest is
  printed all the same.

PASS and MISS stand for the goals. A miss by a few percent on a busy machine is noise: run it again.
`--strict` makes a miss the exit code 1; `--quick` takes a tenth of the time for a first look.
"""

import argparse
import statistics
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.bench import baseline, outage, resources
from tests.bench.report import Goal, Load
from tests.bench.subjects import BareCost, Baseline, Ours, Sitting, Subject, sittings

# By size: captures in turn by one client, rounds by four clients, captures in a round by each.
_PLAN = {"2 MP": (60, 8, 5), "12 MP": (25, 6, 2)}
_QUICK = {"2 MP": (15, 2, 3), "12 MP": (6, 1, 2)}
_CLIENTS = 4
_STARTS = 5
_OFFLINE_CAPTURES = 50
# Ours goes on copying the photo to its "cloud" behind the answer; nobody else shall pay for it.
_PAUSE_S = 0.06
_SETTLED_S = 3


def main() -> int:
    """Run everything and return the exit code."""
    options = _options()
    goals: list[Goal] = []
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-bench-")))
        wanted = sittings(folder)
        for one in wanted:
            print(f"photo {one.size}: {len(one.photo) / 1e6:.2f} MB")
        ours = Ours(folder / "ours", wanted)
        stack.callback(ours.close)
        reference = _reference(folder, wanted[0])
        if reference is not None:
            stack.callback(reference.close)
        goals += _starts(ours, reference)
        goals += _idle(ours, reference)
        floor = BareCost(folder / "floor")
        stack.callback(floor.close)
        subjects: list[Subject] = [ours.json(), ours.raw(), floor]
        subjects += [reference.json()] if reference is not None else []
        for one in wanted:
            goals += _loads(subjects, one, (_QUICK if options.quick else _PLAN)[one.size])
        _after(ours, reference)
        captures = 10 if options.quick else _OFFLINE_CAPTURES
        goals.append(_outage(folder, wanted[0], captures))
    print("\n" + "\n".join(goal.line() for goal in goals))
    return int(options.strict and not all(goal.met for goal in goals))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--quick", action="store_true", help="few captures, for a first look")
    parser.add_argument("--strict", action="store_true", help="leave with 1 where a goal is missed")
    return parser.parse_args()


def _reference(folder: Path, sitting: Sitting) -> Baseline | None:
    try:
        sources = baseline.sources()
    except baseline.NoBaseline as missing:
        print(f"\nNO BASELINE: {missing}\nThe rest is measured without it.\n")
        return None
    return Baseline(sources, baseline.python(), folder / "baseline", sitting.frame_path)


def _starts(ours: Ours, reference: Baseline | None) -> list[Goal]:
    took: dict[str, list[float]] = {"ours": [], "baseline": []}
    # The first start of each warms the file cache and makes the database.
    for number in range(_STARTS + 1):
        seconds = {"ours": ours.start()}
        ours.appliance.stop()
        if reference is not None:
            seconds["baseline"] = reference.start()
            reference.stop()
        if number:
            for name, second in seconds.items():
                took[name].append(second)
    said = ", ".join(f"{name} {statistics.median(s):.2f} s" for name, s in took.items() if s)
    print(f"\nstart to first answer, median of {_STARTS}: {said}")
    return [Goal("start to first answer", statistics.median(took["ours"]), 1, "s")]


def _idle(ours: Ours, reference: Baseline | None) -> list[Goal]:
    ours.start()
    running = {"ours": ours.pid}
    if reference is not None:
        reference.start()
        running["baseline"] = reference.pid
    time.sleep(_SETTLED_S)
    print("idle memory, MB:")
    for name, pid in running.items():
        resident, fair = resources.resident_mb(pid), resources.proportional_mb(pid)
        print(f"  {name:10} RSS {resident:.0f}, PSS {fair:.0f}")
    return [Goal("idle memory (RSS)", resources.resident_mb(ours.pid), 100, "MB")]


def _loads(subjects: list[Subject], sitting: Sitting, plan: tuple[int, int, int]) -> list[Goal]:
    alone, rounds, each = plan
    goals = []
    for clients, turns, runs in ((1, alone, 1), (_CLIENTS, rounds, each)):
        took: dict[str, list[float]] = {subject.name: [] for subject in subjects}
        for subject in subjects:
            subject.run(sitting, 2, 1)
        for _ in range(turns):
            for subject in subjects:
                took[subject.name] += subject.run(sitting, runs, clients)
                time.sleep(_PAUSE_S * runs * clients)
        load = Load(sitting.size, clients, took)
        print(f"\n{load.table()}", flush=True)
        goals += load.goals()
    return goals


def _after(ours: Ours, reference: Baseline | None) -> None:
    running = {"ours": ours.pid} | ({"baseline": reference.pid} if reference else {})
    peaks = ", ".join(f"{name} {resources.peak_mb(pid):.0f}" for name, pid in running.items())
    print(f"\npeak memory under that load, MB: {peaks}")


def _outage(folder: Path, sitting: Sitting, captures: int) -> Goal:
    offline, online = outage.offline_over_online(folder, sitting, captures)
    print(f"\nboth providers down {offline:.1f} ms, up {online:.1f} ms ({sitting.size}, medians)")
    return Goal("captures offline / online", offline / online, 1.1)


if __name__ == "__main__":
    sys.exit(main())
