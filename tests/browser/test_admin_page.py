"""The operator's page: from the first start to a stop, in one visit, by what it says."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, Route, expect

from tests.browser.guard import Guard
from tests.browser.holding import first_held, hold
from tests.parts.admins import PASSWORD, setup_code
from tests.parts.appliance import Appliance, Tables
from tests.parts.guests import running, take
from tests.parts.pictures import jpeg
from tests.parts.requirements import need

PAGES = Path(__file__).parents[2] / "kiosk_appliance" / "web" / "pages"
AXE = PAGES / "node_modules" / "axe-core" / "axe.min.js"
SECTIONS = (
    "Status", "Photos", "Deliveries", "Backdrops", "Settings", "Care", "Log", "Audit", "Account",
)  # fmt: skip
OTHER_PASSWORD = "another horse battery"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    tables: Tables = {"listen": {"requests_per_minute": 6000}, "kiosk": {"name": "Hall B <b>"}}
    with running(tmp_path_factory.mktemp("kiosk"), tables) as appliance:
        yield appliance


@pytest.fixture
def page(chromium: Browser, guard: Guard) -> Page:
    context = chromium.new_context(
        viewport={"width": 1366, "height": 768}, locale="en-GB", service_workers="block"
    )
    # Chromium's word for each answer above 399: not logged in yet, a wrong value.
    guard.expect(
        "status of (401|404|422|503)|ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED_ENCODING"
    )
    guard.expect("ERR_FAILED")
    return context.new_page()


def examine(page: Page) -> None:
    """Fail on whatever axe finds, and on a page that is wider than its screen."""
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate("() => axe.run().then(({violations}) => violations)")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found] == []
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")


def show(page: Page, section: str) -> None:
    page.get_by_role("navigation").get_by_role("link", name=section, exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(section)


def log_in(page: Page, password: str) -> None:
    page.get_by_label("Password").fill(password)
    page.get_by_role("button", name="Log in").click()


@pytest.mark.browser
def test_an_operators_visit(kiosk: Appliance, page: Page, tmp_path: Path) -> None:
    need(AXE.exists(), "axe-core is missing: npm ci in kiosk_appliance/web/pages")
    _enter(page, kiosk)
    _watch(page, kiosk)
    for section in SECTIONS:
        show(page, section)
        expect(page.get_by_text("One moment…")).to_have_count(0)
        examine(page)
    _log(page)
    _photos(page)
    _settings(page, kiosk)
    _backgrounds(page, tmp_path)
    _care(page)
    _on_a_phone(page)
    _leave(page, kiosk)


def _enter(page: Page, kiosk: Appliance) -> None:
    """Set the first password with the code of the log, and log in."""
    page.goto(f"{kiosk.url}/admin")
    expect(page.get_by_role("heading", name="First start")).to_be_visible()
    examine(page)
    expect(page.get_by_label("Set-up code")).to_be_focused()
    page.get_by_label("Set-up code").fill("AAAA-AAAA-AAAA")
    page.get_by_label("New password").fill(PASSWORD)
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("alert")).to_contain_text("not the code")
    page.get_by_label("Set-up code").fill(setup_code(kiosk))
    page.get_by_role("button", name="Set the password").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    log_in(page, "wrong password")
    expect(page.get_by_role("alert")).to_contain_text("wrong")
    log_in(page, PASSWORD)
    expect(page.get_by_role("banner")).to_contain_text("Hall B <b>")
    expect(page).to_have_title(re.compile("^Status . Hall B <b>$"))


def _watch(page: Page, kiosk: Appliance) -> None:
    """See that all is well, and a photo by itself."""
    expect(page.get_by_text("All is well")).to_be_visible()
    expect(page.get_by_text("Online", exact=True)).to_be_visible()
    with kiosk.client() as client:
        photo = take(client, phone="+33612345678", consent={"sms": True})
        kiosk.wait_for(photo["id"], sms_sent=True)
    expect(page.locator(".totals")).to_contain_text("1 SMS sent", timeout=20_000)
    page.get_by_role("navigation").get_by_role("link", name="Deliveries").click()
    expect(page.locator(".counts")).to_contain_text("1 delivered")


def _on_a_phone(page: Page) -> None:
    """Read the state in French, on a phone, with text at twice its size."""
    page.set_viewport_size({"width": 390, "height": 844})
    page.get_by_role("button", name="Français").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Entretien")
    tab = page.get_by_role("navigation").get_by_role("link", name="Entretien")
    expect(tab).to_be_in_viewport(ratio=1)
    rows = page.evaluate(
        "() => new Set([...document.querySelectorAll('.top > *')]"
        ".map((part) => Math.round(part.getBoundingClientRect().bottom / 40))).size"
    )
    assert rows <= 2, "the head takes the screen away"
    page.evaluate("() => { document.documentElement.style.fontSize = '200%'; }")
    page.get_by_role("link", name="État").click()
    expect(page.get_by_text("Tout va bien")).to_be_visible()
    examine(page)
    page.get_by_role("button", name="English").click()


def _leave(page: Page, kiosk: Appliance) -> None:
    """Set another password, which ends every session; see the kiosk stop and come back."""
    show(page, "Account")
    page.get_by_label("Current password").fill(PASSWORD)
    page.get_by_label("New password").fill(OTHER_PASSWORD)
    page.get_by_role("button", name="Change the password").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()
    log_in(page, OTHER_PASSWORD)
    show(page, "Status")
    kiosk.stop()
    expect(page.get_by_text("Line cut")).to_be_visible(timeout=40_000)
    expect(page.get_by_text("out of date")).to_be_visible()
    expect(page.get_by_text("fallen silent")).to_be_visible()
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_text("does not answer")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text("Status")
    examine(page)
    page.get_by_role("navigation").get_by_role("link", name="Photos").click()
    expect(page.get_by_role("alert")).to_contain_text("does not answer")
    kiosk.start()
    expect(page.get_by_text("in all")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=20_000)
    page.route("**/admin/audit?limit=1", lambda route: route.abort(), times=1)
    page.route("**/admin/events", lambda route: route.fulfill(status=503), times=2)
    show(page, "Status")
    page.reload()
    expect(page.get_by_text("does not answer")).to_be_visible()
    expect(page.get_by_text("Too many pages")).to_be_visible(timeout=20_000)
    expect(page.get_by_text("Live", exact=True)).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def _log(page: Page) -> None:
    """Turn to older lines by the keyboard, and stand at the top of them."""
    show(page, "Log")
    page.get_by_role("button", name="Older").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Newest")).to_be_visible()
    head = page.get_by_text("in all")
    expect(head).to_be_focused()
    expect(head).to_be_in_viewport()


def _photos(page: Page) -> None:
    """Find a photo by its number, which is not shown unasked, and erase it by the keyboard."""
    show(page, "Photos")
    expect(page.get_by_text("+33612345678")).to_have_count(0)
    page.get_by_role("button", name="Show", exact=True).click()
    expect(page.get_by_text("+33612345678")).to_be_visible()
    page.get_by_label("Phone").fill("06 99 99 99 99")
    page.keyboard.press("Enter")
    expect(page.get_by_text("No photo here.")).to_be_visible()
    page.get_by_role("link", name="Show all").click()
    today = page.evaluate("() => new Date().toLocaleDateString('sv')")
    page.get_by_label("From").fill(today)
    page.get_by_label("Until").fill(today)
    page.get_by_role("button", name="Filter").click()
    expect(page).to_have_url(re.compile(f"to={today}"))
    expect(page.get_by_text("1 in all")).to_be_visible()
    page.get_by_role("button", name="Erase", exact=True).focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_contain_text("for good")
    examine(page)
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Erase", exact=True).click()
    page.go_back()
    expect(page.get_by_role("dialog")).to_have_count(0)
    page.get_by_role("button", name="Erase", exact=True).click()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    expect(page.get_by_text("No photo here.")).to_be_visible()


def _settings(page: Page, kiosk: Appliance) -> None:
    """Change one wrongly, then rightly, and take it back."""
    show(page, "Settings")
    keys = page.locator(".settings-list .label").all_inner_texts()
    assert not [label for label in keys if "." in label], "a setting without a name"
    countdown = page.get_by_role("textbox", name=re.compile("^Countdown"))
    countdown.fill("99")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("alert")).to_contain_text("30")
    countdown.fill("7")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_text("changed here", exact=True)).to_be_visible()
    with kiosk.client() as client:
        assert client.get("/guest/config.json").json()["countdown_seconds"] == 7
    welcome = page.get_by_role("textbox", name=re.compile("^Welcome"))
    welcome.fill("Still being typed")
    page.get_by_role("button", name=re.compile("Back to kiosk.toml")).click()
    expect(countdown).to_have_value("3")
    expect(welcome).to_have_value("Still being typed")
    page.get_by_role("button", name="Discard").click()


def _backgrounds(page: Page, tmp_path: Path) -> None:
    """Add a backdrop, put it first, hide it, and remove it though another page did so before."""
    file = tmp_path / "Beach.jpg"
    file.write_bytes(jpeg())
    show(page, "Backdrops")
    page.get_by_label("Picture").set_input_files(
        {"name": "notes.jpg", "mimeType": "image/jpeg", "buffer": b"no picture"}
    )
    page.get_by_role("button", name="Add").click()
    expect(page.get_by_role("alert")).to_contain_text("whole JPEG")
    page.get_by_label("Picture").set_input_files(file)
    page.get_by_label("Name").fill("Beach" + "x" * 70)
    page.get_by_role("button", name="Add").dblclick()
    tile = page.get_by_role("listitem").filter(has=page.get_by_role("heading", name="Beach"))
    expect(tile).to_contain_text("shown")
    assert page.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
    held = hold(page, "**/admin/backgrounds/*", times=1)
    tile.get_by_role("button", name="Earlier").click()
    asked = first_held(page, held)
    # Its neighbour is about to take its place under the pointer.
    for button in page.locator(".tile button").all():
        expect(button).to_be_disabled()
    asked.continue_()
    tile.get_by_role("button", name="Hide").click()
    expect(tile).to_contain_text("hidden")
    other = page.context.new_page()
    other.goto(page.url)
    for shown in (page, other):
        tile = shown.get_by_role("listitem").filter(has=shown.get_by_role("heading", name="Beach"))
        tile.get_by_role("button", name="Remove").click()
    for shown in (page, other):
        shown.get_by_role("dialog").get_by_role("button", name="Remove").click()
        expect(shown.get_by_role("heading", name="Beach")).to_have_count(0)
    expect(other.get_by_text("not there any more")).to_be_visible()
    other.close()


def _still_waiting(route: Route) -> None:
    route.fulfill(json={**route.fetch().json(), "state": "waiting"})


def _care(page: Page) -> None:
    """Erase a person, try the storage, carry a backup and a table away."""
    show(page, "Care")
    page.route("**/admin/erasures/*", _still_waiting, times=1)
    page.get_by_label("Phone / E-mail").fill("anne@example.com")
    page.get_by_role("button", name="Erase").first.click()
    page.get_by_role("dialog").get_by_role("button", name="Erase").click()
    expect(page.get_by_text("erased everywhere")).to_be_visible(timeout=20_000)
    page.get_by_role("button", name="Test the storage").click()
    expect(page.get_by_text("It worked")).to_be_visible()
    for name, file in (("backup", r"kiosk-.*\.tar\.gz"), ("CSV", r"captures\.csv")):
        with page.expect_download() as download:
            page.get_by_role("button", name=re.compile(f"Download.*{name}")).click()
        assert re.fullmatch(file, download.value.suggested_filename)
