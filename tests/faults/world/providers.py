"""The stand-ins of the channels: they keep the channel protocol, and the world is behind them.

Each outcome is what the real channel makes of the same event (`delivery/*_outcomes.py`). Every call
pauses before it touches the world, so that only one at a time does.
"""

import hashlib
import random
from collections.abc import Sequence

from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.delivery import (
    Cause,
    Delivered,
    Found,
    LanePaused,
    LookUp,
    LookUpFailed,
    NotFound,
    NotSent,
    Outcome,
    Parcel,
    Receipt,
    Refused,
    Throttled,
    Told,
    Transient,
    Uncertain,
)
from tests.faults.world.virtual import VirtualLoop
from tests.faults.world.world import BASE, Sms, World

_OVER = NotSent("This life is over.")
_MOMENTS = ("before it left", "on its way", "once answered")
_CAUSES = {"no network": Cause.NETWORK, "captive portal": Cause.PORTAL}


class _StandIn:
    """What all have in common: the way to the provider, and what it refuses to everybody."""

    name = ""
    remote = True
    concurrency = 1
    repeatable = True

    def __init__(self, world: World, loop: VirtualLoop) -> None:
        self.world = world
        self.loop = loop

    @property
    def dead(self) -> bool:
        """Say whether the process that called is no more."""
        return self.world.loop is not self.loop or self.loop.rushed

    def spell(self) -> str:
        """Return what ails the provider now."""
        return self.world.weather.trouble(self.name, self.world.now)

    def way(self, draw: random.Random) -> Outcome | None:
        """Travel to the provider; an outcome where the request does not get there."""
        self.loop.pause(draw.uniform(0.02, 0.3))
        if self.dead:
            return _OVER
        uplink = self.world.weather.trouble("uplink", self.world.now)
        if uplink:
            self.loop.pause(draw.uniform(0, 4))
            return NotSent(f"Can't be reached: {uplink}.", _CAUSES[uplink])
        return None

    def refusal(self) -> Outcome | None:
        """Return what the provider itself answers to everything during a spell."""
        spell = self.spell()
        if spell in {"no credit", "account closed", "table taken away"}:
            return LanePaused(f"The account: {spell}.")
        if spell == "throttled":
            return Throttled("Too many calls.", 60)
        return Transient("HTTP 503.") if spell.endswith("down") else None

    def probe(self) -> Outcome:
        asked_at = self.world.now
        trouble = self.way(self.world.draw("probe", self.name))
        self.world.probed(self.name, asked_at)
        return trouble or self.refusal() or Delivered("")

    def look_up(self, _parcel: Parcel) -> LookUp:
        return NotFound()

    def public_base(self) -> str | None:
        return None

    def close(self) -> None:
        pass


class StorageStandIn(_StandIn):
    """A Swift container: objects with their MD5, cut transfers, a closed account."""

    name = "storage"
    concurrency = 4

    def __init__(self, world: World, loop: VirtualLoop) -> None:
        super().__init__(world, loop)
        self._base: str | None = None
        self._at_once = 0

    def deliver(self, parcel: Parcel) -> Outcome:
        draw = self.world.draw("upload", parcel.capture_id)
        if not parcel.photo.exists():
            return Refused("The photo is no longer on the kiosk.")
        md5 = _md5(parcel)
        trouble = self.way(draw) or self.refusal()
        if trouble is not None and not isinstance(trouble, Transient):
            return trouble
        self.world.departed[parcel.delivery_id] += 1
        if trouble is not None:
            return trouble
        self._at_once += 1
        self.world.most_uploads_at_once = max(self.world.most_uploads_at_once, self._at_once)
        try:
            return self._transfer(parcel, md5, draw)
        finally:
            self._at_once -= 1

    def _transfer(self, parcel: Parcel, md5: str, draw: random.Random) -> Outcome:
        odds, fate = self.world.odds, draw.random()
        self.loop.pause(draw.uniform(0.05, 2) * (20 if self.spell() == "storage slow" else 1))
        if self.dead:
            return _OVER
        cursed = self.world.always("cursed", parcel.token) < odds.cursed_photo
        if cursed or fate < odds.damaged_upload:
            return Transient("The photo was damaged on its way (422).", own=True)
        if fate < odds.damaged_upload + odds.cut_upload / 2:
            return Transient("The connection was cut.")
        self._base = BASE
        objects = self.world.objects
        objects[f"{parcel.token}.jpg"] = md5
        if parcel.page is not None:
            objects[f"{parcel.token}.html"] = hashlib.md5(parcel.page).hexdigest()
        if fate < odds.damaged_upload + odds.cut_upload:
            return Transient("There was no answer.")
        return Delivered(f"{BASE}/{parcel.token}.jpg")

    def public_base(self) -> str | None:
        return self._base


