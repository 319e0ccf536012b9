"""Reading a `multipart/form-data` body: its parts by name, each once. Knows no field by name."""

from collections.abc import Iterable
from dataclasses import dataclass
from io import BytesIO

from multipart import MultipartError, MultipartParser

from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.web.queries import shortened

_MOST = 16


@dataclass(frozen=True, slots=True)
class Part:
    """One part; `filename` is what the client calls its file, if it is one."""

    data: bytes
    filename: str | None


def split(body: bytes, boundary: str) -> dict[str, Part]:
    """Return the parts; raises InvalidRequest for a damaged body or a name that comes twice."""
    if not boundary:
        raise InvalidRequest.malformed("The multipart body has no boundary.")
    parts: dict[str, Part] = {}
    try:
        parser = MultipartParser(
            BytesIO(body),
            boundary,
            strict=True,
            part_limit=_MOST,
            memory_limit=len(body) + 1,
            spool_limit=len(body) + 1,
        )
        for part in parser:
            if part.name in parts:
                raise InvalidRequest.field(shortened(part.name), "Give it once.")
            parts[part.name] = Part(part.raw, part.filename)
    except (MultipartError, UnicodeError) as error:
        raise InvalidRequest.malformed("The multipart body is damaged.") from error
    return parts


def texts(parts: dict[str, Part], file: str, known: Iterable[str]) -> dict[str, str]:
    """Return the text fields, without the part `file` and those that were left empty.

    Raises InvalidRequest for an unknown one, and for one that is no text.
    """
    names, fields = tuple(known), {}
    for name, part in parts.items():
        if name == file:
            continue
        if name not in names:
            listed = ", ".join((file, *names))
            raise InvalidRequest.field(shortened(name), f"Unknown field; known are: {listed}.")
        try:
            fields[name] = part.data.decode()
        except UnicodeDecodeError as error:
            raise InvalidRequest.field(name, "Send text fields in UTF-8.") from error
    return {name: value for name, value in fields.items() if value}
