"""Which channels the settings ask for, with what account, and where their links lead.

Part of the composition root.

A provider's SDK takes long to import and much memory, so each is imported where it is chosen.
"""

from collections.abc import Collection

from kiosk_appliance.clock import Clock
from kiosk_appliance.core.links import Links, links_for, ovh_container
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.delivery.directory import DirectoryChannel
from kiosk_appliance.delivery.directory_erasure import DirectoryErasureChannel
from kiosk_appliance.delivery.file_sms import FileSmsChannel
from kiosk_appliance.settings import Secret, Settings
from kiosk_appliance.store.directory import Layout

KINDS = ("storage", "sms", "postgres")
"""The channels that deliver; some have one beside them that takes back."""


def channels_of(
    settings: Settings, layout: Layout, clock: Clock, kinds: Collection[str] = KINDS
) -> tuple[Channel, ...]:
    """Return every channel of the outbox, or those of some kinds."""
    return (
        *(_storage_channels(settings, layout, clock) if "storage" in kinds else ()),
        *((_sms_channel(settings, layout, clock),) if "sms" in kinds else ()),
        *(_central_channels(settings) if "postgres" in kinds else ()),
    )


def kinds_changed(before: Settings, after: Settings) -> tuple[str, ...]:
    """Return the kinds of channel that other settings ask for, or with another account."""
    return tuple(
        kind
        for kind, account in (
            ("storage", lambda one: one.storage),
            ("sms", lambda one: (one.sms.channel, one.sms.service_name, one.sms.sender, one.ovh)),
            ("postgres", lambda one: one.postgres),
        )
        if account(before) != account(after)
    )


def _storage_channels(settings: Settings, layout: Layout, clock: Clock) -> tuple[Channel, Channel]:
    """Return what stores photos and what erases them: Swift, or a folder on embedded defaults."""
    if settings.storage.channel != "swift":
        return DirectoryChannel(layout.cloud), DirectoryErasureChannel(layout.cloud)
    from kiosk_appliance.delivery.swift import SwiftAccount, SwiftChannel  # noqa: PLC0415
    from kiosk_appliance.delivery.swift_erasure import SwiftErasureChannel  # noqa: PLC0415

    storage = settings.storage
    account = SwiftAccount(
        auth_url=_given(storage.auth_url),
        username=_given(storage.username),
        password=_revealed(storage.password),
        tenant_name=_given(storage.tenant_name),
        region=_given(storage.region),
        container=_given(storage.container),
    )
    return SwiftChannel(account, clock=clock), SwiftErasureChannel(account, clock=clock)


def _sms_channel(settings: Settings, layout: Layout, clock: Clock) -> Channel:
    """Return the channel that sends SMS: OVH, or a file on embedded defaults."""
    if settings.sms.channel != "ovh":
        return FileSmsChannel(layout.sms, clock)
    from kiosk_appliance.delivery.ovh_sms import OvhAccount, OvhSmsChannel  # noqa: PLC0415

    return OvhSmsChannel(
        OvhAccount(
            endpoint=_given(settings.ovh.endpoint),
            application_key=_revealed(settings.ovh.application_key),
            application_secret=_revealed(settings.ovh.application_secret),
            consumer_key=_revealed(settings.ovh.consumer_key),
            service_name=_given(settings.sms.service_name),
            sender=settings.sms.sender,
        ),
        clock,
    )


def _central_channels(settings: Settings) -> tuple[Channel, ...]:
    """Return what tells a fleet's central database, and what has it forget, if there is one."""
    if settings.postgres.url is None:
        return ()
    from kiosk_appliance.delivery.postgres import (  # noqa: PLC0415
        PostgresChannel,
        PostgresErasureChannel,
    )

    url = settings.postgres.url.reveal()
    return PostgresChannel(url), PostgresErasureChannel(url)


def links_of(settings: Settings) -> Links:
    """Return how download links are made under these settings."""
    return links_for(
        base_url=settings.links.base_url,
        guest_host=settings.listen.guest.host,
        guest_port=settings.listen.guest.port,
        cloud=settings.storage.channel == "swift",
        landing_page=settings.links.landing_page,
        presumed=_presumed_container(settings),
    )


def _presumed_container(settings: Settings) -> str | None:
    storage = settings.storage
    known = (storage.auth_url, storage.region, storage.tenant_name, storage.container)
    if any(value is None for value in known):
        return None
    return ovh_container(*(value or "" for value in known))


def _given(value: str | None) -> str:
    if value is None:
        raise ValueError("the settings check lets no channel pass without its account")
    return value


def _revealed(secret: Secret | None) -> str:
    return _given(secret.reveal() if secret is not None else None)
