"""How a command reaches the backgrounds: in its own process, or in the one that is running.

The data directory belongs to one process. Where the appliance runs, a command asks it through its
control socket (`web/control.py`); else the command opens the directory itself.
"""

import asyncio
import http.client
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlencode

import msgspec

from kiosk_appliance.appliance import curation_of, open_store
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import KioskError
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.files import DataDirectoryInUse, Layout
from kiosk_appliance.web.server import short_address

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


class RunningAppliance:
    """The backgrounds of an appliance that is running, through its control socket."""

    def __init__(self, control: Path) -> None:
        self._control = control

    async def every(self) -> list[Background]:
        """Return all backgrounds."""
        body = await self._ask("GET", "/backgrounds")
        return msgspec.json.decode(body, type=list[Background])

    async def add(self, picture: bytes, name: str, mode: str, display_order: int) -> Background:
        """Keep a new background."""
        query = urlencode({"name": name, "mode": mode, "order": display_order})
        body = await self._ask("POST", f"/backgrounds?{query}", picture)
        return msgspec.json.decode(body, type=Background)

    async def remove(self, background_id: str) -> None:
        """Drop a background."""
        await self._ask("DELETE", f"/backgrounds/{quote(background_id, safe='')}")

    async def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        return await asyncio.to_thread(self._ask_now, method, path, body)

    def _ask_now(self, method: str, path: str, body: bytes | None) -> bytes:
        connection = http.client.HTTPConnection("control", timeout=_TIMEOUT_S)
        connection.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            connection.sock.settimeout(_TIMEOUT_S)
            with short_address(self._control) as address:
                connection.sock.connect(address)
            connection.request(method, path, body)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status >= http.client.BAD_REQUEST:
            raise KioskError(str(msgspec.json.decode(said)["detail"]))
        return said


@asynccontextmanager
async def curator(settings: Settings) -> AsyncIterator[Curator]:
    """Give access to the backgrounds of this data directory, whoever works on it now."""
    clock = Clock()
    async with AsyncExitStack() as stack:
        store = None
        try:
            store = await stack.enter_async_context(open_store(settings, clock))
        except DataDirectoryInUse:
            control = Layout(settings.kiosk.data_dir).control
            if not control.is_socket():
                raise
        if store is None:
            yield RunningAppliance(control)
            return
        darkroom = Darkroom(settings)
        stack.callback(darkroom.close)
        curation = curation_of(store, darkroom, clock)
        await curation.give_originals()
        yield curation
