"""The contract's `201`: what a guest's page is told of its capture."""

import msgspec

from kiosk_appliance.clock import rfc3339
from kiosk_appliance.store.records import Record


class CaptureAnswer(msgspec.Struct, frozen=True, omit_defaults=True):
    """Its fields, in their order.

    `cut_out` is there for a background that people are cut out for: `clean`, or `framed` where the
    cut would have been ugly and the whole photo lies on the background as a print.
    """

    id: str
    token: str
    download_url: str
    qr_url: str
    status: str
    online: bool
    sms_id: str | None
    created_at: str
    width: int
    height: int
    file_size: int
    background_id: str | None
    cut_out: str | None = None


def encoded_answer(record: Record, *, online: bool) -> bytes:
    """Return the JSON that a capture is answered with; `online` is how things stand now."""
    capture = record.capture
    answer = CaptureAnswer(
        id=capture.id,
        token=capture.token,
        download_url=capture.download_url,
        qr_url=f"/api/qr/{capture.token}",
        status="pending",
        online=online,
        sms_id=record.sms.id if record.sms else None,
        created_at=rfc3339(capture.created_at),
        width=capture.width,
        height=capture.height,
        file_size=capture.file_size,
        background_id=capture.background_id,
        cut_out=record.cut_out,
    )
    return msgspec.json.encode(answer)
