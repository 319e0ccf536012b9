"""Wires the use cases: which of them knows which, each built once (part of the composition root).

Nothing runs here, and nothing is read or written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from kiosk_appliance import ids
from kiosk_appliance.channels import channels_of, kinds_changed, links_of
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.account import Account
from kiosk_appliance.core.album import Album
from kiosk_appliance.core.auditing import Auditing
from kiosk_appliance.core.camera import Camera
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
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.oversight import Oversight
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.persons import Persons
from kiosk_appliance.core.presence import Presence
from kiosk_appliance.core.previewing import Previewing
from kiosk_appliance.core.pulse import Pulse
from kiosk_appliance.core.qrcodes import QrCodes
from kiosk_appliance.core.queue import Queue
from kiosk_appliance.core.reloading import Making, Reloading
from kiosk_appliance.core.replay import Replay
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
from kiosk_appliance.lanes import Lanes, container, lookouts_of, receipts_of, replay_of
from kiosk_appliance.opening import Store
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
from kiosk_appliance.web.use_cases import UseCases


@dataclass(frozen=True, slots=True)
class _Ground:
    """What most use cases stand on."""

    store: Store
    settings: Callable[[], Settings]
    clock: Clock
    keeping: Keeping
    timekeeping: Timekeeping
    links: Links


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
    configuring = _configuring(loaded, store, clock)
    current = configuring.current
    store.space.go_by(current)
    darkroom.go_by(current)
    ground = _Ground(
        store=store,
        settings=current,
        clock=clock,
        keeping=Keeping(current, clock),
        timekeeping=Timekeeping(clock, store.database),
        links=links_of(loaded.settings),
    )
    studio = Studio(
        darkroom=darkroom,
        photos=store.photos,
        backgrounds=Backgrounds(store.database, store.layout.backgrounds),
    )
    run = Run(ids.new_id(), clock.boot)
    tally = Tally()
    outbox = Outbox(store.database, run)
    presence = Presence(clock)
    camera = Camera(clock)
    lanes = Lanes(current, outbox, _parcels(ground), tally, clock, studio.quiet, presence.is_near)
    replay = replay_of(channels, lanes, Memory(store.database))
    identity = identity_of(store, current, clock)
    texting = _texting(ground, replay)
    erasing = _erasing(ground, replay)
    following = _following(ground, replay)
    safekeeping = Safekeeping(settings=current, layout=store.layout, clock=clock)
    vitals = Vitals(
        database=store.database,
        replay=replay,
        space=store.space,
        alarm=safekeeping.alarm,
        clock=clock,
        settings_alarm=configuring.alarm,
        cutting=lambda: darkroom.complaint,
        camera=camera.check,
        spoilt=lambda: darkroom.is_spoilt,
    )
    queue = Queue(store.database, clock)
    return UseCases(
        settings=current,
        auditing=Auditing(store.database, clock),
        configuring=configuring,
        capturing=_capturing(ground, studio, texting, replay),
        studio=studio,
        texting=texting,
        following=following,
        album=Album(settings=current, database=store.database, following=following),
        counting=Counting(store.database),
        exporting=_exporting(ground, studio, replay),
        curation=curation_of(store, darkroom, clock),
        qr_codes=QrCodes(darkroom),
        identity=identity,
        replay=replay,
        lookouts=lookouts_of(replay, settings=current, clock=clock),
        receipts=receipts_of(replay, database=store.database, run=run, clock=clock),
        erasing=erasing,
        persons=Persons(settings=current, database=store.database, erasing=erasing, clock=clock),
        reloading=_reloading(ground, configuring, identity, replay, lanes),
        retention=_retention(ground, erasing),
        expiring=Expiring(settings=current, database=store.database, clock=clock),
        oversight=oversight_of(store, clock, replay.wake, replay.circuits),
        queue=queue,
        hastening=Hastening(database=store.database, clock=clock, hurry=replay.hurry),
        safekeeping=safekeeping,
        space=store.space,
        tally=tally,
        pulse=Pulse(),
        previewing=Previewing(darkroom, studio),
        presence=presence,
        camera=camera,
        timekeeping=ground.timekeeping,
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


def _configuring(loaded: Loaded, store: Store, clock: Clock) -> Configuring:
    return Configuring(
        loaded,
        database=store.database,
        copy=OverridesCopy(store.layout.overrides),
        last_good=LastGood(store.layout.last_good),
        clock=clock,
    )


def _parcels(ground: _Ground) -> Parcels:
    return Parcels(
        settings=ground.settings,
        captures=Captures(ground.store.database),
        photos=ground.store.photos,
        keeping=ground.keeping,
        links=ground.links,
        timekeeping=ground.timekeeping,
    )


def _texting(ground: _Ground, replay: Replay) -> Texting:
    return Texting(
        settings=ground.settings,
        database=ground.store.database,
        records=ground.store.records,
        links=ground.links,
        clock=ground.clock,
        wake=replay.wake,
    )


def _erasing(ground: _Ground, replay: Replay) -> Erasing:
    return Erasing(
        database=ground.store.database,
        photos=ground.store.photos,
        records=ground.store.records,
        clock=ground.clock,
        wake=replay.wake,
    )


def _following(ground: _Ground, replay: Replay) -> Following:
    return Following(
        captures=Captures(ground.store.database),
        deliveries=Deliveries(ground.store.database),
        photos=ground.store.photos,
        keeping=ground.keeping,
        links=ground.links,
        clock=ground.clock,
        lanes=replay.names,
        review_url=lambda: ground.settings().guest.review_url,
    )


def _capturing(ground: _Ground, studio: Studio, texting: Texting, replay: Replay) -> Capturing:
    return Capturing(
        studio=studio,
        texting=texting,
        database=ground.store.database,
        records=ground.store.records,
        links=ground.links,
        space=ground.store.space,
        clock=ground.clock,
        central=lambda: "postgres" in replay.names(),
        timekeeping=ground.timekeeping,
        online=replay.online,
        queued=replay.queued,
    )


def _exporting(ground: _Ground, studio: Studio, replay: Replay) -> Exporting:
    return Exporting(
        database=ground.store.database,
        workbooks=Workbooks(ground.store.layout.exports),
        clock=ground.clock,
        counting=replay.counting,
        give_way=studio.quiet,
    )


def _reloading(
    ground: _Ground, configuring: Configuring, identity: Identity, replay: Replay, lanes: Lanes
) -> Reloading:
    layout, clock = ground.store.layout, ground.clock
    making = Making(
        kinds_changed=kinds_changed,
        channels=lambda settings, kinds: channels_of(settings, layout, clock, kinds),
        lane=lanes.lane,
        links=links_of,
        container=container,
    )
    return Reloading(configuring=configuring, identity=identity, replay=replay, making=making)


def _retention(ground: _Ground, erasing: Erasing) -> Retention:
    copies = Copies(
        settings=ground.settings,
        database=ground.store.database,
        photos=ground.store.photos,
        records=ground.store.records,
        clock=ground.clock,
    )
    return Retention(
        database=ground.store.database,
        keeping=ground.keeping,
        erasing=erasing,
        copies=copies,
        timekeeping=ground.timekeeping,
        clock=ground.clock,
    )
