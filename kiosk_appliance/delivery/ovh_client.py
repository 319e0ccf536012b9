"""The `ovh` client without its surprises: nothing read from the environment, no redirect followed.

Owns what `ovh` 1.2 and `requests` do by themselves; knows neither SMS nor outcomes.
"""

import time
from typing import Any

import requests
from ovh.client import Client

from kiosk_appliance.delivery.ovh_account import OvhAccount, address


class OvhClient(Client):  # type: ignore[misc] # the SDK has no types
    """A client whose keys are given and whose answers are read by the caller.

    The parent's constructor would read OVH_* variables and three ovh.conf files, and a stray
    OVH_CLIENT_ID there stops it, whatever arguments it gets; so its fields are set here.
    """

    def __init__(self, account: OvhAccount) -> None:
        self._endpoint = address(account.endpoint)
        self._application_key = account.application_key
        self._application_secret = account.application_secret
        self._consumer_key = account.consumer_key
        self._client_id = self._client_secret = self._oauth2 = None
        self._time_delta: int | None = None
        self._timeout: tuple[float, float] = (0, 0)
        self._session = _Session()

    def learn(self, server_s: int) -> None:
        """Sign from now on with the server's time, Unix seconds at this moment."""
        # The parent adds this to its own reading of time.time(): no other clock will do.
        self._time_delta = server_s - int(time.time())

    def wait_at_most(self, connect_s: float, read_s: float) -> None:
        """Bound each wait on the socket of the calls to come."""
        self._timeout = (connect_s, read_s)

    def drop(self) -> None:
        """Close the connections; the next call opens its own."""
        self._session.close()


class _Session(requests.Session):
    """No redirects, no proxies or .netrc from the environment, bodies left to be read."""

    def __init__(self) -> None:
        super().__init__()
        self.max_redirects = 0
        self.trust_env = False

    def send(self, request: requests.PreparedRequest, **kwargs: Any) -> requests.Response:
        """Send without reading the body: `OvhApi` does, with bounds on bytes and on time."""
        kwargs["stream"] = True
        return super().send(request, **kwargs)
