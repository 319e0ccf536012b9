"""Runs one ASGI application on one socket with uvicorn; signals are the appliance's own matter."""

import asyncio
import contextlib
import os
import socket
import ssl
from collections.abc import Generator
from pathlib import Path

import uvicorn

from kiosk_appliance.errors import KioskError
from kiosk_appliance.settings import Address
from kiosk_appliance.web.connections import Connection
from kiosk_appliance.web.edge import Application

_BACKLOG = 256
_GRACE_S = 4
_GONE_MS = 60_000


class AddressInUse(KioskError):
    """The listener's address can't be had."""

    code = "address-in-use"
    title = "Address in use"


class _Uvicorn(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """Leave signals alone: one handler owns them for the whole process."""
        yield


class Server:
    """One listener."""

    def __init__(
        self,
        application: Application,
        listener: socket.socket,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._listener = listener
        self._uvicorn = _Uvicorn(
            uvicorn.Config(
                application,
                http=Connection,
                ws="none",
                lifespan="on",
                log_config=None,
                access_log=False,
                proxy_headers=False,
                server_header=False,
                timeout_keep_alive=75,
                timeout_graceful_shutdown=_GRACE_S,
                ssl_context_factory=None if tls is None else lambda _config, _default: tls,
            )
        )
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once requests are answered; raises RuntimeError where the start failed."""
        self._serving = asyncio.create_task(self._uvicorn.serve(sockets=[self._listener]))
        while not self._uvicorn.started:
            if self._serving.done():
                await self._serving
                raise RuntimeError("The web server did not start; see the log.")
            await asyncio.sleep(0.005)

    async def stop(self) -> None:
        """Take nothing new, let running requests end (4 s at most)."""
        self._uvicorn.should_exit = True
        if self._serving is not None:
            await self._serving


def listen_locally(path: Path) -> socket.socket:
    """Return a bound Unix socket that only this user may speak to."""
    path.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    with short_address(path) as address:
        listener.bind(address)
    path.chmod(0o600)
    listener.listen(_BACKLOG)
    listener.setblocking(False)
    return listener


@contextlib.contextmanager
def short_address(path: Path) -> Generator[str, None, None]:
    """Give a Unix socket's address that fits the kernel's 108 bytes, however long the path is."""
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield f"/proc/self/fd/{folder}/{path.name}"
    finally:
        os.close(folder)


def listen(address: Address, key: str) -> socket.socket:
    """Return a bound socket; raises AddressInUse with what to do about `[listen] key`."""
    try:
        family, kind, protocol, _, where = socket.getaddrinfo(
            address.host, address.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # Whoever is gone without a word (a VPN that fell) is noticed, and holds no place: else
        # the kernel would go on trying for a quarter of an hour. Connections inherit it.
        listener.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, _GONE_MS)
        listener.bind(where)
        listener.listen(_BACKLOG)
    except OSError as error:
        raise AddressInUse(
            f"Can't listen on {address} ({error.strerror}): another program has it, or it is no "
            f"address of this machine. Change [listen] {key} in kiosk.toml."
        ) from error
    listener.setblocking(False)
    return listener
