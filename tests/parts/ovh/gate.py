"""Who may call: keys, the clock window, the signature over raw bytes, access rules.

The order is OVH's: application, time, signature, consumer key, rights.
"""

import hmac
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from tests.parts.ovh.faults import Answer
from tests.parts.ovh.http11 import Exchange
from tests.parts.ovh.signature import sign

LEAST_RIGHTS = (
    "GET /sms/*",
    "POST /sms/*/jobs",
)


@dataclass(slots=True)
class Gate:
    """The keys that exist and what they may do; every field may be changed while running."""

    application_key: str = "StandInAppKey016"
    application_secret: str = "StandInSecretOf32CharactersXXXXX"
    consumer_key: str = "StandInConsumerKeyOf32CharsXXXXX"
    consumer_state: str = "validated"
    rules: tuple[str, ...] = LEAST_RIGHTS
    window_s: float = 30.0
    refuse_reuse: bool = False
    _seen: set[str] = field(default_factory=set)

    def refusal(self, exchange: Exchange, path: str, body: bytes, now: float) -> Answer | None:
        """Return the 4xx for a call that must not pass, None for one that may."""
        if exchange.headers.get("x-ovh-application") != self.application_key:
            return _no(403, "INVALID_KEY", "This application key is invalid")
        return (
            self._wrong_time(exchange.headers.get("x-ovh-timestamp", ""), now)
            or self._wrong_signature(exchange, body)
            or self._wrong_consumer(exchange.headers.get("x-ovh-consumer", ""))
            or self._wrong_right(exchange.method, path)
        )

    def _wrong_time(self, timestamp: str, now: float) -> Answer | None:
        if not timestamp.isdigit():
            return _no(400, "INVALID_SIGNATURE", "Invalid signature")
        if abs(int(timestamp) - now) > self.window_s:
            return _no(400, "QUERY_TIME_OUT", "Query out of time")
        return None

    def _wrong_signature(self, exchange: Exchange, body: bytes) -> Answer | None:
        given = exchange.headers.get("x-ovh-signature", "")
        expected = sign(
            self.application_secret,
            exchange.headers.get("x-ovh-consumer", ""),
            method=exchange.method,
            url=exchange.url,
            body=body,
            timestamp=exchange.headers["x-ovh-timestamp"],
        )
        if not hmac.compare_digest(given.encode(), expected.encode()):
            return _no(400, "INVALID_SIGNATURE", "Invalid signature")
        if self.refuse_reuse and given in self._seen:
            return _no(400, "INVALID_SIGNATURE", "Invalid signature")
        self._seen.add(given)
        return None

    def _wrong_consumer(self, consumer: str) -> Answer | None:
        if consumer != self.consumer_key or self.consumer_state == "expired":
            return _no(403, "INVALID_CREDENTIAL", "This credential is not valid")
        if self.consumer_state != "validated":
            return _no(403, "NOT_CREDENTIAL", "This credential does not exist")
        return None

    def _wrong_right(self, method: str, path: str) -> Answer | None:
        if any(fnmatchcase(f"{method} {path}", rule) for rule in self.rules):
            return None
        return _no(403, "NOT_GRANTED_CALL", "This call has not been granted")


def _no(status: int, code: str, message: str) -> Answer:
    told = {"errorCode": code, "httpCode": f"{status} Refused", "message": message}
    return Answer.json(status, told, X_OVH_QUERYID="FR.standin-0000")
