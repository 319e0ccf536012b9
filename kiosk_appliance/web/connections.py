"""One HTTP/1.1 connection: uvicorn's protocol, with problems for what is no HTTP at all.

Bounds the head of a request too, which neither uvicorn nor its parser does.
"""

from http import HTTPStatus
from typing import Any

import msgspec
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from kiosk_appliance import ids
from kiosk_appliance.web.problems import MEDIA_TYPE, Problem

_MOST_HEAD = 64 * 1024


class Connection(HttpToolsProtocol):
    """uvicorn's protocol; refuses endless heads, and says so as everything else does."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        """Take what uvicorn hands in."""
        super().__init__(*arguments, **options)
        self._in_head = False
        self._head_size = 0

    def on_message_begin(self) -> None:
        """Note that a head has begun."""
        super().on_message_begin()
        self._in_head, self._head_size = True, 0

    def on_headers_complete(self) -> None:
        """Note that it has ended."""
        self._in_head = False
        super().on_headers_complete()

    def data_received(self, data: bytes) -> None:
        """Feed the parser; close the connection on a head that does not end."""
        if self.transport.is_closing():
            return
        super().data_received(data)
        if self._in_head and not self.transport.is_closing():
            self._head_size += len(data)
            if self._head_size > _MOST_HEAD:
                self._refuse(431, "head-too-large", "The request's headers are larger than 64 kB.")

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP."""
        del msg  # uvicorn's own words
        self._refuse(400, "invalid-request", "This is no valid HTTP request.")

    def _refuse(self, status: int, code: str, detail: str) -> None:
        phrase, correlation = HTTPStatus(status).phrase, ids.new_id()
        problem = Problem(code, phrase, status, detail, [], correlation)
        body = msgspec.json.encode(problem)
        head = (
            f"HTTP/1.1 {status} {phrase}\r\nContent-Type: {MEDIA_TYPE}\r\n"
            f"Content-Length: {len(body)}\r\nX-Correlation-ID: {correlation}\r\n"
            "X-Content-Type-Options: nosniff\r\nConnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
