"""Photos on their way in."""

from kiosk_appliance.core.answer import CaptureAnswer
from kiosk_appliance.web.contract.captures import ID, TOKEN
from kiosk_appliance.web.contract.description import (
    BINARY,
    JSON,
    Answer,
    Content,
    Parameter,
    described,
)
from kiosk_appliance.web.json_form import CaptureBody, ConsentBody
from kiosk_appliance.web.problems import Problem

MOST_IN_A_BATCH = 20

_CAPTURED = CaptureAnswer(
    id=ID,
    token=TOKEN,
    download_url=f"http://localhost:8000/api/download/{TOKEN}",
    qr_url=f"/api/qr/{TOKEN}",
    status="pending",
    online=True,
    sms_id=None,
    created_at="2026-06-01T12:00:00.000Z",
    width=1800,
    height=2400,
    file_size=412_345,
    background_id=None,
)
_ORDER = {"photo_base64": "/9j/4AAQSkZJRgABAQAAAQABAAD/2w==", "consent": {"sms": False}}
# A form has bytes where JSON has text.
_FORM_ORDER = {"photo": "(the file)", "phone": "06 12 34 56 78", "consent": '{"sms": true}'}
_TEXT = {"type": "string"}
_PHOTO_PROBLEMS = (
    "photo-unreadable", "photo-too-large", "photo-too-many-pixels", "background-unknown",
    "phone-invalid", "email-invalid", "idempotency-key-reused", "insufficient-storage",
)  # fmt: skip
_KEY = Parameter(
    "Idempotency-Key",
    "The same key with the same content within 24 h answers the first answer again.",
    {"type": "string", "minLength": 1, "maxLength": 255, "pattern": "^[!-~]+$"},
    "header",
)
_FORM = {
    "type": "object",
    "properties": {
        "photo": BINARY, "phone": _TEXT, "email": _TEXT, "background_id": _TEXT,
        "consent": {"type": "string", "contentMediaType": JSON, "contentSchema": ConsentBody},
    },
    "required": ["photo"],
}  # fmt: skip
_RAW_FIELDS = tuple(
    Parameter(name, f"{words} Only beside an image/* body.")
    for name, words in (
        ("phone", "The guest's number."),
        ("email", "The guest's address."),
        ("background_id", "One of GET /api/backgrounds."),
        ("consent", 'A JSON object such as {"sms": true}.'),
    )
)
TAKE = described(
    parameters=(_KEY, *_RAW_FIELDS),
    body=(
        Content(CaptureBody, example=_ORDER),
        Content(_FORM, "multipart/form-data", _FORM_ORDER),
        Content(BINARY, "image/*"),
    ),
    answers={201: Answer("It is on disk.", (Content(CaptureAnswer, example=_CAPTURED),))},
    problems=_PHOTO_PROBLEMS,
    tag="Captures",
)
_RESULT = {
    "type": "object",
    "properties": {
        "index": {"type": "integer"},
        "status": {"type": "integer"},
        "body": {"oneOf": [CaptureAnswer, Problem]},
    },
    "required": ["index", "status", "body"],
}
TAKE_BATCH = described(
    parameters=(_KEY,),
    body=(
        Content(
            {
                "type": "object",
                "properties": {
                    "captures": {
                        "type": "array", "items": CaptureBody, "maxItems": MOST_IN_A_BATCH,
                    }
                },
                "required": ["captures"],
                "additionalProperties": False,
            },
            example={"captures": [_ORDER]},
        ),
    ),
    answers={
        200: Answer(
            "What the single call would have answered for each, in order.",
            (
                Content(
                    {
                        "type": "object",
                        "properties": {"results": {"type": "array", "items": _RESULT}},
                        "required": ["results"],
                    },
                    example={"results": [{"index": 0, "status": 201, "body": _CAPTURED}]},
                ),
            ),
        )
    },
    tag="Captures",
)  # fmt: skip
