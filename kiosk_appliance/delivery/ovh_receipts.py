"""What OVH says of an SMS that it has taken: from an outgoing message to a receipt, purely.

Sources: OVH's guides for `deliveryReceipt` (0 pending, 1 delivered, 2 failed, 4 waiting, 8
buffered, 16 error) and `ptt` (4 delivered, 23 number wrong or barred, and the others below).
"""

from http import HTTPStatus

from kiosk_appliance.delivery.ovh_api import Answer, Reply, told
from kiosk_appliance.delivery.ovh_outcomes import lacks_right
from kiosk_appliance.domain.delivery import Receipt, Told

# Tuples: whatever stands there in OVH's answer, it is compared, not hashed.
_RECEIVED, _FAILED = (1,), (2, 16)
_PTT_RECEIVED, _PTT_BARRED = 4, 23
_WORDS = {
    8: "it was not reachable in time",
    20: "it can't be reached",
    24: "it is switched off or out of reach",
    25: "the operator's network failed",
    26: "it is full",
    28: "the operator took the text for spam",
    29: "the operator refuses the text",
}


def receipt_of(reply: Reply) -> Told | None:
    """Return what a `GET outgoing/{id}` tells; None where it has to be asked again.

    A job that OVH has not sent on yet is not found there.
    """
    if lacks_right(reply):
        return Told(Receipt.UNKNOWN, "The consumer key may not read what was sent.")
    if isinstance(reply, Answer) and reply.status == HTTPStatus.NOT_FOUND:
        return Told(Receipt.PENDING)
    message = told(reply)
    return _of_message(message) if isinstance(message, dict) else None


def _of_message(message: dict[str, object]) -> Told:
    state, ptt = message.get("deliveryReceipt"), message.get("ptt")
    if ptt == _PTT_BARRED:
        return Told(Receipt.BARRED, "The number is wrong or barred.")
    if state in _RECEIVED or ptt == _PTT_RECEIVED:
        return Told(Receipt.RECEIVED)
    if state in _FAILED:
        why = _WORDS.get(ptt, "OVH says no more") if isinstance(ptt, int) else "OVH says no more"
        return Told(Receipt.FAILED, f"OVH could not bring it to the handset: {why}.")
    return Told(Receipt.PENDING)
