"""`python -m tests.bench.drain`: what a guest's photo takes while a backlog drains, against idle.

One appliance, one run: a backlog is taken in offline, then photos are timed while nothing else
happens, then the network comes back and photos are timed while the backlog goes up to a real Swift
and its SMS to the strict stand-in. The providers' processes run at the lowest priority, for on a
kiosk they are on other machines. A guest comes three times a second, more often than any guest
could.
"""

import argparse
import sqlite3
import statistics
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, closing
from pathlib import Path
from urllib.parse import urlsplit

import psutil

from tests.bench.outage import provider_tables
from tests.bench.report import Goal, percentile
from tests.bench.subjects import Ours, Sitting, sittings
from tests.parts.ovh import OvhStandIn
from tests.parts.relay import Fault, Relay

with warnings.catch_warnings():
    # Keystone's dependencies import modules that Python 3.13 removes.
    warnings.simplefilter("ignore", DeprecationWarning)
    from tests.parts.swift.cloud import Cloud

_LIMIT = 1.3
_APART_S = 0.33
_CLIENTS = 4
_CREDITS = 1_000_000.0
# An outage of minutes is probed again after a quarter of it.
_BACK_WITHIN_S = 120
_LOWEST = 19


def main() -> int:
    """Run it and return the exit code; 1: the limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.drain", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--backlog", type=int, default=2_000)
    parser.add_argument("--captures", type=int, default=300, help="timed, idle and draining")
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-drain-")))
        sitting = sittings(folder)[0]
        cloud = stack.enter_context(Cloud())
        ovh = stack.enter_context(OvhStandIn())
        ovh.credits_left = _CREDITS
        for process in psutil.Process().children(recursive=True):
            process.nice(_LOWEST)
        ways = [stack.enter_context(Relay(_port(url))) for url in (cloud.auth_url, ovh.endpoint)]
        for way in ways:
            way.behave(Fault.REFUSE)
        tables = provider_tables(
            cloud,
            ovh,
            auth_url=f"http://127.0.0.1:{ways[0].port}/v3",
            endpoint=f"http://127.0.0.1:{ways[1].port}/1.0",
        )
        kiosk = Ours(folder / "kiosk", [sitting], tables)
        stack.callback(kiosk.close)
        kiosk.start()
        kiosk.json().run(sitting, options.backlog // _CLIENTS, _CLIENTS)
        idle = _timed(kiosk, sitting, options.captures)
        for way in ways:
            way.behave(Fault.PASS)
        before = _wait_for_first_upload(kiosk)
        started = time.monotonic()
        draining = _timed(kiosk, sitting, options.captures)
        after, took_s = _uploads_left(kiosk), time.monotonic() - started
        gone = before - after + options.captures
    for name, took in (("idle", idle), ("draining", draining)):
        print(f"{name:10} p50 {statistics.median(took):6.1f} ms, p99 {percentile(took, 0.99):6.1f}")
    print(f"meanwhile {gone} photos went up, {gone / took_s:.1f} a second; {after} were left")
    if not after:
        print("the backlog was too small: it had drained before the last photo was timed")
    ratio = percentile(draining, 0.99) / percentile(idle, 0.99)
    goal = Goal("capture p99 draining / idle", ratio, _LIMIT)
    print(goal.line())
    return int(not goal.met or not after)


def _timed(kiosk: Ours, sitting: Sitting, captures: int) -> list[float]:
    took: list[float] = []
    for _ in range(captures):
        took += kiosk.json().run(sitting, 1, 1)
        time.sleep(_APART_S)
    return took


def _wait_for_first_upload(kiosk: Ours) -> int:
    """Return how many uploads were waiting when the drain began."""
    waiting = _uploads_left(kiosk)
    deadline = time.monotonic() + _BACK_WITHIN_S
    while _uploads_left(kiosk) == waiting:
        if time.monotonic() > deadline:
            sys.exit(f"the drain does not begin:\n{kiosk.appliance.log()[-2000:]}")
        time.sleep(0.05)
    return waiting


def _uploads_left(kiosk: Ours) -> int:
    path = kiosk.appliance.data_dir / "kiosk.db"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        sql = "select count(*) from deliveries where channel = 'storage' and state = 'waiting'"
        left: int = connection.execute(sql).fetchone()[0]
    return left


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


if __name__ == "__main__":
    sys.exit(main())
