"""What a guest's page and other clients send, and what every problem must look like."""

import base64
import json
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.parts.appliance import Appliance, Tables
from tests.parts.pictures import jpeg

JSON = {"Content-Type": "application/json"}
JPEG = {"Content-Type": "image/jpeg"}
# What phones' browsers send: Safari on iOS 18, Chrome on Android, Samsung Internet.
BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
CHROME = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)


@contextmanager
def running(folder: Path, tables: Tables | None = None) -> Iterator[Appliance]:
    """Run an appliance, for instance for a whole test module."""
    appliance = Appliance(folder, tables)
    try:
        yield appliance.start()
    finally:
        appliance.close()


def as_json(client: httpx.Client, photo: bytes, **fields: Any) -> httpx.Response:
    """Hand a photo in as JSON; a header may come as `headers`."""
    headers = fields.pop("headers", {})
    body = {"photo_base64": base64.b64encode(photo).decode(), **fields}
    return client.post("/api/capture", json=body, headers=headers)


def as_form(client: httpx.Client, photo: bytes, **fields: Any) -> httpx.Response:
    """Hand a photo in as multipart/form-data."""
    headers = fields.pop("headers", {})
    return client.post(
        "/api/capture",
        files={"photo": ("photo.jpg", photo, "image/jpeg")},
        data=_texts(fields),
        headers=headers,
    )


def as_body(client: httpx.Client, photo: bytes, **fields: Any) -> httpx.Response:
    """Hand a photo in as the body, the fields in the query."""
    headers = {**JPEG, **fields.pop("headers", {})}
    return client.post("/api/capture", content=photo, params=_texts(fields), headers=headers)


FORMS = {"JSON": as_json, "multipart": as_form, "raw": as_body}


def _texts(fields: dict[str, Any]) -> dict[str, str]:
    return {
        name: value if isinstance(value, str) else json.dumps(value)
        for name, value in fields.items()
        if value is not None
    }


def take(client: httpx.Client, photo: bytes | None = None, **fields: Any) -> dict[str, Any]:
    """Take a photo in, and return the `201`."""
    answer = as_json(client, photo or jpeg(), **fields)
    assert answer.status_code == 201, answer.text
    capture: dict[str, Any] = answer.json()
    return capture


def problem(
    answer: httpx.Response, status: int, code: str, field: str | None = None
) -> dict[str, Any]:
    """Check that an answer is a whole problem of this kind, and return it."""
    assert answer.status_code == status, answer.text[:500]
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "errors", "correlation_id"}
    assert (body["type"], body["status"]) == (code, status)
    assert body["title"]
    assert len(body["detail"]) > 10
    assert body["detail"][-1] in ".;"
    assert body["correlation_id"] == answer.headers["x-correlation-id"]
    assert all(set(item) == {"field", "message"} for item in body["errors"])
    if field is not None:
        assert field in {item["field"] for item in body["errors"]}, body
    # Whoever sends megabytes gets none back.
    assert len(answer.content) < 4096
    return body


def exchange(port: int, request: bytes, patience_s: float = 10) -> bytes:
    """Send bytes as they are, and return all that comes back until the end."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience_s) as connection:
        connection.sendall(request)
        received = b""
        while part := connection.recv(65_536):
            received += part
        return received


def head(*lines: str) -> bytes:
    """Return a request's head that ends the connection after its answer."""
    return ("\r\n".join([*lines, "Connection: close"]) + "\r\n\r\n").encode("latin-1")


def answered(received: bytes) -> httpx.Response:
    """Return an answer that came over a bare socket."""
    lines, _, body = received.partition(b"\r\n\r\n")
    status, *headers = lines.decode("latin-1").split("\r\n")
    pairs = [tuple(line.split(": ", 1)) for line in headers]
    return httpx.Response(
        int(status.split(" ")[1]),
        headers=[(name, value) for name, value in pairs],
        content=body,
    )
