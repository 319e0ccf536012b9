"""Hands out a JPEG: whole or in part, with an ETag, under a name for saving."""

import re
from typing import Any

import anyio
from litestar import Response

from kiosk_appliance.core.following import OpenPhoto
from kiosk_appliance.errors import KioskError
from kiosk_appliance.web.queries import AnyRequest

_RANGE = re.compile(r"bytes=(\d*)-(\d*)")
EMPTY = b""


async def answer(request: AnyRequest, photo: OpenPhoto) -> Response[Any]:
    """Return the photo as `image/jpeg`, or the way to the cloud's copy.

    Raises KioskError 416 for a range outside the photo.
    """
    if photo.remote_url is not None:
        return Response(EMPTY, status_code=302, headers={"Location": photo.remote_url})
    etag = f'"{photo.capture.sha256[:32]}"'
    headers = {
        "ETag": etag,
        "Cache-Control": "private, no-cache",
        "Accept-Ranges": "bytes",
        "Vary": "Accept",
        "X-Robots-Tag": "noindex",
    }
    if _matches(request.headers.get("if-none-match", ""), etag):
        return Response(EMPTY, status_code=304, headers=headers)
    headers["Content-Disposition"] = f'inline; filename="selfie-{photo.capture.id[:8]}.jpg"'
    data = await anyio.Path(photo.path).read_bytes()
    if request.headers.get("if-range") in {None, etag}:
        span = _span(request.headers.get("range", ""), len(data))
        if span is not None:
            start, end = span
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{len(data)}"
            part = data[start:end]
            return Response(part, status_code=206, media_type="image/jpeg", headers=headers)
    return Response(data, media_type="image/jpeg", headers=headers)


def _matches(given: str, etag: str) -> bool:
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
        raise KioskError(
            f"The photo has {size} bytes; ask for a part of them.",
            code="range-not-satisfiable",
            title="Range not satisfiable",
            status=416,
        )
    return start, end
