"""Durations and sizes as a technician writes them, and back in canonical form.

Knows no key and no file. 1 kB is 1024 bytes and 1 MB 1 048 576, as in the HTTP contract. English
and French unit names are read; English is written.
"""

import re
from decimal import Decimal

_DURATIONS = {
    "ms": Decimal("0.001"), "s": Decimal(1), "min": Decimal(60), "h": Decimal(3600),
    "days": Decimal(86400), "weeks": Decimal(604800),
}  # fmt: skip
_DURATION_NAMES = {
    "ms": "ms", "millisecond": "ms", "milliseconds": "ms", "milliseconde": "ms",
    "millisecondes": "ms",
    "s": "s", "sec": "s", "second": "s", "seconds": "s", "seconde": "s", "secondes": "s",
    "min": "min", "mn": "min", "minute": "min", "minutes": "min",
    "h": "h", "hour": "h", "hours": "h", "heure": "h", "heures": "h",
    "d": "days", "j": "days", "day": "days", "days": "days", "jour": "days", "jours": "days",
    "week": "weeks", "weeks": "weeks", "semaine": "weeks", "semaines": "weeks",
}  # fmt: skip
_SIZES = {"B": 1, "kB": 1 << 10, "MB": 1 << 20, "GB": 1 << 30, "TB": 1 << 40}
_SIZE_NAMES = {
    "b": "B", "byte": "B", "bytes": "B", "o": "B", "octet": "B", "octets": "B",
    "kb": "kB", "kib": "kB", "ko": "kB", "kio": "kB",
    "mb": "MB", "mib": "MB", "mo": "MB", "mio": "MB",
    "gb": "GB", "gib": "GB", "go": "GB", "gio": "GB",
    "tb": "TB", "tib": "TB", "to": "TB", "tio": "TB",
}  # fmt: skip
_QUANTITY = re.compile(r"(\d{1,15}(?:[.,]\d{1,6})?)\s*([A-Za-z]+)", re.ASCII)
_BARE = re.compile(r"[+-]?\d+([.,]\d+)?", re.ASCII)


class NoQuantity(ValueError):
    """The text is no quantity; `bare` when only the unit is missing."""

    def __init__(self, *, bare: bool = False) -> None:
        super().__init__("no quantity")
        self.bare = bare


def duration(text: str) -> float:
    """Return the seconds of a text such as `30 days`, `24 h`, `500 ms` or `2 heures`.

    Raises NoQuantity.
    """
    number, name = _split(text)
    unit = _DURATION_NAMES.get(name)
    if unit is None:
        raise NoQuantity
    return float(number * _DURATIONS[unit])


def size(text: str) -> int:
    """Return the bytes of a text such as `10 MB`, `64 kB` or `10 Mo`; raises NoQuantity."""
    number, name = _split(text)
    unit = _SIZE_NAMES.get(name)
    if unit is None:
        raise NoQuantity
    return int(number * _SIZES[unit])


def show_duration(seconds: float) -> str:
    """Return seconds in the largest unit that fits more than once: `30 days`, `60 s`."""
    exact = Decimal(repr(seconds)).normalize()
    for unit in ("days", "h", "min"):
        count = exact / _DURATIONS[unit]
        if count > 1 and count == count.to_integral_value():
            return f"{int(count)} {unit}"
    return f"{(exact * 1000).normalize():f} ms" if 0 < exact < 1 else f"{exact:f} s"


def show_size(count: int) -> str:
    """Return bytes in the largest unit that divides them: `10 MB`, `64 kB`, `1000 B`."""
    if count == 0:
        return "0 MB"
    for unit in ("TB", "GB", "MB", "kB"):
        if count % _SIZES[unit] == 0:
            return f"{count // _SIZES[unit]} {unit}"
    return f"{count} B"


def _split(text: str) -> tuple[Decimal, str]:
    bare = text.strip()
    match = _QUANTITY.fullmatch(bare)
    if match is None:
        raise NoQuantity(bare=_BARE.fullmatch(bare) is not None)
    return Decimal(match[1].replace(",", ".")), match[2].lower()
