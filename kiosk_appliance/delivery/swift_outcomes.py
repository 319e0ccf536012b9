"""What a failure at Keystone or Swift means for a delivery: one pure function.

Sources: Swift's API reference for its status codes; keystoneauth1, swiftclient and requests as
measured against real servers (`tests/integration/test_swift.py`). Reasons are for an operator:
plain, short, free of secrets, tokens and object names.
"""

from collections.abc import Mapping
from http import HTTPStatus

import requests
import urllib3
from keystoneauth1 import exceptions as keystone
from requests import exceptions as http
from swiftclient.exceptions import ClientException

from kiosk_appliance.delivery.connection_faults import cause_in_words, cause_of, never_connected
from kiosk_appliance.domain.delivery import (
    Blame,
    Cause,
    LanePaused,
    NotSent,
    Outcome,
    Refused,
    Throttled,
    Transient,
)

_SWIFT, _KEYSTONE = "The storage", "Keystone"
_STATUS_RATE_LIMITED_BY_SWIFT = 498


class NotTheProvider(Exception):
    """Somebody else answered: a captive portal, a proxy, another kind of server."""


FAILURES = (
    ClientException,
    keystone.ClientException,
    http.RequestException,
    urllib3.exceptions.HTTPError,
    UnicodeError,  # swiftclient decodes the headers of whoever answers
    NotTheProvider,
)
"""All that a provider or a network can raise through the two libraries."""


def classify(error: Exception) -> Outcome:
    """Return the outcome of an upload that ended with `error` (one of FAILURES)."""
    if isinstance(error, keystone.ClientException):
        return _at_keystone(error)
    if isinstance(error, ClientException):
        return _at_swift(error)
    if isinstance(error, NotTheProvider | UnicodeError | http.TooManyRedirects):
        return somebody_else(str(error) if isinstance(error, NotTheProvider) else _SWIFT)
    if isinstance(error, http.InvalidURL | http.InvalidSchema | http.MissingSchema):
        return LanePaused("The storage's address in Keystone's catalogue is not a web address.")
    if never_connected(error):
        words = f"The storage can't be reached: {cause_in_words(error)}."
        return NotSent(words, cause_of(error))
    return Transient(f"The exchange with the storage broke off: {cause_in_words(error)}.")


def somebody_else(who: str) -> NotSent:
    """Return the outcome of an answer that is not the provider's."""
    return NotSent(
        f"{who} did not answer, something else did: a captive portal or a proxy?", Cause.PORTAL
    )


def _at_keystone(error: keystone.ClientException) -> Outcome:
    """Judge a failure to sign in: nothing of the photo has left, so no attempt is ever burnt."""
    if isinstance(error, keystone.EndpointNotFound):
        return LanePaused(
            "Keystone has no storage for this account in this region: check [storage] region "
            "and auth_url, and the user's rights."
        )
    if isinstance(error, keystone.HttpError):
        return _keystone_status(error)
    if isinstance(error, keystone.InvalidResponse):
        return somebody_else(_KEYSTONE)
    cause = error.__context__
    if isinstance(cause, http.InvalidURL | http.InvalidSchema | http.MissingSchema):
        return LanePaused("[storage] auth_url is not a web address.")
    words = f"Keystone can't be reached: {cause_in_words(cause or error)}."
    return NotSent(words, cause_of(cause or error))


def _keystone_status(error: keystone.HttpError) -> Outcome:
    status = error.http_status
    response: requests.Response | None = getattr(error, "response", None)
    headers: Mapping[str, str] = response.headers if response is not None else {}
    wait_s = _retry_after_s(headers)
    if status == HTTPStatus.TOO_MANY_REQUESTS or (
        status in {HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.SERVICE_UNAVAILABLE}
        and wait_s is not None
    ):
        return Throttled(f"Keystone asks to wait ({status}).", wait_s)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.REQUEST_TIMEOUT:
        return NotSent(f"Keystone is out of order ({status}).")
    if "json" not in headers.get("Content-Type", ""):
        words = f"Something else answered for Keystone ({status}): portal, or auth_url?"
        return NotSent(words, Cause.PORTAL)
    if status == HTTPStatus.UNAUTHORIZED:
        return LanePaused(
            "Keystone refuses the log-in (401): check [storage] username, password, tenant_name."
        )
    if status in {HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.FORBIDDEN}:
        return LanePaused(f"Keystone refuses the account ({status}): is it blocked or unpaid?")
    return LanePaused(f"Keystone can't be used ({status}): [storage] auth_url must end in /v3.")


def _at_swift(error: ClientException) -> Outcome:
    status = error.http_status or 0
    headers: Mapping[str, str] = error.http_response_headers or {}
    wait_s = _retry_after_s(headers)
    if status in {HTTPStatus.TOO_MANY_REQUESTS, _STATUS_RATE_LIMITED_BY_SWIFT} or (
        status == HTTPStatus.SERVICE_UNAVAILABLE and wait_s is not None
    ):
        return Throttled(f"The storage asks to wait ({status}).", wait_s)
    if status == HTTPStatus.INSUFFICIENT_STORAGE:
        # The provider's disks, not the photo: one attempt per probe, instead of one per photo.
        return LanePaused("The storage is full at the provider (507).")
    if status == HTTPStatus.NETWORK_AUTHENTICATION_REQUIRED:
        return somebody_else(_SWIFT)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        return Transient(f"The storage is out of order ({status}).")
    if error.transaction_id is None:
        # Swift numbers every answer of its own.
        return somebody_else(_SWIFT)
    return _swift_refusal(status, error)


def _swift_refusal(status: int, error: ClientException) -> Outcome:
    content = error.http_response_content
    said = content.lower() if isinstance(content, bytes) else b""
    if status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE and b"quota" in said:
        return LanePaused("The container's or the account's quota is used up (413).")
    if status == HTTPStatus.BAD_REQUEST and b"x-delete-at in past" in said:
        return Refused("The photo's time to be erased has already passed.")
    unknown = Refused(f"The storage refuses the photo ({status}).", Blame.UNSURE)
    return _REFUSALS.get(status) or unknown


_NO_RIGHT = (
    "The user may not use the container ({}): grant it the rights of an ObjectStore operator."
)
_REFUSALS: Mapping[int, Outcome] = {
    401: LanePaused(_NO_RIGHT.format(401)),
    402: LanePaused("The storage account is not paid (402)."),
    403: LanePaused(_NO_RIGHT.format(403)),
    404: LanePaused(
        "The container does not exist (404): create it, or correct [storage] container."
    ),
    405: LanePaused(_NO_RIGHT.format(405)),
    408: Transient("The upload was too slow for the storage (408)."),
    409: Transient("The storage holds a newer one already (409).", own=True),
    412: Transient("The storage did not take the upload (412).", own=True),
    413: Refused("The photo is too large for the storage (413)."),
    # The MD5 that was sent along did not fit: the next copy may arrive whole.
    422: Transient("The photo was damaged on its way (422).", own=True),
}


def _retry_after_s(headers: Mapping[str, str]) -> float | None:
    """Return the seconds of Retry-After; its other form, a date, needs a clock we don't trust."""
    text = headers.get("Retry-After", "").strip()
    return float(text) if text.isascii() and text.isdecimal() else None
