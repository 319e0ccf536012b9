"""A process with a network of its own, whose loopback comes and goes while a watch listens.

Run as `python -m tests.parts.own_network EVENT`; prints how often the watch told of a return:
before anything happened, after the network came, and after it went and came once more.
"""

import asyncio
import ctypes
import fcntl
import os
import socket
import struct
import sys
from collections.abc import Callable

from kiosk_appliance.network import NetworkWatch

_CLONE_NEWNET = 0x40000000
_SIOCSIFFLAGS, _IFF_UP = 0x8914, 1
_SIOCSIFADDR = 0x8916
_SIOCADDRT, _SIOCDELRT, _RTF_UP = 0x890B, 0x890C, 1
_RTENTRY = struct.Struct("@L16s16s16sHhLPhxxxxxxPLLH")
_WITHIN_S = 5.0


def enter() -> None:
    """Leave the machine's network for an empty one; raises OSError without the right to."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(_CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _ask(request: int, argument: bytes) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        fcntl.ioctl(asker, request, argument)


def carrier(*, up: bool) -> None:
    _ask(_SIOCSIFFLAGS, struct.pack("16sh14x", b"lo", _IFF_UP if up else 0))


def _address(host: str) -> bytes:
    return struct.pack("=HH4s8x", socket.AF_INET, 0, socket.inet_aton(host))


def address(*, up: bool) -> None:
    _ask(_SIOCSIFADDR, struct.pack("16s16s", b"lo", _address("10.9.8.7" if up else "0.0.0.0")))


def route(*, up: bool) -> None:
    name = ctypes.create_string_buffer(b"lo")
    anywhere = _address("0.0.0.0")
    device = ctypes.addressof(name)
    entry = _RTENTRY.pack(0, anywhere, anywhere, anywhere, _RTF_UP, 0, 0, 0, 0, device, 0, 0, 0)
    _ask(_SIOCADDRT if up else _SIOCDELRT, entry)


EVENTS: dict[str, Callable[..., None]] = {"carrier": carrier, "address": address, "route": route}


async def _watch(event: Callable[..., None]) -> list[int]:
    told, seen = asyncio.Event(), []
    count = 0

    def on_return() -> None:
        nonlocal count
        count += 1
        told.set()

    if event is not carrier:
        carrier(up=True)
    with NetworkWatch(on_return):
        await asyncio.sleep(0.2)
        seen.append(count)
        for _ in range(2):
            told.clear()
            event(up=True)
            await asyncio.wait_for(told.wait(), _WITHIN_S)
            # Whatever else this return announces has been heard by now.
            await asyncio.sleep(0.2)
            seen.append(count)
            event(up=False)
    return seen


if __name__ == "__main__":
    enter()
    print(*asyncio.run(_watch(EVENTS[sys.argv[1]])))
