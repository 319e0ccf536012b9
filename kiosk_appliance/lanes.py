"""How channels become lanes: circuit, patience, pace, quiet hours. Part of the composition root."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.lane import Lane, Means
from kiosk_appliance.core.lookout import Lookout
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.receipts import Receipts
from kiosk_appliance.core.replay import Address, Replay
from kiosk_appliance.core.settling import Patience, Settling
from kiosk_appliance.core.tally import Tally
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.circuit import Circuit, Position
from kiosk_appliance.domain.delivery import is_erasure
from kiosk_appliance.domain.pace import Bucket
from kiosk_appliance.settings import Settings
from kiosk_appliance.store import receipts
from kiosk_appliance.store.database import Database
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.memory import Memory
from kiosk_appliance.store.outbox import Outbox

_LOOKED_AT = ("storage", "sms", "postgres")
# At most 60 SMS in any minute, bursts of at most 10 (delivery contract, "Pace").
_SMS_BURST, _SMS_INTERVAL_MS = 10, 1_200


@dataclass(frozen=True, slots=True)
class Lanes:
    """Makes the lane of a channel; all of them `give_way` to guests, more while one is near."""

    settings: Callable[[], Settings]
    outbox: Outbox
    parcels: Parcels
    tally: Tally
    clock: Clock
    give_way: Callable[[], Awaitable[None]]
    guest_is_near: Callable[[], bool]

    def lane(self, channel: Channel, earlier: Lane | None = None) -> Lane:
        """Return a channel's lane; the pace of an `earlier` one still counts."""
        position = Position.OPEN if channel.remote else Position.CLOSED
        now = self.clock.monotonic_ms()
        circuit = Circuit(channel.concurrency, position, "Not tried yet.", now)
        # The start has a probe of its own.
        circuit.looked_at(now)
        settling = Settling(
            outbox=self.outbox,
            circuit=circuit,
            clock=self.clock,
            patience=lambda: _patience(self.settings(), channel.name),
            note=lambda outcome: self.tally.note(channel.name, outcome),
        )
        means = Means(
            self.outbox, self.parcels, settling, self.clock, self.give_way, self.guest_is_near
        )
        if channel.name != "sms":
            return Lane(channel, circuit, means, None)
        bucket = (earlier and earlier.bucket) or Bucket(_SMS_BURST, _SMS_INTERVAL_MS, now)
        return Lane(
            channel,
            circuit,
            means,
            bucket if channel.remote else None,
            lambda: _is_quiet(self.settings(), self.clock),
        )


def replay_of(channels: Sequence[Channel], lanes: Lanes, memory: Memory) -> Replay:
    """Return the replay with a lane for each channel."""
    return Replay(
        lanes=[lanes.lane(channel) for channel in channels],
        outbox=lanes.outbox,
        address=Address(lanes.parcels.links, memory, container(lanes.settings())),
        clock=lanes.clock,
    )


def receipts_of(
    replay: Replay, *, database: Database, run: Run, clock: Clock
) -> tuple[Receipts, ...]:
    """Return who asks for receipts: one for each channel whose provider may tell."""
    return (Receipts("sms", replay.lane, receipts.Receipts(database, run), clock),)


def lookouts_of(
    replay: Replay, *, settings: Callable[[], Settings], clock: Clock
) -> tuple[Lookout, ...]:
    """Return who looks at providers while nothing is sent to them, once at each."""
    return tuple(Lookout(kind, settings, replay.lane, clock) for kind in _LOOKED_AT)


def _patience(settings: Settings, channel: str) -> Patience:
    rules = settings.outbox
    return Patience(rules.retry_attempts, rules.retry_delay, endless=is_erasure(channel))


def _is_quiet(settings: Settings, clock: Clock) -> bool:
    hours = settings.sms.quiet_hours
    return hours is not None and hours.covers(clock.time_of_day())


def container(settings: Settings) -> str:
    """Return the name by which a container is told from an earlier one."""
    storage = settings.storage
    return "/".join(
        word or "-"
        for word in (storage.auth_url, storage.tenant_name, storage.region, storage.container)
    )
