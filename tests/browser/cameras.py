"""What befalls a camera on its cable, done to Chromium's: its film goes, its driver dies or hangs.

Chromium plays a film as its camera, from a process of its own. Without the film there is no
camera; without the process the camera is gone in the middle of a picture; while the process is
stopped the camera says nothing. Nothing is done to the page.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from tests.browser.chromium import Picture, write_y4m


class Camera:
    """The one camera of a browser that was started with its `film`."""

    def __init__(self, film: Path, picture: Picture) -> None:
        """Stay unplugged."""
        self.film = film
        self._picture = picture

    def plug_in(self) -> None:
        """Be there for whoever asks next."""
        write_y4m(self.film, self._picture)

    def unplug(self, browser: Browser) -> None:
        """Be gone, also for whoever is looking."""
        self.film.unlink()
        for process in _drivers(browser):
            os.kill(process, signal.SIGKILL)

    @contextmanager
    def hanging(self, browser: Browser) -> Iterator[None]:
        """Say nothing for the length of a `with` block."""
        processes = _drivers(browser)
        assert processes, "nobody has opened the camera yet"
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        try:
            yield
        finally:
            for process in processes:
                os.kill(process, signal.SIGCONT)


def notice(page: Page) -> None:
    """Tell a page that cameras have come or gone: the one event that a film can't cause."""
    page.evaluate("() => { navigator.mediaDevices.dispatchEvent(new Event('devicechange')); }")


def _drivers(browser: Browser) -> list[int]:
    session = browser.new_browser_cdp_session()
    processes = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [one["id"] for one in processes if "VideoCapture" in one["type"]]
