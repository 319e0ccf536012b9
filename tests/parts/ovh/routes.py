"""The routes under /sms: from a parsed request to the account and back."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from urllib.parse import parse_qsl, unquote

from tests.parts.ovh import segments
from tests.parts.ovh.account import Account, Declined, Job, Sms
from tests.parts.ovh.faults import Answer
from tests.parts.ovh.strictness import mistake

_FILTERS: dict[str, Callable[[Job], object]] = {
    "tag": lambda job: job.sms.tag,
    "receiver": lambda job: job.sms.receiver,
    "sender": lambda job: job.sms.sender,
    "ptt": lambda job: job.states[0].ptt,
    "deliveryReceipt": lambda job: job.states[0].delivery_receipt,
    "differedDelivery": lambda _: 0,
    "batchID": lambda _: "",
    "messageID": lambda _: "",
}


class Routes:
    """Answers one authorised call; remembers nothing itself."""

    def __init__(self, account: Account) -> None:
        self._account = account

    def answer(
        self, method: str, path: str, query: str, body: bytes, now: float
    ) -> tuple[Answer, list[Sms]]:
        """Return the answer and the SMS that handsets got by this call."""
        parts = [unquote(part) for part in path.strip("/").split("/")]
        try:
            if (method, parts) == ("POST", ["sms", self._account.service_name, "jobs"]):
                return self._send(body, now)
            with self._account.lock:
                return Answer.json(200, self._ask(method, parts, query, body)), []
        except Declined as no:
            told = {"class": no.kind, "message": no.message}
            return Answer.json(no.status, told, X_OVH_QUERYID="FR.standin-0001"), []

    def _send(self, body: bytes, now: float) -> tuple[Answer, list[Sms]]:
        parsed = _json(body)
        wrong = mistake(parsed)
        if wrong is not None or not isinstance(parsed, dict):
            raise Declined(400, wrong or "Invalid JSON received")
        created = datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds")
        report, got = self._account.send(parsed, now=now, created=created)
        return Answer.json(200, report), got

    def _ask(self, method: str, parts: list[str], query: str, body: bytes) -> object:
        account = self._account
        match method, parts:
            case "GET", ["sms"]:
                return [account.service_name]
            case "POST", ["sms", "estimate"]:
                return _estimate(_json(body))
            case "GET", ["sms", "ptts"]:
                return {"ptt": int(dict(parse_qsl(query)).get("ptt", "0")), "comment": "stand-in"}
            case _, ["sms", service, *rest] if service == account.service_name:
                return self._service(method, rest, query)
            case _, ["sms", _, *_]:
                raise Declined(404, "This service does not exist", "Client::NotFound")
        raise _nothing()

    def _service(self, method: str, rest: list[str], query: str) -> object:
        account = self._account
        match method, rest:
            case "GET", ["senders"]:
                return list(account.senders)
            case "GET", ["senders", name] if name in account.senders:
                status = account.senders[name]
                return {"sender": name, "status": status, "type": "alpha", "comment": ""}
            case "GET", []:
                return {
                    "name": account.service_name,
                    "status": account.status,
                    "creditsLeft": account.credits_left,
                    "creditsHoldByQuota": 0,
                    "channel": "transactional",
                    "smpp": False,
                }
        return self._messages(method, rest, query)

    def _messages(self, method: str, rest: list[str], query: str) -> object:
        account = self._account
        match method, rest:
            case "GET", ["jobs"]:
                return list(account.pending())
            case "GET", ["outgoing"]:
                return [i for i, job in account.sent().items() if _passes(job, query)]
            case _, ["jobs", job_id]:
                return self._one(method, account.pending(), job_id, Job.pending_view)
            case _, ["outgoing", job_id]:
                return self._one(method, account.sent(), job_id, Job.sent_view)
        raise _nothing()

    def _one(
        self, method: str, among: dict[int, Job], job_id: str, view: Callable[[Job], object]
    ) -> object:
        job = among.get(int(job_id)) if re.fullmatch(r"\d+", job_id) else None
        if job is None or method not in ("GET", "DELETE"):
            raise _nothing()
        if method == "DELETE":
            self._account.delete(job.id)
            return None
        return view(job)


def _passes(job: Job, query: str) -> bool:
    for name, wanted in parse_qsl(query, keep_blank_values=True):
        if name == "creationDatetime.from":
            passes = job.created >= wanted
        elif name == "creationDatetime.to":
            passes = job.created <= wanted
        elif name in _FILTERS:
            passes = str(_FILTERS[name](job)) == wanted
        else:
            raise Declined(400, f"Invalid parameter {name}")
        if not passes:
            return False
    return True


def _estimate(body: object) -> object:
    if not isinstance(body, dict) or not isinstance(body.get("message"), str):
        raise Declined(400, "[message] Missing parameter")
    text = body["message"] if body.get("noStopClause") else body["message"] + segments.STOP_TEXT
    kind, count = segments.parts(text)
    alone, joined = (160, 153) if kind == "7bits" else (70, 67)
    return {
        "characters": len(text),
        "charactersClass": kind,
        "maxCharactersPerPart": alone if count == 1 else joined,
        "parts": count,
    }


def _json(body: bytes) -> object:
    try:
        return json.loads(body)
    except ValueError:
        raise Declined(400, "Invalid JSON received") from None


def _nothing() -> Declined:
    return Declined(404, "The requested object does not exist", "Client::NotFound")
