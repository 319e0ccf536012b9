"""Rate limits per client address: over all paths but the cheap ones, and over a few dear ones.

Behind a proxy of the list the forwarded address counts: the rightmost that is no trusted proxy,
and that one is never looked up among the unlimited. An unlisted peer's header counts for nothing.
"""

import math
import time
from collections import OrderedDict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Any

from kiosk_appliance.errors import KioskError, TooMany

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_FREE, _FREE_FOLDER = "/health/ping", "/static/"
_OF_PROXIES = {b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"}
# Nothing grows without bound: the addresses seen longest ago are forgotten first.
_MOST_ADDRESSES = 10_000


class RateLimit:
    """A token bucket per client address; `monotonic` gives seconds."""

    def __init__(
        self,
        *,
        per_minute: int,
        unlimited: Sequence[Network],
        trusted_proxies: Sequence[Network],
        only: Collection[str] = (),
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Count every path, or `only` these."""
        self._per_minute = per_minute
        self._unlimited = unlimited
        self._trusted = trusted_proxies
        self._only = frozenset(only)
        self._monotonic = monotonic
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def check(self, scope: dict[str, Any]) -> None:
        """Count one request; raises TooMany past the limit."""
        if not scope.get("client") or not self._counts(scope["path"]):
            return
        client = client_of(scope, self._trusted)
        if client.is_forwarded or not _within(_parsed(client.address), self._unlimited):
            self._take(client.address)

    def _counts(self, path: str) -> bool:
        if self._only:
            return path in self._only
        return path != _FREE and not path.startswith(_FREE_FOLDER)

    def _take(self, client: str) -> None:
        now = self._monotonic()
        level, at = self._buckets.pop(client, (float(self._per_minute), now))
        level = min(level + (now - at) * self._per_minute / 60, float(self._per_minute))
        allowed = level >= 1
        self._buckets[client] = (level - 1 if allowed else level, now)
        if len(self._buckets) > _MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        if not allowed:
            wait = math.ceil((1 - level) * 60 / self._per_minute)
            raise TooMany("Too many requests from this address; wait a little.", retry_after_s=wait)


@dataclass(frozen=True, slots=True)
class Client:
    """The address that counts; a forwarded one is only as good as the proxy's word."""

    address: str
    is_forwarded: bool


def client_of(scope: Mapping[str, Any], trusted: Sequence[Network]) -> Client:
    """Return whose request this is: its peer, or whom the trusted proxies name."""
    peer = str(scope["client"][0])
    if not _within(_parsed(peer), trusted):
        return Client(peer, is_forwarded=False)
    # A proxy may add a line of its own below one that its client has sent.
    lines = [value for name, value in scope["headers"] if name == b"x-forwarded-for"]
    hops = b",".join(lines).decode("latin-1").split(",")
    for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
        address = _parsed(hop)
        if address is None:
            return Client(peer, is_forwarded=True)
        if not _within(address, trusted):
            return Client(str(address), is_forwarded=True)
    return Client(peer, is_forwarded=False)


def only_from_here(scope: Mapping[str, Any], trusted: Sequence[Network]) -> None:
    """Raise `forbidden` for a request that comes from another machine than this one.

    The guest page comes by no proxy: whatever a proxy adds says that somebody else asks, also where
    nobody has told of the proxy.
    """
    is_forwarded = any(name in _OF_PROXIES for name, _ in scope["headers"])
    if is_forwarded or not ip_address(client_of(scope, trusted).address).is_loopback:
        raise KioskError(
            "Only the kiosk itself may ask for this.",
            code="forbidden",
            title="Forbidden",
            status=403,
        )


def _parsed(text: str) -> Address | None:
    try:
        address = ip_address(text.strip("[]"))
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _within(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)
