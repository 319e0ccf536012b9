"""The three forms in which a capture comes in, read with a limit and told apart by content type.

A limit is kept while reading, before anything is decoded. What the photo is worth is not judged
here; its name and its declared type count for nothing.
"""

import asyncio
from io import BytesIO
from typing import TypeVar

import msgspec
import pybase64
from multipart import MultipartError, MultipartParser, parse_options_header

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.domain.capture import Consent
from kiosk_appliance.errors import FieldError, InvalidRequest, KioskError, PhotoRefused
from kiosk_appliance.web import queries
from kiosk_appliance.web.queries import AnyRequest

T = TypeVar("T")

_FIELDS = ("phone", "email", "background_id", "consent")
# Room for the fields, the boundaries and the JSON around a photo.
_ROOM = 256 * 1024
_OTHER_BODY = 1024 * 1024
_PATIENCE_S = 60


class ConsentBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """What the guest agreed to."""

    sms: bool = False
    marketing: bool = False


class CaptureBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The JSON form of a capture."""

    photo_base64: str
    phone: str | None = None
    email: str | None = None
    background_id: str | None = None
    consent: ConsentBody | None = None


class SmsBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body of `POST /api/send-sms`."""

    phone: str
    capture_id: str


_capture = msgspec.json.Decoder(CaptureBody)
_consent = msgspec.json.Decoder(ConsentBody)
_sms = msgspec.json.Decoder(SmsBody)


async def read_order(request: AnyRequest, max_size: int) -> Order:
    """Return what a capture request hands in; `max_size` bounds the photo, in bytes.

    Raises InvalidRequest, PhotoRefused `photo-too-large`, KioskError `unsupported-media-type`.
    """
    key = queries.idempotency_key(request)
    media_type, options = parse_options_header(request.headers.get("content-type", ""))
    if media_type == "application/json":
        queries.only(request, ())
        body = await read(request, max_size * 4 // 3 + _ROOM, photo=True)
        order = _from_json(body, key)
    elif media_type == "multipart/form-data":
        queries.only(request, ())
        body = await read(request, max_size + _ROOM, photo=True)
        order = _from_form(_parts(body, options.get("boundary", "")), key)
    elif media_type.startswith("image/") or media_type == "application/octet-stream":
        fields = queries.only(request, _FIELDS)
        body = await read(request, max_size, photo=True)
        order = _order(body, dict(fields), key)
    else:
        raise KioskError(
            "Send the photo as JSON, as multipart/form-data or as an image/* body.",
            code="unsupported-media-type",
            title="Unsupported media type",
            status=415,
        )
    if len(order.photo) > max_size:
        raise too_large(max_size)
    return order


async def read_sms(request: AnyRequest) -> SmsBody:
    """Return the body of a send-sms request."""
    queries.only(request, ())
    media_type, _ = parse_options_header(request.headers.get("content-type", ""))
    if media_type != "application/json":
        raise KioskError(
            "Send the request as application/json.",
            code="unsupported-media-type",
            title="Unsupported media type",
            status=415,
        )
    return decode(_sms, await read(request, _OTHER_BODY))


async def read(request: AnyRequest, limit: int, *, photo: bool = False) -> bytes:
    """Return the body; raises 413 past `limit` bytes, before more than that is held."""
    declared = request.headers.get("content-length", "")
    if declared.isdigit() and int(declared) > limit:
        raise _over(limit, photo=photo)
    body = bytearray()
    try:
        async with asyncio.timeout(_PATIENCE_S):
            async for chunk in request.stream():
                body += chunk
                if len(body) > limit:
                    raise _over(limit, photo=photo)
    except TimeoutError as error:
        raise InvalidRequest.malformed("The body did not arrive in time; send it again.") from error
    return bytes(body)


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Return the decoded body; raises InvalidRequest, 400 where it is no JSON, else 422."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        field, message = _explained(str(error))
        raise InvalidRequest.field(field, message) from error
    except (msgspec.DecodeError, RecursionError) as error:
        raise InvalidRequest.malformed("The body is no valid JSON.") from error


def too_large(max_size: int) -> PhotoRefused:
    """Return the 413 for a photo over `max_size` bytes."""
    return PhotoRefused(
        f"The photo is too large; send at most {max_size / 1_048_576:.3g} MB.",
        code="photo-too-large",
        title="Photo too large",
        status=413,
    )


def _over(limit: int, *, photo: bool) -> KioskError:
    if photo:
        return too_large(limit)
    return KioskError(
        "The body is too large.", code="body-too-large", title="Body too large", status=413
    )


def _from_json(body: bytes, key: str | None) -> Order:
    form = decode(_capture, body)
    text = form.photo_base64
    if text.startswith("data:"):
        text = text.partition(",")[2]
    try:
        photo = pybase64.b64decode(text, validate=True)
    except ValueError as error:
        raise PhotoRefused(
            "photo_base64 is no valid base64.",
            errors=(FieldError("photo_base64", "This is no valid base64."),),
        ) from error
    consent = form.consent or ConsentBody()
    return Order(
        photo=photo,
        phone=form.phone,
        email=form.email,
        background_id=form.background_id,
        consent=Consent(sms=consent.sms, marketing=consent.marketing),
        idempotency_key=key,
    )


def _parts(body: bytes, boundary: str) -> dict[str, bytes]:
    if not boundary:
        raise InvalidRequest.malformed("The multipart body has no boundary.")
    parts: dict[str, bytes] = {}
    try:
        parser = MultipartParser(
            BytesIO(body),
            boundary,
            strict=True,
            part_limit=16,
            memory_limit=len(body) + 1,
            spool_limit=len(body) + 1,
        )
        for part in parser:
            if part.name in parts:
                raise InvalidRequest.field(part.name, "Give it once.")
            parts[part.name] = part.raw
    except MultipartError as error:
        raise InvalidRequest.malformed("The multipart body is damaged.") from error
    return parts


def _from_form(parts: dict[str, bytes], key: str | None) -> Order:
    photo = parts.pop("photo", None)
    if photo is None:
        raise InvalidRequest.field("photo", "The part with the photo is missing.")
    fields: dict[str, str] = {}
    for name, value in parts.items():
        if name not in _FIELDS:
            raise InvalidRequest.field(name, f"Unknown field; known are: {', '.join(_FIELDS)}.")
        try:
            fields[name] = value.decode()
        except UnicodeDecodeError as error:
            raise InvalidRequest.field(name, "Send text fields in UTF-8.") from error
    return _order(photo, fields, key)


def _order(photo: bytes, fields: dict[str, str], key: str | None) -> Order:
    # An empty form field is one that the guest left out.
    given = {name: value for name, value in fields.items() if value}
    consent = decode(_consent, given["consent"].encode()) if "consent" in given else ConsentBody()
    return Order(
        photo=photo,
        phone=given.get("phone"),
        email=given.get("email"),
        background_id=given.get("background_id"),
        consent=Consent(sms=consent.sms, marketing=consent.marketing),
        idempotency_key=key,
    )


def _explained(message: str) -> tuple[str, str]:
    """Split msgspec's sentence into the JSON name that it is about and what is wrong."""
    said, _, path = message.partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    for phrase in ("unknown field `", "missing required field `"):
        if phrase in said:
            name = said.partition(phrase)[2].partition("`")[0]
            field = f"{field}.{name}" if field else name
    return field or "body", f"{said}."
