"""What the API accepts as the body of `POST jobs`, and what a kiosk must never send.

The first is answered by 400 as OVH does; the second is a violation, which fails the test.
"""

import re
from collections.abc import Iterator

_TEXT, _TEXTS, _FLAG, _NUMBER = "string", "string[]", "boolean", "long"
_FIELDS = {
    "message": _TEXT,
    "receivers": _TEXTS,
    "receiversDocumentUrl": _TEXT,
    "receiversSlotId": _TEXT,
    "sender": _TEXT,
    "senderForResponse": _FLAG,
    "noStopClause": _FLAG,
    "tag": _TEXT,
    "priority": _TEXT,
    "validityPeriod": _NUMBER,
    "differedPeriod": _NUMBER,
    "charset": _TEXT,
    "coding": _TEXT,
    "class": _TEXT,
}
_ENUMS = {
    "priority": ("high", "medium", "low", "veryLow"),
    "charset": ("UTF-8",),
    "coding": ("7bit", "8bit"),
    "class": ("flash", "phoneDisplay", "sim", "toolkit"),
}
_SOURCES = ("receivers", "receiversDocumentUrl", "receiversSlotId")
_E164 = re.compile(r"\+[1-9]\d{7,14}")
_INTERNATIONAL = re.compile(r"(\+|00)[1-9]\d{7,14}")
MAX_TAG = 20


def mistake(body: object) -> str | None:
    """Return OVH's sentence for the first thing wrong with a body, None when it is right."""
    if not isinstance(body, dict):
        return "Invalid JSON received"
    for name, value in body.items():
        if name not in _FIELDS:
            return f"Invalid parameter {name}"
        if not _is(value, _FIELDS[name]):
            return f"[{name}] Given data ({value}) is not valid for type {_FIELDS[name]}"
        if name in _ENUMS and value not in _ENUMS[name]:
            return f"[{name}] Given data ({value}) does not belong to the enumeration"
    return next(_wrong_values(body), None)


def _wrong_values(body: dict[str, object]) -> Iterator[str]:
    if not body.get("message"):
        yield "[message] Missing parameter"
    if sum(name in body for name in _SOURCES) != 1:
        yield "Exactly one of receivers, receiversSlotId, receiversDocumentUrl is needed"
    if body.get("receivers") == []:
        yield "[receivers] No receiver given"
    if len(str(body.get("tag", ""))) > MAX_TAG:
        yield f"[tag] is longer than {MAX_TAG} characters"
    for name in ("validityPeriod", "differedPeriod"):
        value = body.get(name, 0)
        if isinstance(value, int) and value < 0:
            yield f"[{name}] must be positive"
    if body.get("senderForResponse") is True and re.search(r"https?://", str(body["message"])):
        yield "cannot send contact information with shortcode"


def _is(value: object, kind: str) -> bool:
    if kind == _FLAG:
        return isinstance(value, bool)
    if kind == _NUMBER:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind == _TEXTS:
        return isinstance(value, list) and all(isinstance(item, str) for item in value)
    return isinstance(value, str)


def violations(body: object) -> Iterator[str]:
    """Name what OVH would take, or refuse quietly, and a kiosk must never do."""
    if not isinstance(body, dict):
        return
    receivers = body.get("receivers")
    for receiver in receivers if isinstance(receivers, list) else []:
        if not _E164.fullmatch(str(receiver)):
            yield "a receiver is not written as +33..."
        # the subscriber's part: nine digits in France, and enough of any other number
        if str(receiver)[-9:] in str(body.get("tag", "")):
            yield "the tag holds the phone number"
    if "noStopClause" not in body:
        yield "noStopClause is absent"
    if "tag" not in body:
        yield "tag is absent"


def is_reachable(receiver: str) -> bool:
    """Say whether OVH takes a number: +33... or 0033..., and a mobile one in France."""
    if not _INTERNATIONAL.fullmatch(receiver):
        return False
    digits = canonical(receiver)
    return not digits.startswith("+33") or re.fullmatch(r"\+33[67]\d{8}", digits) is not None


def canonical(receiver: str) -> str:
    """Return the +33... form."""
    return "+" + receiver[2:] if receiver.startswith("00") else receiver
