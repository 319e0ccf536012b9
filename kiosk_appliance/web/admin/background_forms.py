"""The two forms in which an admin hands a background in: JSON, or a form with its picture.

What the picture is worth is not judged here.
"""

import re
from dataclasses import replace
from pathlib import PurePath
from typing import TypeVar

import msgspec
from msgspec import UNSET, UnsetType

from kiosk_appliance.core.curation import Change
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.web import bodies, json_form, parts, queries
from kiosk_appliance.web.bodies import Hold
from kiosk_appliance.web.parts import Part
from kiosk_appliance.web.queries import AnyRequest

T = TypeVar("T")

FILE = "file"
_JSON, _FORM = "application/json", "multipart/form-data"
_FIELDS = ("name", "is_active", "display_order", "mode")
# As programs and forms write it.
_TRUTH = {"true": True, "1": True, "on": True, "false": False, "0": False, "off": False}


class BackgroundChange(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """The JSON form of a change; what is left out stays as it is."""

    name: str | UnsetType = UNSET
    is_active: bool | UnsetType = UNSET
    display_order: int | UnsetType = UNSET
    mode: str | UnsetType = UNSET


_change = msgspec.json.Decoder(BackgroundChange)


async def read_new(request: AnyRequest, max_size: int, hold: Hold) -> tuple[bytes, Change]:
    """Return a new background's picture and what is said of it; `max_size` bounds it, in bytes.

    Raises InvalidRequest, PhotoRefused `photo-too-large`, KioskError `unsupported-media-type`.
    """
    queries.only(request, ())
    if bodies.media_type(request)[0] != _FORM:
        raise bodies.wrong_type("Send the background as multipart/form-data.")
    found = await _read_form(request, max_size, hold)
    if FILE not in found:
        raise InvalidRequest.field(FILE, "The part with the picture is missing.")
    picture = found[FILE]
    change = _from_form(found)
    if change.name is None and picture.filename:
        name = PurePath(picture.filename.replace("\\", "/")).stem
        return picture.data, replace(change, name=name)
    return picture.data, change


async def read_change(request: AnyRequest, max_size: int, hold: Hold) -> Change:
    """Return what is to become of a background; raises as `read_new` does."""
    queries.only(request, ())
    kind = bodies.media_type(request)[0]
    if kind == _FORM:
        return _from_form(await _read_form(request, max_size, hold))
    if kind != _JSON:
        raise bodies.wrong_type("Send the change as application/json or multipart/form-data.")
    body = await bodies.read_json(request, _change)
    return Change(
        name=_given(body.name),
        mode=_given(body.mode),
        display_order=_given(body.display_order),
        is_active=_given(body.is_active),
    )


def _given(value: T | UnsetType) -> T | None:
    return None if isinstance(value, UnsetType) else value


async def _read_form(request: AnyRequest, max_size: int, hold: Hold) -> dict[str, Part]:
    over = json_form.too_large(max_size, FILE)
    boundary = bodies.media_type(request)[1].get("boundary", "")
    body = await bodies.read(request, max_size + json_form.ROOM, over=over, hold=hold)
    found = parts.split(body, boundary)
    if FILE in found and len(found[FILE].data) > max_size:
        raise over
    return found


def _from_form(found: dict[str, Part]) -> Change:
    fields = parts.texts(found, FILE, _FIELDS)
    return Change(
        picture=found[FILE].data if FILE in found else None,
        name=fields.get("name"),
        mode=fields.get("mode"),
        display_order=_order(fields.get("display_order")),
        is_active=_truth(fields.get("is_active")),
    )


def _order(text: str | None) -> int | None:
    if text is not None and not re.fullmatch(r"[0-9]{1,9}", text):
        raise InvalidRequest.field("display_order", "Give a whole number, 0 or more.")
    return None if text is None else int(text)


def _truth(text: str | None) -> bool | None:
    if text is not None and text.lower() not in _TRUTH:
        raise InvalidRequest.field("is_active", "Give true or false.")
    return None if text is None else _TRUTH[text.lower()]
