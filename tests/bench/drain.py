"""`python -m tests.bench.drain`: what a guest's photo takes while a backlog drains, against idle.

One appliance, one run: a backlog is taken in offline and becomes an hour old (its rows are dated
back while the appliance is down), then photos are timed while nothing else happens and become as
old, then the network comes back and photos are timed while the backlog goes up to a real Swift and
its SMS to the strict stand-in. The providers' processes run at the lowest priority and keep
everything in memory, for on a kiosk they are on other machines with other disks. A guest comes
three times a second, more often than any guest could.
"""

import argparse
import os
import sqlite3
import statistics
import sys
import tempfile
import time
import warnings
from contextlib import ExitStack, closing, suppress
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
_OUTAGE_MS = 3_600_000
_APART_S = 0.33
_CLIENTS = 4
# The first after a start takes seven times as long, with a backlog or without.
_WARM_UP = 10
_CREDITS = 1_000_000.0
# An outage of minutes is probed again after a quarter of it.
_BACK_WITHIN_S = 120
_LOWEST = 19
_SHARED_MEMORY = Path("/dev/shm")


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
        cloud = stack.enter_context(Cloud(_memory()))
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
        _restarted_an_hour_later(kiosk, sitting)
        idle = _timed(kiosk, sitting, options.captures)
        # The photos just timed, too: four at once may leave of what guests still wait for.
        _restarted_an_hour_later(kiosk, sitting)
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


def _restarted_an_hour_later(kiosk: Ours, sitting: Sitting) -> None:
    kiosk.appliance.stop()
    with closing(sqlite3.connect(kiosk.appliance.data_dir / "kiosk.db")) as connection, connection:
        for table in ("captures", "deliveries"):
            connection.execute(f"update {table} set created_at = created_at - {_OUTAGE_MS}")
        # What this boot has made would be dated anew by its monotonic time.
        connection.execute("update deliveries set created_boot = 'yesterday'")
    kiosk.start()
    _timed(kiosk, sitting, _WARM_UP)


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


def _memory() -> Path | None:
    """Return a folder in memory that takes Swift's extended attributes, where there is one."""
    with suppress(OSError), tempfile.TemporaryFile(dir=_SHARED_MEMORY) as file:
        os.setxattr(file.fileno(), "user.kiosk", b"")
        return _SHARED_MEMORY
    print("Swift keeps its objects on the kiosk's own disk: their syncs count as the kiosk's")
    return None


def _port(url: str) -> int:
    port = urlsplit(url).port
    assert port is not None
    return port


if __name__ == "__main__":
    sys.exit(main())
