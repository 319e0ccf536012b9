"""What keeps a kiosk well: trying its providers, and its backup."""

from kiosk_appliance.core.trials import Trial
from kiosk_appliance.web.admin.forms import TrialSms
from kiosk_appliance.web.contract.description import BINARY, Answer, Content, described

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
