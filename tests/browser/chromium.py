"""Chromium as the kiosk has it: a camera that shows a known picture, and no way out.

Owns the browser, its fake camera and the guard over its console and its requests. Knows nothing of
the page's steps.
"""

import re
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import cv2
import numpy as np
from numpy.typing import NDArray
from playwright.sync_api import Browser, ConsoleMessage, Page, Playwright, Request

EXECUTABLE: Final = Path("/usr/bin/chromium")
_FRAMES_PER_SECOND: Final = 30
_HOME: Final = {"localhost", "127.0.0.1"}

Picture = NDArray[np.uint8]


def write_y4m(path: Path, rgb: Picture) -> Path:
    """Write a still picture as a film that Chromium's fake camera repeats, and return its path.

    `rgb` is (height, width, 3) with even sides. Colours come back within 3 of 255, before JPEG.
    """
    height, width = rgb.shape[:2]
    if height % 2 or width % 2:
        raise ValueError(f"I420 halves the chroma, so {width}x{height} needs even sides")
    planes = cv2.cvtColor(rgb, cv2.COLOR_RGB2YUV_I420).tobytes()
    header = f"YUV4MPEG2 W{width} H{height} F{_FRAMES_PER_SECOND}:1 Ip A1:1 C420jpeg\n"
    path.write_bytes(header.encode() + (b"FRAME\n" + planes) * 2)
    return path


def launch(
    playwright: Playwright,
    camera: Path | None,
    *,
    camera_granted: bool = True,
    keeps_pages: bool = False,
) -> Browser:
    """Start the distribution's Chromium, headless, with `camera` (a Y4M file) as its only camera.

    With `camera_granted` false nobody answers the permission prompt: the page is refused.
    With `keeps_pages` "back" restores the page as it was left, which Playwright else turns off.
    """
    arguments = [
        "--disable-gpu",
        "--use-fake-device-for-media-stream",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-quic",
        "--no-first-run",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ]
    if camera is not None:
        arguments.append(f"--use-file-for-fake-video-capture={camera.resolve()}")
    if camera_granted:
        arguments.append("--use-fake-ui-for-media-stream")
    return playwright.chromium.launch(
        executable_path=EXECUTABLE,
        headless=True,
        chromium_sandbox=False,
        args=arguments,
        ignore_default_args=["--disable-back-forward-cache"] if keeps_pages else None,
    )


class Guard:
    """Remembers whatever a page does wrong; `check` fails on it.

    Chromium itself reports every answer above 399 on the console: a test that provokes one names
    it with `expect`.
    """

    def __init__(self, page: Page) -> None:
        """Watch a page from before its first request."""
        self.faults: list[str] = []
        self._expected: list[re.Pattern[str]] = []
        page.on("console", self._on_console)
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", self._on_request)

    def expect(self, pattern: str) -> None:
        """Let console messages pass that match this regular expression."""
        self._expected.append(re.compile(pattern))

    def check(self) -> None:
        """Fail if the page has logged an error, thrown one, or asked another host."""
        assert not self.faults, "\n".join(self.faults)

    def _on_console(self, message: ConsoleMessage) -> None:
        if message.type not in {"error", "warning"}:
            return
        if not any(pattern.search(message.text) for pattern in self._expected):
            self.faults.append(f"{message.location['url']}: {message.type}: {message.text}")

    def _on_request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme not in {"blob", "data"} and address.hostname not in _HOME:
            self.faults.append(f"request off the appliance: {request.url}")
