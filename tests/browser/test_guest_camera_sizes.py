"""Cameras of other sizes than most: the smallest and the largest that a kiosk is likely to have."""

from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Picture, write_y4m
from tests.browser.conftest import OpenPage, StartChromium
from tests.browser.guest_page import PLAIN, GuestPage, french
from tests.browser.likeness import SAME, differences, opened
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

SMALL = (
    french("Petite caméra : la photo sera un peu moins nette."),
    "A small camera: the photo will be a little less sharp.",
)

OpenBefore = Callable[[int, int], tuple[GuestPage, Picture]]


@pytest.fixture
def open_before(
    open_page: OpenPage, start_chromium: StartChromium, scene: Picture, tmp_path: Path
) -> OpenBefore:
    """Open the page before a camera of one size only; return it with what that camera sees."""

    def open_before(width: int, height: int) -> tuple[GuestPage, Picture]:
        picture = _scaled(scene, width, height)
        film = write_y4m(tmp_path / "camera.y4m", picture)
        guest, _ = open_page(browser=start_chromium(film))
        return guest.open(), picture

    return open_before


def _scaled(picture: Picture, width: int, height: int) -> Picture:
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _kept(guest: GuestPage, appliance: Appliance) -> Picture:
    """Keep the photo; return what the appliance has made of it."""
    with guest.page.expect_response("**/api/capture?*") as answer:
        guest.keep()
    taken = answer.value.json()
    with appliance.client() as client:
        photo = opened(client.get(f"/uploads/{taken['id']}.jpg").content)
    assert photo.shape[:2] == (taken["height"], taken["width"])
    return photo


def test_a_camera_of_640_by_480_is_said_to_be_small_and_goes_on(
    open_before: OpenBefore, appliance: Appliance
) -> None:
    guest, picture = open_before(640, 480)
    guest.tell(countdown_seconds=3)
    guest.open().start()
    caption = guest.page.locator(".caption")
    expect(caption).to_have_text(SMALL[0])
    expect(guest.page.get_by_role("status")).to_have_text(SMALL[0])
    guest.page.get_by_role("button", name="Choisir la langue").tap()
    guest.page.get_by_role("dialog").get_by_role("button", name="English").tap()
    expect(caption).to_have_text(SMALL[1])
    guest.choose(PLAIN)
    guest.tap("shoot")
    guest.expect_state("countdown")
    expect(caption).to_have_count(0)
    guest.expect_state("review")
    with appliance.client() as client:
        told = client.get("/health").json()["checks"]["camera"]
    assert (told["status"], "640 x 480" in told["detail"]) == ("degraded", True)
    photo = _kept(guest, appliance)
    assert photo.shape == (480, 640, 3), "a small photo is not blown up"
    assert differences(photo, picture).max() < SAME


def test_a_camera_of_4k_is_used_in_full_and_its_photo_kept_at_the_size_that_was_set(
    open_before: OpenBefore, appliance: Appliance
) -> None:
    guest, picture = open_before(3840, 2160)
    guest.start()
    expect(guest.page.locator(".caption")).to_have_count(0)
    guest.choose(PLAIN)
    guest.shoot()
    taken = guest.page.locator("canvas.taken")
    expect(taken).to_have_attribute("width", "3840")
    expect(taken).to_have_attribute("height", "2160")
    photo = _kept(guest, appliance)
    assert photo.shape == (1350, 2400, 3)
    assert differences(photo, _scaled(picture, 2400, 1350)).max() < SAME
