"""Where and as whom SMS are sent: one OVH account, and which addresses are safe to call."""

import ipaddress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from ovh.client import ENDPOINTS


@dataclass(frozen=True, slots=True)
class OvhAccount:
    """Where and as whom SMS are sent. `endpoint` is a name such as `ovh-eu`, or a whole URL."""

    endpoint: str
    application_key: str
    application_secret: str = field(repr=False)
    consumer_key: str = field(repr=False)
    service_name: str
    sender: str


def address(endpoint: str) -> str:
    """Return the URL of a named or written endpoint; ValueError when it can't be used safely."""
    known: str | None = ENDPOINTS.get(endpoint)
    if known is not None:
        return known
    parts = urlsplit(endpoint)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        names = ", ".join(ENDPOINTS)
        raise ValueError(f"endpoint must be one of {names}, or a URL such as https://host/1.0")
    if parts.scheme == "http" and not _is_loopback(parts.hostname):
        raise ValueError("endpoint must be https: plain http is for this machine only")
    if parts.query or parts.fragment or parts.username or parts.path.strip("/") == "":
        raise ValueError("endpoint must end with the API's version, such as /1.0")
    return endpoint.rstrip("/")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
