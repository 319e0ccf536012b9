"""What a call to OVH's SMS API came to: from a reply to an outcome, purely.

Knows no socket and no account. The rule behind it: only what proves that the SMS was not taken
lets it be sent again. Reasons are sentences for an operator, without phone number, link or key.
Sources: OVH's API schema and the errors seen from it; `requests` for what fails on the way.
"""

import re
import ssl
from collections.abc import Iterator
from http import HTTPStatus

from ovh.exceptions import APIError
from requests import exceptions as failed
from urllib3.exceptions import NameResolutionError, NewConnectionError

from kiosk_appliance.delivery.connection_faults import cause_of
from kiosk_appliance.delivery.ovh_api import Answer, Reply, Unready, says_time_or_signature
from kiosk_appliance.domain.delivery import (
    Blame,
    Cause,
    Delivered,
    LanePaused,
    LookUpFailed,
    NotSent,
    Outcome,
    Refused,
    Throttled,
    Transient,
    Uncertain,
)

_REDIRECTED = "Something between the kiosk and OVH redirects its calls: a log-in page of the network, or a wrong [ovh] endpoint."  # noqa: E501 - one sentence
_NOT_OVH = "Something else answers in OVH's place: does the network ask for a log-in?"
_KEYS = "OVH does not take the keys: check application_key, application_secret and consumer_key in [ovh]."  # noqa: E501 - one sentence
_RIGHTS = "The consumer key lacks a right: it needs GET /sms/*, and POST /sms/*/jobs."
NO_CREDIT = "No SMS credit is left on the OVH account: buy some, and sending goes on by itself."
_BY_CODE = {
    "INVALID_KEY": "OVH does not know the application_key in [ovh].",
    "INVALID_CREDENTIAL": "The consumer_key in [ovh] is wrong or has expired: make a new one.",
    "NOT_CREDENTIAL": "The consumer_key in [ovh] has not been validated at OVH yet.",
    "NOT_GRANTED_CALL": _RIGHTS,
}
_BY_STATUS = {
    401: _KEYS,
    403: "OVH refuses the call",
    404: "OVH does not know the service: check service_name in [sms]",
    409: "The SMS service is busy with a change",
    460: "The SMS service at OVH has expired: renew it",
}
# What a number or a field of this one SMS can cause; other 4xx are the set-up's.
_OF_THE_ITEM = frozenset({400, 413, 422})
_PAUSE = "OVH asks for a pause."
_MAX_WORDS = 90


def classify(reply: Reply) -> Outcome:
    """Return what became of the one SMS of a `POST jobs`."""
    if isinstance(reply, Unready):
        return unreachable(reply)
    if isinstance(reply, Exception):
        return _never_left(reply) or Uncertain(f"OVH may have taken it: {_kind(reply)}.")
    early = _before_work(reply)
    if early is not None:
        return early
    if reply.status < HTTPStatus.MULTIPLE_CHOICES:
        return _of_report(reply.value())
    if _is_no_verdict(reply):
        return Uncertain(f"OVH may have taken it: the answer was HTTP {reply.status}.")
    return refusal(reply)


def trouble(reply: Reply) -> Outcome:
    """Return why a call that sends nothing got no usable answer; never Delivered."""
    if isinstance(reply, Unready):
        return unreachable(reply)
    if isinstance(reply, Exception):
        return _never_left(reply) or _out_of_reach(reply)
    early = _before_work(reply)
    if early is not None:
        return early
    if reply.status < HTTPStatus.BAD_REQUEST or _is_no_verdict(reply):
        return Transient(f"OVH gave no usable answer (HTTP {reply.status}).")
    return refusal(reply)


def unreachable(reply: Unready) -> NotSent | Throttled | LanePaused:
    """Return why a batch can't begin: the server's time could not be read, so nothing was sent."""
    instead = reply.instead
    if isinstance(instead, Answer):
        if instead.status == HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(_PAUSE, _seconds(instead.retry_after))
        return NotSent(f"{_NOT_OVH} (HTTP {instead.status})", Cause.PORTAL)
    if isinstance(instead, failed.TooManyRedirects):
        return NotSent(_REDIRECTED, Cause.PORTAL)
    return _never_left(instead) or _out_of_reach(instead)


def failed_look_up(reply: Reply) -> LookUpFailed:
    """Return why a look-up was not answered; `refused` when the key lacks the right to it."""
    return LookUpFailed(_reason(trouble(reply)), refused=lacks_right(reply))


def lacks_right(reply: Reply) -> bool:
    """Say whether the keys are good and only this call is not granted to them."""
    if not isinstance(reply, Answer) or reply.status != HTTPStatus.FORBIDDEN:
        return False
    error = reply.error()
    return error is not None and error.get("errorCode", "NOT_GRANTED_CALL") in (
        "NOT_GRANTED_CALL",
        "FORBIDDEN",
    )


