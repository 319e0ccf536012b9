"""`python -m tests.bench.scale`: what a kiosk with a million captures costs whoever looks after it.

Lists are read in turns, the first page and page 10,000, so that a busy machine slows both alike.
Guests' look-ups are timed beside the slowest list, and captures with and without an export under
way, in turns as well.
"""

import argparse
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from itertools import chain
from pathlib import Path

import httpx

from tests.bench import million, resources
from tests.bench.report import Goal, percentile
from tests.bench.subjects import Ours, Sitting, sittings
from tests.parts.appliance import Tables

_KEY = "a key that only programs know"
_TABLES: Tables = {
    "admin": {"api_key": _KEY},
    "listen": {"requests_per_minute": 100_000},
    "retention": {"enabled": False, "local_after_sync": "3650 days"},
}
_PAGE = 10_000
_RUNS = 30
_TURNS = 6
_CAPTURES = 48
_EXPORTED_DAYS = 70
_SETTLED_S = 3
_BEGUN_S = 0.3
# What is filtered costs more than a page as it lies, but nobody waits for it.
_FILTERED_MS = 150
_FORMS = ("csv", "excel")


def main() -> int:
    """Run it and return the exit code; 1: a limit is missed."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.scale", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--captures", type=int, default=1_000_000)
    options = parser.parse_args()
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="kiosk-scale-")))
        sitting = sittings(folder)[0]
        kiosk = Ours(folder / "kiosk", [sitting], _TABLES)
        stack.callback(kiosk.close)
        began = time.monotonic()
        million.fill(kiosk.appliance.data_dir / "kiosk.db", options.captures)
        print(f"{options.captures} captures: filled in {time.monotonic() - began:.0f} s")
        kiosk.start()
        time.sleep(_SETTLED_S)
        kiosk.json().run(sitting, 2, 1)
        admin = stack.enter_context(
            kiosk.appliance.client(headers={"X-API-Key": _KEY}, follow_redirects=False)
        )
        goals: list[Goal] = []
        for goal in chain(
            _deep_pages(admin, options.captures),
            _figures(admin),
            _filters(admin),
            _guests_beside_a_list(kiosk, admin),
            _memory(kiosk, admin),
            _captures_beside_exports(kiosk, sitting),
        ):
            # Minutes lie between the first and the last.
            print(goal.line(), flush=True)
            goals.append(goal)
    return int(not all(goal.met for goal in goals))


def _ms(client: httpx.Client, path: str) -> float:
    began = time.perf_counter()
    answer = client.get(path)
    took = (time.perf_counter() - began) * 1000
    assert answer.status_code in {200, 503}, answer.text
    return took


def _deep_pages(admin: httpx.Client, captures: int) -> Iterator[Goal]:
    # A cursor names the place that a page begins below, as core/paging makes it.
    for path, limit, rows in (
        ("/admin/captures?limit=50", 50, captures),
        ("/admin/captures?limit=50&state=delivered", 50, captures),
        ("/admin/outbox?limit=50", 50, captures),
        ("/admin/outbox?limit=50&channel=storage", 50, captures),
        ("/admin/outbox?limit=50&state=delivered", 50, captures),
        ("/admin/outbox?limit=50&channel=storage&state=delivered", 50, captures),
        ("/admin/audit?limit=10", 10, million.AUDITED),
        ("/admin/logs?limit=5", 5, million.LOGGED),
        ("/admin/logs?limit=5&component=capturing", 5, million.LOGGED),
    ):
        deep = f"{path}&cursor=s{max(rows - limit * (_PAGE - 1), limit + 1):x}"
        first, far = [], []
        for _ in range(_RUNS):
            first.append(_ms(admin, path))
            far.append(_ms(admin, deep))
        ratio = statistics.median(far) / statistics.median(first)
        print(f"{path}: {statistics.median(first):.1f} ms, {statistics.median(far):.1f} ms")
        yield Goal(f"{path}: page {_PAGE} / page 1", ratio, 1.5)


def _figures(admin: httpx.Client) -> Iterator[Goal]:
    for path, limit in (("/health", 20), ("/admin/stats", 10)):
        took = statistics.median(_ms(admin, path) for _ in range(_RUNS))
        yield Goal(path, took, limit, "ms")
    began = time.perf_counter()
    answer = admin.post("/admin/sync")
    assert answer.status_code == 202, answer.text
    yield Goal("/admin/sync", (time.perf_counter() - began) * 1000, _FILTERED_MS, "ms")


def _filters(admin: httpx.Client) -> Iterator[Goal]:
    for query in (
        "captures?phone=%2B33600000777",
        "captures?email=guest777@example.com",
        "captures?state=waiting",
        "captures?state=refused",
        f"captures?from={_day(600)}&to={_day(599)}",
        f"captures?from={_day(600)}&to={_day(235)}",
        f"captures?from={_day(600)}&to={_day(235)}&state=delivered",
        "outbox?state=waiting",
        "logs?message=nothing+such",
        "logs?level=warning",
        "logs?correlation_id=none",
    ):
        took = statistics.median(_ms(admin, f"/admin/{query}") for _ in range(9))
        yield Goal(f"/admin/{query}", took, _FILTERED_MS, "ms")


def _day(ago: int) -> str:
    return f"{datetime.now(UTC) - timedelta(days=ago):%Y-%m-%d}"


def _guests_beside_a_list(kiosk: Ours, admin: httpx.Client) -> Iterator[Goal]:
    """Time guests' look-ups while nobody else is there, and while an admin filters by a year."""
    slow = f"/admin/captures?from={_day(600)}&to={_day(235)}"
    (newest,) = admin.get("/admin/captures?limit=1").json()["items"]
    alone: list[float] = []
    beside: list[float] = []
    with kiosk.appliance.client() as guest:
        for _ in range(_TURNS):
            alone += [_ms(guest, f"/api/status/{newest['id']}") for _ in range(_RUNS)]
            with _meanwhile(lambda: _ms(admin, slow)):
                beside += [_ms(guest, f"/api/status/{newest['id']}") for _ in range(_RUNS)]
    for said, took in (("alone", alone), ("beside a slow list", beside)):
        p50, p99 = statistics.median(took), percentile(took, 0.99)
        print(f"a guest's look-up {said}: p50 {p50:.1f} ms, p99 {p99:.1f}")
    ratio = statistics.median(beside) / statistics.median(alone)
    yield Goal("a guest's look-up beside a slow list / alone", ratio, 3)


