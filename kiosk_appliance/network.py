"""Tells when the machine's network comes back: a carrier, an address, a way out.

Listens to the kernel's own announcements (rtnetlink(7)), so that nothing is asked while nothing
changes. Knows nobody who might want to use the network. Where the kernel can't be listened to,
nothing is told, and the probes find out by themselves.
"""

import asyncio
import random
import socket
import struct
from collections.abc import Callable, Iterator
from typing import Self

import structlog

log = structlog.get_logger("network")

_LINK, _IPV4_ADDRESS, _IPV4_ROUTE, _IPV6_ROUTE = 0x1, 0x10, 0x40, 0x400
_NEW_LINK, _NEW_ADDRESS, _NEW_ROUTE = 16, 20, 24
_CARRIER = 0x10000  # IFF_LOWER_UP
_HEADER = struct.Struct("=IHHII")
_LINK_BODY = struct.Struct("=BxHiII")
_ROUTE_BODY = struct.Struct("=BB")
# Announcements come in crowds, and a fleet behind one router must not come back as one.
_SETTLE_S, _SPREAD_S = 1.0, 2.0


class NetworkWatch:
    """A context within which `on_return` is called, 1 to 3 s after the network has come back."""

    def __init__(self, on_return: Callable[[], None]) -> None:
        self._on_return = on_return
        self._carriers: set[int] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._kernel: socket.socket | None = None

    def __enter__(self) -> Self:
        """Begin to listen, on the running event loop."""
        try:
            kernel = socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, socket.NETLINK_ROUTE)
            kernel.setblocking(False)
            kernel.bind((0, _LINK | _IPV4_ADDRESS | _IPV4_ROUTE | _IPV6_ROUTE))
        except OSError as error:
            log.warning("network_not_watched", reason=error.strerror)
            return self
        self._kernel = kernel
        asyncio.get_running_loop().add_reader(kernel, self._hear)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        if self._timer is not None:
            self._timer.cancel()
        if self._kernel is not None:
            asyncio.get_running_loop().remove_reader(self._kernel)
            self._kernel.close()

    def _hear(self) -> None:
        assert self._kernel is not None  # noqa: S101 - only a listening watch is called
        try:
            said = self._kernel.recv(65_536)
        except OSError:
            # ENOBUFS: announcements were lost, and one of them may have been the one.
            self._tell_soon()
            return
        # Each one is looked at: a carrier that went has to be known when it comes back.
        returns = [self._is_return(kind, body) for kind, body in messages(said)]
        if any(returns):
            self._tell_soon()

    def _is_return(self, kind: int, body: bytes) -> bool:
        if kind == _NEW_ADDRESS:
            return True
        if kind == _NEW_ROUTE and len(body) >= _ROUTE_BODY.size:
            # A default route: its destination has no bits.
            return bool(_ROUTE_BODY.unpack_from(body)[1] == 0)
        if kind == _NEW_LINK and len(body) >= _LINK_BODY.size:
            _, _, index, flags, _ = _LINK_BODY.unpack_from(body)
            had = index in self._carriers
            (self._carriers.add if flags & _CARRIER else self._carriers.discard)(index)
            return bool(flags & _CARRIER) and not had
        return False

    def _tell_soon(self) -> None:
        if self._timer is None:
            wait = _SETTLE_S + random.random() * _SPREAD_S  # noqa: S311 - spreads a fleet
            self._timer = asyncio.get_running_loop().call_later(wait, self._tell)

    def _tell(self) -> None:
        self._timer = None
        log.info("network_returned")
        self._on_return()


def messages(said: bytes) -> Iterator[tuple[int, bytes]]:
    """Yield (type, body) of the netlink messages in a datagram; what is cut short is left out."""
    at = 0
    while at + _HEADER.size <= len(said):
        length, kind, *_ = _HEADER.unpack_from(said, at)
        if not _HEADER.size <= length <= len(said) - at:
            return
        yield kind, said[at + _HEADER.size : at + length]
        at += (length + 3) & ~3
