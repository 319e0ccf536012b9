"""The admin's lists of captures and of what waits, and the hand on both."""

from kiosk_appliance.core.album import CaptureItem, Consents
from kiosk_appliance.core.following import StatusView
from kiosk_appliance.core.paging import Page
from kiosk_appliance.core.queue import OutboxItem, OutboxPage
from kiosk_appliance.domain.delivery import CHANNELS, State
from kiosk_appliance.web.admin.forms import Due
from kiosk_appliance.web.contract.admin import PAGING
from kiosk_appliance.web.contract.captures import CAPTURE, ID, TOKEN
from kiosk_appliance.web.contract.description import Answer, Content, Parameter, described

_CHANNEL = Parameter("channel", "Of this channel.", {"type": "string", "enum": [*CHANNELS]})
_STATE = Parameter("state", "Of a delivery.", {"type": "string", "enum": [*State]})
_MOMENT = {
    "anyOf": [
        {"type": "string", "format": "date"},
        {"type": "string", "format": "date-time"},
    ]
}
PERIOD = (
    Parameter("from", "The first day or time (UTC).", _MOMENT),
    Parameter("to", "The day or time that is not taken in any more (UTC).", _MOMENT),
)
_CAPTURE = CaptureItem(
    **{name: getattr(CAPTURE, name) for name in StatusView.__struct_fields__},
    phone="+33612345678",
    email="guest@example.com",
    consent=Consents(sms=True, marketing=False),
    background_id=None,
    width=1800,
    height=1200,
    file_size=412_345,
    token=TOKEN,
)
_WAITING = OutboxItem(
    id="b2Nf7UyHk9SdPq3XmVr6C",
    capture_id=ID,
    channel="storage",
    state="waiting",
    attempts=1,
    next_attempt_at="2026-06-01T12:00:30.000Z",
    last_error="The connection was closed.",
    created_at="2026-06-01T12:00:00.000Z",
)
_COUNTS = {"storage": {"waiting": 1, "delivered": 640}, "sms": {"delivered": 512}}
_DUE = Answer("So many are due now.", (Content(Due, example=Due(2)),))
_UNCHANGED = ("not-found", "delivery-ended", "insufficient-storage")

CAPTURES = described(
    parameters=(
        *PAGING,
        Parameter("phone", "As people write it; also a number that only got an SMS."),
        Parameter("email", "Whatever its case."),
        _STATE,
        *PERIOD,
    ),
    answers={
        200: Answer(
            "A page.",
            (Content(Page[CaptureItem], example=Page([_CAPTURE], None, 1)),),
        )
    },
    problems=("phone-invalid", "email-invalid"),
)
OUTBOX = described(
    parameters=(*PAGING, _CHANNEL, _STATE),
    answers={
        200: Answer(
            "A page.",
            (Content(OutboxPage, example=OutboxPage([_WAITING], None, 1, _COUNTS)),),
        )
    },
)
RETRY = described(
    answers={
        202: Answer("It is due, or waits again.", (Content(Due, example=Due(1)),)),
    },
    problems=(*_UNCHANGED, "delivery-running"),
)
CANCEL = described(
    answers={204: Answer("It has ended.")},
    problems=(*_UNCHANGED, "delivery-running", "erasure-owed"),
)
RETRY_CAPTURE = described(
    answers={202: _DUE},
    problems=("not-found", "insufficient-storage"),
)
SYNC = described(answers={202: _DUE}, problems=("insufficient-storage",))
