"""The composition root: builds every object once, starts in order, stops in reverse.

The whole life of the process is on this page.
"""

import asyncio
import gc
import logging
import signal
import time
from collections.abc import Callable, Sequence
from contextlib import AsyncExitStack, suppress
from typing import TypeAlias

import structlog

from kiosk_appliance import ids, logs
from kiosk_appliance.channels import channels_of, kinds_changed, links_of
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.account import Account
from kiosk_appliance.core.album import Album
from kiosk_appliance.core.auditing import Auditing
from kiosk_appliance.core.capturing import Capturing
from kiosk_appliance.core.configuring import Configuring
from kiosk_appliance.core.copies import Copies
from kiosk_appliance.core.curation import Curation
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.erasing import Erasing
from kiosk_appliance.core.expiring import Expiring
from kiosk_appliance.core.exporting import Exporting
from kiosk_appliance.core.following import Following
from kiosk_appliance.core.hastening import Hastening
from kiosk_appliance.core.identity import Identity
from kiosk_appliance.core.journaling import Journaling
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.oversight import Oversight
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.persons import Persons
from kiosk_appliance.core.previewing import Previewing
from kiosk_appliance.core.pulse import Pulse
from kiosk_appliance.core.qrcodes import QrCodes
from kiosk_appliance.core.queue import Queue
from kiosk_appliance.core.reloading import Making, Reloading
from kiosk_appliance.core.retention import Retention
from kiosk_appliance.core.safekeeping import Safekeeping
from kiosk_appliance.core.statistics import Counting
from kiosk_appliance.core.studio import Studio
from kiosk_appliance.core.tally import Tally
from kiosk_appliance.core.texting import Texting
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.core.trials import Trials
from kiosk_appliance.core.vitals import Vitals
from kiosk_appliance.core.watching import Watching
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.lanes import Lanes, container, lookouts_of, receipts_of, replay_of
from kiosk_appliance.network import NetworkWatch
from kiosk_appliance.notify import ServiceManager
from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.schedule import Job, Schedule
from kiosk_appliance.settings import Loaded, Settings
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.credentials import CredentialsFile
from kiosk_appliance.store.deliveries import Deliveries, Run
from kiosk_appliance.store.last_good import LastGood
from kiosk_appliance.store.memory import Memory
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.overrides import OverridesCopy
from kiosk_appliance.store.workbooks import Workbooks
from kiosk_appliance.web.application import application
from kiosk_appliance.web.control import control_application
from kiosk_appliance.web.listeners import Listener, open_listeners
from kiosk_appliance.web.metrics import Metrics
from kiosk_appliance.web.server import Server, listen_locally
from kiosk_appliance.web.static import Pages
from kiosk_appliance.web.use_cases import UseCases

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


def curation_of(store: Store, darkroom: Darkroom, clock: Clock) -> Curation:
    """Return the use cases for backgrounds."""
    return Curation(
        backgrounds=Backgrounds(store.database, store.layout.backgrounds),
        memory=Memory(store.database),
        darkroom=darkroom,
        clock=clock,
    )


def identity_of(store: Store, settings: Callable[[], Settings], clock: Clock) -> Identity:
    """Return the use cases of whoever wants in."""
    account = Account(
        settings=settings,
        credentials=CredentialsFile(store.layout.credentials),
        database=store.database,
        clock=clock,
    )
    return Identity(settings=settings, account=account, database=store.database, clock=clock)


def oversight_of(
    store: Store,
    clock: Clock,
    wake: Callable[[], None],
    circuits: Callable[[], dict[str, Circuit]] = dict,
) -> Oversight:
    """Return the operator's hand on the outbox."""
    return Oversight(
        database=store.database,
        deliveries=Deliveries(store.database.aside),
        records=store.records,
        clock=clock,
        wake=wake,
        circuits=circuits,
    )