class CentralStandIn(_StandIn):
    """A fleet's central database: the newest entry of each capture."""

    name = "postgres"

    def deliver(self, parcel: Parcel) -> Outcome:
        draw = self.world.draw("entry", parcel.capture_id)
        trouble = self.way(draw) or self.refusal()
        if trouble is not None and not isinstance(trouble, Transient):
            return trouble
        self.world.departed[parcel.delivery_id] += 1
        if trouble is not None:
            return trouble
        assert parcel.entry is not None
        fate = draw.random()
        if fate < self.world.odds.cut_upload / 2:
            return Transient("The connection was cut.")
        entries = self.world.entries
        if parcel.capture_id in self.world.tombs:
            return Delivered(parcel.capture_id)
        entries[parcel.capture_id] = max(parcel.entry.version, entries.get(parcel.capture_id, 0))
        if fate < self.world.odds.cut_upload:
            return Transient("There was no answer.")
        return Delivered(parcel.capture_id)


class _ErasureStandIn(_StandIn):
    """What takes back again: lost requests, lost answers, and the provider's own weather."""

    takes_back = ""

    def spell(self) -> str:
        return self.world.weather.trouble(self.takes_back, self.world.now)

    def deliver(self, parcel: Parcel) -> Outcome:
        draw = self.world.draw(self.name, parcel.capture_id)
        trouble = self.way(draw) or self.refusal()
        if trouble is not None and not isinstance(trouble, Transient):
            return trouble
        self.world.departed[parcel.delivery_id] += 1
        if trouble is not None:
            return trouble
        fate = draw.random()
        if fate < self.world.odds.cut_upload / 2:
            return Transient("The connection was cut.")
        self.erase(parcel)
        if fate < self.world.odds.cut_upload:
            return Transient("There was no answer.")
        return Delivered("gone")

    def erase(self, parcel: Parcel) -> None:
        raise NotImplementedError


class StorageErasureStandIn(_ErasureStandIn):
    """Deletes objects."""

    name, takes_back = "erase-storage", "storage"

    def erase(self, parcel: Parcel) -> None:
        for ending in ("jpg", "html"):
            self.world.objects.pop(f"{parcel.token}.{ending}", None)


class CentralErasureStandIn(_ErasureStandIn):
    """Leaves tombstones."""

    name, takes_back = "erase-postgres", "postgres"

    def erase(self, parcel: Parcel) -> None:
        self.world.entries.pop(parcel.capture_id, None)
        self.world.tombs.add(parcel.capture_id)


