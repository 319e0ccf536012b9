"""The kiosk in a simulated world: no handset gets two SMS, and none is lost in silence.

A failing seed is played again, with its trace, by `python -m tests.faults.world --seed N --sms N`.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
import structlog

from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.delivery import (
    ERASURES,
    Delivered,
    LookUp,
    NotFound,
    NotSent,
    Outcome,
    Parcel,
)
from tests.faults.world.offline import Days, most_within, sit_out
from tests.faults.world.providers import CentralStandIn, OvhStandIn, StorageStandIn
from tests.faults.world.simulation import Plan, play
from tests.faults.world.virtual import VirtualLoop
from tests.faults.world.world import World

Told = Callable[[object], None]

_SMALL = (Plan(11, 100), Plan(16, 60, expires_after="20 min"))
_FULL = (Plan(1, 5_000), Plan(2, 1_000, expires_after="30 min"))


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """Keep the kiosk's own log out of the way."""
    structlog.configure(logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@pytest.mark.parametrize("number", range(len(_SMALL)))
def test_seasons_keep_every_promise(number: int, full: bool, tell: Told, tmp_path: Path) -> None:
    plan = (_FULL if full else _SMALL)[number]
    # Threads answer as the machine lets them: in a long season the seed alone brings nothing back.
    with (tmp_path / "trace.txt").open("w", encoding="utf-8") as trace:
        figures = play(plan, lambda line: print(line, file=trace))
    tell(f"seed {plan.seed}: {figures}")
    if figures.violations:
        tell(f"its trace lies in {trace.name}")
    assert figures.violations == []
    assert figures.twice == 0
    assert figures.ends.total() >= plan.sms
    assert figures.kills > 0
    assert {"lost answer", "failed look-up", "kill"} <= set(figures.met)
    assert (figures.ends["expired"] > 0) is (plan.expires_after != "24 h")


def test_the_same_seed_gives_the_same_season() -> None:
    traces: list[list[str]] = [[], []]
    for trace in traces:
        play(Plan(21, 25), trace.append)
    assert traces[0] == traces[1]
    assert len(traces[0]) > 50


class SentAgain(OvhStandIn):
    """A product that takes an SMS for something that may simply be repeated."""

    repeatable = True


class BlindLookUp(OvhStandIn):
    """A product that does not look before it sends once more."""

    def look_up(self, _parcel: Parcel) -> LookUp:
        return NotFound()


class Hopeful(OvhStandIn):
    """A product that takes silence for success."""

    def lost(self, misfortune: str) -> Outcome:
        super().lost(misfortune)
        return Delivered("?")


class Trusting(StorageStandIn):
    """A product that takes any answer for the storage's, even a captive portal's."""

    def deliver(self, parcel: Parcel) -> Outcome:
        outcome = super().deliver(parcel)
        return Delivered("?") if isinstance(outcome, NotSent) and not self.dead else outcome


def with_sms(broken: type[OvhStandIn]) -> Callable[[World, VirtualLoop], Sequence[Channel]]:
    def channels(world: World, loop: VirtualLoop) -> Sequence[Channel]:
        return (StorageStandIn(world, loop), broken(world, loop), CentralStandIn(world, loop))

    return channels


def with_trusting_storage(world: World, loop: VirtualLoop) -> Sequence[Channel]:
    return (Trusting(world, loop), OvhStandIn(world, loop), CentralStandIn(world, loop))


@pytest.mark.parametrize(
    ("channels", "seen", "plan"),
    # Short seasons, each with the misfortune that it takes.
    [
        (with_sms(SentAgain), "has 2 SMS of one order", Plan(33, 15)),
        (with_sms(BlindLookUp), "has 2 SMS of one order", Plan(33, 15)),
        (with_sms(Hopeful), "counts as delivered, and 0 handsets have it", Plan(32, 10)),
        (with_trusting_storage, "leaves before its photo is in the storage", Plan(31, 40)),
    ],
)
def test_a_broken_product_is_caught(
    channels: Callable[[World, VirtualLoop], Sequence[Channel]], seen: str, plan: Plan
) -> None:
    figures = play(replace(plan, channels=channels), lambda _line: None)
    assert any(seen in violation for violation in figures.violations), figures


@pytest.mark.parametrize("expires_after", ["30 days", "24 h"])
def test_days_offline_cost_nothing_and_the_drain_keeps_its_limits(
    expires_after: str, full: bool, tell: Told
) -> None:
    days = Days(2_000 if full else 100, expires_after=expires_after, slower=1 if full else 20)
    toll = sit_out(days, lambda _line: None)
    tell(toll)
    assert toll.violations == []
    assert toll.attempts_offline == 0
    assert set(toll.probes) == {"storage", "sms", "postgres", *ERASURES.values()}
    assert all(100 < probes <= 900 for probes in toll.probes.values())
    assert toll.wal_bytes <= 16 * 2**20
    assert toll.first_probe_s <= 5
    assert toll.most_uploads_at_once <= 4
    assert toll.sms_in_a_minute <= 60
    assert toll.sms_in_a_second <= 10
    assert toll.slowest_fresh_s <= 15
    ended = toll.ends.get("delivered", 0) + toll.ends.get("expired", 0)
    assert ended == sum(toll.ends.values()) == days.captures + toll.fresh
    assert toll.sms_on_handsets == toll.ends["delivered"]
    # An SMS whose time is over ends while the kiosk is still offline, for everybody to see.
    in_a_day = days.captures * 24 / days.hours
    still_alive = days.captures if expires_after == "30 days" else in_a_day
    assert abs(toll.waiting_sms_offline - still_alive) <= 2
    assert toll.expired_offline == days.captures - toll.waiting_sms_offline


def test_most_within_slides() -> None:
    assert most_within([], 60) == 0
    assert most_within([0, 30, 59, 61, 62, 121], 60) == 4
