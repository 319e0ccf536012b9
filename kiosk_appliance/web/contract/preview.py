"""The live preview: frames in, masks out.

How a page uses it: draw the camera's frame squeezed to 256 x 256, send it as JPEG (about 10 kB),
and stretch the answer back over the frame: its grey is the opacity of the people. One frame at a
time, the next when the answer is there; on `503` skip a frame, on `403` and `404` show the camera
as it is. The photo itself is cut anew, and better.
"""

from kiosk_appliance.web.contract.description import BINARY, Answer, Content, described

MASK = described(
    body=tuple(Content(BINARY, f"image/{form}") for form in ("jpeg", "png", "webp")),
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
