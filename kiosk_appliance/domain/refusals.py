"""When refusals say more of the set-up than of the items: the same words for three in a row.

Pure; times are monotonic milliseconds. Once the set-up is blamed, one refusal in the same words is
enough to blame it again, until a delivery succeeds. Items that waited meanwhile and are refused
after that are at fault themselves: a few bad ones must not hold up the others for ever.
"""

from dataclasses import dataclass, field

_ENOUGH = 3


@dataclass(frozen=True, slots=True)
class Blamed:
    """Since when the set-up is to blame, and which items ended for nothing."""

    since_ms: int
    ended: tuple[str, ...]


@dataclass(slots=True)
class Refusals:
    """The last refusals of one channel that may be the set-up's fault."""

    _words: str = ""
    _items: list[str] = field(default_factory=list)
    _since_ms: int | None = None
    _excused: set[str] = field(default_factory=set)
    _own: set[str] = field(default_factory=set)

    def add(self, item: str, words: str, now_ms: int) -> Blamed | None:
        """Note one refusal; return what to blame on the set-up, None where it is the item's."""
        if item in self._own:
            return None
        if words != self._words:
            self._forget()
            self._words = words
        if item not in self._items:
            self._items.append(item)
        if self._since_ms is None and len(self._items) < _ENOUGH:
            return None
        if self._since_ms is None:
            self._since_ms = now_ms
        self._excused.update(self._items)
        return Blamed(self._since_ms, tuple(known for known in self._items if known != item))

    def reopened(self) -> None:
        """What ended for nothing waits again."""
        self._items.clear()

    @property
    def excused(self) -> tuple[str, ...]:
        """Return the items for whose refusal the set-up was blamed, since the last success."""
        return tuple(self._excused)

    def succeeded(self) -> None:
        """A delivery succeeded: the set-up is good, and excuses nobody any more."""
        self._own |= self._excused
        self._excused.clear()
        self._forget()

    def _forget(self) -> None:
        self._words, self._since_ms = "", None
        self._items.clear()
