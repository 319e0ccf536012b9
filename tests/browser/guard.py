"""What no page may do, in whichever context and browser: log an error, break its own policy, ask
anybody but the server that it came from.

Chromium itself reports every answer above 399 on the console: a test that provokes one names it
with `expect`. What breaks a policy, or leaves the appliance, can't be expected.
"""

import re
from functools import partial
from typing import Final
from urllib.parse import urlsplit

from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Request,
    WebError,
    WebSocket,
)

_LOOPBACK: Final = {"localhost", "127.0.0.1"}
_POLICY: Final = "Content Security Policy"


class Guard:
    """Remembers whatever the pages do wrong; `check` fails on it."""

    def __init__(self) -> None:
        """Watch nobody yet."""
        self._faults: list[str] = []
        self._expected: list[re.Pattern[str]] = []

    def watch(self, browser: Browser) -> None:
        """Watch every context that is opened from now on, before its first request."""
        browser.on("context", self._watch)

    def leave(self, browser: Browser) -> None:
        """Watch no further context."""
        browser.remove_listener("context", self._watch)

    def expect(self, pattern: str) -> None:
        """Let console messages pass that match this regular expression."""
        self._expected.append(re.compile(pattern))

    def check(self) -> None:
        """Fail if a page has done wrong since the last check."""
        faults, self._faults = self._faults, []
        assert not faults, "\n".join(faults)

    def _watch(self, context: BrowserContext) -> None:
        # Where its pages were sent: whatever else they ask for has to be there too.
        homes: set[str] = set()
        context.on("console", self._on_console)
        context.on("weberror", self._on_error)
        context.on("request", partial(self._on_request, homes))
        context.on("page", partial(self._on_page, homes))

    def _on_page(self, homes: set[str], page: Page) -> None:
        page.on("websocket", partial(self._on_socket, homes))
        page.on("crash", lambda page: self._faults.append(f"{page.url}: crashed"))

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        expected = any(pattern.search(message.text) for pattern in self._expected)
        if not expected or _POLICY in message.text:
            self._faults.append(f"{message.location['url']}: {message.type}: {message.text}")

    def _on_error(self, error: WebError) -> None:
        self._faults.append(f"error: {error.error}")

    def _on_request(self, homes: set[str], request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"blob", "data"}:
            return
        origin = f"{address.scheme}://{address.netloc}"
        near = address.scheme == "file" or address.hostname in _LOOPBACK
        if near and request.is_navigation_request():
            homes.add(origin)
        if origin not in homes:
            self._faults.append(f"request off the appliance: {request.url}")

    def _on_socket(self, homes: set[str], socket: WebSocket) -> None:
        address = urlsplit(socket.url)
        if f"{address.scheme.replace('ws', 'http')}://{address.netloc}" not in homes:
            self._faults.append(f"socket off the appliance: {socket.url}")
