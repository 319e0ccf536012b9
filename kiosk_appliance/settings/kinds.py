"""What a setting may hold: each kind reads a TOML value, shows it again and says what is allowed.

Knows no key, no file and no other setting. A kind normalises (seconds, bytes, paths, addresses)
and raises `Wrong` with words for a technician; kinds with a meaning of their own (addresses,
providers, SMS) stand in `special.py`.
"""

import json
import math
import re
from collections.abc import Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from pathlib import Path
from typing import Generic, TypeVar

from kiosk_appliance.settings import units

T = TypeVar("T")
_SHOWN = 60
TomlValue = str | int | float | bool | datetime | date | time | list[object] | dict[str, object]


class Wrong(ValueError):
    """A value is not of its kind; `index` points at one element of a list.

    `hidden`: the value holds something that no message may show.
    """

    def __init__(
        self, problem: str, *, suggestion: str = "", index: int | None = None, hidden: bool = False
    ) -> None:
        super().__init__(problem)
        self.problem = problem
        self.suggestion = suggestion
        self.index = index
        self.hidden = hidden


class Kind(Generic[T]):
    """A kind of value; T is its normalised type."""

    unit: str = ""
    minimum: str | int | None = None
    maximum: str | int | None = None
    secret: bool = False

    def read(self, raw: object) -> T:
        """Return the normalised value of a TOML value; raises Wrong."""
        raise NotImplementedError

    def show(self, value: T) -> str:
        """Return the value as canonical TOML."""
        return quoted(str(value))

    def allowed(self) -> str:
        """Return what is allowed, for a technician: `a size between 100 kB and 64 MB`."""
        raise NotImplementedError

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the closed list of values, empty where any will do."""
        return ()


def quoted(text: str) -> str:
    """Return a TOML basic string."""
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def shown(raw: object) -> str:
    """Return a TOML value as it stands in a file, shortened for a message."""
    if isinstance(raw, bool):
        return "true" if raw else "false"
    if isinstance(raw, str):
        return quoted(raw if len(raw) <= _SHOWN else f"{raw[:_SHOWN]}...")
    if isinstance(raw, list):
        return "a list"
    if isinstance(raw, dict):
        return "a table"
    return str(raw)


def string(raw: object, what: str) -> str:
    """Return a value that must be a string; `what` names the kind for the message."""
    if isinstance(raw, str):
        return raw
    hint = ""
    if isinstance(raw, int | float | datetime | date | time) and not isinstance(raw, bool):
        hint = f'write it in quotes: "{raw}"'
    raise Wrong(f"{shown(raw)} is no {what}", suggestion=hint)


def nearest(word: str, known: Sequence[str]) -> str | None:
    """Return the known word that was probably meant, compared without case."""
    by_fold = {candidate.casefold(): candidate for candidate in known}
    found = get_close_matches(word.casefold(), by_fold, n=1, cutoff=0.6)
    return by_fold[found[0]] if found else None


class Flag(Kind[bool]):
    """`true` or `false`."""

    def read(self, raw: object) -> bool:
        """Return a TOML boolean and nothing that merely looks like one."""
        if isinstance(raw, bool):
            return raw
        word = str(raw).casefold()
        words = {"yes": "true", "oui": "true", "on": "true", "1": "true", "true": "true"}
        words |= dict.fromkeys(("no", "non", "off", "0", "false"), "false")
        hint = f"write {words[word]}, without quotes" if word in words else ""
        raise Wrong(f"{shown(raw)} is neither true nor false", suggestion=hint)

    def show(self, value: bool) -> str:
        """Return `true` or `false`."""
        return "true" if value else "false"

    def allowed(self) -> str:
        """Return the two values."""
        return "true or false"


class Whole(Kind[int]):
    """A whole number between two bounds; the key's name or help bears the unit."""

    def __init__(self, minimum: int, maximum: int, unit: str = "") -> None:
        self.minimum: int = minimum
        self.maximum: int = maximum
        self.unit = unit

    def read(self, raw: object) -> int:
        """Return an integer within the bounds; a boolean is none."""
        if isinstance(raw, bool) or not isinstance(raw, int):
            hint = ""
            if isinstance(raw, str) and re.fullmatch(r"[+-]?\d+", raw.strip(), re.ASCII):
                hint = f"write {raw.strip()}, without quotes"
            raise Wrong(f"{shown(raw)} is no whole number", suggestion=hint)
        if not self.minimum <= raw <= self.maximum:
            raise Wrong(f"{raw} is out of bounds")
        return raw

    def show(self, value: int) -> str:
        """Return the digits, grouped where there are many."""
        return f"{value:_}" if value >= 100_000 else str(value)  # noqa: PLR2004 -- legibility

    def allowed(self) -> str:
        """Return both bounds with the unit."""
        unit = f" {self.unit}" if self.unit else ""
        return (
            f"a whole number between {self.show(self.minimum)} and {self.show(self.maximum)}{unit}"
        )


class Duration(Kind[float]):
    """A time span with its unit, normalised to seconds."""

    unit = "s"

    def __init__(self, minimum: str, maximum: str, bare: str = "s") -> None:
        """`bare` is the unit to propose when somebody wrote a number alone."""
        self.minimum: str = minimum
        self.maximum: str = maximum
        self._bare = bare

    def read(self, raw: object) -> float:
        """Return seconds within the bounds."""
        text = _quantity_text(raw, "duration", self._bare)
        try:
            seconds = units.duration(text)
        except units.NoQuantity as no:
            raise _no_quantity(text, "duration", self._bare, no) from None
        if not units.duration(self.minimum) <= seconds <= units.duration(self.maximum):
            raise Wrong(f"{shown(raw)} is out of bounds")
        return seconds

    def show(self, value: float) -> str:
        """Return it in its largest unit."""
        return quoted(units.show_duration(value))

    def allowed(self) -> str:
        """Return both bounds."""
        return f"a duration between {self.minimum} and {self.maximum}"


