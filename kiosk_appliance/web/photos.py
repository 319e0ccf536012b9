"""Hands out a JPEG: whole or in part, with an ETag, under a name for saving (RFC 9110, 13, 14)."""

import re
from typing import Any

from litestar import Response

from kiosk_appliance.core.following import OpenPhoto
from kiosk_appliance.web.problems import Refusal
from kiosk_appliance.web.queries import AnyRequest

# No photo has more bytes than 18 digits can count.
_RANGE = re.compile(r"bytes=([0-9]{0,18})-([0-9]{0,18})", re.IGNORECASE)
EMPTY = b""
_CACHE = {"Cache-Control": "private, no-cache", "Vary": "Accept", "X-Robots-Tag": "noindex"}


async def answer(request: AnyRequest, photo: OpenPhoto) -> Response[Any]:
    """Return the photo as `image/jpeg`, or the way to the cloud's copy.

    Raises Refusal 416 for a range outside the photo, NotFound, Unavailable for the disk.
    """
    if photo.remote_url is not None:
        headers = _CACHE | {"Location": photo.remote_url}
        return Response(EMPTY, status_code=302, headers=headers)
    etag = f'"{photo.capture.sha256[:32]}"'
    headers = _CACHE | {"ETag": etag, "Accept-Ranges": "bytes"}
    if matches(request, etag):
        return Response(EMPTY, status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="selfie-{photo.capture.id[:8]}.jpg"'
    data = await photo.read()
    if request.headers.get("if-range") in {None, etag}:
        span = _span(request.headers.get("range", ""), len(data))
        if span is not None:
            start, end = span
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
            part = data[start:end]
            return Response(part, status_code=206, media_type="image/jpeg", headers=headers)
    return Response(data, media_type="image/jpeg", headers=headers)


def matches(request: AnyRequest, etag: str) -> bool:
    """Say whether the client already has what bears this (strong) ETag."""
    given = ",".join(request.headers.getall("if-none-match", []))
    tags = [tag.strip().removeprefix("W/") for tag in given.split(",")]
    return etag in tags or "*" in tags


def _span(header: str, size: int) -> tuple[int, int] | None:
    """Return the one range asked for as [start, end); None for none, or what is not understood."""
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if first == "":
        start, end = max(size - int(last), 0), size
    else:
        start, end = int(first), min(int(last) + 1, size) if last else size
        if last and int(last) < start:
            return None
    if start >= size or start >= end:
        raise Refusal(
            f"The photo has {size} bytes; ask for a part of them.",
            code="range-not-satisfiable",
            title="Range not satisfiable",
            status=416,
            headers={"Content-Range": f"bytes */{size}"},
        )
    return start, end
