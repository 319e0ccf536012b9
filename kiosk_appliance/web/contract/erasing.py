"""Erasing one capture, one person, and whatever has become too old."""

from kiosk_appliance.core.persons import Item, Progress
from kiosk_appliance.web.admin.forms import CleanedUp, ErasureOrdered, Person
from kiosk_appliance.web.contract.captures import ID
from kiosk_appliance.web.contract.description import Answer, Content, described

_ERASURE = "h4Dm8WxQz2RbVt6Ks9PnC"
_WAITING = Progress(
    id=_ERASURE,
    created_at="2026-06-01T12:00:00.000Z",
    completed_at=None,
    state="waiting",
    captures=1,
    items=[
        Item(capture_id=ID, place="kiosk", state="done", done_at="2026-06-01T12:00:00.000Z"),
        Item(capture_id=ID, place="storage", state="waiting", done_at=None),
    ],
)

CAPTURE = described(
    answers={204: Answer("It is erased here, and elsewhere as soon as possible.")},
    problems=("not-found", "insufficient-storage"),
)
PERSON = described(
    body=(Content(Person, example={"phone": "+33612345678"}),),
    answers={
        202: Answer(
            "Ordered; so many captures.",
            (Content(ErasureOrdered, example=ErasureOrdered(1, _ERASURE)),),
        )
    },
    problems=("phone-invalid", "email-invalid", "insufficient-storage"),
)
PROGRESS = described(
    answers={200: Answer("How far it has come.", (Content(Progress, example=_WAITING),))},
    problems=("not-found",),
)
CLEANUP = described(
    answers={
        202: Answer("So many captures are erased.", (Content(CleanedUp, example=CleanedUp(3)),))
    },
    problems=("insufficient-storage",),
)
