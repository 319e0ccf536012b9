"""One Keystone token and a few idle connections to Swift, shared by the channel's threads.

swiftclient's `Connection` is left out on purpose: without retries it can't renew a token in an
upload, and it sleeps a second before it says so. Its functions for one request each are used.
What answers over TLS has proved who it is: its `Date` tells the kiosk the time.
"""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any, TypeVar
from urllib.parse import urlsplit

import requests
from keystoneauth1.identity.v3 import Password
from keystoneauth1.session import Session
from swiftclient.client import ClientException, http_connection

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.swift_outcomes import NotTheProvider

# A carrier forgets idle connections without telling; a forgotten one costs a read time-out.
_IDLE_MS = 15_000
_PROJECT_ID_LENGTH = 32

T = TypeVar("T")
Http = tuple[Any, Any]
"""swiftclient's pair of a parsed address and a connection."""


@dataclass(frozen=True, slots=True)
class SwiftAccount:
    """Where photos go and who may put them there; `auth_url` includes /v3."""

    auth_url: str
    username: str
    password: str = field(repr=False)
    tenant_name: str
    region: str
    container: str


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect (also the longest stall while sending), and to wait for an answer."""

    connect_s: float = 5.0
    answer_s: float = 30.0


class SwiftSession:
    """Makes requests to the account's Swift, signed in; usable from several threads."""

    def __init__(self, account: SwiftAccount, timeouts: Timeouts, clock: Clock) -> None:
        self._region = account.region
        self._timeouts = (timeouts.connect_s, timeouts.answer_s)
        self._clock = clock
        self._http = requests.Session()
        self._http.trust_env = False
        self._http.hooks["response"].append(self._learn_time)
        self._auth = _password(account)
        self._keystone = Session(auth=self._auth, session=self._http, redirect=False)
        # The constructor takes one number for both; requests takes the pair.
        self._keystone.timeout = self._timeouts  # type: ignore[assignment]
        self._renewing = threading.Lock()
        self._pool = threading.Lock()
        self._idle: list[tuple[int, str, Http]] = []
        self._closed = False

    def sign_in(self) -> tuple[str, str]:
        """Return the account's public address in the region, and a token; asks Keystone once.

        Raises what keystoneauth1 and requests raise, and NotTheProvider.
        """
        try:
            access = self._auth.get_access(self._keystone)
            url = access.service_catalog.url_for(
                service_type="object-store", interface="public", region_name=self._region
            )
            return str(url).rstrip("/"), str(access.auth_token)
        except (AttributeError, KeyError, TypeError) as error:
            # JSON, but nothing that keystoneauth1 can read a token from.
            raise NotTheProvider("Keystone") from error

    def call(self, request: Callable[[str, str, Http], T]) -> T:
        """Make one request (address, token, connection); once more when the token has died.

        Raises what swiftclient and requests raise.
        """
        url, token = self.sign_in()
        try:
            return self._once(request, url, token)
        except ClientException as error:
            if error.http_status != HTTPStatus.UNAUTHORIZED:
                raise
        self._drop(token)
        return self._once(request, *self.sign_in())

    def close(self) -> None:
        """Drop every connection; a request under way ends by itself."""
        self._closed = True
        with self._pool:
            idle, self._idle = self._idle, []
        for _, _, (_, connection) in idle:
            connection.close()
        self._http.close()

    def _drop(self, token: str) -> None:
        """Forget a dead token, unless another thread has already fetched a new one."""
        with self._renewing:
            if self._auth.get_access(self._keystone).auth_token == token:
                self._auth.invalidate()

    def _once(self, request: Callable[[str, str, Http], T], url: str, token: str) -> T:
        http = self._take(url)
        try:
            result = request(url, token, http)
        except BaseException:
            # After a failure, what is left on the wire is anybody's guess.
            http[1].close()
            raise
        self._give_back(url, http)
        return result

    def _take(self, url: str) -> Http:
        fresh_from = self._clock.monotonic_ms() - _IDLE_MS
        with self._pool:
            idle, self._idle = self._idle, []
            good = [one for one in idle if one[0] >= fresh_from and one[1] == url]
            taken = good.pop() if good else None
            self._idle = good
        for one in idle:
            if one is not taken and one not in good:
                one[2][1].close()
        return taken[2] if taken else self._connect(url)

    def _give_back(self, url: str, http: Http) -> None:
        with self._pool:
            if not self._closed:
                self._idle.append((self._clock.monotonic_ms(), url, http))
                return
        http[1].close()

    def _connect(self, url: str) -> Http:
        http: Http = http_connection(url, timeout=self._timeouts)
        session = http[1].request_session
        # No proxy or .netrc of the machine; and a redirect would carry the token elsewhere.
        session.trust_env = False
        session.max_redirects = 0
        session.hooks["response"].append(self._learn_time)
        return http

    def _learn_time(self, response: requests.Response, **_: object) -> None:
        utc_ms = _date_ms(response.headers.get("Date", ""))
        if utc_ms is not None and _is_proven(response.url):
            took_ms = round(response.elapsed.total_seconds() * 1000)
            self._clock.learn(utc_ms, "the storage", took_ms)


def _password(account: SwiftAccount) -> Password:
    tenant = account.tenant_name
    by_id = len(tenant) == _PROJECT_ID_LENGTH and all(one in "0123456789abcdef" for one in tenant)
    return Password(
        auth_url=account.auth_url,
        username=account.username,
        password=account.password,
        user_domain_name="Default",
        project_domain_name="Default",
        project_id=tenant if by_id else None,
        project_name=None if by_id else tenant,
        # A token is renewed when Swift rejects it, never by its date: a kiosk whose clock is years
        # ahead would sign in for every photo until Keystone answered 429.
        reauthenticate=False,
    )


def _date_ms(header: str) -> int | None:
    """Return the middle of the second that a `Date` names; None where it is no date."""
    try:
        return round(parsedate_to_datetime(header).timestamp() * 1000) + 500
    except (ValueError, OverflowError):
        return None


def _is_proven(url: str) -> bool:
    """Say whether who answered is certain: by its certificate, or because it is this machine."""
    parts = urlsplit(url)
    if parts.scheme == "https":
        return True
    try:
        return ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return parts.hostname == "localhost"
