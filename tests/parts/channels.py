"""Every delivery channel with its provider, for the contract test that all of them run.

A new channel adds one factory to CHANNELS and nothing else.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.domain.delivery import Parcel


@dataclass(frozen=True)
class ChannelCase:
    """A channel on a working provider, and what a test must know of that provider."""

    channel: Channel
    broken: Channel
    """The same kind of channel, whose provider is down."""
    delivered: Callable[[Parcel], int]
    """How many times the provider has this parcel."""
    before: Callable[[Parcel], object] = lambda parcel: parcel
    """What has to have happened to a parcel before it is handed to this channel."""
    secrets: tuple[str, ...] = ()
    """What must show in no reason and no repr."""


Factory = Callable[[pytest.FixtureRequest, Path], AbstractContextManager[ChannelCase]]


@contextmanager
def directory(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """The folder; broken: a file stands where the folder should be."""
    from kiosk_appliance.delivery.directory import DirectoryChannel  # noqa: PLC0415

    folder, occupied = tmp_path / "cloud", tmp_path / "occupied"
    occupied.write_bytes(b"")
    yield ChannelCase(
        DirectoryChannel(folder),
        DirectoryChannel(occupied),
        lambda parcel: len(list(folder.glob(f"{parcel.token}.jpg"))),
    )


@contextmanager
def directory_erasure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """The folder with photo and page in it; broken: a file stands where the folder should be."""
    from kiosk_appliance.delivery.directory import DirectoryChannel  # noqa: PLC0415
    from kiosk_appliance.delivery.directory_erasure import DirectoryErasureChannel  # noqa: PLC0415

    folder, occupied = tmp_path / "cloud", tmp_path / "occupied"
    occupied.write_bytes(b"")
    yield ChannelCase(
        DirectoryErasureChannel(folder),
        DirectoryErasureChannel(occupied),
        lambda parcel: int(not list(folder.glob(f"{parcel.token}*"))),
        before=DirectoryChannel(folder).deliver,
    )


@contextmanager
def swift(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """A fresh container of the real Swift; broken: nobody listens at Keystone's address."""
    from kiosk_appliance.delivery.swift import SwiftAccount, SwiftChannel  # noqa: PLC0415
    from tests.parts.swift.server import free_ports  # noqa: PLC0415

    cloud = request.getfixturevalue("cloud")
    container = request.getfixturevalue("container")
    account = SwiftAccount(
        cloud.auth_url, cloud.username, cloud.password, cloud.tenant_name, cloud.region, container
    )
    nowhere = replace(account, auth_url=f"http://127.0.0.1:{free_ports(1)[0]}/v3")
    yield ChannelCase(
        SwiftChannel(account),
        SwiftChannel(nowhere),
        lambda parcel: cloud.names(container).count(f"{parcel.token}.jpg"),
        secrets=(cloud.password,),
    )


@contextmanager
def swift_erasure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """The same container with photo and page in it; broken: nobody listens there."""
    from kiosk_appliance.delivery.swift import SwiftAccount, SwiftChannel  # noqa: PLC0415
    from kiosk_appliance.delivery.swift_erasure import SwiftErasureChannel  # noqa: PLC0415
    from tests.parts.swift.server import free_ports  # noqa: PLC0415

    cloud = request.getfixturevalue("cloud")
    container = request.getfixturevalue("container")
    account = SwiftAccount(
        cloud.auth_url, cloud.username, cloud.password, cloud.tenant_name, cloud.region, container
    )
    nowhere = replace(account, auth_url=f"http://127.0.0.1:{free_ports(1)[0]}/v3")
    upload = SwiftChannel(account)
    yield ChannelCase(
        SwiftErasureChannel(account),
        SwiftErasureChannel(nowhere),
        lambda parcel: int(
            not {f"{parcel.token}.jpg", f"{parcel.token}.html"} & {*cloud.names(container)}
        ),
        before=upload.deliver,
        secrets=(cloud.password,),
    )
    upload.close()


@contextmanager
def file_sms(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """The file of SMS; broken: its folder is missing."""
    from kiosk_appliance.clock import Clock  # noqa: PLC0415
    from kiosk_appliance.delivery.file_sms import FileSmsChannel  # noqa: PLC0415

    path = tmp_path / "sms.txt"

    def delivered(parcel: Parcel) -> int:
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        return sum(line.split("\t")[1:] == [parcel.recipient, parcel.text] for line in lines)

    yield ChannelCase(
        FileSmsChannel(path, Clock()),
        FileSmsChannel(tmp_path / "missing" / "sms.txt", Clock()),
        delivered,
    )


@contextmanager
def ovh_sms(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """The strict stand-in of OVH; broken: a second one that is down."""
    from kiosk_appliance.clock import Clock  # noqa: PLC0415
    from kiosk_appliance.delivery.ovh_sms import OvhAccount, OvhSmsChannel  # noqa: PLC0415
    from tests.parts.ovh import OvhStandIn  # noqa: PLC0415

    up = request.getfixturevalue("ovh")
    with OvhStandIn() as down:
        pass

    def channel(ovh: OvhStandIn) -> OvhSmsChannel:
        return OvhSmsChannel(
            OvhAccount(
                ovh.endpoint,
                ovh.application_key,
                ovh.application_secret,
                ovh.consumer_key,
                ovh.service_name,
                ovh.sender,
            ),
            Clock(),
        )

    yield ChannelCase(
        channel(up),
        channel(down),
        lambda parcel: sum(sms.tag == parcel.tag for sms in up.ledger),
        secrets=(up.application_secret, up.consumer_key),
    )


@contextmanager
def postgres(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """A fresh database of the real PostgreSQL; broken: nobody listens there."""
    from kiosk_appliance.delivery.postgres import PostgresChannel  # noqa: PLC0415

    central = request.getfixturevalue("central")
    yield ChannelCase(
        PostgresChannel(central.url),
        PostgresChannel(central.nowhere),
        lambda parcel: central.count(parcel.capture_id, erased=False),
        secrets=(central.password, central.user),
    )


@contextmanager
def postgres_erasure(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    """The same database, told to forget."""
    from kiosk_appliance.delivery.postgres import PostgresErasureChannel  # noqa: PLC0415

    central = request.getfixturevalue("central")
    yield ChannelCase(
        PostgresErasureChannel(central.url),
        PostgresErasureChannel(central.nowhere),
        lambda parcel: central.count(parcel.capture_id, erased=True),
        secrets=(central.password, central.user),
    )


CHANNELS: dict[str, Factory] = {
    "directory": directory,
    "directory_erasure": directory_erasure,
    "file_sms": file_sms,
    "ovh_sms": ovh_sms,
    "postgres": postgres,
    "postgres_erasure": postgres_erasure,
    "swift": swift,
    "swift_erasure": swift_erasure,
}
NEEDS_CLOUD = frozenset({"swift", "swift_erasure"})
