"""Takes photos and pages out of an OpenStack Swift container.

An upload that was cut can't come in behind an erasure: Swift orders both by when they began, and
the later one stays. Who may read the container does not matter here. Importing it costs a tenth of
a second: only an appliance with this channel should.
"""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from swiftclient.client import ClientException, delete_object, head_container

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.swift_outcomes import FAILURES, classify, somebody_else
from kiosk_appliance.delivery.swift_session import Http, SwiftAccount, SwiftSession, Timeouts
from kiosk_appliance.domain.delivery import Delivered, NotFound, Outcome, Parcel


class SwiftErasureChannel:
    """The lane `erase-storage` with a Swift provider."""

    name = "erase-storage"
    remote = True
    concurrency = 2
    repeatable = True

    def __init__(
        self, account: SwiftAccount, *, timeouts: Timeouts | None = None, clock: Clock | None = None
    ) -> None:
        self._container = account.container
        self._session = SwiftSession(account, timeouts or Timeouts(), clock or Clock())

    def deliver(self, parcel: Parcel) -> Outcome:
        """Delete page and photo; that they are not there is as good."""
        try:
            for name in (f"{parcel.token}.html", f"{parcel.token}.jpg"):
                failure = self._delete(name)
                if failure is not None:
                    return failure
        except FAILURES as error:
            return classify(error)
        return Delivered(self._container)

    def look_up(self, parcel: Parcel) -> NotFound:  # noqa: ARG002 - the protocol's signature
        """Answer that nothing is known: a deletion may simply be made again."""
        return NotFound()

    def probe(self) -> Outcome:
        """Sign in if needed and look at the container."""
        try:
            return self._find_container() or Delivered(self._container)
        except FAILURES as error:
            return classify(error)

    def public_base(self) -> None:
        """Return None: whoever uploads knows the address."""

    def close(self) -> None:
        """Drop connections."""
        self._session.close()

    def _delete(self, name: str) -> Outcome | None:
        """Delete one object; None once it is not there. Raises FAILURES."""
        answer: dict[str, Any] = {}

        def delete(url: str, token: str, http: Http) -> None:
            delete_object(url, token, self._container, name, http_conn=http, response_dict=answer)

        try:
            self._session.call(delete)
        except ClientException as error:
            if error.http_status != HTTPStatus.NOT_FOUND or error.transaction_id is None:
                raise
            # Without the container nothing is found either, and it may be a wrong one.
            return self._find_container()
        # Swift numbers every answer of its own.
        if "x-trans-id" not in answer.get("headers", {}):
            return somebody_else("The storage")
        return None

    def _find_container(self) -> Outcome | None:
        """Return None where the container is there. Raises FAILURES."""

        def head(url: str, token: str, http: Http) -> Mapping[str, str]:
            headers: Mapping[str, str] = head_container(url, token, self._container, http_conn=http)
            return headers

        if "x-container-object-count" not in self._session.call(head):
            return somebody_else("The storage")
        return None
