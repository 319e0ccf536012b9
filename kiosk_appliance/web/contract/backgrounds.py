"""The backgrounds that a guest may choose."""

from kiosk_appliance.web.answers import BackgroundView
from kiosk_appliance.web.contract.captures import ETAG, UNCHANGED
from kiosk_appliance.web.contract.description import (
    BINARY,
    Answer,
    Content,
    Parameter,
    described,
)

_BACKGROUND = BackgroundView(
    id="guirlande",
    name="Guirlande",
    mode="frame",
    file_url="/api/backgrounds/guirlande/file",
    thumbnail_url="/api/backgrounds/guirlande/file?size=thumbnail",
    display_order=0,
)

ACTIVE = described(
    answers={
        200: Answer("In display order.", (Content(list[BackgroundView], example=[_BACKGROUND]),))
    },
    tag="Backgrounds",
)

FILE = described(
    parameters=(
        Parameter("size", "A small one.", {"type": "string", "enum": ["thumbnail"]}),
        Parameter("If-None-Match", "An ETag.", place="header"),
    ),
    answers={
        200: Answer(
            "The picture.",
            tuple(Content(BINARY, f"image/{form}") for form in ("png", "jpeg", "webp")),
            ETAG,
        ),
        304: UNCHANGED,
    },
    problems=("not-found",),
    tag="Backgrounds",
)
