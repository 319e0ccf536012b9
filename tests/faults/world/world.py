"""The world behind the kiosk's channels: what it holds, what it saw, how it treats calls.

It alone knows the truth: which SMS handsets got, which objects lie in the storage, which calls have
left the kiosk. Everything it decides is drawn from the seed and from what it is asked about, never
from the order in which threads come by.
"""

import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.faults.world.virtual import VirtualLoop
from tests.faults.world.weather import Weather

BASE = "https://storage.example/v1/AUTH_simulated/photos"


@dataclass(frozen=True, slots=True)
class Odds:
    """How likely a single call meets each misfortune."""

    lost_answer: float = 0.20
    killed: float = 0.05
    failed_look_up: float = 0.10
    lost_request: float = 0.03
    server_error: float = 0.04
    bad_number: float = 0.01
    throttled: float = 0.01
    cut_upload: float = 0.08
    damaged_upload: float = 0.02
    cursed_photo: float = 0.01


@dataclass(frozen=True, slots=True)
class Sms:
    """One SMS on a handset; a look-up finds it from `visible_at` on."""

    number: int
    tag: str
    recipient: str
    at: float
    visible_at: float


@dataclass
class World:
    """Everything outside the kiosk; `loop` is that of the kiosk's present life.

    `departed` counts the calls of each delivery that have left the kiosk, `cut` how often the
    process died in the middle of one. `erased` holds the tokens of captures whose guests were told
    that they are erased, `tombs` what the central database forgot. `met` counts misfortunes,
    `off_s` the seconds without power, `wire` holds the requests on their way.
    """

    seed: int
    odds: Odds
    weather: Weather
    tell: Callable[[str], None]
    loop: VirtualLoop
    fair: bool = False
    off_s: float = 0.0
    handsets: dict[str, list[Sms]] = field(default_factory=dict)
    objects: dict[str, str] = field(default_factory=dict)
    entries: dict[str, int] = field(default_factory=dict)
    tombs: set[str] = field(default_factory=set)
    erased: dict[str, str] = field(default_factory=dict)
    departed: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    met: Counter[str] = field(default_factory=Counter)
    probed_at: dict[str, list[float]] = field(default_factory=dict)
    lives: set[str] = field(default_factory=set)
    sms_at: list[float] = field(default_factory=list)
    most_uploads_at_once: int = 0
    violations: list[str] = field(default_factory=list)
    wire: dict[str, Callable[[], object]] = field(default_factory=dict)
    _asked: Counter[str] = field(default_factory=Counter)
    _numbers: int = 0

    @property
    def now(self) -> float:
        """Return the true time in virtual seconds."""
        return self.loop.time()

    def note(self, what: str) -> None:
        """Add a line to the trace."""
        self.tell(f"{self.now:12.3f}  {what}")

    def violated(self, what: str) -> None:
        """Note that a promise is broken."""
        self.violations.append(f"at {self.now:.0f} s: {what}")
        self.note(f"VIOLATION {what}")

    def draw(self, *about: str) -> random.Random:
        """Return the dice for the next call about something."""
        key = " ".join(about)
        self._asked[key] += 1
        return random.Random(f"{self.seed} {key} {self._asked[key]}")

    def always(self, *about: str) -> float:
        """Return a number in [0, 1) that stays the same for this thing."""
        return random.Random(f"{self.seed} always {' '.join(about)}").random()

    def clear_up(self) -> None:
        """Let the weather be fair for ever, and nobody kill the process but a call's own odds."""
        self.fair = True
        self.weather.clear_up(self.now)

    def hand_over(self, tag: str, recipient: str, hidden_s: float) -> Sms:
        """Let a handset get an SMS; look-ups find it after `hidden_s`."""
        got = self.handsets.setdefault(tag, [])
        self._numbers += 1
        got.append(Sms(self._numbers, tag, recipient, self.now, self.now + hidden_s))
        self.note(f"handset {recipient} gets {tag}")
        if len(got) > 1:
            self.violated(f"handset {recipient} has {len(got)} SMS of one order")
        return got[-1]

    def sms_left(self, delivery_id: str) -> None:
        """Note that the request for an SMS has left the kiosk."""
        self.departed[delivery_id] += 1
        self.sms_at.append(self.now)

    def probed(self, name: str, at: float) -> None:
        """Note that the kiosk has probed a provider."""
        self.probed_at.setdefault(name, []).append(at)

    def got(self, tag: str) -> list[Sms]:
        """Return what handsets have with this tag."""
        return self.handsets.get(tag, [])

    def settle_wire(self) -> None:
        """Decide, at the death of the process, what becomes of the requests on their way."""
        for key in sorted(self.wire):
            if self.always("wire", key, f"{self.now}") < 0.5:
                self.wire[key]()
        self.wire.clear()
