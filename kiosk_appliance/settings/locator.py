"""Where each key and each value of a TOML document stands, exactly.

Python's parser says what a document means, not where; this scanner says where, and only for text
that the parser has already accepted: it checks nothing. Knows no setting. TOML 1.0.
"""

import re
import tomllib
from dataclasses import dataclass

Route = tuple[str | int, ...]
"""The way to a value from the top: table and key names, and indexes into lists."""

_BLANK = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_BLANK_IN_LINE = re.compile(r"[ \t]*")
_BARE_KEY = re.compile(r"[A-Za-z0-9_-]+")
_STRING = re.compile(
    r'"""(?:[^"\\]|\\[\s\S]|"(?!""))*"{3,5}'
    r"|'''(?:[^']|'(?!''))*'{3,5}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
# A date and its time may be parted by one blank.
_PLAIN = re.compile(r"\d{4}-\d\d-\d\d \d\d:[^\s,\]}#]*|[^\s,\]}#]+")


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the text, in characters from its start."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Spot:
    """Where a key and its value stand; a header has no value, a list's element is its own key."""

    key: Span
    value: Span | None


def locate(text: str) -> dict[Route, Spot]:
    """Return the spot of every table, key and list element of valid TOML without CRs."""
    scanner = _Scanner(text)
    scanner.document()
    return scanner.spots


def line_and_column(text: str, offset: int) -> tuple[int, int]:
    """Return the 1-based line and column, in characters, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Scanner:
    def __init__(self, text: str) -> None:
        self.spots: dict[Route, Spot] = {}
        self._text = text
        self._at = 0
        self._last_of: dict[Route, int] = {}

    def document(self) -> None:
        table: Route = ()
        while self._skip():
            if self._text[self._at] == "[":
                table = self._header()
            else:
                self._assignment(table)

    def _skip(self) -> bool:
        """Pass blanks, line ends and comments; say whether anything is left."""
        self._pass(_BLANK)
        return self._at < len(self._text)

    def _pass(self, pattern: re.Pattern[str]) -> str:
        match = pattern.match(self._text, self._at)
        if match is None:
            raise ValueError(f"no TOML at character {self._at}")
        self._at = match.end()
        return match[0]

    def _header(self) -> Route:
        brackets = 2 if self._text.startswith("[[", self._at) else 1
        start = self._at
        self._at += brackets
        table: Route = ()
        *parents, (last, _) = self._dotted()
        self._at += brackets  # the closing ones, which _dotted stopped at
        for name, span in parents:
            table = (*table, name)
            self.spots.setdefault(table, Spot(span, None))
            if table in self._last_of:
                table = (*table, self._last_of[table])
        table = (*table, last)
        whole = Spot(Span(start, self._at), None)
        if brackets == 1:
            # A table is shown at its own header, whoever named it before.
            self.spots[table] = whole
            return table
        self.spots.setdefault(table, whole)
        self._last_of[table] = self._last_of.get(table, -1) + 1
        self.spots[*table, self._last_of[table]] = whole
        return (*table, self._last_of[table])

    def _assignment(self, table: Route) -> None:
        route = table
        parts = self._dotted()
        self._at += 1  # the equals sign, which _dotted stopped at
        for name, span in parts:
            route = (*route, name)
            self.spots.setdefault(route, Spot(span, None))
        self._skip_in_line()
        self.spots[route] = Spot(parts[-1][1], self._value(route))

    def _dotted(self) -> list[tuple[str, Span]]:
        parts = []
        while True:
            self._skip_in_line()
            start = self._at
            quoted = self._text[start] in "\"'"
            written = self._pass(_STRING if quoted else _BARE_KEY)
            name = tomllib.loads(f"x = {written}")["x"] if quoted else written
            parts.append((name, Span(start, self._at)))
            self._skip_in_line()
            if self._text[self._at] != ".":
                return parts
            self._at += 1

    def _skip_in_line(self) -> None:
        self._pass(_BLANK_IN_LINE)

    def _value(self, route: Route) -> Span:
        start = self._at
        first = self._text[start]
        if first == "[":
            self._array(route)
        elif first == "{":
            self._inline_table(route)
        else:
            self._pass(_STRING if first in "\"'" else _PLAIN)
        return Span(start, self._at)

    def _array(self, route: Route) -> None:
        self._at += 1
        index = 0
        while self._skip() and self._text[self._at] != "]":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            span = self._value((*route, index))
            self.spots[*route, index] = Spot(span, span)
            index += 1
        self._at += 1

    def _inline_table(self, route: Route) -> None:
        self._at += 1
        while self._skip() and self._text[self._at] != "}":
            if self._text[self._at] == ",":
                self._at += 1
                continue
            self._assignment(route)
        self._at += 1
