"""Takes a changed kiosk.toml over while guests are served; one that is broken changes nothing.

What is made of the settings (channels, lanes, links) changes in one step, between two requests:
no capture is taken half by the old ones. Knows neither signals nor the service manager.
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import structlog

from kiosk_appliance.core.configuring import Configuring
from kiosk_appliance.core.identity import Identity
from kiosk_appliance.core.lane import Lane
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.replay import Replay
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.delivery import ERASURES
from kiosk_appliance.errors import SettingsInvalid, Unavailable
from kiosk_appliance.settings import Loaded, Settings

log = structlog.get_logger("settings")


@dataclass(frozen=True, slots=True)
class Making:
    """How what the settings ask for is made; `channels` may take a second and blocks."""

    kinds_changed: Callable[[Settings, Settings], Sequence[str]]
    channels: Callable[[Settings, Sequence[str]], Sequence[Channel]]
    lane: Callable[[Channel, Lane | None], Lane]
    links: Callable[[Settings], Links]
    container: Callable[[Settings], str]


class Reloading:
    """The use case behind SIGHUP."""

    def __init__(
        self, *, configuring: Configuring, identity: Identity, replay: Replay, making: Making
    ) -> None:
        self._configuring = configuring
        self._identity = identity
        self._replay = replay
        self._making = making

    async def reload(self, read: Callable[[], Loaded]) -> bool:
        """Read kiosk.toml and the files of secrets again; False where they can't be used."""
        try:
            loaded = await asyncio.to_thread(read)
        except SettingsInvalid as error:
            self._configuring.refuse(error)
            return False
        before = self._configuring.current()
        after = self._configuring.preview(loaded)
        kinds = self._making.kinds_changed(before, after)
        channels = await asyncio.to_thread(self._making.channels, after, kinds)
        change = await self._configuring.take(loaded)
        self._replace(before, after, kinds, channels)
        await self._replay.address.recall()
        try:
            await self._identity.take_password_file_over()
        except Unavailable as error:
            log.warning("password_file_not_taken", reason=error.detail)
        await self._configuring.keep_as_good()
        log.info("settings_reloaded", changed=change.changed)
        if change.waiting:
            log.warning("restart_needed", keys=sorted(change.waiting))
        return True

    def _replace(
        self, before: Settings, after: Settings, kinds: Sequence[str], channels: Sequence[Channel]
    ) -> None:
        """Put channels, lanes and links in place of the old ones, without giving way."""
        address = self._replay.address
        container = self._making.container(after)
        links = self._making.links(after)
        address.links.become(links, same_container=container == self._making.container(before))
        address.container = container
        names = [*kinds, *(ERASURES[kind] for kind in kinds if kind in ERASURES)]
        lanes = [self._making.lane(one, self._replay.lane(one.name)) for one in channels]
        self._replay.replace(names, lanes)
