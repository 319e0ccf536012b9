"""The JSON form of a capture: its fields, and its photo out of megabytes of base64.

The photo is decoded where it lies in the body, since each pass over it, or copy of it, keeps the
event loop from everybody else. Knows the form only, not what the photo is worth.
"""

import msgspec
import pybase64

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.domain.capture import Consent
from kiosk_appliance.errors import FieldError, KioskError, PhotoRefused
from kiosk_appliance.web import bodies

JSON_PHOTO = "photo_base64"
# Room for the fields, the boundaries and the JSON around a photo; PHP writes each "/" of base64
# as "\/", which makes a text of 13.3 MB longer by 0.2 MB.
ROOM = 384 * 1024
# Enough of a photo's text to find it in its body.
_START = 64


class ConsentBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the guest agreed to."""

    sms: bool = False
    marketing: bool = False


class _Fields(msgspec.Struct, forbid_unknown_fields=True, frozen=True, kw_only=True):
    phone: str | None = None
    email: str | None = None
    background_id: str | None = None
    consent: ConsentBody | None = None


class CaptureBody(_Fields, frozen=True):
    """The JSON form of a capture."""

    photo_base64: str


class _Unread(_Fields, frozen=True):
    photo_base64: msgspec.Raw


_capture = msgspec.json.Decoder(CaptureBody)
_unread = msgspec.json.Decoder(_Unread)


def longest_body(max_size: int) -> int:
    """Return the size of the longest body around a photo of `max_size` bytes."""
    return max_size * 4 // 3 + ROOM


def too_large(max_size: int, field: str) -> KioskError:
    """Return the 413 for a photo of more than `max_size` bytes that came in this field."""
    detail = f"The photo is too large; send at most {max_size / 1_048_576:.3g} MB."
    return PhotoRefused(
        detail,
        code="photo-too-large",
        title="Photo too large",
        status=413,
        errors=(FieldError(field, detail),),
    )


def from_json(body: bytes, key: str | None, max_size: int) -> Order:
    """Return what the JSON form of a capture hands in; `max_size` bounds the photo, in bytes.

    Raises InvalidRequest, PhotoRefused.
    """
    if len(body) > longest_body(max_size):
        raise too_large(max_size, JSON_PHOTO)
    form, photo, rest = _photo_of(body)
    bodies.refuse_doubled(rest)
    consent = form.consent or ConsentBody()
    if len(photo) > max_size:
        raise too_large(max_size, JSON_PHOTO)
    return Order(
        photo=photo,
        phone=form.phone,
        email=form.email,
        background_id=form.background_id,
        consent=Consent(sms=consent.sms, marketing=consent.marketing),
        idempotency_key=key,
    )


def _photo_of(body: bytes) -> tuple[_Fields, bytes, bytes]:
    """Return the fields, the photo, and the body without the photo's text.

    Whatever is anything but plain base64 (a prefix, escapes, a mistake) is left to the decoder.
    """
    try:
        form = _unread.decode(body)
        text = memoryview(form.photo_base64)
        photo = pybase64.b64decode(text[1:-1], validate=True) if text[0] == ord('"') else b""
    except (msgspec.MsgspecError, ValueError, RecursionError):
        photo = b""
    if not photo:
        read = bodies.decode(_capture, body)
        return read, _decoded(read.photo_base64), body
    start = body.find(text[:_START])
    if not body.startswith(text, start):
        return form, photo, body
    return form, photo, body[:start] + body[start + len(text) :]


def _decoded(text: str) -> bytes:
    if text[:5].lower() == "data:":
        prefix, _, text = text.partition(",")
        if not prefix.lower().endswith(";base64"):
            text = "?"
    try:
        return pybase64.b64decode(text, validate=True)
    except ValueError as error:
        message = "This is no valid base64: encode the picture's bytes with the standard alphabet."
        raise PhotoRefused(
            f"The photo can't be read. {message}", errors=(FieldError(JSON_PHOTO, message),)
        ) from error
