"""A provider in this process: a channel whose answers a test writes, and whose calls it counts."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from kiosk_appliance.domain.delivery import Delivered, LookUp, NotFound, Outcome, Parcel, Told


@dataclass
class Provider:
    """Keeps the channel's protocol; `gate`, once cleared, lets calls hang until it is set."""

    name: str = "storage"
    remote: bool = True
    concurrency: int = 4
    repeatable: bool = True
    on_deliver: Callable[[Parcel], Outcome] = lambda _parcel: Delivered("x")
    on_probe: Callable[[], Outcome] = lambda: Delivered("")
    on_look_up: Callable[[Parcel], LookUp] = lambda _parcel: NotFound()
    on_receipt: Callable[[str], Told | None] = lambda _reference: None
    base: str | None = None
    probes: int = 0
    delivered: list[Parcel] = field(default_factory=list)
    looked_up: list[Parcel] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    at_once: int = 0
    most_at_once: int = 0
    closed: bool = False
    gate: threading.Event = field(default_factory=threading.Event)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.gate.set()

    def deliver(self, parcel: Parcel) -> Outcome:
        with self._lock:
            self.delivered.append(parcel)
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
        try:
            self.gate.wait(60)
            return self.on_deliver(parcel)
        finally:
            with self._lock:
                self.at_once -= 1

    def look_up(self, parcel: Parcel) -> LookUp:
        self.looked_up.append(parcel)
        return self.on_look_up(parcel)

    def probe(self) -> Outcome:
        self.probes += 1
        self.gate.wait(60)
        return self.on_probe()

    def receipt(self, reference: str) -> Told | None:
        self.asked.append(reference)
        return self.on_receipt(reference)

    def public_base(self) -> str | None:
        return self.base

    def close(self) -> None:
        self.closed = True
