"""A thousand kiosks that tell one database of their captures, in no order and more than once.

Each kiosk is the real channel with connections of its own. What it has to say is shuffled and said
again; the database stops, is killed and freezes in between. A kiosk says a thing until it is taken,
as its outbox would.
"""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime

from kiosk_appliance.delivery.postgres import PostgresChannel, PostgresErasureChannel, Timeouts
from kiosk_appliance.domain.delivery import Delivered, NotSent, Outcome, Transient
from kiosk_appliance.domain.entry import Entry
from tests.parts.entries import an_entry, parcel_of
from tests.parts.postgres.central import Central
from tests.parts.postgres.server import PostgresServer

_AT_ONCE = 48
# Kiosks get 35 connections; the rest is the operator's, who must get in however many knock.
CROWDED = {"max_connections": "250", "superuser_reserved_connections": "215"}
_TIMEOUTS = Timeouts(connect_s=2, answer_s=2, idle_s=0.3)
_VISITS = 2
Row = tuple[object, ...]


@dataclass(frozen=True)
class Plan:
    """How much happens; the same seed makes the same captures."""

    kiosks: int
    captures: int
    disruptions: int
    seed: int = 10


@dataclass(frozen=True)
class Word:
    """One thing that a kiosk has to say."""

    entry: Entry
    erased: bool = False


@dataclass
class Figures:
    """What happened; `unexpected` are outcomes that no outage explains."""

    kiosks: int = 0
    words: int = 0
    captures: int = 0
    disruptions: int = 0
    seconds: float = 0.0
    most_connections: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)
    unexpected: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, outcome: Outcome) -> None:
        """Count what an attempt ended in."""
        with self._lock:
            self.outcomes[type(outcome).__name__] += 1
            if not isinstance(outcome, Delivered | NotSent | Transient):
                self.unexpected.add(str(outcome))


class Kiosk:
    """One kiosk: its two lanes, and what it has to say, in the order in which it says it."""

    def __init__(self, name: str, captures: int, central: Central, rng: random.Random) -> None:
        self.words = [word for _ in range(captures) for word in _story(name, rng)]
        self.words += rng.choices(self.words, k=len(self.words) // 3)
        rng.shuffle(self.words)
        self._lane = PostgresChannel(central.url, timeouts=_TIMEOUTS)
        self._erasures = PostgresErasureChannel(central.url, timeouts=_TIMEOUTS)

    def say(self, word: Word, figures: Figures) -> None:
        """Say one thing until it is taken."""
        channel = self._erasures if word.erased else self._lane
        while True:
            outcome = channel.deliver(parcel_of(word.entry))
            figures.note(outcome)
            if isinstance(outcome, Delivered) or figures.unexpected:
                return
            time.sleep(random.uniform(0.01, 0.2))

    def close(self) -> None:
        self._lane.close()
        self._erasures.close()


def _story(kiosk: str, rng: random.Random) -> Iterator[Word]:
    """Yield the versions of one capture, and for every fifth its erasure."""
    first = an_entry(kiosk=kiosk, created_at=1_795_000_000_000 + rng.randrange(10**9))
    last = rng.choice((1, 1, 2, 3))
    for version in range(1, last + 1):
        yield Word(replace(first, version=version, email=f"{version}.{first.capture}@example.com"))
    if rng.random() < 0.2:
        yield Word(replace(first, version=last + 1), erased=True)


def expected_rows(kiosks: list[Kiosk]) -> list[Row]:
    """Return the table as it must be in the end, by kiosk and capture."""
    newest: dict[tuple[str, str], Word] = {}
    for word in (word for kiosk in kiosks for word in kiosk.words):
        key = (word.entry.kiosk, word.entry.capture)
        other = newest.get(key, word)
        newest[key] = max(word, other, key=lambda one: (one.erased, one.entry.version))
    return sorted(_row(word) for word in newest.values())


def _row(word: Word) -> Row:
    entry = word.entry
    if word.erased:
        return (entry.kiosk, entry.capture, True, None, None, None, None)
    created = datetime.fromtimestamp(entry.created_at // 1000, UTC)
    created = created.replace(microsecond=entry.created_at % 1000 * 1000)
    return (entry.kiosk, entry.capture, False, entry.version, created, entry.phone, entry.email)


def actual_rows(central: Central) -> list[Row]:
    """Return the table as it is, in the same form."""
    columns = (
        "kiosk, capture, erased_at is not null, case when erased_at is null then version end,"
        " created_at, phone, email"
    )
    return sorted(central.rows(columns))


def sync(plan: Plan, central: Central, figures: Figures) -> list[Kiosk]:
    """Let every kiosk say everything while the server is disrupted; returns the kiosks."""
    rng = random.Random(plan.seed)
    kiosks = [Kiosk(f"kiosk-{n:04}", plan.captures, central, rng) for n in range(plan.kiosks)]
    visits = [(kiosk, kiosk.words[part::_VISITS]) for kiosk in kiosks for part in range(_VISITS)]
    rng.shuffle(visits)
    total = sum(len(kiosk.words) for kiosk in kiosks)

    def visit(kiosk: Kiosk, words: list[Word]) -> None:
        for word in words:
            kiosk.say(word, figures)

    started = time.monotonic()
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        visiting = [threads.submit(visit, *one) for one in visits]
        # In this thread, because a server dies with the thread that has started it.
        while not all(one.done() for one in visiting):
            time.sleep(0.1)
            figures.most_connections = max(figures.most_connections, central.connections())
            due = (figures.disruptions + 1) * total / (plan.disruptions + 1)
            if figures.disruptions < plan.disruptions and figures.outcomes["Delivered"] >= due:
                _disrupt(central.server, figures.disruptions)
                figures.disruptions += 1
        for one in visiting:
            one.result()
    figures.seconds = round(time.monotonic() - started, 1)
    figures.kiosks, figures.words = len(kiosks), total
    figures.captures = plan.kiosks * plan.captures
    for kiosk in kiosks:
        kiosk.close()
    return kiosks


def _disrupt(server: PostgresServer, number: int) -> None:
    """Take the server away for a moment, in each way in turn."""
    match number % 3:
        case 0:
            with server.stopped():
                time.sleep(0.5)
        case 1:
            server.kill()
            time.sleep(0.5)
            server.start()
        case _:
            with server.paused():
                time.sleep(_TIMEOUTS.answer_s + 1)
