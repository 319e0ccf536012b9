"""A delivery: one thing that must happen to a capture, its states and what an attempt can end in.

Knows no provider, no database and no clock. An attempt's end is a value, never an exception: an
exception can't say "perhaps".
"""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk_appliance.domain.entry import Entry


class State(StrEnum):
    """Where a delivery stands; the last four are final."""

    WAITING = "waiting"
    RUNNING = "running"
    UNCERTAIN = "uncertain"
    DELIVERED = "delivered"
    EXPIRED = "expired"
    REFUSED = "refused"
    CANCELLED = "cancelled"


ENDED = frozenset({State.DELIVERED, State.EXPIRED, State.REFUSED, State.CANCELLED})


ERASURES = {"storage": "erase-storage", "postgres": "erase-postgres"}
"""The channel that takes back what another has delivered."""
CHANNELS = ("storage", "sms", "postgres", *ERASURES.values())
"""All that there are, whichever the settings ask for: deliveries outlive a channel's settings."""


def is_erasure(channel: str) -> bool:
    """Say whether a channel's deliveries take something back."""
    return channel in ERASURES.values()


class Cause(StrEnum):
    """Why a channel can't be used, as far as the kiosk can tell it apart."""

    NETWORK = "no-network"
    PORTAL = "captive-portal"
    PROVIDER = "provider"
    ACCOUNT = "account"


class Blame(StrEnum):
    """Whose fault a refusal is.

    `UNSURE` where the provider's words would fit a fault of the set-up as well: once several
    different items in a row are refused in the same words, it is the set-up's.
    """

    ITEM = "item"
    RECIPIENT = "recipient"
    UNSURE = "unsure"


class Receipt(StrEnum):
    """What became of an SMS after the provider had taken it; none where nobody will say."""

    NONE = ""
    PENDING = "pending"
    RECEIVED = "received"
    FAILED = "failed"
    BARRED = "barred"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Parcel:
    """What a channel is handed for one attempt; a channel reads the fields it needs.

    `photo` is the final JPEG on disk, `page` the landing page to lay beside it (None: none).
    `erase_at_s` is Unix time in seconds. Where the capture's date is not known, `erase_after_s`
    says how long its photo is still kept; both None: until somebody erases it.
    `valid_for_s` is what is left of the SMS's life. `tag` was committed before the attempt.
    `entry` is what a central database holds of the capture.
    """

    delivery_id: str
    capture_id: str
    token: str
    attempt: int
    photo: Path
    page: bytes | None = None
    erase_at_s: int | None = None
    erase_after_s: int | None = None
    recipient: str = ""
    text: str = ""
    tag: str = ""
    valid_for_s: int = 0
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """The provider has it; `reference` is the provider's own id or address for it.

    `followed` where the provider can be asked later what became of it.
    """

    reference: str = ""
    followed: bool = False


@dataclass(frozen=True, slots=True)
class NotSent:
    """The request certainly never reached the provider: no attempt is counted."""

    reason: str
    cause: Cause = Cause.PROVIDER


@dataclass(frozen=True, slots=True)
class Throttled:
    """The provider refused before any work; `retry_after_s` where it said how long to wait."""

    reason: str
    retry_after_s: float | None = None


@dataclass(frozen=True, slots=True)
class Transient:
    """It failed and may be repeated safely; the attempt counts.

    `own` says that the item itself is at fault: only such failures are counted against it. A
    provider's outage or a weak network never ends a delivery.
    """

    reason: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may have been taken, and repeating it could do it twice."""

    reason: str


@dataclass(frozen=True, slots=True)
class LanePaused:
    """The account, the rights or the set-up is at fault: every delivery of the channel waits."""

    reason: str
    cause: Cause = Cause.ACCOUNT


@dataclass(frozen=True, slots=True)
class Refused:
    """The provider will never take this one."""

    reason: str
    blame: Blame = Blame.ITEM


Outcome = Delivered | NotSent | Throttled | Transient | Uncertain | LanePaused | Refused


@dataclass(frozen=True, slots=True)
class Found:
    """A look-up found that the provider had taken an uncertain delivery."""

    reference: str
    followed: bool = False


@dataclass(frozen=True, slots=True)
class NotFound:
    """A look-up was answered, and the provider knows nothing of the delivery."""


@dataclass(frozen=True, slots=True)
class LookUpFailed:
    """The look-up itself got no usable answer; `refused` when it never will (rights missing)."""

    reason: str
    refused: bool = False


LookUp = Found | NotFound | LookUpFailed


@dataclass(frozen=True, slots=True)
class Told:
    """What a provider says of an SMS that it has taken; `reason` where it came to nothing."""

    receipt: Receipt
    reason: str = ""