def use_cases(
    store: Store,
    loaded: Loaded,
    darkroom: Darkroom,
    clock: Clock,
    channels: Sequence[Channel],
) -> UseCases:
    """Wire the use cases over an open store and the channels to the world."""
    configuring = Configuring(
        loaded,
        database=store.database,
        copy=OverridesCopy(store.layout.overrides),
        last_good=LastGood(store.layout.last_good),
        clock=clock,
    )
    current = configuring.current
    store.space.go_by(current)
    darkroom.go_by(current)
    captures, deliveries = Captures(store.database), Deliveries(store.database)
    keeping = Keeping(current, clock)
    timekeeping = Timekeeping(clock, store.database)
    links = links_of(loaded.settings)
    parcels = Parcels(
        settings=current,
        captures=captures,
        photos=store.photos,
        keeping=keeping,
        links=links,
        timekeeping=timekeeping,
    )
    studio = Studio(
        darkroom=darkroom,
        photos=store.photos,
        backgrounds=Backgrounds(store.database, store.layout.backgrounds),
    )
    run = Run(ids.new_id(), clock.boot)
    tally = Tally()
    lanes = Lanes(current, Outbox(store.database, run), parcels, tally, clock, studio.quiet)
    replay = replay_of(channels, lanes, Memory(store.database))
    identity = identity_of(store, current, clock)
    texting = Texting(
        settings=current,
        database=store.database,
        records=store.records,
        links=links,
        clock=clock,
        wake=replay.wake,
    )
    erasing = Erasing(
        database=store.database,
        photos=store.photos,
        records=store.records,
        clock=clock,
        wake=replay.wake,
    )
    following = Following(
        captures=captures,
        deliveries=deliveries,
        photos=store.photos,
        keeping=keeping,
        links=links,
        clock=clock,
        lanes=replay.names,
        review_url=lambda: current().guest.review_url,
    )
    safekeeping = Safekeeping(settings=current, layout=store.layout, clock=clock)
    vitals = Vitals(
        database=store.database,
        replay=replay,
        space=store.space,
        alarm=safekeeping.alarm,
        clock=clock,
        settings_alarm=configuring.alarm,
        cutting=lambda: darkroom.complaint,
    )
    queue = Queue(store.database, clock)
    return UseCases(
        settings=current,
        auditing=Auditing(store.database, clock),
        configuring=configuring,
        capturing=Capturing(
            studio=studio,
            texting=texting,
            database=store.database,
            records=store.records,
            links=links,
            space=store.space,
            clock=clock,
            central=lambda: "postgres" in replay.names(),
            timekeeping=timekeeping,
            online=replay.online,
            queued=replay.queued,
        ),
        studio=studio,
        texting=texting,
        following=following,
        album=Album(settings=current, database=store.database, following=following),
        counting=Counting(store.database),
        exporting=Exporting(
            database=store.database,
            workbooks=Workbooks(store.layout.exports),
            clock=clock,
            counting=replay.counting,
            give_way=studio.quiet,
        ),
        curation=curation_of(store, darkroom, clock),
        qr_codes=QrCodes(darkroom),
        identity=identity,
        replay=replay,
        lookouts=lookouts_of(replay, settings=current, clock=clock),
        receipts=receipts_of(replay, database=store.database, run=run, clock=clock),
        erasing=erasing,
        persons=Persons(settings=current, database=store.database, erasing=erasing, clock=clock),
        reloading=Reloading(
            configuring=configuring,
            identity=identity,
            replay=replay,
            making=Making(
                kinds_changed=kinds_changed,
                channels=lambda settings, kinds: channels_of(settings, store.layout, clock, kinds),
                lane=lanes.lane,
                links=links_of,
                container=container,
            ),
        ),
        retention=Retention(
            database=store.database,
            keeping=keeping,
            erasing=erasing,
            copies=Copies(
                settings=current,
                database=store.database,
                photos=store.photos,
                records=store.records,
                clock=clock,
            ),
            timekeeping=timekeeping,
            clock=clock,
        ),
        expiring=Expiring(settings=current, database=store.database, clock=clock),
        oversight=oversight_of(store, clock, replay.wake, replay.circuits),
        queue=queue,
        hastening=Hastening(database=store.database, clock=clock, hurry=replay.hurry),
        safekeeping=safekeeping,
        space=store.space,
        tally=tally,
        pulse=Pulse(),
        previewing=Previewing(darkroom),
        timekeeping=timekeeping,
        journaling=Journaling(store.database, clock),
        trials=Trials(settings=current, channel=replay.channel, clock=clock),
        vitals=vitals,
        watching=Watching(
            vitals=vitals,
            online=replay.online,
            circuits=replay.circuits,
            counts=queue.counts,
            clock=clock,
        ),
    )


async def serve(
    loaded: Loaded, manager: ServiceManager, announce: Announce, read: Callable[[], Loaded]
) -> None:
    """Run the appliance until SIGTERM or SIGINT; `announce` is called once guests are served.

    At SIGHUP the settings are `read` again.
    """
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
        with suppress(Unavailable):
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
