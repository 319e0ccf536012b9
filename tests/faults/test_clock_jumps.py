"""A clock that is wrong at boot and jumps by years, while guests wait for their SMS offline.

The real process with a preloaded clock, and the strict stand-in for OVH, which refuses a signature
that is 30 s off. Normally one life, at full size one for each clock that a kiosk may boot with.
"""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from threading import Event, Thread
from typing import Any

import httpx
import psutil
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import as_json
from tests.parts.ovh.stand_in import OvhStandIn
from tests.parts.pictures import jpeg
from tests.parts.relay import Fault, Relay
from tests.parts.shifted import ShiftedClock

pytestmark = pytest.mark.faults

HOUR = 3600
YEAR = 365 * 24 * HOUR
JUMPS = (-10 * YEAR, -HOUR, HOUR, 10 * YEAR, 50 * YEAR)
PHOTO = jpeg(640, 480)
Make = Callable[..., Appliance]


@dataclass
class Life:
    """One kiosk, its clock, its guests, and how it felt from outside."""

    kiosk: Appliance
    clock: ShiftedClock
    ovh: OvhStandIn
    relay: Relay
    answers: list[tuple[bytes, float]] = field(default_factory=list)
    worst_gap_s: float = 0.0
    most_grown_kb: int = 0

    def start(self, shift_s: int) -> None:
        self.clock.set(shift_s)
        self.kiosk.start(self.clock.environ)
        # A new kiosk's first backgrounds take memory of their own: they are waited for.
        with self.kiosk.client() as client:
            client.get("/api/backgrounds")

    def a_guest_comes(self, client: httpx.Client) -> None:
        index = len(self.answers)
        came = time.time()
        answer = self.ask(client, index)
        assert answer.status_code == 201, answer.text
        self.answers.append((answer.content, came))

    def ask(self, client: httpx.Client, index: int) -> httpx.Response:
        phone = f"+336123456{index:02}"
        key = {"Idempotency-Key": f"guest-{index}"}
        return as_json(client, PHOTO, phone=phone, consent={"sms": True}, headers=key)

    def jump(self, shift_s: int) -> None:
        """Set the clock, and measure the two seconds after it."""
        before = self._memory_kb()
        with self._watched():
            self.clock.set(shift_s)
            time.sleep(2)
        self.most_grown_kb = max(self.most_grown_kb, self._memory_kb() - before)

    @contextmanager
    def _watched(self) -> Iterator[None]:
        over = Event()

        def ping() -> None:
            with self.kiosk.client() as client:
                while not over.is_set():
                    asked = time.monotonic()
                    client.get("/health/ping")
                    self.worst_gap_s = max(self.worst_gap_s, time.monotonic() - asked)
                    over.wait(0.02)

        watch = Thread(target=ping)
        watch.start()
        yield
        over.set()
        watch.join()

    def _memory_kb(self) -> int:
        assert self.kiosk.process is not None
        return int(psutil.Process(self.kiosk.process.pid).memory_info().rss // 1024)


@contextmanager
def a_life(make: Make, folder: Path) -> Iterator[Life]:
    """Make a kiosk with an OVH of its own behind a relay that refuses for now."""
    with OvhStandIn() as ovh, Relay(int(ovh.endpoint.split(":")[2].split("/")[0])) as relay:
        relay.behave(Fault.REFUSE)
        tables = ovh.tables(f"http://127.0.0.1:{relay.port}/1.0")
        yield Life(make(tables), ShiftedClock(folder), ovh, relay)
    assert not ovh.violations


def boots(*, full: bool) -> tuple[int, ...]:
    to_1970, to_2020 = -int(time.time()), -int(time.time()) + 50 * YEAR
    return (to_1970, 0, to_2020, 50 * YEAR) if full else (to_1970,)


def test_no_jump_of_the_clock_stalls_loses_doubles_or_ages_anything(
    *, make_appliance: Make, tmp_path: Path, full: bool, tell: Callable[[object], None]
) -> None:
    gaps, grown = [], []
    for boot in boots(full=full):
        with a_life(make_appliance, tmp_path) as life:
            _offline(life, boot)
            life.relay.behave(Fault.PASS)
            _delivered(life)
            _online(life)
            assert life.kiosk.stop() == 0
        gaps.append(life.worst_gap_s)
        grown.append(life.most_grown_kb)
    tell(
        f"{len(gaps) * len(JUMPS) * 2} jumps, longest gap {max(gaps):.2f} s, "
        f"memory grown by {max(grown)} kB at most"
    )
    assert max(gaps) <= 2
    assert max(grown) <= 5_000


def _offline(life: Life, boot: int) -> None:
    """Guests come while the clock jumps, and the process is killed in the middle."""
    life.start(boot)
    with life.kiosk.client() as client:
        life.a_guest_comes(client)
        for jump in JUMPS:
            life.jump(boot + jump)
            life.a_guest_comes(client)
    life.kiosk.kill()
    life.start(boot - HOUR)
    with life.kiosk.client() as client:
        life.a_guest_comes(client)
        for index, (answer, _) in enumerate(life.answers):
            assert life.ask(client, index).content == answer, "a request that comes twice"


def _delivered(life: Life) -> None:
    """Each gets her one SMS, and every date is right."""
    with life.kiosk.client() as client:
        for index, (answer, came) in enumerate(life.answers):
            made = httpx.Response(200, content=answer).json()
            status = life.kiosk.wait_for(made["id"], sms_sent=True, status="synced")
            _wait_until_dated(life.kiosk, made["id"], came)
            assert {one["state"] for one in status["deliveries"]} == {"delivered"}
            assert life.ask(client, index).content == answer, "also once it is dated anew"
        clock = client.get("/health").json()["checks"]["clock"]
        assert clock["source"] == "OVH", clock
    _each_got_one(life)


def _each_got_one(life: Life) -> None:
    receivers = {sms.receiver for sms in life.ovh.ledger}
    assert len(receivers) == len(life.ovh.ledger) == len(life.answers)
    assert len(life.ovh.posts) == len(life.answers), "no signature was refused"


def _wait_until_dated(kiosk: Appliance, capture_id: str, came: float) -> None:
    deadline = time.monotonic() + 5
    while True:
        made = datetime.fromisoformat(kiosk.status(capture_id)["created_at"]).timestamp()
        if abs(made - came) <= 3:
            return
        assert time.monotonic() < deadline, f"dated {made}, and it was {came}"
        time.sleep(0.1)


def _online(life: Life) -> None:
    """The clock jumps on: signatures stay right, dates too, and health says what is wrong."""
    with life.kiosk.client() as client:
        for jump in JUMPS:
            life.jump(jump)
            came = time.time()
            life.a_guest_comes(client)
            answer: dict[str, Any] = httpx.Response(200, content=life.answers[-1][0]).json()
            made = datetime.fromisoformat(answer["created_at"]).timestamp()
            assert abs(made - came) <= 3
            life.kiosk.wait_for(answer["id"], sms_sent=True)
            clock = client.get("/health").json()["checks"]["clock"]
            assert abs(clock["off_by_s"] - jump) <= 3, clock
            assert clock["status"] == "degraded"
    _each_got_one(life)
