"""The one link of a capture, known before anything is uploaded.

Photos are found at the kiosk itself, or in the cloud where a container is configured. Knows no
provider; the container's own address is learnt from the channel and remembered across restarts.
"""

import re
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

_LOCAL = frozenset({"localhost", "127.0.0.1", "::1", "[::1]"})
# A project's id as OVH and Keystone write it; a tenant may also be given by its name.
_PROJECT = re.compile(r"[0-9a-f]{32}")
_IPV6 = 6
_LINK = "{link}"
_OVH_SIGN_IN = "auth.cloud.ovh.net"


@dataclass(slots=True)
class Links:
    """How download links are made; `cloud_base` is set once the container's address is known.

    `kiosk_base` is where a guest's phone finds this kiosk. `in_cloud` says that links lead to the
    container; until its address is known they lead to the kiosk, which answers them too.
    `learns` says that the address is the container's own, and no domain in front of it.
    """

    kiosk_base: str
    in_cloud: bool
    landing_page: bool
    cloud_base: str | None = None
    learns: bool = False

    def download_url(self, token: str) -> str:
        """Return the final link for a new capture."""
        if self.in_cloud and self.cloud_base is not None:
            return f"{self.cloud_base}/{token}.{'html' if self.landing_page else 'jpg'}"
        return f"{self.kiosk_base}/api/download/{token}"

    def text(self, template: str, capture_url: str) -> str:
        """Return an SMS's words with the link in them.

        While the container's address is not known the place of the link stays open: the SMS waits
        for its upload, and by then the address is known (see `filled`).
        """
        return template if self.waiting_for_cloud else template.replace(_LINK, capture_url)

    def filled(self, text: str, token: str) -> str:
        """Return the words of an SMS that was queued before the address was known."""
        return text.replace(_LINK, self.download_url(token))

    def final(self, capture_url: str, token: str) -> str:
        """Return a capture's link; one made before the address was known now leads there too."""
        made_here = capture_url.startswith(f"{self.kiosk_base}/")
        return self.download_url(token) if self.learns and made_here else capture_url

    def learn(self, address: str) -> bool:
        """Take the container's address as its channel has it; says whether that is news."""
        if not self.learns or address == self.cloud_base:
            return False
        self.cloud_base = address
        return True

    def become(self, other: "Links", *, same_container: bool) -> None:
        """Make links by another rule; of the `same_container` what was learnt still holds."""
        learnt = self.cloud_base if self.learns and same_container else None
        self.kiosk_base, self.in_cloud = other.kiosk_base, other.in_cloud
        self.landing_page, self.learns = other.landing_page, other.learns
        self.cloud_base = (learnt if other.learns else None) or other.cloud_base

    @property
    def waiting_for_cloud(self) -> bool:
        """Say whether links should lead to a container whose address is not known yet."""
        return self.in_cloud and self.cloud_base is None


def links_for(
    *,
    base_url: str | None,
    guest_port: int,
    guest_host: str,
    cloud: bool,
    landing_page: bool,
    presumed: str | None = None,
) -> Links:
    """Return the rule for links from the settings.

    With a container, a `base_url` is a domain in front of it, unless it is the kiosk's own
    address or a loopback name; left out, the container's own address is used: as `presumed`
    until the provider has told it.
    """
    own = f"http://{_reachable(guest_host)}:{guest_port}"
    if not cloud:
        return Links(base_url or own, in_cloud=False, landing_page=landing_page)
    if base_url is None:
        return Links(
            own, in_cloud=True, landing_page=landing_page, cloud_base=presumed, learns=True
        )
    if _is_kiosk(base_url, guest_host):
        return Links(base_url, in_cloud=False, landing_page=landing_page)
    return Links(own, in_cloud=True, landing_page=landing_page, cloud_base=base_url)


def ovh_container(auth_url: str, region: str, tenant: str, container: str) -> str | None:
    """Return a container's public address where OVH's rule gives it without a call.

    So that a kiosk that has never been online hands out links that will open. None for another
    provider, or for a project given by its name.
    """
    if urlsplit(auth_url).hostname != _OVH_SIGN_IN or not _PROJECT.fullmatch(tenant):
        return None
    return f"https://storage.{region.lower()}.cloud.ovh.net/v1/AUTH_{tenant}/{container}"


def _reachable(guest_host: str) -> str:
    """Return the host under which others find a listener; a wildcard or loopback: localhost."""
    try:
        address = ip_address(guest_host)
    except ValueError:
        return guest_host
    if address.is_loopback or address.is_unspecified:
        return "localhost"
    return f"[{guest_host}]" if address.version == _IPV6 else guest_host


def _is_kiosk(base_url: str, guest_host: str) -> bool:
    host = urlsplit(base_url).hostname or ""
    if host in _LOCAL or host == guest_host:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
