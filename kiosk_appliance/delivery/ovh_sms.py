"""SMS by OVH: one number a call, a tag that makes an uncertain call findable.

Owns the requests and what their answers hold; `ovh_api` owns the connection, `ovh_outcomes` the
verdicts. Must not know the outbox: it never repeats a call that may have been taken.
"""

import re
from http import HTTPStatus
from threading import Lock
from urllib.parse import quote, urlencode

import structlog

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.ovh_account import OvhAccount
from kiosk_appliance.delivery.ovh_api import TIMEOUT_S, Answer, OvhApi, Reply, told
from kiosk_appliance.delivery.ovh_outcomes import classify, failed_look_up, lacks_right
from kiosk_appliance.delivery.ovh_readiness import account_fault, sender_fault
from kiosk_appliance.delivery.ovh_receipts import receipt_of
from kiosk_appliance.domain.delivery import (
    Delivered,
    Found,
    LookUp,
    LookUpFailed,
    NotFound,
    Outcome,
    Parcel,
    Refused,
    Told,
)

__all__ = ["OvhAccount", "OvhSmsChannel"]

_log = structlog.get_logger(__name__)
_E164 = re.compile(r"\+[1-9]\d{6,14}")
_JOBS_LOOKED_AT = 25


class OvhSmsChannel:
    """The lane `sms` through one OVH account; ValueError for an endpoint that can't be used."""

    name = "sms"
    remote = True
    concurrency = 1
    repeatable = False

    def __init__(
        self, account: OvhAccount, clock: Clock, *, timeout_s: tuple[float, float] = TIMEOUT_S
    ) -> None:
        self._account = account
        self._api = OvhApi(account, clock, timeout_s)
        self._service = f"/sms/{quote(account.service_name, safe='')}"
        self._lock = Lock()

    def deliver(self, parcel: Parcel) -> Outcome:
        """Hand one SMS to OVH, which has it once it gave an id."""
        if not _E164.fullmatch(parcel.recipient):
            return Refused("The number is not an international one.")
        body: dict[str, object] = {
            "message": parcel.text,
            "receivers": [parcel.recipient],
            "sender": self._account.sender,
            "noStopClause": True,
            "tag": parcel.tag,
            "validityPeriod": max(1, parcel.valid_for_s // 60),
        }
        with self._lock:
            outcome = classify(self._api.call("POST", f"{self._service}/jobs", body))
            if not isinstance(outcome, Delivered | Refused):
                self._api.doubt()
            return outcome

    def look_up(self, parcel: Parcel) -> LookUp:
        """Ask for the tag among what went out, then for the text among what is pending.

        A job can leave `jobs` for `outgoing` between the two questions, so the first is asked
        again before OVH counts as knowing nothing.
        """
        with self._lock:
            answer = self._outgoing(parcel.tag)
            if isinstance(answer, NotFound):
                answer = self._pending(parcel)
            if isinstance(answer, NotFound):
                answer = self._outgoing(parcel.tag)
            return answer

    def receipt(self, reference: str) -> Told | None:
        """Ask what became of a message that OVH has taken."""
        with self._lock:
            return receipt_of(self._api.call("GET", f"{self._service}/outgoing/{reference}"))

    def probe(self) -> Outcome:
        """Check that OVH is reached and that account, credit and sender are ready.

        A key without the right to look can still send: that alone is no fault, only noted.
        """
        sender = quote(self._account.sender, safe="")
        with self._lock:
            self._api.doubt()
            account_reply = self._api.call("GET", self._service)
            fault = account_fault(account_reply)
            if fault is not None:
                return fault
            sender_reply = self._api.call("GET", f"{self._service}/senders/{sender}")
        fault = sender_fault(sender_reply, self._account.sender)
        if fault is not None:
            return fault
        blind = lacks_right(account_reply) or lacks_right(sender_reply)
        return Delivered("credit or sender not checked: the key may not read them" if blind else "")

    def public_base(self) -> str | None:
        """Return None: an SMS has no address."""
        return None

    def close(self) -> None:
        """Drop the connections."""
        self._api.close()

    def _outgoing(self, tag: str) -> LookUp:
        reply = self._api.call("GET", f"{self._service}/outgoing?{urlencode({'tag': tag})}")
        ids = _ids(reply)
        if ids is None:
            return failed_look_up(reply)
        if len(ids) > 1:
            _log.warning("sms_went_out_twice", tag=tag, count=len(ids))
        return Found(str(ids[0]), followed=True) if ids else NotFound()

    def _pending(self, parcel: Parcel) -> LookUp:
        reply = self._api.call("GET", f"{self._service}/jobs")
        ids = _ids(reply)
        if ids is None:
            return failed_look_up(reply)
        for job_id in sorted(ids, reverse=True)[:_JOBS_LOOKED_AT]:
            reply = self._api.call("GET", f"{self._service}/jobs/{job_id}")
            if isinstance(reply, Answer) and reply.status == HTTPStatus.NOT_FOUND:
                continue
            job = told(reply)
            if not isinstance(job, dict):
                return failed_look_up(reply)
            if _is_same(job, parcel):
                return Found(str(job_id), followed=True)
        if len(ids) > _JOBS_LOOKED_AT:
            return LookUpFailed("Too many SMS are pending at OVH to find this one among them.")
        return NotFound()


def _ids(reply: Reply) -> list[int] | None:
    value = told(reply)
    if not isinstance(value, list) or not all(isinstance(one, int) for one in value):
        return None
    return value


def _is_same(job: dict[str, object], parcel: Parcel) -> bool:
    receiver = str(job.get("receiver", "")).removeprefix("00").removeprefix("+")
    return receiver == parcel.recipient.removeprefix("+") and job.get("message") == parcel.text
