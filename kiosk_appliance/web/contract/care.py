"""What keeps a kiosk well: trying its providers, its backup, its log, and watching it."""

from kiosk_appliance.core.journaling import LogItem
from kiosk_appliance.core.paging import Page
from kiosk_appliance.core.trials import Trial
from kiosk_appliance.web.admin.forms import TrialSms
from kiosk_appliance.web.contract.admin import PAGING
from kiosk_appliance.web.contract.description import BINARY, Answer, Content, Parameter, described

ARCHIVE = "application/gzip"
_STORED = Trial(
    ok=True,
    detail="An object was written, read back, compared and removed.",
    timings_ms={"write": 212, "read": 48, "remove": 61},
)
_SENT = Trial(ok=True, detail="The SMS has been handed over.", timings_ms={"send": 340})

TRY_SMS = described(
    body=(Content(TrialSms, example=TrialSms("+33612345678")),),
    answers={200: Answer("What came of it.", (Content(Trial, example=_SENT),))},
    problems=("phone-invalid",),
)
TRY_STORAGE = described(
    answers={200: Answer("What came of it.", (Content(Trial, example=_STORED),))},
)
BACKUP = described(
    answers={
        200: Answer(
            "A `.tar.gz` with `kiosk.db` in it.",
            (Content(BINARY, ARCHIVE),),
            {"Content-Disposition": "A name with the date."},
        )
    },
    problems=("insufficient-storage",),
)

LEVELS = ("info", "warning", "error", "critical")
_LINE = LogItem(
    id="Xk3v9QmZr1TbYw8Lc5NdE",
    timestamp="2026-06-01T12:00:00.000Z",
    level="info",
    component="capturing",
    message="capture taken",
    correlation_id="V1StGXR8Z5jdHi6BmyTkq",
)
LOG_FILTERS = ("level", "component", "message", "correlation_id")
LOGS = described(
    parameters=(
        *PAGING,
        Parameter("level", "Of this level.", {"type": "string", "enum": list(LEVELS)}),
        Parameter("component", "Of this part of the program."),
        Parameter("message", "With these words in it."),
        Parameter("correlation_id", "Of this request."),
    ),
    answers={
        200: Answer("A page.", (Content(Page[LogItem], example=Page([_LINE], None, 1)),)),
    },
)

EVENT_STREAM = "text/event-stream"
_STREAM = {
    "type": "string",
    "description": "Events `connectivity`, `outbox` and `health`, their `data:` in JSON, and a"
    " comment every 15 s. It ends when the proof it was asked with does, or the kiosk is stopped.",
}
_TOLD = (
    'id: 1\r\nevent: connectivity\r\ndata: {"online":true,"channels":{"storage":{"online":true,'
    '"circuit":"closed","since":null,"cause":null,"detail":""}}}\r\n\r\n'
)
EVENTS = described(
    answers={
        200: Answer("A stream without end.", (Content(_STREAM, EVENT_STREAM, example=_TOLD),)),
    },
)
