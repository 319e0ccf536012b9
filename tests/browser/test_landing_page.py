"""The page behind the link, on a guest's phone: from the kiosk, and as a file in the cloud."""

import hashlib
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.parts.appliance import Appliance
from tests.parts.guests import take
from tests.parts.pictures import jpeg

pytestmark = pytest.mark.browser

PHONE: ViewportSize = {"width": 390, "height": 844}
PAPER = {"light": "rgb(255, 250, 241)", "dark": "rgb(28, 10, 43)"}


@pytest.fixture(scope="module", params=[(1080, 1920), (1600, 1000)], ids=["upright", "wide"])
def capture(request: pytest.FixtureRequest, appliance: Appliance) -> dict[str, Any]:
    with appliance.client() as client:
        return take(client, jpeg(*request.param))


@pytest.fixture(params=["light", "dark"])
def page(request: pytest.FixtureRequest, chromium: Browser) -> Page:
    context = chromium.new_context(
        viewport=PHONE, color_scheme=request.param, is_mobile=True, has_touch=True
    )
    return context.new_page()


def looks_right(page: Page, capture: dict[str, Any]) -> None:
    """Check that style and photo are there, and all of it on one screen."""
    dark = page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches")
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert paper == PAPER["dark" if dark else "light"]
    photo = page.get_by_role("img")
    assert (
        photo.evaluate("image => image.decode().then(() => image.naturalWidth)")
        == (capture["width"])
    )
    place = photo.bounding_box()
    assert place is not None
    shown, meant = place["width"] / place["height"], capture["width"] / capture["height"]
    assert shown == pytest.approx(meant, rel=0.02)
    button = page.get_by_role("link").bounding_box()
    assert button is not None
    assert button["height"] >= 48
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    last = page.locator(".words > :visible").last.bounding_box()
    assert last is not None
    assert last["y"] + last["height"] <= PHONE["height"]


def test_page_of_the_kiosk(page: Page, capture: dict[str, Any], appliance: Appliance) -> None:
    page.goto(capture["download_url"])
    looks_right(page, capture)
    with page.expect_download() as saving:
        page.get_by_role("link").click()
    saved = Path(saving.value.path()).read_bytes()
    with appliance.client() as client:
        photo = client.get(f"/uploads/{capture['id']}.jpg").content
    assert hashlib.sha256(saved).digest() == hashlib.sha256(photo).digest()
    assert saving.value.suggested_filename.endswith(".jpg")


def test_same_page_as_a_file_beside_the_photo(
    chromium: Browser, capture: dict[str, Any], appliance: Appliance
) -> None:
    appliance.wait_for(capture["id"], is_synced=True)
    cloud = appliance.data_dir / "cloud"
    assert (cloud / f"{capture['token']}.jpg").stat().st_size == capture["file_size"]
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True)
    page = context.new_page()
    page.goto((cloud / f"{capture['token']}.html").as_uri())
    looks_right(page, capture)


def test_phone_held_sideways_shows_photo_and_button(page: Page, capture: dict[str, Any]) -> None:
    page.set_viewport_size({"width": PHONE["height"], "height": PHONE["width"]})
    page.goto(capture["download_url"])
    for part in (page.get_by_role("img"), page.get_by_role("link")):
        place = part.bounding_box()
        assert place is not None
        assert place["y"] >= 0
        assert place["y"] + place["height"] <= PHONE["width"]


def test_the_page_speaks_the_phone_s_language_shares_and_erases_in_two_taps(
    chromium: Browser, appliance: Appliance
) -> None:
    with appliance.client() as client:
        capture = take(client, jpeg(1200, 800))
    context = chromium.new_context(viewport=PHONE, is_mobile=True, has_touch=True, locale="de-DE")
    page = context.new_page()
    page.add_init_script(
        "navigator.share = async (what) => { window.shared = what; };"
        "navigator.canShare = () => true;"
    )
    page.goto(capture["download_url"])
    expect(page.get_by_role("heading", name="Ihr Foto ist da!")).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_text("Es wird am")).to_be_visible()
    expect(page.locator(".en")).not_to_be_visible()
    page.get_by_role("button", name="Teilen").tap()
    page.wait_for_function("() => window.shared")
    assert page.evaluate("() => shared.files[0].size") == capture["file_size"]
    page.get_by_role("button", name="Mein Foto jetzt löschen").tap()
    page.get_by_role("button", name="Noch einmal tippen, um es endgültig zu löschen").tap()
    expect(page.get_by_role("heading", name="Ihr Foto ist gelöscht.")).to_be_visible()
    expect(page.get_by_role("img")).to_have_count(0)
    with appliance.client() as client:
        assert client.get(f"/api/download/{capture['token']}").status_code == 410


def test_without_a_script_the_page_is_french_and_english(
    chromium: Browser, capture: dict[str, Any]
) -> None:
    context = chromium.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(capture["download_url"])
    expect(page.get_by_role("link", name="Enregistrer la photo Save the photo")).to_be_visible()
    expect(page.get_by_text("Or hold your finger")).to_be_visible()
    expect(page.get_by_role("button")).to_have_count(0)
