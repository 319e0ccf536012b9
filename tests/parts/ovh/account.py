"""The SMS account: credits, senders, pending jobs, what went out, and the ledger of handsets.

Knows no HTTP: an operation returns a value or raises `Declined` with OVH's status and sentence.
"""

from dataclasses import dataclass, field, replace
from threading import RLock
from time import monotonic

from tests.parts.ovh import segments
from tests.parts.ovh.strictness import canonical, is_reachable

_FIRST_ID = 213_450_001


@dataclass(frozen=True, slots=True)
class Sms:
    """What one handset got; `order` counts from 1 over the whole account."""

    receiver: str
    message: str
    tag: str
    sender: str
    at: float
    order: int


@dataclass(frozen=True, slots=True)
class Receipt:
    """A state of a sent message: deliveryReceipt and ptt."""

    delivery_receipt: int
    ptt: int


@dataclass(slots=True)
class Job:
    """One accepted message: pending at first (its view has no tag), then in `outgoing`."""

    id: int
    sms: Sms
    parts: int
    credits: float
    created: str
    accepted: float
    states: list[Receipt]

    def pending_view(self) -> dict[str, object]:
        return {
            "id": self.id,
            "receiver": self.sms.receiver,
            "sender": self.sms.sender,
            "message": self.sms.message,
            "messageLength": len(self.sms.message),
            "numberOfSms": self.parts,
            "credits": self.credits,
            "creationDatetime": self.created,
            "ptt": 0,
            "deliveryReceipt": 0,
            "differedDelivery": 0,
        }

    def sent_view(self) -> dict[str, object]:
        """Look once: the script of receipts moves on by one with each look."""
        state = self.states.pop(0) if len(self.states) > 1 else self.states[0]
        told = {"ptt": state.ptt, "deliveryReceipt": state.delivery_receipt}
        return self.pending_view() | told | {"tag": self.sms.tag, "sentAt": self.created}


class Declined(Exception):
    """The account says no, in OVH's application shape: a class and a message."""

    def __init__(self, status: int, message: str, kind: str = "Client::BadRequest") -> None:
        super().__init__(message)
        self.status, self.message, self.kind = status, message, kind


@dataclass(slots=True)
class Account:
    """Every field may be changed while running; `lock` makes a change and a look consistent."""

    service_name: str = "sms-st12345-1"
    credits_left: float = 100.0
    no_credit_status: int = 402
    status: str = "enable"
    senders: dict[str, str] = field(default_factory=lambda: {"SelfieKiosk": "enable"})
    black_list: set[str] = field(default_factory=set)
    pending_s: float = 0.0
    """How long a job stays pending; `hold` keeps jobs pending until it is set back."""
    hold: bool = False
    receipts: tuple[Receipt, ...] = (Receipt(0, 1), Receipt(4, 3), Receipt(1, 4))
    ledger: list[Sms] = field(default_factory=list)
    jobs: dict[int, Job] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    def pending(self) -> dict[int, Job]:
        return {i: job for i, job in self.jobs.items() if self._waits(job)}

    def sent(self) -> dict[int, Job]:
        return {i: job for i, job in self.jobs.items() if not self._waits(job)}

    def _waits(self, job: Job) -> bool:
        return self.hold or monotonic() - job.accepted < self.pending_s

    def delete(self, job_id: int) -> None:
        """Forget a message; one that is still pending never reaches its handset."""
        job = self.jobs.pop(job_id)
        if self._waits(job):
            self.ledger.remove(job.sms)

    def send(
        self, body: dict[str, object], *, now: float, created: str
    ) -> tuple[dict[str, object], list[Sms]]:
        """Take a checked body in; return OVH's report and what went to handsets."""
        with self.lock:
            sender = self._sender(body)
            message = str(body["message"])
            billed = message if body.get("noStopClause") else message + segments.STOP_TEXT
            parts = segments.parts(billed)[1]
            receivers = body["receivers"]
            assert isinstance(receivers, list)
            unique = list(dict.fromkeys(canonical(str(receiver)) for receiver in receivers))
            valid = [r for r in unique if is_reachable(r) and r not in self.black_list]
            cost = sum(self._price(receiver) * parts for receiver in valid)
            if self.credits_left < max(cost, 1):
                raise Declined(self.no_credit_status, "Not enough credits for this operation")
            self.credits_left -= cost
            tag = str(body.get("tag") or f"standin{len(self.jobs):09d}")
            blanks = [Sms(r, message, tag, sender, now, 0) for r in valid]
            got = [self._accept(blank, parts, created) for blank in blanks]
            report: dict[str, object] = {
                "ids": [job.id for job in got],
                "validReceivers": valid,
                "invalidReceivers": [r for r in unique if r not in valid],
                "totalCreditsRemoved": cost,
                "creditsLeft": self.credits_left,
                "tag": tag,
            }
            return report, [job.sms for job in got]

    def _accept(self, sms: Sms, parts: int, created: str) -> Job:
        sms = replace(sms, order=len(self.ledger) + 1)
        self.ledger.append(sms)
        # ids grow, but not by one: the platform is shared
        job_id = max(self.jobs, default=_FIRST_ID) + 7
        states = list(self.receipts)
        cost = self._price(sms.receiver) * parts
        job = Job(job_id, sms, parts, cost, created, monotonic(), states)
        self.jobs[job_id] = job
        return job

    def _sender(self, body: dict[str, object]) -> str:
        if body.get("senderForResponse") is True:
            return "38069"
        sender = str(body.get("sender", ""))
        status = self.senders.get(sender)
        if status is None:
            raise Declined(403, f"Sms sender {sender} does not exists in your account")
        if status != "enable":
            raise Declined(403, f"Sms sender {sender} is not valid ({status})")
        return sender

    @staticmethod
    def _price(receiver: str) -> float:
        return 1.0 if receiver.startswith("+33") else 2.0
