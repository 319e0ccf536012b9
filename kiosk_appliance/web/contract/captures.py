"""What follows a capture: SMS, status, photo, QR code."""

from kiosk_appliance.core.following import DeliveryView, Existence, StatusView
from kiosk_appliance.web.answers import SmsQueued
from kiosk_appliance.web.contract.description import (
    BINARY,
    Answer,
    Content,
    Parameter,
    described,
)
from kiosk_appliance.web.orders import SmsBody

MOST_IDS = 200
ID, TOKEN = "Xk3v9QmZr1TbYw8Lc5NdE", "p7Rt2KsVh6GjMx4WqBz0A"
_LINK = f"http://localhost:8000/api/download/{TOKEN}"
CAPTURE = StatusView(
    id=ID,
    created_at="2026-06-01T12:00:00.000Z",
    status="pending",
    is_synced=False,
    sms_sent=False,
    sync_attempts=1,
    download_url=_LINK,
    photo_remote_url=None,
    deliveries=[
        DeliveryView(
            channel="storage",
            state="waiting",
            attempts=1,
            next_attempt_at="2026-06-01T12:00:30.000Z",
            last_error="The connection was closed.",
        )
    ],
)
_QUEUED = SmsQueued(sms_id="b2Nf7UyHk9SdPq3XmVr6C", status="queued", online=True)
ETAG = {"ETag": "Names this very content."}
UNCHANGED = Answer("Unchanged since the ETag of If-None-Match.", headers=ETAG)
_JPEG = Content(BINARY, "image/jpeg")
_RANGES = (
    Parameter("Range", "One range of bytes.", place="header"),
    Parameter("If-None-Match", "An ETag.", place="header"),
)
_PHOTO = {
    200: Answer("The photo.", (_JPEG,), ETAG),
    206: Answer("The range asked for.", (_JPEG,), {"Content-Range": "Which part it is."}),
    302: Answer("The kiosk has given its copy up.", headers={"Location": "The cloud's copy."}),
    304: UNCHANGED,
}
_PHOTO_PROBLEMS = ("not-found", "gone", "range-not-satisfiable")
CAPTURES = "Captures"


SEND_SMS = described(
    body=(Content(SmsBody, example=SmsBody(phone="+33612345678", capture_id=ID)),),
    answers={
        200: Answer(
            "This number has its SMS for this photo.", (Content(SmsQueued, example=_QUEUED),)
        ),
        202: Answer("Queued.", (Content(SmsQueued, example=_QUEUED),)),
    },
    problems=("phone-invalid", "not-found", "sms-limit", "insufficient-storage"),
    tag=CAPTURES,
)

STATUS_MAP = described(
    parameters=(
        Parameter("ids", f"1 to {MOST_IDS} ids, with commas between them.", required=True),
    ),
    answers={
        200: Answer(
            "By id.",
            (
                Content(
                    dict[str, Existence],
                    example={ID: Existence(exists=True, is_synced=False)},
                ),
            ),
        )
    },
    tag=CAPTURES,
)

STATUS = described(
    answers={200: Answer("Its state.", (Content(StatusView, example=CAPTURE),))},
    problems=("not-found",),
    tag=CAPTURES,
)

DOWNLOAD = described(
    parameters=_RANGES,
    answers=_PHOTO
    | {
        200: Answer(
            "The photo; to a browser the landing page, and of `404` and `410` a page as well.",
            (_JPEG, Content({"type": "string"}, "text/html; charset=utf-8")),
            ETAG,
        )
    },
    problems=_PHOTO_PROBLEMS,
    tag=CAPTURES,
    takes_any_query=True,
)

ERASE = described(
    answers={204: Answer("It is erased here, and elsewhere as soon as possible.")},
    problems=("not-found", "insufficient-storage"),
    tag=CAPTURES,
    takes_any_query=True,
)

UPLOAD = described(
    parameters=_RANGES,
    answers=_PHOTO,
    problems=_PHOTO_PROBLEMS,
    tag=CAPTURES,
    takes_any_query=True,
)

QR = described(
    parameters=(
        Parameter(
            "size",
            "Pixels a side.",
            {"type": "integer", "minimum": 64, "maximum": 2048, "default": 400},
        ),
        Parameter("format", "Wins over Accept.", {"type": "string", "enum": ["png", "svg"]}),
    ),
    answers={
        200: Answer("The code.", (Content(BINARY, "image/png"), Content(BINARY, "image/svg+xml")))
    },
    problems=("not-found",),
    tag=CAPTURES,
)
