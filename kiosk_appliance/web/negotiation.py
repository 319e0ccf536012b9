"""Which form of an answer a client likes best, by its Accept header (RFC 9110, 12.4 and 12.5.1).

A header that can't be read counts as absent: nobody is refused for the form of an answer.
"""

import re
from collections.abc import Sequence

_QUALITY = re.compile(r"(?:0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)")
_MOST_RANGES = 64

Ranges = dict[str, float]


def ranges_of(accept: str) -> Ranges:
    """Return the quality of each media range; other parameters than `q` are left aside."""
    found: Ranges = {}
    for part in accept.lower().split(",")[:_MOST_RANGES]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if name.count("/") == 1:
            found[name] = max(found.get(name, 0.0), _quality(parameters))
    return found


def quality(ranges: Ranges, media_type: str) -> float:
    """Return how well a type is liked, 0 to 1: its most exact range decides; all 1 without any."""
    if not ranges:
        return 1.0
    for name in (media_type, f"{media_type.partition('/')[0]}/*", "*/*"):
        if name in ranges:
            return ranges[name]
    return 0.0


def best(accept: str, offered: Sequence[str]) -> str:
    """Return the offered type that the client likes best; the first of equals."""
    ranges = ranges_of(accept)
    return max(offered, key=lambda media_type: quality(ranges, media_type))


def prefers_html(accept: str, otherwise: str) -> bool:
    """Say whether a person's browser asks: HTML is named, and liked no less than `otherwise`."""
    ranges = ranges_of(accept)
    html = max(
        (ranges[name] for name in ("text/html", "application/xhtml+xml") if name in ranges),
        default=0.0,
    )
    return html > 0 and html >= quality(ranges, otherwise)


def language(accept_language: str) -> str:
    """Return the two letters of the language liked best, empty where none is named."""
    liked: list[tuple[float, str]] = []
    for part in accept_language.lower().split(",")[:_MOST_RANGES]:
        name, *parameters = (piece.strip() for piece in part.split(";"))
        if re.fullmatch(r"[a-z]{2}(?:-[a-z0-9-]{1,30})?", name):
            liked.append((_quality(parameters), name[:2]))
    return max(liked, key=lambda one: one[0], default=(0.0, ""))[1]


def _quality(parameters: list[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            return float(value) if _QUALITY.fullmatch(value.strip()) else 0.0
    return 1.0
