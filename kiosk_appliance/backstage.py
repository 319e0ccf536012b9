"""How a command reaches backgrounds, outbox, account: in its own process, or in a running one.

The data directory belongs to one process. Where the appliance runs, a command asks it through its
control socket (`web/control.py`); else the command opens the directory itself.
"""

import asyncio
import http.client
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlencode

import msgspec

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.oversight import Detail, Page
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import KioskError
from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.directory import DataDirectoryInUse, Layout
from kiosk_appliance.web.server import short_address
from kiosk_appliance.wiring import curation_of, identity_of, oversight_of

_TIMEOUT_S = 30


class Curator(Protocol):
    """What a command needs of `core.curation.Curation`."""

    async def every(self) -> list[Background]:
        """Return all backgrounds."""
        ...

    async def add(self, picture: bytes, name: str, mode: str, display_order: int) -> Background:
        """Keep a new background."""
        ...

    async def remove(self, background_id: str) -> None:
        """Drop a background."""
        ...


class Overseer(Protocol):
    """What a command needs of `core.oversight.Oversight`."""

    async def page(
        self, channel: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Page:
        """Return deliveries, newest first."""
        ...

    async def show(self, delivery_id: str) -> Detail:
        """Return one delivery."""
        ...

    async def retry(self, delivery_id: str) -> None:
        """Try it again."""
        ...

    async def cancel(self, delivery_id: str) -> None:
        """End it."""
        ...


class Locksmith(Protocol):
    """What a command needs of `core.identity.Identity`."""

    async def set_password(self, password: str) -> None:
        """Set the admin's password."""
        ...

    async def rotate_key(self) -> None:
        """Sign tokens with a new key."""
        ...


@dataclass(frozen=True, slots=True)
class _ControlSocket:
    """Asks the appliance that is running."""

    path: Path

    async def ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        """Return the answer's body; raises KioskError with the appliance's own words."""
        return await asyncio.to_thread(self._ask_now, method, path, body)

    def _ask_now(self, method: str, path: str, body: bytes | None) -> bytes:
        connection = http.client.HTTPConnection("control", timeout=_TIMEOUT_S)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.sock.settimeout(_TIMEOUT_S)
            with short_address(self.path) as address:
                connection.sock.connect(address)
            headers = {"Content-Type": "application/json"}
            connection.request(method, path, body, headers)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise KioskError(str(msgspec.json.decode(said)["detail"]))
        return said


@dataclass(frozen=True, slots=True)
class _RunningCurator:
    """The backgrounds of an appliance that is running."""

    socket: _ControlSocket

    async def every(self) -> list[Background]:
        """Return all backgrounds."""
        body = await self.socket.ask("GET", "/backgrounds")
        return msgspec.json.decode(body, type=list[Background])

    async def add(self, picture: bytes, name: str, mode: str, display_order: int) -> Background:
        """Keep a new background."""
        query = urlencode({"name": name, "mode": mode, "order": display_order})
        body = await self.socket.ask("POST", f"/backgrounds?{query}", picture)
        return msgspec.json.decode(body, type=Background)

    async def remove(self, background_id: str) -> None:
        """Drop a background."""
        await self.socket.ask("DELETE", f"/backgrounds/{quote(background_id, safe='')}")


@dataclass(frozen=True, slots=True)
class _RunningOverseer:
    """The outbox of an appliance that is running."""

    socket: _ControlSocket

    async def page(
        self, channel: str | None, state: str | None, cursor: str | None, limit: int
    ) -> Page:
        """Return deliveries, newest first."""
        given = {"channel": channel, "state": state, "cursor": cursor, "limit": limit}
        query = urlencode(
            {name: value for name, value in given.items() if value is not None}, errors="replace"
        )
        return msgspec.json.decode(await self.socket.ask("GET", f"/outbox?{query}"), type=Page)

    async def show(self, delivery_id: str) -> Detail:
        """Return one delivery."""
        return msgspec.json.decode(await self.socket.ask("GET", _path(delivery_id)), type=Detail)

    async def retry(self, delivery_id: str) -> None:
        """Try it again."""
        await self.socket.ask("POST", f"{_path(delivery_id)}/retry")

    async def cancel(self, delivery_id: str) -> None:
        """End it."""
        await self.socket.ask("DELETE", _path(delivery_id))


@dataclass(frozen=True, slots=True)
class _RunningLocksmith:
    """The account of an appliance that is running."""

    socket: _ControlSocket

    async def set_password(self, password: str) -> None:
        """Set the admin's password."""
        body = msgspec.json.encode({"password": password})
        await self.socket.ask("PUT", "/admin/password", body)

    async def rotate_key(self) -> None:
        """Sign tokens with a new key."""
        await self.socket.ask("POST", "/admin/key")


def _path(delivery_id: str) -> str:
    return f"/outbox/{quote(delivery_id, safe='')}"


@asynccontextmanager
async def _reached(settings: Settings, clock: Clock) -> AsyncIterator[Store | _ControlSocket]:
    """Open this data directory, or reach the process that works on it."""
    async with AsyncExitStack() as stack:
        try:
            reached: Store | _ControlSocket = await stack.enter_async_context(
                open_store(settings, clock)
            )
        except DataDirectoryInUse:
            reached = _ControlSocket(Layout(settings.kiosk.data_dir).control)
            if not reached.path.is_socket():
                raise
        yield reached


@asynccontextmanager
async def overseer(settings: Settings) -> AsyncIterator[Overseer]:
    """Give access to the outbox of this data directory, whoever works on it now."""
    clock = Clock()
    async with _reached(settings, clock) as reached:
        if isinstance(reached, _ControlSocket):
            yield _RunningOverseer(reached)
        else:
            yield oversight_of(reached, clock, wake=lambda: None)


@asynccontextmanager
async def locksmith(settings: Settings) -> AsyncIterator[Locksmith]:
    """Give access to the admin's account of this data directory, whoever works on it now."""
    clock = Clock()
    async with _reached(settings, clock) as reached:
        if isinstance(reached, _ControlSocket):
            yield _RunningLocksmith(reached)
            return
        identity = identity_of(reached, lambda: settings, clock)
        await identity.begin()
        yield identity


@asynccontextmanager
async def curator(settings: Settings) -> AsyncIterator[Curator]:
    """Give access to the backgrounds of this data directory, whoever works on it now."""
    clock = Clock()
    async with _reached(settings, clock) as reached:
        if isinstance(reached, _ControlSocket):
            yield _RunningCurator(reached)
            return
        darkroom = Darkroom(settings)
        try:
            curation = curation_of(reached, darkroom, clock)
            await curation.give_originals()
            yield curation
        finally:
            darkroom.close()