class Size(Kind[int]):
    """A number of bytes with its unit."""

    unit = "bytes"

    def __init__(self, minimum: str, maximum: str) -> None:
        self.minimum: str = minimum
        self.maximum: str = maximum

    def read(self, raw: object) -> int:
        """Return bytes within the bounds."""
        text = _quantity_text(raw, "size", "MB")
        try:
            count = units.size(text)
        except units.NoQuantity as no:
            raise _no_quantity(text, "size", "MB", no) from None
        if not units.size(self.minimum) <= count <= units.size(self.maximum):
            raise Wrong(f"{shown(raw)} is out of bounds")
        return count

    def show(self, value: int) -> str:
        """Return it in its largest unit."""
        return quoted(units.show_size(value))

    def allowed(self) -> str:
        """Return both bounds."""
        return f"a size between {self.minimum} and {self.maximum}"


def _quantity_text(raw: object, what: str, bare: str) -> str:
    if isinstance(raw, int | float) and not isinstance(raw, bool) and math.isfinite(raw):
        raise Wrong(f"{raw} is no {what}: the unit is missing", suggestion=f'write "{raw} {bare}"')
    return string(raw, what)


def _no_quantity(text: str, what: str, bare: str, no: units.NoQuantity) -> Wrong:
    if no.bare:
        return Wrong(
            f"{shown(text)} is no {what}: the unit is missing",
            suggestion=f'write "{text.strip()} {bare}"',
        )
    return Wrong(f"{shown(text)} is no {what}")


class Text(Kind[str]):
    """Text of a bounded length, without control characters."""

    def __init__(self, maximum: int, what: str = "text", minimum: int = 1) -> None:
        self._what = what
        self.minimum: int = minimum
        self.maximum: int = maximum
        self.unit = "characters"

    def read(self, raw: object) -> str:
        """Return the text as it stands, without surrounding blanks."""
        text = string(raw, self._what).strip()
        if len(text) < self.minimum:
            raise Wrong("it is empty" if not text else f"{shown(text)} is too short")
        if len(text) > self.maximum:
            raise Wrong(f"it has {len(text)} characters, which is too long")
        if any(ord(char) < 32 and char != "\n" for char in text):  # noqa: PLR2004 -- ASCII controls
            raise Wrong("it holds control characters")
        return text

    def allowed(self) -> str:
        """Return the lengths."""
        return f"text of {self.minimum} to {self.maximum} characters"


class Choice(Kind[str]):
    """One of a few words, compared without case."""

    def __init__(self, *words: str) -> None:
        self._words = words

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the words."""
        return self._words

    def read(self, raw: object) -> str:
        """Return the word as we spell it."""
        text = string(raw, "word").strip()
        for word in self._words:
            if word.casefold() == text.casefold():
                return word
        meant = nearest(text, self._words)
        raise Wrong(
            f"{shown(text)} is not known here",
            suggestion=f'did you mean "{meant}"?' if meant else "",
        )

    def allowed(self) -> str:
        """Return the words, quoted."""
        *others, last = (quoted(word) for word in self._words)
        return f"{', '.join(others)} or {last}" if others else last


class Each(Kind[tuple[T, ...]]):
    """A list whose elements are all of one kind, without repeats."""

    def __init__(self, kind: Kind[T], *, minimum: int = 0, maximum: int = 100) -> None:
        self.kind = kind
        self.minimum: int = minimum
        self.maximum: int = maximum
        self.unit = "entries"

    @property
    def choices(self) -> tuple[str, ...]:
        """Return the words an element may be."""
        return self.kind.choices

    def read(self, raw: object) -> tuple[T, ...]:
        """Return the elements in order; a repeat counts once."""
        if not isinstance(raw, list):
            hint = f"write [{shown(raw)}]" if isinstance(raw, str) else ""
            raise Wrong(f"{shown(raw)} is no list", suggestion=hint)
        if not self.minimum <= len(raw) <= self.maximum:
            raise Wrong("the list is empty" if not raw else f"the list has {len(raw)} entries")
        values: dict[T, None] = {}
        for index, element in enumerate(raw):
            try:
                values[self.kind.read(element)] = None
            except Wrong as wrong:
                wrong.index = index
                raise
        return tuple(values)

    def show(self, value: tuple[T, ...]) -> str:
        """Return a TOML array."""
        return f"[{', '.join(self.kind.show(element) for element in value)}]"

    def allowed(self) -> str:
        """Return what the elements may be."""
        some = "at least one of: " if self.minimum else "any number of: "
        return f"a list of {some}{self.kind.allowed()}"


class FilePath(Kind[Path]):
    """A path; a relative one counts from the folder of the file that names it."""

    def __init__(self, what: str = "path") -> None:
        self._what = what

    def read(self, raw: object) -> Path:
        """Return the path as written; whoever knows the file makes it absolute."""
        text = string(raw, self._what)
        if not text.strip() or "\0" in text:
            raise Wrong(f"{shown(raw)} is no path")
        return Path(text).expanduser() if text.startswith("~/") else Path(text)

    def show(self, value: Path) -> str:
        """Return the path; a relative one looks like one."""
        return quoted(str(value) if value.is_absolute() else f"./{value}")

    def allowed(self) -> str:
        """Return how a path may be written."""
        return "a path; a relative one counts from the folder of this file"
