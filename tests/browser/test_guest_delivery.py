"""From the first tap to the phone in the guest's hand: a real cloud, OVH's stand-in, a real outage.

By taps alone, in French and in English. What is looked at is what others get: the row, the picture,
the code on the screen, the SMS.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import Picture
from tests.browser.guest_page import CONFETTI, GuestPage, french
from tests.browser.likeness import SAME, differences, framed, opened
from tests.parts.appliance import Appliance, Tables
from tests.parts.outside import Outside
from tests.parts.relay import Fault
from tests.parts.waiting import wait_until

pytestmark = [pytest.mark.browser, pytest.mark.cloud]

QUICK: Tables = {"guest": {"countdown_seconds": 1}, "health": {"check_interval": "5 s"}}


@dataclass(frozen=True)
class Tongue:
    """What a guest reads, and in which words her SMS comes."""

    chip: str
    locale: str
    opens: str
    opens_later: str
    sent: str
    waiting: str
    leaves_by_itself: str
    sms: str


FRENCH = Tongue(
    chip="Français",
    locale="fr-FR",
    opens=french("La photo s'ouvre aussitôt."),
    opens_later=french(
        "Pas de réseau pour l'instant. Gardez ce lien : il s'ouvrira dès le retour du réseau."
    ),
    sent="Votre SMS est parti",
    waiting="Votre SMS est en attente",
    leaves_by_itself=french(
        "Pas de réseau pour l'instant : votre SMS partira tout seul dès son retour. "
        "Scannez aussi ce code et gardez le lien."
    ),
    sms="Bonjour, votre selfie vous attend ici : {link} Merci de votre visite !",
)
ENGLISH = Tongue(
    chip="English",
    locale="en-GB",
    opens="The photo opens at once.",
    opens_later=(
        "No network right now. Keep the link: it will open as soon as the network is back."
    ),
    sent="Your text is on its way",
    waiting="Your text is waiting",
    leaves_by_itself=(
        "No network right now: your text will leave by itself as soon as it is back. "
        "Scan this code as well and keep the link."
    ),
    sms="Hello, your selfie is waiting for you here: {link} Thank you for your visit!",
)
TONGUES = pytest.mark.parametrize("tongue", [FRENCH, ENGLISH], ids=["fr", "en"])


@pytest.fixture
def appliance(outside: Outside) -> Appliance:
    """Return an appliance whose photos go to the cloud, and its SMS to OVH."""
    return outside.appliance(QUICK).start()


def _invite(guest: GuestPage, tongue: Tongue) -> None:
    guest.page.get_by_role("button", name=tongue.chip, exact=True).tap()


def _rows(appliance: Appliance, query: str) -> list[dict[str, Any]]:
    with sqlite3.connect(f"file:{appliance.data_dir / 'kiosk.db'}?mode=ro", uri=True) as database:
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute(query)]
    database.close()
    return rows


def _photo_on_phone(guest: GuestPage, link: str, tongue: Tongue) -> bytes:
    """Follow the link as a guest's phone does; return the photo that the page shows."""
    browser = guest.page.context.browser
    assert browser is not None
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, is_mobile=True, has_touch=True, locale=tongue.locale
    )
    phone = context.new_page()
    with phone.expect_response(lambda answer: answer.url.endswith(".jpg")) as shown:
        phone.goto(link)
    photo = phone.get_by_role("img")
    expect(photo).to_be_visible()
    assert photo.evaluate("image => image.decode().then(() => image.naturalWidth)") > 0
    expect(phone.locator("html")).to_have_attribute("lang", tongue.locale[:2])
    return shown.value.body()


