"""Which methods each path takes: the `Allow` header of `405` and `OPTIONS`.

The framework names one handler's methods only where several share a path, hence a table of ours
over its routes. Knows no handler.
"""

import re
from collections.abc import Iterable

# What answers on every known path besides its handlers.
_ALWAYS = frozenset({"OPTIONS"})


class Methods:
    """The methods of every known path."""

    def __init__(self, routes: Iterable[tuple[str, Iterable[str]]]) -> None:
        """Take (path template, methods) pairs; a template may come more than once."""
        plain: dict[str, set[str]] = {}
        for template, methods in routes:
            plain.setdefault(template, set()).update(methods)
        self._plain = {path: _offered(found) for path, found in plain.items() if "{" not in path}
        self._patterns = [
            (_pattern(template), _offered(found))
            for template, found in plain.items()
            if "{" in template
        ]

    def of(self, path: str) -> frozenset[str]:
        """Return what a path takes, HEAD and OPTIONS included; empty for an unknown path."""
        path = path.rstrip("/") or "/"
        if path in self._plain:
            return self._plain[path]
        for pattern, offered in self._patterns:
            if pattern.fullmatch(path):
                return offered
        return frozenset()


def _offered(methods: set[str]) -> frozenset[str]:
    return frozenset(methods | _ALWAYS | ({"HEAD"} if "GET" in methods else set()))


def _pattern(template: str) -> re.Pattern[str]:
    """Return the pattern of a template such as `/api/status/{capture_id:str}`."""
    pieces = re.split(r"(\{[^}]*\})", template)
    return re.compile("".join(map(_piece, pieces)), re.DOTALL)


def _piece(piece: str) -> str:
    if not piece.startswith("{"):
        return re.escape(piece)
    return ".+" if piece.endswith(":path}") else "[^/]+"
