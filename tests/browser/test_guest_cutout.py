"""A guest before a backdrop: on the live preview, on her photo, and on what is handed out."""

import subprocess
import sys
from io import BytesIO
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import Route, expect

from tests.browser.guest_page import GuestPage
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

BEACH = (30, 160, 60)


def _left_half() -> bytes:
    """Return a mask that finds somebody on the left half of the frame, as the lens sees it."""
    mask = np.zeros((256, 256), np.uint8)
    mask[:, :128] = 255
    return cv2.imencode(".png", mask)[1].tobytes()


def _add(appliance: Appliance, picture: Path) -> None:
    command = [sys.executable, "-m", "kiosk_appliance", "background", "add", str(picture)]
    options = ["--mode", "person", "--name", "Plage", "--config", str(appliance.config)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_the_preview_and_the_photo_show_the_guest_before_her_backdrop(
    guest: GuestPage, appliance: Appliance, tmp_path: Path
) -> None:
    picture = tmp_path / "beach.png"
    Image.new("RGB", (1280, 720), BEACH).save(picture)
    _add(appliance, picture)
    page = guest.page

    def masks(route: Route) -> None:
        route.fulfill(body=_left_half(), content_type="image/png")

    page.route("**/api/preview/mask", masks)
    page.reload()
    guest.start()
    guest.choose("Plage")
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()

    def colours() -> tuple[np.ndarray, np.ndarray]:
        shot = np.asarray(Image.open(BytesIO(page.locator(".print").screenshot())).convert("RGB"))
        height, width = shot.shape[:2]
        return shot[height // 2, width // 4].astype(int), shot[height // 2, 3 * width // 4].astype(
            int
        )

    # A mirror: who stands on the lens's left, in red, is seen on the right.
    left, right = colours()
    assert np.abs(left - BEACH).max() < 12
    assert np.abs(right - (200, 40, 40)).max() < 12
    guest.shoot()
    expect(page.locator("canvas.cut[data-drawn=true]")).to_be_visible()
    left, right = colours()
    assert np.abs(left - (200, 40, 40)).max() < 12
    assert np.abs(right - BEACH).max() < 12
    page.unroute("**/api/preview/mask")
    guest.keep()


def test_without_a_mask_the_mirror_stays(guest: GuestPage) -> None:
    page = guest.page
    page.route("**/api/preview/mask", lambda route: route.fulfill(body=b"", status=200))
    guest.start()
    guest.choose("Plage")
    page.wait_for_timeout(500)
    expect(page.locator("canvas.cut")).to_have_attribute("data-drawn", "false")
    expect(page.locator("video")).to_have_css("opacity", "1")
    guest.shoot()
    guest.keep()