def refusal(answer: Answer) -> LanePaused | Refused:
    """Return whose fault OVH's own 4xx is: the set-up's, or this one SMS's."""
    error = answer.error() or {}
    code, words = error.get("errorCode", ""), plain_words(error.get("message", ""))
    if code in _BY_CODE:
        return LanePaused(_BY_CODE[code])
    if says_time_or_signature(answer):
        return LanePaused(f"{_KEYS} OVH says: {words}")
    known = words.lower()
    if answer.status == HTTPStatus.PAYMENT_REQUIRED or "credit" in known:
        return LanePaused(NO_CREDIT)
    if "sender" in known or "shortcode" in known:
        return LanePaused(f"OVH refuses the sender; it must exist there and be validated: {words}")
    if answer.status in _OF_THE_ITEM:
        return Refused(f"OVH refuses this SMS: {words}", Blame.UNSURE)
    return LanePaused(f"{_BY_STATUS.get(answer.status, 'OVH refuses the call')}: {words}")


def plain_words(text: str) -> str:
    """Return a provider's words without numbers of phones, links, keys or control characters."""
    text = re.sub(r"https?://\S+", "[link]", text)
    text = re.sub(r"\+?\d(?:[\s().\-]?\d){5,}", "[number]", text)
    # our tokens have 21 characters and keys 32; a tag has 16 and may be shown
    text = re.sub(r"[A-Za-z0-9_\-]{20,}", "[...]", text)
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())[:_MAX_WORDS]


def _of_report(report: object) -> Outcome:
    ids = report.get("ids") if isinstance(report, dict) else None
    if not isinstance(ids, list):
        return Uncertain("OVH may have taken it: the answer is not its own.")
    if not ids:
        return Refused("OVH can't reach this number.", Blame.RECIPIENT)
    return Delivered(str(ids[0]), followed=True)


def _is_no_verdict(answer: Answer) -> bool:
    # A proxy's 408 can follow a request that it passed on.
    late = answer.status == HTTPStatus.REQUEST_TIMEOUT
    return answer.error() is None or late or answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR


def _before_work(answer: Answer) -> Throttled | LanePaused | None:
    if answer.status == HTTPStatus.TOO_MANY_REQUESTS:
        return Throttled(_PAUSE, _seconds(answer.retry_after))
    if HTTPStatus.MULTIPLE_CHOICES <= answer.status < HTTPStatus.BAD_REQUEST:
        return LanePaused(_REDIRECTED, Cause.PORTAL)
    return None


def _never_left(error: Exception) -> NotSent | LanePaused | None:
    causes = list(_causes(error))
    if isinstance(error, failed.TooManyRedirects):
        return LanePaused(_REDIRECTED, Cause.PORTAL)
    if isinstance(error, APIError | failed.InvalidHeader | UnicodeError):
        return LanePaused("A key in [ovh] is empty or holds a character that no key has.")
    # Other TLS failures can also come after the request, so they prove nothing.
    if any(isinstance(cause, ssl.SSLCertVerificationError) for cause in causes):
        return NotSent(
            "OVH's certificate is not accepted: a log-in page of the network, or a wrong clock?",
            Cause.PORTAL,
        )
    if any(isinstance(cause, NewConnectionError | failed.ConnectTimeout) for cause in causes):
        return _out_of_reach(error)
    return None


def _out_of_reach(error: Exception) -> NotSent:
    return NotSent(f"OVH can't be reached: {_kind(error)}.", cause_of(error))


def _causes(error: object) -> Iterator[BaseException]:
    while isinstance(error, BaseException):
        yield error
        reason = getattr(error, "reason", None)
        error = reason if isinstance(reason, BaseException) else next(iter(error.args), None)


def _kind(error: Exception) -> str:
    # An exception's own text holds addresses and what was sent; its kind says enough.
    names = (
        (NameResolutionError, "its name is not found"),
        (failed.ConnectTimeout, "no connection in time"),
        (NewConnectionError, "the connection is refused or there is no network"),
        (failed.Timeout, "no answer in time"),
        (ssl.SSLError, "the encrypted connection failed"),
    )
    causes = list(_causes(error))
    for kind, words in names:
        if any(isinstance(cause, kind) for cause in causes):
            return words
    return "the connection was cut"


def _seconds(retry_after: str) -> float | None:
    return float(retry_after) if re.fullmatch(r"\d{1,6}", retry_after.strip()) else None


def _reason(outcome: Outcome) -> str:
    return "" if isinstance(outcome, Delivered) else outcome.reason