@TONGUES
def test_a_visit_ends_on_the_guest_s_phone(
    guest: GuestPage, scene: Picture, outside: Outside, appliance: Appliance, tongue: Tongue
) -> None:
    _invite(guest, tongue)
    guest.to_ready(CONFETTI)
    expect(guest.page.locator(".lead")).to_contain_text(tongue.opens, timeout=20_000)
    link = guest.read_code()

    (row,) = _rows(appliance, "select * from captures")
    with appliance.client() as client:
        (frame,) = (
            one for one in client.get("/api/backgrounds").json() if one["name"] == "Confettis"
        )
        wanted = framed(scene, client.get(frame["file_url"]).content)
    kept = (appliance.data_dir / "photos" / f"{row['id']}.jpg").read_bytes()
    assert (row["background_id"], row["download_url"]) == (frame["id"], link)
    assert (row["height"], row["width"]) == wanted.shape[:2]
    assert row["file_size"] == len(kept)
    assert differences(opened(kept), wanted).max() < SAME
    assert _photo_on_phone(guest, link, tongue) == kept

    guest.send_sms("06 12 34 56 78")
    expect(guest.title).to_have_text(tongue.sent, timeout=20_000)
    (sms,) = outside.ovh.ledger
    assert (sms.receiver, sms.message) == ("+33612345678", tongue.sms.format(link=link))
    (sent,) = _rows(appliance, "select * from deliveries where channel = 'sms'")
    assert (sent["state"], sent["recipient"]) == ("delivered", "+33612345678")
    guest.finish()


def _go_offline(outside: Outside, appliance: Appliance) -> None:
    outside.down()
    with appliance.client() as client:
        wait_until(lambda: not client.get("/health").json()["online"], 60, appliance)


def _loads(guest: GuestPage) -> list[str]:
    """Return a list that grows by each page from now on: by itself means without any."""
    seen: list[str] = []
    guest.page.on("framenavigated", lambda frame: seen.append(frame.url))
    return seen


@TONGUES
def test_a_whole_visit_without_network_waits_and_the_text_changes_by_itself(
    guest: GuestPage, outside: Outside, appliance: Appliance, tongue: Tongue
) -> None:
    _go_offline(outside, appliance)
    _invite(guest, tongue)
    loads = _loads(guest)
    lead = guest.page.locator(".lead")

    guest.to_ready(CONFETTI)
    expect(lead).to_contain_text(tongue.opens_later)
    link = guest.read_code()
    guest.send_sms("06 12 34 56 78")
    expect(guest.title).to_have_text(tongue.waiting, timeout=20_000)
    expect(lead).to_have_text(tongue.leaves_by_itself)
    assert (outside.photos(), outside.ovh.ledger) == ([], [])

    outside.up()
    expect(guest.title).to_have_text(tongue.sent, timeout=30_000)
    (sms,) = outside.ovh.ledger
    assert (sms.receiver, sms.message) == ("+33612345678", tongue.sms.format(link=link))
    assert loads == []
    (row,) = _rows(appliance, "select * from captures")
    kept = (appliance.data_dir / "photos" / f"{row['id']}.jpg").read_bytes()
    assert _photo_on_phone(guest, link, tongue) == kept


def test_the_promise_beside_the_code_and_a_lone_outage_of_the_sms_pass_by_themselves(
    guest: GuestPage, outside: Outside, appliance: Appliance
) -> None:
    _go_offline(outside, appliance)
    loads = _loads(guest)
    lead = guest.page.locator(".lead")
    guest.to_ready(CONFETTI)
    expect(lead).to_contain_text(FRENCH.opens_later)
    outside.up()
    expect(lead).to_contain_text(FRENCH.opens, timeout=30_000)

    outside.sms.behave(Fault.REFUSE)
    guest.send_sms("06 12 34 56 78")
    expect(guest.title).to_have_text(FRENCH.waiting, timeout=20_000)
    assert outside.ovh.ledger == []
    outside.sms.behave(Fault.PASS)
    expect(guest.title).to_have_text(FRENCH.sent, timeout=30_000)
    assert len(outside.ovh.ledger) == 1
    assert loads == []
