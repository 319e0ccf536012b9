"""The composition root: starts in order, stops in reverse.

The whole life of the process is on this page.
"""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack
from typing import TypeAlias

import structlog

from kiosk_appliance import heap, logs
from kiosk_appliance.channels import channels_of
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.network import NetworkWatch
from kiosk_appliance.notify import ServiceManager
from kiosk_appliance.opening import open_store
from kiosk_appliance.schedule import Job, Schedule
from kiosk_appliance.settings import Loaded, Settings
from kiosk_appliance.web.application import application
from kiosk_appliance.web.control import control_application
from kiosk_appliance.web.listeners import Listener, open_listeners
from kiosk_appliance.web.metrics import Metrics
from kiosk_appliance.web.server import Server, listen_locally
from kiosk_appliance.web.static import Pages
from kiosk_appliance.web.use_cases import UseCases
from kiosk_appliance.wiring import use_cases

log = structlog.get_logger("appliance")

# Told once guests are served: where, and the code of a first start.
Announce: TypeAlias = Callable[[Settings, Sequence[Listener], str | None], None]

_TICK_S = 1.0
_WATCHDOG_S = 10.0
_LOOK_S = 2.0
_RECEIPTS_S = 10.0
_EXPIRY_S = 60.0
_ERASING_S = 5.0
# Whoever is told a day may count on it.
_RETENTION_S = 600.0
# How often a backup's being due is looked for.
_BACKUP_S = 60.0
_JOURNAL_S = 2.0
_NETWORKS_S = 10.0


async def serve(
    loaded: Loaded, manager: ServiceManager, announce: Announce, read: Callable[[], Loaded]
) -> None:
    """Run the appliance until SIGTERM or SIGINT; `announce` is called once guests are served.

    At SIGHUP the settings are `read` again.
    """
    heap.few_arenas()
    settings = loaded.settings
    stop, hung_up = _signals()
    clock = Clock()
    async with AsyncExitStack() as stack:
        pages = Pages.read()
        # The directory first: a second process is told about the first, not about its address.
        store = await stack.enter_async_context(open_store(settings, clock))
        # Whatever may be refused comes before anything that runs.
        listeners = stack.enter_context(open_listeners(settings))
        control_listener = stack.enter_context(listen_locally(store.layout.control))
        darkroom = Darkroom(settings)
        stack.callback(darkroom.close)
        channels = channels_of(settings, store.layout, clock)
        kiosk = use_cases(store, loaded, darkroom, clock, channels)
        logging.getLogger().addHandler(kiosk.journaling)
        stack.callback(logging.getLogger().removeHandler, kiosk.journaling)
        await kiosk.space.look()
        await kiosk.timekeeping.begin()
        await kiosk.configuring.begin()
        await kiosk.identity.begin()
        await kiosk.replay.start()
        metrics = Metrics()
        servers = [_server(kiosk, pages, metrics, listener) for listener in listeners]
        schedule = Schedule(jobs_of(kiosk, manager), clock)
        schedule.start()
        stack.enter_context(NetworkWatch(kiosk.replay.hurry))
        commanded = control_application(kiosk.curation, kiosk.oversight, kiosk.identity)
        control = Server(commanded, control_listener)
        await control.start()
        served = asyncio.Event()
        kiosk.curation.start_giving(served)
        for server in servers:
            await server.start()
        served.set()
        darkroom.pool.submit(darkroom.warm_up)
        await kiosk.configuring.keep_as_good()
        log.info(
            "ready", address=str(settings.listen.guest), admin_address=str(settings.listen.admin)
        )
        manager.ready(_status(kiosk))
        announce(settings, listeners, _setup_code(kiosk))
        _wake_the_collector()
        reloads = asyncio.create_task(_reload_when(hung_up, kiosk, manager, read))
        await stop.wait()
        reloads.cancel()
        manager.stopping()
        log.info("stopping")
        await schedule.stop()
        kiosk.watching.stop()
        await asyncio.gather(
            *(server.stop() for server in (*servers, control)),
            kiosk.replay.stop(),
            kiosk.retention.stop(),
            kiosk.safekeeping.stop(),
        )
        await kiosk.journaling.write()
        store.layout.control.unlink(missing_ok=True)


