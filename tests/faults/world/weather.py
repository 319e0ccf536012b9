"""What the network and the providers are up to at each virtual moment, drawn from the seed.

A spell lasts from seconds to hours. Each place has its own: the kiosk's uplink, the storage, OVH,
the central database.
"""

import random
from bisect import bisect_right
from dataclasses import dataclass

_UPLINK = ("no network", "captive portal", "no network")
_STORAGE = ("storage down", "storage slow", "account closed", "throttled")
_CENTRAL = ("database down", "table taken away")
_OVH = ("ovh down", "no credit", "look-ups refused", "throttled")


@dataclass(frozen=True, slots=True)
class Spells:
    """How bad it gets: mean seconds between two spells of one place, and their length."""

    apart_s: float = 900.0
    shortest_s: float = 5.0
    longest_s: float = 5_400.0


class Weather:
    """Answers for every moment; asked for the same moment it says the same."""

    def __init__(self, seed: int, spells: Spells) -> None:
        self._spells = spells
        self._sources = {
            place: (random.Random(f"weather {seed} {place}"), kinds)
            for place, kinds in (
                ("uplink", _UPLINK),
                ("storage", _STORAGE),
                ("sms", _OVH),
                ("postgres", _CENTRAL),
            )
        }
        self._changes: dict[str, list[tuple[float, str]]] = {p: [(0.0, "")] for p in self._sources}
        self._fair_from = float("inf")
        self._offline: list[tuple[float, float]] = []

    def clear_up(self, now: float) -> None:
        """Let it be fair weather for ever."""
        self._fair_from = min(self._fair_from, now)

    def cut_off(self, start: float, end: float) -> None:
        """Take the network away from start to end, whatever the seed says."""
        self._offline.append((start, end))

    def trouble(self, place: str, now: float) -> str:
        """Return the spell over a place; empty in fair weather."""
        if place == "uplink" and any(start <= now < end for start, end in self._offline):
            return "no network"
        if now >= self._fair_from:
            return ""
        changes = self._changes[place]
        while changes[-1][0] <= now:
            self._go_on(place)
        return changes[bisect_right(changes, (now, "\uffff")) - 1][1]

    def _go_on(self, place: str) -> None:
        rng, kinds = self._sources[place]
        changes, spells = self._changes[place], self._spells
        begins = changes[-1][0] + rng.expovariate(1 / spells.apart_s)
        # Short ones are common, long ones happen.
        lasts = spells.shortest_s * (spells.longest_s / spells.shortest_s) ** rng.random()
        changes += [(begins, rng.choice(kinds)), (begins + lasts, "")]
