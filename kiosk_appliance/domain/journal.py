"""One line of the system log."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """What happened; `at` is UTC milliseconds, and nothing in it is personal."""

    id: str
    at: int
    level: str
    component: str
    message: str
    correlation_id: str | None
