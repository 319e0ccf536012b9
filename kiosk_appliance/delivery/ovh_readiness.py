"""Whether an OVH account is ready to send: its state, its credit, its sender. Pure.

Sources: GET /sms/{service} (status, creditsLeft) and GET /sms/{service}/senders/{sender} (status)
of OVH's API schema. A sender is validated by hand, which takes about 72 hours.
"""

from http import HTTPStatus

from kiosk_appliance.delivery.ovh_api import Answer, Reply, told
from kiosk_appliance.delivery.ovh_outcomes import NO_CREDIT, lacks_right, trouble
from kiosk_appliance.domain.delivery import LanePaused, Outcome

_SENDER_STATES = {
    "waitingValidation": "waits for OVH's validation (usually 72 hours)",
    "refused": "was refused by OVH: create another one there",
    "disable": "is switched off at OVH",
}


def account_fault(reply: Reply) -> Outcome | None:
    """Return what keeps the account from sending; None for ready, or not ours to see."""
    value = told(reply)
    if not isinstance(value, dict):
        return None if lacks_right(reply) else trouble(reply)
    if value.get("status") != "enable":
        return LanePaused("The SMS service is switched off at OVH.")
    credit = value.get("creditsLeft")
    if isinstance(credit, int | float) and credit < 1:
        return LanePaused(NO_CREDIT)
    return None


def sender_fault(reply: Reply, sender: str) -> Outcome | None:
    """Return what keeps `sender` from being used; None for ready, or not ours to see."""
    if (
        isinstance(reply, Answer)
        and reply.status == HTTPStatus.NOT_FOUND
        and reply.error() is not None
    ):
        return LanePaused(f"The sender {sender} does not exist at OVH: create it there.")
    value = told(reply)
    if not isinstance(value, dict):
        return None if lacks_right(reply) else trouble(reply)
    status = value.get("status")
    if status == "enable":
        return None
    state = _SENDER_STATES.get(str(status), "is not ready at OVH")
    return LanePaused(f"The sender {sender} {state}.")