@contextmanager
def _meanwhile(work: Callable[[], object]) -> Iterator[None]:
    over = threading.Event()

    def again() -> None:
        while not over.is_set():
            work()

    thread = threading.Thread(target=again)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def _memory(kiosk: Ours, admin: httpx.Client) -> Iterator[Goal]:
    for form in _FORMS:
        seen = [resources.resident_mb(kiosk.pid)]

        def look(seen: list[float] = seen) -> None:
            time.sleep(0.01)
            seen.append(resources.resident_mb(kiosk.pid))

        began = time.monotonic()
        with _meanwhile(look), admin.stream("GET", _export(form), timeout=300) as answer:
            size = sum(map(len, answer.iter_bytes()))
        print(f"export, {form}: {size / 1e6:.1f} MB in {time.monotonic() - began:.1f} s")
        yield Goal(f"export of {_EXPORTED_DAYS} days, {form}, adds", max(seen) - seen[0], 40, "MB")


def _export(form: str) -> str:
    return f"/admin/export/{form}?from={_day(_EXPORTED_DAYS)}"


def _captures_beside_exports(kiosk: Ours, sitting: Sitting) -> Iterator[Goal]:
    for form in _FORMS:
        for clients in (1, 4):
            idle: list[float] = []
            busy: list[float] = []
            for _ in range(_TURNS):
                idle += kiosk.json().run(sitting, _CAPTURES // clients, clients)
                with _exporting(kiosk, form):
                    busy += kiosk.json().run(sitting, _CAPTURES // clients, clients)
            name = f"captures beside {form}, {clients} at once"
            for said, took in (("idle", idle), ("exporting", busy)):
                p50, p99 = statistics.median(took), percentile(took, 0.99)
                print(f"{name}: {said} p50 {p50:.1f} ms, p99 {p99:.1f}", flush=True)
            yield Goal(f"{name}, p99 / idle", percentile(busy, 0.99) / percentile(idle, 0.99), 1.5)


@contextmanager
def _exporting(kiosk: Ours, form: str) -> Iterator[None]:
    """Have exports under way, one after the other; the last one comes to its end."""

    def export() -> None:
        # Behind guests who come without a pause it takes minutes.
        with (
            kiosk.appliance.client(headers={"X-API-Key": _KEY}) as admin,
            admin.stream("GET", _export(form), timeout=None) as answer,
        ):
            for _ in answer.iter_bytes():
                pass

    with _meanwhile(export):
        time.sleep(_BEGUN_S)
        yield


if __name__ == "__main__":
    sys.exit(main())
