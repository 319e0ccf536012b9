"""What a guest sees before she keeps anything: frames in, masks out, and her picture.

How a page uses the mask: draw the camera's frame squeezed to 256 x 256, send it as JPEG (about
10 kB), and stretch the answer back over the frame: its grey is the opacity of the people. One frame
at a time, the next when the answer is there; on `503` skip a frame, on `403` and `404` show the
camera as it is. The photo itself is cut anew, and better: the picture is what a capture becomes.
"""

from kiosk_appliance.web.contract.description import (
    BINARY,
    Answer,
    Content,
    Parameter,
    described,
)

_SIDE = {"type": "integer", "minimum": 1, "maximum": 16384}
_BODY = tuple(Content(BINARY, f"image/{form}") for form in ("jpeg", "png", "webp"))

MASK = described(
    body=_BODY,
    answers={
        200: Answer(
            "Grey, 256 x 256, white where people are; stretch it over the frame.",
            (Content(BINARY, "image/png"),),
            {"Cache-Control": "A mask is nobody's twice."},
        )
    },
    problems=(
        "forbidden", "not-found", "photo-unreadable", "photo-too-many-pixels",
    ),
    tag="Backgrounds",
)  # fmt: skip
PICTURE = described(
    parameters=(
        Parameter("background_id", "One of GET /api/backgrounds.", required=True),
        Parameter("width", "Of the screen, in pixels: a larger picture is made to fit.", _SIDE),
        Parameter("height", "Of the screen, in pixels.", _SIDE),
    ),
    body=_BODY,
    answers={
        200: Answer(
            "The very picture that a capture of this photo becomes, as it fits on the screen;"
            " nothing of it is kept.",
            (Content(BINARY, "image/jpeg"),),
            {
                "Cache-Control": "Until she keeps it, it is nobody's.",
                "Cut-Out": "`clean`, or `framed` where the cut would have been ugly; left out where"
                " nobody is cut out.",
            },
        )
    },
    problems=(
        "forbidden", "photo-unreadable", "photo-too-large", "photo-too-many-pixels",
        "background-unknown",
    ),
    tag="Backgrounds",
)  # fmt: skip
