"""A dict in the one proxy process in place of a memcached daemon (a paste filter).

Its method names and arguments are those of `swift.common.memcached.MemcacheRing`.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any


class MemoryCache:
    """What Swift's middleware asks of `environ["swift.cache"]`."""

    def __init__(self) -> None:
        self._entries: dict[str, tuple[Any, float]] = {}

    def get(self, key: str, **_: Any) -> Any:
        value, until = self._entries.get(key, (None, 0.0))
        return None if until and until < time.time() else value

    def set(self, key: str, value: Any, *_: Any, **options: Any) -> None:
        life = options.get("time", 0)
        self._entries[key] = (value, time.time() + life if life else 0.0)

    def incr(self, key: str, delta: int = 1, **options: Any) -> int:
        value = max(0, int(self.get(key) or 0) + int(delta))
        self.set(key, value, **options)
        return value

    def decr(self, key: str, delta: int = 1, **options: Any) -> int:
        return self.incr(key, -int(delta), **options)

    def delete(self, key: str, *_: Any, **__: Any) -> None:
        self._entries.pop(key, None)

    def set_multi(self, mapping: dict[str, Any], *_: Any, **options: Any) -> None:
        for key, value in mapping.items():
            self.set(key, value, **options)

    def get_multi(self, keys: Iterable[str], *_: Any, **__: Any) -> list[Any]:
        return [self.get(key) for key in keys]


def filter_factory(*_: Any, **__: Any) -> Callable[[Any], Any]:
    """Return the filter that puts one cache into every request."""
    cache = MemoryCache()

    def wrap(app: Any) -> Any:
        def call(environ: dict[str, Any], start_response: Any) -> Any:
            environ["swift.cache"] = cache
            return app(environ, start_response)

        return call

    return wrap
