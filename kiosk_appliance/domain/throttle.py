"""How often somebody may try a password: a few tries at once, then waits that double to a minute.

Nobody is ever locked out for good: what lies a quarter of an hour back is forgotten.
"""

import math
from collections import OrderedDict
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network

_FREE = 5
_LONGEST_S = 60
_MEMORY_S = 15 * 60
# Nothing grows without bound: those who tried longest ago are forgotten first.
_MOST = 10_000


@dataclass(slots=True)
class _Tries:
    count: int
    last_s: float

    def wait_s(self, now: float) -> float:
        if self.count < _FREE:
            return 0
        wait: float = min(2 ** min(self.count - _FREE, 10), _LONGEST_S)
        return max(self.last_s + wait - now, 0)


class Throttle:
    """Counts the tries of each name; `now` is monotonic seconds."""

    def __init__(self) -> None:
        self._tries: OrderedDict[str, _Tries] = OrderedDict()

    def wait_s(self, name: str, now: float) -> int:
        """Return how many whole seconds are left before this name may try again; 0: at once."""
        tries = self._tries.get(name)
        if tries is None or now - tries.last_s >= _MEMORY_S:
            return 0
        return math.ceil(tries.wait_s(now))

    def tried(self, name: str, now: float) -> None:
        """Count a try before it is made: those that come at once must not all be free."""
        known = self._tries.pop(name, None)
        if known is None or now - known.last_s >= _MEMORY_S:
            known = _Tries(0, now)
        self._tries[name] = _Tries(known.count + 1, now)
        if len(self._tries) > _MOST:
            self._tries.popitem(last=False)

    def succeeded(self, name: str) -> None:
        """Forget the tries of a name that has proved to be right."""
        self._tries.pop(name, None)


def neighbourhood(address: str) -> str:
    """Return what counts as one place: an address, of IPv6 the network that one household has."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(ip_network((int(parsed), 64), strict=False))
    return address
