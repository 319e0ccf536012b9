"""Photos and their pages into a public OpenStack Swift container, with Keystone v3.

Owns what is stored and under which headers; knows nothing of attempts, retries or the outbox.
Importing it costs a tenth of a second: only an appliance with this channel should.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from io import BytesIO
from typing import Any
from urllib.parse import quote

from swiftclient.client import (
    ClientException,
    get_object,
    head_container,
    head_object,
    put_object,
)

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.photo import read_photo
from kiosk_appliance.delivery.swift_outcomes import FAILURES, classify, somebody_else
from kiosk_appliance.delivery.swift_session import Http, SwiftAccount, SwiftSession, Timeouts
from kiosk_appliance.domain.delivery import (
    Delivered,
    LanePaused,
    NotFound,
    NotSent,
    Outcome,
    Parcel,
    Transient,
)

__all__ = ["SwiftAccount", "SwiftChannel", "Timeouts"]

_TRUSTED_MS = 60_000
_DELETE_AT, _DELETE_AFTER = "X-Delete-At", "X-Delete-After"
_PUBLIC, _LISTABLE = ".r:*", ".rlistings"


@dataclass(frozen=True, slots=True)
class _Object:
    name: str
    content_type: str
    content: bytes
    shown_as: str


class SwiftChannel:
    """The lane `storage` with a Swift provider."""

    name = "storage"
    remote = True
    concurrency = 4
    repeatable = True

    def __init__(
        self, account: SwiftAccount, *, timeouts: Timeouts | None = None, clock: Clock | None = None
    ) -> None:
        self._container = account.container
        self._clock = clock or Clock()
        self._session = SwiftSession(account, timeouts or Timeouts(), self._clock)
        self._base: str | None = None
        self._right_until_ms = 0

    def deliver(self, parcel: Parcel) -> Outcome:
        """Upload the photo, then its page: the link opens only when its picture is there."""
        photo = read_photo(parcel)
        if not isinstance(photo, bytes):
            return photo
        try:
            outcome = self._upload(parcel, photo)
        except FAILURES as error:
            outcome = classify(error)
        if isinstance(outcome, LanePaused):
            self._right_until_ms = 0
        return outcome

    def fetch(self, parcel: Parcel) -> bytes | Outcome:
        """Return the photo as it is stored, or why it can't be read."""

        def get(url: str, token: str, http: Http) -> bytes:
            name = f"{parcel.token}.jpg"
            _, content = get_object(url, token, self._container, name, http_conn=http)
            return bytes(content)

        try:
            return self._session.call(get)
        except FAILURES as error:
            return classify(error)

    def look_up(self, parcel: Parcel) -> NotFound:  # noqa: ARG002 - the protocol's signature
        """Answer that nothing is known: an upload may simply be made again."""
        return NotFound()

    def probe(self) -> Outcome:
        """Sign in if needed and look at the container and who may read it."""
        try:
            outcome = self._examine_container()
        except FAILURES as error:
            outcome = classify(error)
        self._note(right=isinstance(outcome, Delivered))
        return outcome

    def public_base(self) -> str | None:
        """Return the container's public address; None until Keystone has told it once."""
        return self._base

    def close(self) -> None:
        """Drop connections; an upload under way ends by its own time-outs."""
        self._session.close()

    def _note(self, *, right: bool) -> None:
        self._right_until_ms = self._clock.monotonic_ms() + _TRUSTED_MS if right else 0

    def _upload(self, parcel: Parcel, photo: bytes) -> Outcome:
        # Looked at again each minute: links into a container made private would not open.
        if self._clock.monotonic_ms() >= self._right_until_ms:
            verdict = self._examine_container()
            if not isinstance(verdict, Delivered):
                return verdict
            self._note(right=True)
        shown_as = f"selfie-{parcel.token[:6]}"
        things = [_Object(f"{parcel.token}.jpg", "image/jpeg", photo, f"{shown_as}.jpg")]
        if parcel.page is not None:
            page_type = "text/html; charset=utf-8"
            things.append(
                _Object(f"{parcel.token}.html", page_type, parcel.page, f"{shown_as}.html")
            )
        for thing in things:
            failure = self._put(thing, _erasure(parcel))
            if failure is not None:
                return failure
        return Delivered(f"{self._base}/{things[0].name}")

    def _put(self, thing: _Object, erasure: dict[str, str]) -> NotSent | Transient | None:
        """Store one object; None when it is there, whole, with its date of erasure."""
        md5 = hashlib.md5(thing.content, usedforsecurity=False).hexdigest()
        answer: dict[str, Any] = {}

        def put(url: str, token: str, http: Http) -> str:
            return str(
                put_object(
                    url,
                    token,
                    self._container,
                    thing.name,
                    BytesIO(thing.content),
                    content_length=len(thing.content),
                    etag=md5,
                    content_type=thing.content_type,
                    headers=_headers(thing) | erasure,
                    http_conn=http,
                    response_dict=answer,
                )
            )

        etag = self._session.call(put)
        if answer.get("status") != HTTPStatus.CREATED or etag != md5:
            return somebody_else("The storage")
        return self._check_erasure(thing.name, erasure) if erasure else None

    def _check_erasure(self, name: str, erasure: dict[str, str]) -> Transient | None:
        """Read the date of erasure back: without it the photo would stay for ever."""

        def head(url: str, token: str, http: Http) -> Mapping[str, str]:
            headers: Mapping[str, str] = head_object(
                url, token, self._container, name, http_conn=http
            )
            return headers

        try:
            stored = self._session.call(head).get("x-delete-at", "")
        except ClientException as error:
            if error.http_status != HTTPStatus.NOT_FOUND:
                raise
            return Transient("The photo was stored, but is not to be found there (404).")
        # Swift makes a date of "after"; which one is its own affair.
        if stored != erasure.get(_DELETE_AT, stored) or not stored.isdecimal():
            return Transient("The storage did not keep the date on which the photo is erased.")
        return None

    def _examine_container(self) -> Outcome:
        """Look at the container's rights; also learns the public address. Raises FAILURES."""

        def head(url: str, token: str, http: Http) -> tuple[str, Mapping[str, str]]:
            return url, head_container(url, token, self._container, http_conn=http)

        url, headers = self._session.call(head)
        if "x-container-object-count" not in headers:
            return somebody_else("The storage")
        self._base = f"{url}/{quote(self._container)}"
        # Swift shows the rights to the account's own users only; without them nothing is proven.
        rights = {right.strip() for right in headers.get("x-container-read", "").split(",")}
        if _PUBLIC not in rights:
            return LanePaused(
                f"The container {self._container[:40]} can't be read by guests: "
                f"add {_PUBLIC} to its read rights."
            )
        if _LISTABLE in rights:
            return LanePaused(
                f"Anybody can list the photos in the container {self._container[:40]}: "
                f"take {_LISTABLE} out of its read rights."
            )
        return Delivered(self._base)


def _erasure(parcel: Parcel) -> dict[str, str]:
    if parcel.erase_at_s is not None:
        return {_DELETE_AT: str(parcel.erase_at_s)}
    if parcel.erase_after_s is not None:
        return {_DELETE_AFTER: str(parcel.erase_after_s)}
    return {}


def _headers(thing: _Object) -> dict[str, str]:
    return {
        # A guest may have it erased: no shared cache may keep it, and her own only for an hour.
        "Cache-Control": "private, max-age=3600",
        "Content-Disposition": f'inline; filename="{thing.shown_as}"',
        "X-Robots-Tag": "noindex, nofollow",
    }
