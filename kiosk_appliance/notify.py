"""Words to the service manager (systemd's notification protocol); silent where there is none.

Protocol: sd_notify(3), datagrams of `NAME=value` lines to the socket in `$NOTIFY_SOCKET`.
"""

import contextlib
import os
import socket
from collections.abc import Mapping


class ServiceManager:
    """The service manager that started this process, if any."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._address = environ.get("NOTIFY_SOCKET", "")
        pid = environ.get("WATCHDOG_PID", "")
        for_us = not pid or pid == str(os.getpid())
        usec = environ.get("WATCHDOG_USEC", "")
        self._watchdog_us = int(usec) if for_us and usec.isascii() and usec.isdecimal() else 0

    @property
    def watchdog_s(self) -> float | None:
        """Return within which time it wants a sign of life, in seconds; None: never."""
        return self._watchdog_us / 1_000_000 or None

    def ready(self, status: str) -> None:
        """Say that guests can be served."""
        self._say(f"READY=1\nSTATUS={status}")

    def reloading(self, monotonic_us: int) -> None:
        """Say that the settings are read again; `ready` ends it."""
        self._say(f"RELOADING=1\nMONOTONIC_USEC={monotonic_us}\nSTATUS=Reading the settings again")

    def alive(self, status: str) -> None:
        """Say that event loop and database were just proved to work."""
        self._say(f"WATCHDOG=1\nSTATUS={status}")

    def stopping(self) -> None:
        """Say that the stop has begun."""
        self._say("STOPPING=1\nSTATUS=Stopping")

    def _say(self, words: str) -> None:
        if not self._address:
            return
        # A leading @ stands for the abstract namespace.
        address = "\0" + self._address[1:] if self._address[0] == "@" else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as out:
            # Guests come first: neither a manager that is gone nor one that does not read its
            # socket may stop or hold the event loop.
            out.setblocking(False)
            with contextlib.suppress(OSError):
                out.connect(address)
                out.sendall(words.encode())
