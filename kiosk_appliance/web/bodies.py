"""Reading a request's body: with a limit, within the memory set aside, in the declared form.

A limit is kept while reading, before anything is decoded. Knows no use case.
"""

import asyncio
import re
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

import msgspec
from litestar.exceptions import InternalServerException
from multipart import parse_options_header

from kiosk_appliance.errors import InvalidRequest, KioskError, Unavailable
from kiosk_appliance.web.problems import Refusal
from kiosk_appliance.web.queries import AnyRequest, shortened

T = TypeVar("T")

_MB = 1024 * 1024
OTHER_BODY = _MB
# What a page says in a line; of a megabyte each, 140 slow ones would double the process.
A_LINE = 1024
# 13 MB over a slow line; a body that trickles in holds what has arrived, and no place.
_PATIENCE_S = 120
# A name in an object is what stands in quotes before a colon; a text's own quotes are escaped.
_NAMES = re.compile(rb'"([a-z0-9_.]{1,64})"\s*:')


class Room:
    """The memory for photos on their way in: past it a request is told to come again.

    Counts bytes, not requests: a body that trickles in for minutes keeps nobody else out.
    """

    def __init__(self, most: Callable[[], int]) -> None:
        """Set `most` bytes aside."""
        self._most = most
        self._held = 0

    @contextmanager
    def hold(self) -> Iterator["Hold"]:
        """Return one request's share; it is given back at the end."""
        hold = Hold(self)
        try:
            yield hold
        finally:
            self._held -= hold.size

    def take(self, size: int) -> None:
        """Take some of what is free; raises Unavailable `overloaded`."""
        if self._held + size > self._most():
            raise Unavailable("Too many photos at once; try again in a moment.", retry_after_s=2)
        self._held += size


class Hold:
    """One request's share of the room."""

    def __init__(self, room: Room) -> None:
        self.size = 0
        self._room = room

    def add(self, size: int) -> None:
        """Take more; raises Unavailable `overloaded`."""
        self._room.take(size)
        self.size += size


def media_type(request: AnyRequest) -> tuple[str, dict[str, str]]:
    """Return the declared type in lower case, and its parameters.

    Raises Refusal 415 for a body that is packed: a small one could unpack to a huge one.
    """
    coding = request.headers.get("content-encoding", "identity").strip().lower()
    if coding not in {"", "identity"}:
        raise Refusal(
            "Send the body as it is, without Content-Encoding.",
            code="unsupported-media-type",
            title="Unsupported media type",
            status=415,
            headers={"Accept-Encoding": "identity"},
        )
    declared, options = parse_options_header(request.headers.get("content-type", ""))
    return str(declared), dict(options)


def wrong_type(detail: str) -> KioskError:
    """Return the 415 for a type that a path does not take."""
    return KioskError(
        detail, code="unsupported-media-type", title="Unsupported media type", status=415
    )


def too_large(limit: int) -> KioskError:
    """Return the 413 for a body that is no photo."""
    most = f"{limit / _MB:.3g} MB" if limit >= _MB else f"{limit / 1024:.3g} kB"
    return KioskError(
        f"The body is too large; send at most {most}.",
        code="body-too-large",
        title="Body too large",
        status=413,
    )


async def read(
    request: AnyRequest,
    limit: int,
    *,
    over: KioskError | None = None,
    hold: Hold | None = None,
    patience_s: float = _PATIENCE_S,
) -> bytes:
    """Return the body; raises `over` (or a plain 413) past `limit` bytes, before more is held.

    Raises a 408 where the whole of it is not there within `patience_s`.
    """
    over = over or too_large(limit)
    declared = request.headers.get("content-length", "")
    if re.fullmatch(r"[0-9]{1,18}", declared) and int(declared) > limit:
        raise over
    chunks: list[bytes] = []
    size = 0
    try:
        async with asyncio.timeout(patience_s):
            async for chunk in request.stream():
                size += len(chunk)
                if size > limit:
                    raise over
                if hold is not None:
                    hold.add(len(chunk))
                chunks.append(chunk)
    except TimeoutError as error:
        raise KioskError(
            "The body did not arrive in time; send it again.",
            code="request-timeout",
            title="Request timeout",
            status=408,
        ) from error
    except InternalServerException as error:
        # Litestar's word for a client that has hung up; nobody reads this answer.
        raise InvalidRequest.malformed("The body ended too early.") from error
    # Joined once: a growing bytearray costs eight times as long.
    return b"".join(chunks)


async def read_json(
    request: AnyRequest, decoder: msgspec.json.Decoder[T], most: int = OTHER_BODY
) -> T:
    """Return a small JSON body of one level; raises as `media_type`, `read` and `decode` do."""
    if media_type(request)[0] != "application/json":
        raise wrong_type("Send the request as application/json.")
    body = await read(request, most)
    found = decode(decoder, body)
    refuse_doubled(body)
    return found


def decode(decoder: msgspec.json.Decoder[T], body: bytes) -> T:
    """Return the decoded body; raises InvalidRequest, 400 where it is no JSON, else 422."""
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as error:
        # The decoder stops at the first wrong field; what follows may be no JSON at all.
        if not _is_json(body):
            raise _no_json() from error
        field, message = explained(str(error))
        raise InvalidRequest.field(field, message) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_json() from error


def _is_json(body: bytes) -> bool:
    try:
        msgspec.json.decode(body, type=msgspec.Raw)
        body.decode()
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False
    return True


def _no_json() -> InvalidRequest:
    return InvalidRequest.malformed("The body is no valid JSON.")


def refuse_doubled(body: bytes) -> None:
    """Raise InvalidRequest where a JSON object of one level of names has a name twice."""
    for name, times in Counter(_NAMES.findall(body)).items():
        if times > 1:
            raise InvalidRequest.field(name.decode(), "Give it once.")


def explained(message: str) -> tuple[str, str]:
    """Split msgspec's sentence into the JSON name that it is about and what is wrong."""
    said, _, path = message.partition(" - at `$")
    field = path.rstrip("`").lstrip(".")
    for phrase, meaning in (
        ("unknown field `", "Unknown field."),
        ("missing required field `", "This field is required."),
    ):
        if phrase in said:
            name = said.partition(phrase)[2].rpartition("`")[0]
            return shortened(f"{field}.{name}" if field else name), meaning
    return shortened(field) or "body", f"{said}."
