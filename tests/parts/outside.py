"""Beyond the kiosk: a real cloud and OVH's stand-in, each behind a relay that can fail."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import httpx
import pytest

from tests.parts.appliance import Appliance, Tables
from tests.parts.ovh.account import Sms
from tests.parts.ovh.stand_in import OvhStandIn
from tests.parts.relay import Fault, Relay

if TYPE_CHECKING:
    from tests.parts.swift.cloud import Cloud

MakeAppliance = Callable[..., Appliance]


@dataclass
class Outside:
    """Both providers behind relays, and appliances that know only the relays."""

    cloud: "Cloud"
    container: str
    ovh: OvhStandIn
    keystone: Relay
    swift: Relay
    sms: Relay
    make: MakeAppliance
    region: str

    def appliance(self, tables: Tables | None = None, **links: Any) -> Appliance:
        """Make an appliance that delivers through the relays; `links` are keys of `[links]`."""
        storage = {
            "channel": "swift",
            "auth_url": f"http://127.0.0.1:{self.keystone.port}/v3",
            "username": self.cloud.username,
            "password": self.cloud.password,
            "tenant_name": self.cloud.tenant_name,
            "region": self.region,
            "container": self.container,
        }
        sms = self.ovh.tables(f"http://127.0.0.1:{self.sms.port}/1.0")
        return self.make({"storage": storage, **sms, "links": links, **(tables or {})})

    def down(self) -> None:
        """Pull the network's plug."""
        for relay in (self.keystone, self.swift, self.sms):
            relay.behave(Fault.REFUSE)

    def up(self) -> None:
        """Plug the network in again."""
        for relay in (self.keystone, self.swift, self.sms):
            relay.behave(Fault.PASS)

    def photos(self) -> list[str]:
        """List the photos that have arrived."""
        return [name for name in self.cloud.names(self.container) if name.endswith(".jpg")]


@pytest.fixture
def outside(
    cloud: "Cloud", container: str, ovh: OvhStandIn, make_appliance: MakeAppliance
) -> Iterator[Outside]:
    """Check each SMS as it is taken: the photo behind its link must be there."""
    with (
        Relay(cloud.keystone.port) as keystone,
        Relay(cloud.proxy.port) as swift,
        Relay(httpx.URL(ovh.endpoint).port or 80) as sms,
    ):
        region = cloud.region_behind(swift.port)

        def stored_before(got: Sms) -> None:
            token = re.search(r"/([A-Za-z0-9]{21})(?:\.|\b)", got.message)
            assert token is not None, "the SMS has no link"
            cloud.head(f"{token[1]}.jpg", container)

        ovh.on_accept(stored_before)
        yield Outside(cloud, container, ovh, keystone, swift, sms, make_appliance, region)


def link_in(sms: Sms) -> str:
    """Return the link that an SMS bears."""
    found = re.search(r"https?://\S+", sms.message)
    assert found is not None
    return found[0].rstrip(".!")
