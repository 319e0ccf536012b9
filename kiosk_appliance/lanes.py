"""How channels become lanes: circuit, patience, pace, quiet hours. Part of the composition root."""

from collections.abc import Awaitable, Callable, Sequence

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.lane import Lane, Means
from kiosk_appliance.core.lookout import Lookout
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.receipts import Receipts
from kiosk_appliance.core.replay import Address, Replay
from kiosk_appliance.core.settling import Patience, Settling
from kiosk_appliance.core.tally import Tally
from kiosk_appliance.delivery.channel import Channel, Followed
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import is_erasure
from kiosk_appliance.domain.pace import Bucket
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import receipts
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.memory import Memory
from kiosk_appliance.store.outbox import Outbox

# At most 60 SMS in any minute, bursts of at most 10 (delivery contract, "Pace").
_SMS_BURST, _SMS_INTERVAL_MS = 10, 1_200


def replay_of(
    channels: Sequence[Channel],
    *,
    settings: Callable[[], Settings],
    database: Database,
    run: Run,
    parcels: Parcels,
    tally: Tally,
    clock: Clock,
    give_way: Callable[[], Awaitable[None]],
) -> Replay:
    """Return the replay with a lane for each channel; all of them `give_way` to guests."""
    outbox = Outbox(database, run)

    def lane(channel: Channel) -> Lane:
        position = Position.OPEN if channel.remote else Position.CLOSED
        now = clock.monotonic_ms()
        circuit = Circuit(channel.concurrency, position, "Not tried yet.", now)
        # The start has a probe of its own.
        circuit.looked_at(now)
        rules = settings().outbox
        settling = Settling(
            outbox=outbox,
            circuit=circuit,
            clock=clock,
            patience=Patience(
                rules.retry_attempts, rules.retry_delay, endless=is_erasure(channel.name)
            ),
            note=lambda outcome: tally.note(channel.name, outcome),
        )
        means = Means(outbox, parcels, settling, clock, give_way)
        if channel.name != "sms":
            return Lane(channel, circuit, means, None)
        bucket = Bucket(_SMS_BURST, _SMS_INTERVAL_MS, now) if channel.remote else None
        return Lane(channel, circuit, means, bucket, lambda: _is_quiet(settings(), clock))

    return Replay(
        lanes=[lane(channel) for channel in channels],
        outbox=outbox,
        address=Address(parcels.links, Memory(database), _container(settings())),
        clock=clock,
    )


def receipts_of(
    replay: Replay, channels: Sequence[Channel], *, database: Database, run: Run, clock: Clock
) -> tuple[Receipts, ...]:
    """Return who asks for receipts: one for each channel whose provider can tell."""
    rows = receipts.Receipts(database, run)
    return tuple(
        Receipts(channel, replay.lane(channel.name), rows, clock)
        for channel in channels
        if isinstance(channel, Followed)
    )


def lookouts_of(
    replay: Replay, channels: Sequence[Channel], *, settings: Callable[[], Settings], clock: Clock
) -> tuple[Lookout, ...]:
    """Return who looks at providers while nothing is sent to them, once at each."""
    return tuple(
        Lookout(settings, replay.lane(channel.name), clock)
        for channel in channels
        if channel.remote and not is_erasure(channel.name)
    )


def _is_quiet(settings: Settings, clock: Clock) -> bool:
    hours = settings.sms.quiet_hours
    return hours is not None and hours.covers(clock.time_of_day())


def _container(settings: Settings) -> str:
    storage = settings.storage
    return "/".join(
        word or "-"
        for word in (storage.auth_url, storage.tenant_name, storage.region, storage.container)
    )
