"""A camera that is missing, refused, busy, hangs or leaves: each has its sentence and its way on.

All of it happens to the browser's camera, not to the page, but for two things that no film can do:
being held by another program, and the event that says that a cable was plugged in.
"""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.cameras import Camera, notice
from tests.browser.chromium import Picture
from tests.browser.conftest import OpenPage, StartChromium
from tests.browser.guest_page import GuestPage, french
from tests.parts.appliance import Appliance
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.browser

REFUSED = (
    french("La caméra n'est pas autorisée"),
    french("Prévenez l'équipe : le navigateur de la borne doit autoriser la caméra."),
    "The camera is not allowed",
    french("Please tell the staff: the booth's browser must allow the camera."),
)
MISSING = (
    "Aucune caméra trouvée",
    french("Prévenez l'équipe : le câble de la caméra est à vérifier."),
    "No camera found",
    "Please tell the staff: the camera cable needs a look.",
)
BUSY = (
    "La caméra est occupée",
    french("Prévenez l'équipe : un autre programme utilise la caméra, il faut le fermer."),
    "The camera is busy",
    "Please tell the staff: another program uses the camera and must be closed.",
)
LOST = (
    french("La caméra s'est débranchée"),
    french("Prévenez l'équipe : le câble de la caméra est à rebrancher."),
    "The camera came unplugged",
    "Please tell the staff: the camera cable must be plugged in again.",
)
SILENT = (
    "La caméra ne répond pas",
    french("Prévenez l'équipe : la caméra est à débrancher, puis à rebrancher."),
    "The camera does not respond",
    "Please tell the staff: the camera must be unplugged and plugged in again.",
)


@pytest.fixture
def camera(tmp_path: Path, scene: Picture) -> Camera:
    return Camera(tmp_path / "camera.y4m", scene)


@pytest.fixture
def browser(camera: Camera, start_chromium: StartChromium) -> Browser:
    return start_chromium(camera.film)


@pytest.fixture
def guest(open_page: OpenPage, browser: Browser) -> GuestPage:
    page, _ = open_page(browser=browser)
    return page.open()


def enter(guest: GuestPage) -> None:
    guest.tap("start")
    guest.tap("accept")
    guest.expect_state("choose")


def expect_trouble(guest: GuestPage, words: tuple[str, str, str, str]) -> None:
    """Read why there is no picture, and whom to tell, in both languages; the guest may leave."""
    title_fr, help_fr, title_en, help_en = words
    for language, title, lead in (("", title_fr, help_fr), ("English", title_en, help_en)):
        if language:
            _speak(guest, language)
        expect(guest.title).to_have_text(title, timeout=20_000)
        expect(guest.page.locator(".lead")).to_have_text(lead)
        expect(guest.page.get_by_role("status")).to_contain_text(title)
        expect(guest.button("leave")).to_be_visible()
        expect(guest.button("retry")).to_be_visible()
        expect(guest.button("shoot")).to_have_count(0)
    _speak(guest, "Français")


def _speak(guest: GuestPage, language: str) -> None:
    guest.page.get_by_role("button", name="Choisir la langue").or_(
        guest.page.get_by_role("button", name="Choose a language")
    ).tap()
    guest.page.get_by_role("dialog").get_by_role("button", name=language).tap()


def expect_way_on(guest: GuestPage, appliance: Appliance) -> None:
    """See a picture again, and take a photo; the operator's alarm is over."""
    expect(guest.button("shoot")).to_be_enabled(timeout=20_000)
    guest.shoot()
    expect_alarm(appliance, None)


def expect_alarm(appliance: Appliance, cause: str | None) -> None:
    """Wait until the operator is told of this trouble with the camera, or of none."""
    with appliance.client() as client:

        def told() -> str | None:
            check = client.get("/health").json()["checks"].get("camera")
            return check and str(check["cause"])

        wait_until(lambda: told() == cause, 10, appliance)


def test_a_refused_camera_is_explained_and_opens_once_it_is_allowed(
    open_page: OpenPage, start_chromium: StartChromium, appliance: Appliance
) -> None:
    guest, _ = open_page(browser=start_chromium(None, camera_granted=False))
    guest.open()
    enter(guest)
    expect_trouble(guest, REFUSED)
    expect_alarm(appliance, "refused")
    guest.tap("retry")
    expect_trouble(guest, REFUSED)
    guest.page.context.grant_permissions(["camera"], origin=guest.url)
    expect_way_on(guest, appliance)


def test_a_missing_camera_is_explained_and_tried_again(
    guest: GuestPage, camera: Camera, appliance: Appliance
) -> None:
    enter(guest)
    expect_trouble(guest, MISSING)
    expect_alarm(appliance, "missing")
    guest.tap("retry")
    expect_trouble(guest, MISSING)
    camera.plug_in()
    guest.tap("retry")
    expect_way_on(guest, appliance)


def test_a_busy_camera_is_explained_and_tried_again(
    guest: GuestPage, camera: Camera, appliance: Appliance
) -> None:
    camera.plug_in()
    # Nobody else can hold a film: the page hears what Chromium says of a device that is in use.
    guest.page.evaluate(
        """() => {
          const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
          let calls = 0;
          navigator.mediaDevices.getUserMedia = (wish) => (calls += 1) === 1
            ? Promise.reject(new DOMException("Could not start video source", "NotReadableError"))
            : open(wish);
        }"""
    )
    enter(guest)
    expect_trouble(guest, BUSY)
    expect_alarm(appliance, "busy")
    guest.tap("retry")
    expect_way_on(guest, appliance)


def test_a_camera_unplugged_in_the_countdown_brings_the_guest_back(
    guest: GuestPage, camera: Camera, browser: Browser, appliance: Appliance
) -> None:
    camera.plug_in()
    guest.tell(countdown_seconds=5)
    guest.open().start()
    guest.choose("Confettis")
    guest.tap("shoot")
    guest.expect_state("countdown")
    camera.unplug(browser)
    guest.expect_state("choose")
    expect_trouble(guest, LOST)
    expect_alarm(appliance, "lost")
    guest.tap("retry")
    expect_trouble(guest, MISSING)
    camera.plug_in()
    notice(guest.page)
    chosen = guest.page.get_by_role("button", name="Confettis", exact=True)
    expect(chosen).to_have_attribute("aria-pressed", "true")
    expect_way_on(guest, appliance)


def test_a_camera_that_never_answers_is_explained_and_still_welcome(
    guest: GuestPage, camera: Camera, browser: Browser, appliance: Appliance
) -> None:
    camera.plug_in()
    guest.start()
    guest.tap("leave")
    guest.expect_state("attract")
    with camera.hanging(browser):
        enter(guest)
        expect_trouble(guest, SILENT)
        expect_alarm(appliance, "silent")
    expect_way_on(guest, appliance)


def test_a_picture_that_stands_still_becomes_no_photo(
    guest: GuestPage, camera: Camera, browser: Browser, appliance: Appliance
) -> None:
    camera.plug_in()
    guest.tell(countdown_seconds=5)
    guest.open().start()
    guest.tap("shoot")
    guest.expect_state("countdown")
    with camera.hanging(browser):
        guest.expect_state("choose")
        expect_trouble(guest, SILENT)
    guest.tap("retry")
    expect_way_on(guest, appliance)
