"""The three forms in which a capture comes in, told apart by content type, and the SMS request.

What the photo is worth is not judged here; its name and its declared type count for nothing.
"""

import re
from dataclasses import replace

import msgspec

from kiosk_appliance.core.capturing import Order
from kiosk_appliance.domain.capture import Consent
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.web import bodies, json_form, parts, queries
from kiosk_appliance.web.bodies import Hold
from kiosk_appliance.web.json_form import JSON_PHOTO, ROOM, ConsentBody, too_large
from kiosk_appliance.web.queries import AnyRequest

_JSON, _FORM = "application/json", "multipart/form-data"
_PHOTO = "photo"
_FIELDS = ("phone", "email", "background_id", "consent")


class SmsBody(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The body of `POST /api/send-sms`."""

    phone: str
    capture_id: str


# A language and a number; another client's header of that name is not ours to refuse.
_NOTICE = re.compile(r"[a-z]{2}-[0-9]{1,4}", re.ASCII)
_consent = msgspec.json.Decoder(ConsentBody)
_sms = msgspec.json.Decoder(SmsBody)


async def read_order(request: AnyRequest, max_size: int, hold: Hold) -> Order:
    """Return what a capture request hands in; `max_size` bounds the photo, in bytes.

    Raises InvalidRequest, PhotoRefused `photo-too-large`, KioskError `unsupported-media-type`,
    each PhotoRefused with the field that the photo came in.
    """
    key = queries.idempotency_key(request)
    kind, options = bodies.media_type(request)
    over = too_large(max_size, photo_field(request))
    if kind == _JSON:
        queries.only(request, ())
        body = await bodies.read(request, json_form.longest_body(max_size), over=over, hold=hold)
        return json_form.from_json(body, key, max_size)
    if kind == _FORM:
        queries.only(request, ())
        body = await bodies.read(request, max_size + ROOM, over=over, hold=hold)
        order = _from_form(body, options.get("boundary", ""), key)
    elif kind.startswith("image/") or kind == "application/octet-stream":
        fields = queries.only(request, _FIELDS)
        body = await bodies.read(request, max_size, over=over, hold=hold)
        order = _order(body, fields, key)
    else:
        raise bodies.wrong_type(
            "Send the photo as JSON, as multipart/form-data or as an image/* body."
        )
    if len(order.photo) > max_size:
        raise over
    notice = request.headers.get("notice-version", "")
    return replace(order, notice=notice) if _NOTICE.fullmatch(notice) else order


async def read_sms(request: AnyRequest) -> SmsBody:
    """Return the body of a send-sms request."""
    queries.only(request, ())
    return await bodies.read_json(request, _sms)


def photo_field(request: AnyRequest) -> str:
    """Return the name under which a request's photo comes in: for `errors[].field`."""
    kind = bodies.media_type(request)[0]
    return {_JSON: JSON_PHOTO, _FORM: _PHOTO}.get(kind, "body")


def _from_form(body: bytes, boundary: str, key: str | None) -> Order:
    found = parts.split(body, boundary)
    fields = parts.texts(found, _PHOTO, _FIELDS)
    if _PHOTO not in found:
        raise InvalidRequest.field(_PHOTO, "The part with the photo is missing.")
    return _order(found[_PHOTO].data, fields, key)


def _order(photo: bytes, fields: dict[str, str], key: str | None) -> Order:
    # An empty form field is one that the guest left out.
    given = {name: value for name, value in fields.items() if value}
    consent = _consent_of(given.get("consent", "{}"))
    return Order(
        photo=photo,
        phone=given.get("phone"),
        email=given.get("email"),
        background_id=given.get("background_id"),
        consent=Consent(sms=consent.sms, marketing=consent.marketing),
        idempotency_key=key,
    )


def _consent_of(text: str) -> ConsentBody:
    """Return the consent of a form field; the form itself is sound, so nothing here is a 400."""
    try:
        consent = _consent.decode(text.encode())
    except msgspec.ValidationError as error:
        field, message = bodies.explained(str(error))
        path = "consent" if field == "body" else f"consent.{field}"
        raise InvalidRequest.field(path, message) from error
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise InvalidRequest.field(
            "consent", 'Send a JSON object such as {"sms": true}.'
        ) from error
    bodies.refuse_doubled(text.encode())
    return consent
