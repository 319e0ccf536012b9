"""Turns measurements into the printed table and its verdicts."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass


def percentile(values: Sequence[float], share: float) -> float:
    """Return the value that `share` of the others lie under."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


@dataclass(frozen=True, slots=True)
class Goal:
    """One figure that the project promises, and what was seen."""

    name: str
    seen: float
    limit: float
    unit: str = "x"
    at_least: bool = False

    @property
    def met(self) -> bool:
        return self.seen >= self.limit if self.at_least else self.seen <= self.limit

    def line(self) -> str:
        bound = "at least" if self.at_least else "at most"
        verdict = "PASS" if self.met else "MISS"
        return f"{verdict}  {self.name}: {self.seen:.2f} {self.unit} ({bound} {self.limit:g})"


@dataclass(frozen=True, slots=True)
class Load:
    """All captures of one size by one number of clients, by subject."""

    size: str
    clients: int
    took_ms: dict[str, list[float]]

    def median(self, name: str) -> float:
        return statistics.median(self.took_ms[name])

    def table(self) -> str:
        lines = [
            f"{self.size}, {self.clients} client{'s' * (self.clients > 1)}",
            f"  {'':18}{'p50 ms':>9}{'p99 ms':>9}{'/ bare cost':>13}{'baseline /':>13}",
        ]
        for name, took in self.took_ms.items():
            row = f"  {name:18}{self.median(name):9.1f}{percentile(took, 0.99):9.1f}"
            row += f"{self.median(name) / self.median('bare cost'):12.2f}x"
            if "baseline" in self.took_ms:
                row += f"{self.median('baseline') / self.median(name):12.2f}x"
            lines.append(row)
        return "\n".join(lines)

    def goals(self) -> list[Goal]:
        where = f"{self.size}, {self.clients} client{'s' * (self.clients > 1)}"
        ours = self.median("ours")
        found = [Goal(f"{where}: ours / bare cost", ours / self.median("bare cost"), 1.4)]
        if "baseline" in self.took_ms:
            ratio = self.median("baseline") / ours
            found.append(Goal(f"{where}: baseline / ours", ratio, 3, at_least=True))
        return found
