"""A guest who leaves, or is done: the next one finds nothing of her."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import Error, expect

from tests.browser.conftest import OpenPage, StartChromium
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.browser

NUMBER = "06 12 34 56 78"


def test_a_guest_who_leaves_is_warned_then_forgotten(open_page: OpenPage) -> None:
    guest, _ = open_page()
    guest.page.clock.install()
    guest.open()
    guest.to_ready()
    guest.dial(NUMBER)
    guest.page.clock.fast_forward(26_000)
    dialog = guest.page.get_by_role("dialog", name="Vous êtes encore là ?")
    expect(dialog).to_be_visible()
    guest.tap("stay")
    expect(dialog).not_to_be_visible()
    expect(guest.page.locator(".dialled")).to_have_text(NUMBER)
    guest.page.clock.fast_forward(26_000)
    expect(dialog).to_be_visible()
    guest.page.clock.run_for(19_000)
    expect(dialog).to_be_visible()
    guest.page.clock.run_for(2_000)
    guest.expect_state("attract")
    assert "12 34" not in guest.page.content()


def test_a_clock_set_back_does_not_keep_the_guest_on_the_screen(open_page: OpenPage) -> None:
    guest, _ = open_page()
    start = datetime(2026, 5, 1, 12, tzinfo=UTC)
    guest.page.clock.install(time=start)
    guest.open()
    guest.to_ready()
    guest.page.clock.fast_forward(26_000)
    expect(guest.page.get_by_role("dialog")).to_be_visible()
    guest.page.clock.set_system_time(start - timedelta(hours=1))
    guest.page.clock.run_for(2_000)
    expect(guest.page.get_by_role("dialog")).to_contain_text("dans 18 secondes")
    guest.page.clock.run_for(19_000)
    guest.expect_state("attract")


def test_back_brings_nobody_back(
    open_page: OpenPage, start_chromium: StartChromium, appliance: Appliance
) -> None:
    guest, guard = open_page(browser=start_chromium(None, keeps_pages=True))
    guard.expect("404")  # Chromium asks for an icon of the page in between
    # Chromium keeps no page that is asking for something just then.
    for _ in range(3):
        guest.open()
        guest.to_ready()
        guest.page.evaluate(
            "() => addEventListener('pageshow', ({ persisted }) => console.log('shown',"
            " persisted, document.querySelectorAll('img.qr, .taken').length))"
        )
        guest.page.goto(f"{appliance.url}/static/guest/icon.svg")
        with (
            suppress(Error),
            guest.page.expect_console_message(
                lambda said: said.text.startswith("shown"), timeout=5_000
            ) as shown,
        ):
            guest.page.evaluate("() => { history.back(); }")
            break
    assert shown.value.text == "shown true 0"
    guest.expect_state("attract")


def test_after_the_wipe_the_camera_is_off_and_the_photo_is_gone(open_page: OpenPage) -> None:
    guest, guard = open_page()
    guard.expect("ERR_FILE_NOT_FOUND")
    guest.open()
    guest.start()
    guest.choose("Plage au crépuscule")
    guest.page.evaluate("() => { window.seen = document.querySelector('video').srcObject; }")
    guest.shoot()
    made = guest.page.locator("img.taken")
    expect(made).to_be_visible()
    photo = made.get_attribute("src")
    guest.tap("leave")
    guest.expect_state("attract")
    assert guest.page.evaluate("() => seen.getTracks().map((track) => track.readyState)") == [
        "ended"
    ]
    gone = """(url) => new Promise((resolve) => {
        const image = new Image();
        image.onload = () => resolve(false);
        image.onerror = () => resolve(true);
        image.src = url; })"""
    assert guest.page.evaluate(gone, photo)
    assert guest.page.evaluate("() => localStorage.length + sessionStorage.length") == 0
