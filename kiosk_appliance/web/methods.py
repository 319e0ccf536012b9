"""Which methods each path takes: the `Allow` header of `405` and `OPTIONS`.

The framework names one handler's methods only where several share a path, hence a table of ours
over its routes. Knows no handler.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

# What answers on every known path besides its handlers.
_ALWAYS = frozenset({"OPTIONS"})


@dataclass(frozen=True, slots=True)
class Known:
    """A known path: its template, and what it takes, HEAD and OPTIONS included."""

    template: str
    methods: frozenset[str]


class Methods:
    """The methods of every known path."""

    def __init__(self, routes: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Take (path template, methods) pairs; a template may come more than once."""
        plain: dict[str, set[str]] = {}
        for template, methods in routes:
            plain.setdefault(template, set()).update(methods)
        self._plain = {path: _known(path, found) for path, found in plain.items()}
        self._patterns = [
            (_pattern(template), known)
            for template, known in self._plain.items()
            if "{" in template
        ]

    def of(self, path: str) -> Known | None:
        """Return what is known of a normal path (see `normal`), or None."""
        if "{" not in path and path in self._plain:
            return self._plain[path]
        return next((known for pattern, known in self._patterns if pattern.fullmatch(path)), None)


def normal(path: str) -> str:
    """Return the one spelling of a path: single slashes, none at the end."""
    return re.sub("/{2,}", "/", path).rstrip("/") or "/"


def _known(template: str, methods: set[str]) -> Known:
    head = {"HEAD"} if "GET" in methods else set()
    return Known(re.sub(r":\w+\}", "}", template), frozenset(methods | _ALWAYS | head))


def _pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of a template such as `/api/status/{capture_id:str}`."""
    pieces = re.split(r"(\{[^}]*\})", template)
    return re.compile("".join(map(_piece, pieces)), re.DOTALL)


def _piece(piece: str) -> str:
    if not piece.startswith("{"):
        return re.escape(piece)
    return ".+" if piece.endswith(":path}") else "[^/]+"
