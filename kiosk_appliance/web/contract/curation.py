"""The backgrounds, for whoever chooses what guests may choose."""

from kiosk_appliance.core.paging import Page
from kiosk_appliance.web.admin.background_forms import BackgroundChange
from kiosk_appliance.web.admin.forms import BackgroundItem
from kiosk_appliance.web.contract.admin import PAGING
from kiosk_appliance.web.contract.description import BINARY, Answer, Content, described

_ID = "Xk3v9QmZr1TbYw8Lc5NdE"
_ITEM = BackgroundItem(
    id=_ID,
    name="Fond plage",
    mode="none",
    is_active=True,
    display_order=1,
    file_url=f"/api/backgrounds/{_ID}/file",
    thumbnail_url=f"/api/backgrounds/{_ID}/file?size=thumbnail",
    media_type="image/jpeg",
    file_size=412_345,
    width=1800,
    height=1200,
    created_at="2026-06-01T12:00:00.000Z",
)
_WITH_PICTURE = {
    "type": "object",
    "properties": {
        "file": BINARY,
        "name": {"type": "string", "maxLength": 80},
        "is_active": {"type": "boolean", "default": True},
        "display_order": {"type": "integer", "minimum": 0, "maximum": 999_999, "default": 0},
        "mode": {"type": "string", "default": "none"},
    },
}
_FORM = {"file": "(the file)", "name": "Fond plage", "is_active": True, "display_order": 1}
_PROBLEMS = ("photo-too-large", "insufficient-storage")

BACKGROUNDS = described(
    parameters=PAGING,
    answers={
        200: Answer("A page.", (Content(Page[BackgroundItem], example=Page([_ITEM], None, 1)),)),
    },
)
ADD = described(
    body=(Content(_WITH_PICTURE | {"required": ["file"]}, "multipart/form-data", _FORM),),
    answers={201: Answer("It is kept.", (Content(BackgroundItem, example=_ITEM),))},
    problems=_PROBLEMS,
)
CHANGE = described(
    body=(
        Content(BackgroundChange, example=BackgroundChange(name="Fond plage", is_active=False)),
        Content(_WITH_PICTURE, "multipart/form-data", {"file": "(the file)"}),
    ),
    answers={200: Answer("As it is now.", (Content(BackgroundItem, example=_ITEM),))},
    problems=("not-found", *_PROBLEMS),
)
REMOVE = described(
    answers={204: Answer("Removed; captures that used it stay.")},
    problems=("not-found", "insufficient-storage"),
)