class OvhStandIn(_StandIn):
    """OVH and the handsets behind it."""

    name = "sms"
    repeatable = False

    def deliver(self, parcel: Parcel) -> Outcome:
        outcome = self._called(parcel)
        self.world.note(f"call {parcel.attempt} for {parcel.delivery_id}: {outcome}")
        return outcome

    def _called(self, parcel: Parcel) -> Outcome:
        world, draw = self.world, self.world.draw("sms", parcel.tag)
        moment = draw.choice(_MOMENTS) if draw.random() < world.odds.killed else ""
        self.loop.pause(draw.uniform(0.001, 0.02))
        self._die(moment, "before it left", draw)
        trouble = self.way(draw) or self.refusal()
        if trouble is None and draw.random() < world.odds.throttled:
            trouble = Throttled("OVH asks for a pause.", draw.choice((None, 5.0, 120.0)))
        if trouble is not None and not isinstance(trouble, Transient):
            return trouble
        world.sms_left(parcel.delivery_id)
        self._look_at_link(parcel)
        self._die(moment, "on its way", draw)
        outcome = self._fate(parcel, draw, down=trouble is not None)
        self._die(moment, "once answered", draw)
        return outcome

    def _fate(self, parcel: Parcel, draw: random.Random, *, down: bool) -> Outcome:
        """Decide what becomes of a request that is on its way to OVH."""
        odds = self.world.odds
        if self.world.always("number", parcel.recipient) < odds.bad_number:
            return Refused("OVH can't reach this number.")
        fate = draw.random()
        if down or fate < odds.server_error:
            if draw.random() < (0.2 if down else 0.5):
                self._take(parcel, draw)
            return self.lost("server error")
        if fate < odds.server_error + odds.lost_request:
            self.loop.pause(20)
            return self.lost("lost request")
        sms = self._take(parcel, draw)
        if fate < odds.server_error + odds.lost_request + odds.lost_answer:
            # At times it drips for longer than the kiosk waits for any call.
            self.loop.pause(400 if draw.random() < 0.03 else 20)
            return self.lost("lost answer")
        return _OVER if sms is None else Delivered(str(sms.number), followed=True)

    def lost(self, misfortune: str) -> Outcome:
        """Return what the kiosk makes of no answer."""
        self.world.met[misfortune] += 1
        return Uncertain(f"OVH may have taken it: {misfortune}.")

    def _take(self, parcel: Parcel, draw: random.Random) -> Sms | None:
        """Let OVH take it: from now on a handset has it, and look-ups find it some time later."""
        world, hidden_s = self.world, draw.choice((0, 0, 5, 25, 60, 300, 540))

        def arrive() -> Sms:
            return world.hand_over(parcel.tag, parcel.recipient, hidden_s)

        world.wire[parcel.tag] = arrive
        self.loop.pause(draw.uniform(0.05, 1.5))
        return None if self.dead or not world.wire.pop(parcel.tag, None) else arrive()

    def _look_at_link(self, parcel: Parcel) -> None:
        world = self.world
        if not parcel.photo.exists():
            # Erased while its SMS was under way.
            return
        if f"{BASE}/{parcel.token}.html" not in parcel.text:
            world.violated(f"the SMS {parcel.tag} bears no link to its page")
        if world.objects.get(f"{parcel.token}.jpg") != _md5(parcel):
            world.violated(f"the SMS {parcel.tag} leaves before its photo is in the storage")
        if f"{parcel.token}.html" not in world.objects:
            world.violated(f"the SMS {parcel.tag} leaves before its page is in the storage")

    def _die(self, dies_at: str, moment: str, draw: random.Random) -> None:
        if dies_at == moment and not self.dead:
            self.world.met["kill"] += 1
            self.world.note(f"the process will die: SMS {moment}")
            self.loop.kill_in(draw.randint(0, 12))

    def look_up(self, parcel: Parcel) -> LookUp:
        world, draw = self.world, self.world.draw("look-up", parcel.tag)
        if self.way(draw) is not None:
            return LookUpFailed("OVH can't be reached.")
        spell = self.spell()
        if spell == "look-ups refused":
            return LookUpFailed("The consumer key lacks a right.", refused=True)
        if spell or draw.random() < world.odds.failed_look_up:
            world.met["failed look-up"] += 1
            return LookUpFailed("OVH gave no usable answer.")
        visible = [sms for sms in world.got(parcel.tag) if sms.visible_at <= world.now]
        return Found(str(visible[0].number), followed=True) if visible else NotFound()

    def receipt(self, reference: str) -> Told | None:
        draw = self.world.draw("receipt", reference)
        if self.way(draw) is not None or self.spell():
            return None
        return Told(draw.choice((Receipt.PENDING, Receipt.RECEIVED, Receipt.RECEIVED)))


def stand_ins(world: World, loop: VirtualLoop) -> Sequence[Channel]:
    """Return the channels of one life."""
    needed = (StorageStandIn(world, loop), OvhStandIn(world, loop), CentralStandIn(world, loop))
    return (*needed, *erasures(world, loop))


def erasures(world: World, loop: VirtualLoop) -> Sequence[Channel]:
    """Return the channels that take back what the others have delivered."""
    return (StorageErasureStandIn(world, loop), CentralErasureStandIn(world, loop))


def _md5(parcel: Parcel) -> str:
    return hashlib.md5(parcel.photo.read_bytes()).hexdigest()
