"""Lanes on a real database and real threads, with providers whose answers a test writes."""

import asyncio
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.lane import Lane, Means
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.replay import Address, Replay
from kiosk_appliance.core.settling import Patience, Settling
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.pace import Bucket
from kiosk_appliance.settings import Settings, load
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Database, open_database
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.memory import Memory
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.photos import Photos
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.provider import Provider
from tests.parts.rows import Added, add_capture, row_of


@dataclass
class World:
    """A replay with both lanes on one database."""

    database: Database
    clock: SetClock
    storage: Provider
    sms: Provider
    replay: Replay
    lanes: dict[str, Lane]
    links: Links
    parcels: Parcels
    run: Run
    quiet: threading.Event
    """While it is set, the backlog of SMS is held."""
    guest: threading.Event
    """While it is set, a guest is near."""
    nobody_waits: asyncio.Event
    """While it is not set, somebody waits for a picture."""

    async def add(self, *phones: str) -> Added:
        return await add_capture(self.database, self.clock, phones)

    async def until(self, what: Callable[[], Awaitable[bool]], seconds: float = 30) -> None:
        """Tick as the scheduler does, until it is so."""
        deadline = time.monotonic() + seconds
        while not await what():
            assert time.monotonic() < deadline
            await self.replay.tick()
            await asyncio.sleep(0.02)

    async def failed(self, delivery_id: str) -> sqlite3.Row:
        """Return its row once an attempt has failed."""

        async def has_error() -> bool:
            return (await row_of(self.database, delivery_id))["last_error"] is not None

        await self.until(has_error)
        return await row_of(self.database, delivery_id)

    async def is_in(self, delivery_id: str, state: str) -> bool:
        return bool((await row_of(self.database, delivery_id))["state"] == state)


def defaults(folder: Path) -> Settings:
    config = folder / "kiosk.toml"
    config.write_text(f'[kiosk]\ndata_dir = "{folder}/var"\n', encoding="utf-8")
    return load(config, {}).settings


@asynccontextmanager
async def world(
    folder: Path,
    *,
    run: str = "run1",
    clock: SetClock | None = None,
    container: str = "c1",
    **sms: Any,
) -> AsyncIterator[World]:
    settings = defaults(folder)
    layout = Layout(folder / "var")
    layout.create()
    clock, database = clock or SetClock(), await open_database(layout.database)
    this_run, quiet = Run(run, clock.boot), threading.Event()
    guest = threading.Event()
    nobody_waits = asyncio.Event()
    nobody_waits.set()

    async def give_way() -> None:
        await nobody_waits.wait()

    outbox = Outbox(database, this_run)
    links = Links("http://localhost", in_cloud=True, landing_page=True, learns=True)
    parcels = Parcels(
        settings=lambda: settings,
        captures=Captures(database),
        photos=Photos(layout),
        keeping=Keeping(lambda: settings, clock),
        links=links,
        timekeeping=Timekeeping(clock, database),
    )
    providers = (
        Provider("storage"),
        replace(Provider("sms", concurrency=1, repeatable=False), **sms),
    )
    lanes = {}
    for provider in providers:
        circuit = Circuit(provider.concurrency, Position.OPEN, "Not tried yet.", clock.mono)
        settling = Settling(
            outbox=outbox, circuit=circuit, clock=clock, patience=lambda: Patience(3, 60)
        )
        means = Means(outbox, parcels, settling, clock, give_way, guest.is_set)
        if provider.name == "sms":
            lane = Lane(
                provider, circuit, means, Bucket(10, 1_200, clock.mono - 60_000), quiet.is_set
            )
        else:
            lane = Lane(provider, circuit, means, None)
        lanes[provider.name] = lane
    replay = Replay(
        lanes=list(lanes.values()),
        outbox=outbox,
        address=Address(links, Memory(database), container),
        clock=clock,
    )
    try:
        yield World(
            database,
            clock,
            *providers,
            replay,
            lanes,
            links,
            parcels,
            this_run,
            quiet,
            guest,
            nobody_waits,
        )
    finally:
        for provider in providers:
            provider.gate.set()
        await replay.stop()
        await database.close()


def play(folder: Path, work: Callable[[World], Awaitable[None]], **options: Any) -> None:
    async def go() -> None:
        async with world(folder, **options) as made:
            await work(made)

    in_loop(go())
