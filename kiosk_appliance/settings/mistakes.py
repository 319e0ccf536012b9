"""What a technician is told about a mistake: where, the line itself, the fault, what is allowed.

Knows how a report looks, and never lets a secret into one. Knows no rule about any setting.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from kiosk_appliance.errors import SettingsInvalid
from kiosk_appliance.settings.locator import Route, Span, Spot, line_and_column

_WIDTH = 110
_SECRET_PARTS = re.compile(
    r"pass|pwd|secret|token|credential|api_?key|app(lication)?_?key|consumer|database_url",
    re.IGNORECASE,
)
_SECRET_NAMES = ("password", "api_key", "application_key", "application_secret", "consumer_key")


@dataclass(frozen=True, slots=True)
class Mistake:
    """One mistake. Line and column count from 1 and are 0 where there is no line to show."""

    file: str
    line: int
    column: int
    key: str
    source_line: str
    problem: str
    allowed: str = ""
    suggestion: str = ""
    width: int = 1

    @property
    def headline(self) -> str:
        """Return the mistake on one line, as a log has it."""
        place = f"{self.file}:{self.line}:{self.column}" if self.line else self.file
        return ": ".join(part for part in (place, self.key, self.problem) if part)

    def __str__(self) -> str:
        lines = [self.headline]
        if self.line:
            lines += _pointed(self.source_line, self.column - 1, self.width)
        if self.allowed:
            lines.append(f"allowed: {self.allowed}")
        if self.suggestion:
            lines.append(self.suggestion)
        return "\n    ".join(lines)


class MistakesFound(SettingsInvalid):
    """The settings can't be used; `detail` is the whole report, `mistakes` its parts in order."""

    def __init__(self, mistakes: Sequence[Mistake]) -> None:
        self.mistakes = tuple(sorted(mistakes, key=lambda one: (one.line, one.column)))
        count = "1 mistake" if len(mistakes) == 1 else f"{len(mistakes)} mistakes"
        super().__init__("\n\n".join([*map(str, self.mistakes), count]))


@dataclass(frozen=True, slots=True)
class Sheet:
    """The file as the technician sees it, with the place of everything in it."""

    file: str
    text: str
    spots: dict[Route, Spot]

    def at_key(
        self, route: Route, problem: str, *, allowed: str = "", suggestion: str = ""
    ) -> Mistake:
        """Return a mistake that points at a key or a table header."""
        spot = self.spots.get(route)
        return self._at(spot.key if spot else None, route, problem, allowed, suggestion)

    def at_value(
        self,
        route: Route,
        problem: str,
        *,
        allowed: str = "",
        suggestion: str = "",
        hidden: bool = False,
    ) -> Mistake:
        """Return a mistake that points at a value; `hidden`: the line is shown without it."""
        spot = self.spots.get(route)
        span = (spot.value or spot.key) if spot else None
        return self._at(span, route, problem, allowed, suggestion, hide=span if hidden else None)

    def _at(
        self,
        span: Span | None,
        route: Route,
        problem: str,
        allowed: str,
        suggestion: str,
        *,
        hide: Span | None = None,
    ) -> Mistake:
        key = ".".join(part for part in route if isinstance(part, str))
        if span is None:
            return Mistake(self.file, 0, 0, key, "", problem, allowed, suggestion)
        line, column = line_and_column(self.text, span.start)
        start = span.start - column + 1
        source = self._without_secrets(hide).split("\n")[line - 1]
        width = max(1, min(span.end, start + len(source)) - span.start)
        return Mistake(self.file, line, column, key, source, problem, allowed, suggestion, width)

    def _without_secrets(self, also: Span | None) -> str:
        text = self.text
        hidden = [spot.value for route, spot in self.spots.items() if _is_secret(route)]
        for span in (*hidden, also):
            if span is not None:
                covered = re.sub(r"[^\"'\s]", "*", text[span.start : span.end])
                text = text[: span.start] + covered + text[span.end :]
        return text


def names_secret(name: str) -> bool:
    """Say whether a key of this name, known or misspelt, holds a secret."""
    if name.lower().endswith("_file"):
        return False
    close = get_close_matches(name.lower(), _SECRET_NAMES, n=1, cutoff=0.75)
    return bool(close) or _SECRET_PARTS.search(name) is not None


def covered_line(line: str) -> str:
    """Return a line that can't be parsed, without the secret that it may hold."""
    for name in re.finditer(r"[\w.-]+(?=[\"']?\s*[=:\s])", line):
        if names_secret(name[0]):
            return line[: name.end()] + re.sub(r"[^\"'\s=:]", "*", line[name.end() :])
    return re.sub(r"//\S*@", lambda match: "*" * len(match[0]), line)


def _is_secret(route: Route) -> bool:
    return route == ("postgres", "url") or any(
        isinstance(part, str) and names_secret(part) for part in route
    )


def _pointed(source: str, start: int, width: int) -> tuple[str, str]:
    """Return a line and the carets under a part of it, cut to the width of a screen."""
    cut = max(0, start - _WIDTH // 2) if len(source) > _WIDTH else 0
    shown = source[cut : cut + _WIDTH]
    # A tab is as wide above as below.
    lead = "".join("\t" if char == "\t" else " " for char in source[cut:start])
    return shown, lead + "^" * max(1, min(width, len(shown) - len(lead)))
