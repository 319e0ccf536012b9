"""What the handlers of one listener can call; put together by the appliance."""

from collections.abc import Callable
from dataclasses import dataclass

from kiosk_appliance.core.album import Album
from kiosk_appliance.core.auditing import Auditing
from kiosk_appliance.core.camera import Camera
from kiosk_appliance.core.capturing import Capturing
from kiosk_appliance.core.configuring import Configuring
from kiosk_appliance.core.curation import Curation
from kiosk_appliance.core.erasing import Erasing
from kiosk_appliance.core.expiring import Expiring
from kiosk_appliance.core.exporting import Exporting
from kiosk_appliance.core.following import Following
from kiosk_appliance.core.hastening import Hastening
from kiosk_appliance.core.identity import Identity
from kiosk_appliance.core.journaling import Journaling
from kiosk_appliance.core.lookout import Lookout
from kiosk_appliance.core.oversight import Oversight
from kiosk_appliance.core.persons import Persons
from kiosk_appliance.core.presence import Presence
from kiosk_appliance.core.previewing import Previewing
from kiosk_appliance.core.pulse import Pulse
from kiosk_appliance.core.qrcodes import QrCodes
from kiosk_appliance.core.queue import Queue
from kiosk_appliance.core.receipts import Receipts
from kiosk_appliance.core.reloading import Reloading
from kiosk_appliance.core.replay import Replay
from kiosk_appliance.core.retention import Retention
from kiosk_appliance.core.safekeeping import Safekeeping
from kiosk_appliance.core.space import Space
from kiosk_appliance.core.statistics import Counting
from kiosk_appliance.core.studio import Studio
from kiosk_appliance.core.tally import Tally
from kiosk_appliance.core.texting import Texting
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.core.trials import Trials
from kiosk_appliance.core.vitals import Vitals
from kiosk_appliance.core.watching import Watching
from kiosk_appliance.settings import Settings


@dataclass(frozen=True, slots=True)
class UseCases:
    """The use cases, by name."""

    settings: Callable[[], Settings]
    auditing: Auditing
    configuring: Configuring
    capturing: Capturing
    studio: Studio
    texting: Texting
    following: Following
    exporting: Exporting
    counting: Counting
    album: Album
    curation: Curation
    qr_codes: QrCodes
    identity: Identity
    replay: Replay
    lookouts: tuple[Lookout, ...]
    receipts: tuple[Receipts, ...]
    erasing: Erasing
    persons: Persons
    reloading: Reloading
    retention: Retention
    expiring: Expiring
    oversight: Oversight
    queue: Queue
    hastening: Hastening
    safekeeping: Safekeeping
    space: Space
    tally: Tally
    pulse: Pulse
    previewing: Previewing
    presence: Presence
    camera: Camera
    timekeeping: Timekeeping
    journaling: Journaling
    trials: Trials
    vitals: Vitals
    watching: Watching