def _signals() -> tuple[asyncio.Event, asyncio.Event]:
    """Return what is set by SIGTERM and SIGINT, and what by SIGHUP."""
    stop, hung_up = asyncio.Event(), asyncio.Event()
    loop = asyncio.get_running_loop()
    for number, event in (
        (signal.SIGTERM, stop), (signal.SIGINT, stop), (signal.SIGHUP, hung_up),
    ):  # fmt: skip
        loop.add_signal_handler(number, event.set)
    return stop, hung_up


def _server(kiosk: UseCases, pages: Pages, metrics: Metrics, listener: Listener) -> Server:
    served = application(
        kiosk,
        pages,
        metrics,
        listener.address,
        for_guests=listener.for_guests,
        for_admin=listener.for_admin,
    )
    return Server(served, listener.socket, listener.tls)


def _setup_code(kiosk: UseCases) -> str | None:
    """Return the first start's code, and log it: whoever reads the log may set the password."""
    code = kiosk.identity.setup_code
    if code is not None:
        log.warning("setup_code", code=code, use="POST /admin/setup within 30 minutes")
    return code


async def _reload_when(
    hung_up: asyncio.Event, kiosk: UseCases, manager: ServiceManager, read: Callable[[], Loaded]
) -> None:
    while True:
        await hung_up.wait()
        hung_up.clear()
        manager.reloading(time.monotonic_ns() // 1000)
        before = kiosk.settings().log
        try:
            await kiosk.reloading.reload(read)
            after = kiosk.settings().log
            if after != before:
                logs.configure(
                    level=after.level,
                    file=after.file,
                    max_bytes=after.max_size,
                    backups=after.backups,
                )
                logging.getLogger().addHandler(kiosk.journaling)
        except Exception:  # whatever a failing disk does to reading; guests are served on
            log.exception("reload_failed")
        manager.ready(_status(kiosk))


def _status(kiosk: UseCases) -> str:
    return kiosk.configuring.alarm() or f"Guests are served on {kiosk.settings().listen.guest}"


def _wake_the_collector() -> None:
    # What the start has made stays for good: looked through again and again, it would cost a
    # pause of tens of milliseconds in the middle of somebody's photo.
    gc.freeze()
    gc.enable()


def jobs_of(kiosk: UseCases, manager: ServiceManager) -> list[Job]:
    """Return what runs again and again while the appliance serves."""

    async def replay() -> None:
        kiosk.vitals.ticked()
        await kiosk.replay.tick()

    async def disk() -> None:
        if await kiosk.space.look():
            kiosk.replay.room_returned()

    async def watchdog() -> None:
        # Only a proof feeds it: this runs on the event loop, and writes to the database.
        if await kiosk.vitals.alive():
            manager.alive(_status(kiosk))

    feed_s = min((manager.watchdog_s or 3 * _WATCHDOG_S) / 3, _WATCHDOG_S)
    return [
        Job("replay", replay, _TICK_S),
        Job("disk", disk, _TICK_S),
        Job("clock", kiosk.timekeeping.tick, _TICK_S),
        Job("pulse", kiosk.pulse.beat, _TICK_S),
        Job("watching", kiosk.watching.look, _TICK_S),
        Job("watchdog", watchdog, feed_s),
        Job("erasing", kiosk.erasing.tick, _ERASING_S),
        Job("retention", kiosk.retention.sweep, _RETENTION_S),
        Job("expiry", kiosk.expiring.sweep, _EXPIRY_S),
        *(Job(f"look-{one.name}", one.look, _LOOK_S) for one in kiosk.lookouts),
        *(Job(f"receipts-{one.name}", one.ask, _RECEIPTS_S) for one in kiosk.receipts),
        Job("networks", kiosk.previewing.rest, _NETWORKS_S),
        Job("journal", kiosk.journaling.write, _JOURNAL_S),
        Job("backup", kiosk.safekeeping.tick, _BACKUP_S),
    ]
