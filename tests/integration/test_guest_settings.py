"""What the guest page is told, and what it tells: colour, logo, review, notice, language."""

from collections.abc import Callable
from pathlib import Path

import pytest

from kiosk_appliance.domain.sms_texts import in_language
from kiosk_appliance.settings.declarations import SMS_TEXT
from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance
from tests.parts.guests import take
from tests.parts.pictures import jpeg

REVIEW = "https://g.page/example/review?source=kiosk"


def test_the_page_s_own_settings_and_pictures(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    logo = tmp_path / "logo.png"
    logo.write_bytes(jpeg(40, 20))  # told by its content, not by its name
    guest = {
        "colour": "#0055AA",
        "logo": str(logo),
        "google_review_url": REVIEW,
        "google_review_enabled": True,
        "marketing_opt_in": True,
    }
    appliance = make_appliance({"guest": guest, "sms": {"countries": ["FR", "BE"]}}).start()
    with appliance.client() as client:
        told = client.get("/guest/config.json").json()
        assert (told["colour"], told["logo"], told["review"]) == ("#0055aa", True, True)
        assert told["countries"] == [
            {"region": "FR", "calling": "33"},
            {"region": "BE", "calling": "32"},
        ]
        assert client.get("/guest/review.svg").headers["content-type"] == "image/svg+xml"
        assert client.get("/guest/logo").headers["content-type"] == "image/jpeg"
        logo.write_text("<svg xmlns='http://www.w3.org/2000/svg'/>", encoding="utf-8")
        assert client.get("/guest/logo").status_code == 404


def test_without_a_review_page_or_a_logo_there_is_none(appliance: Appliance) -> None:
    with appliance.client() as client:
        told = client.get("/guest/config.json").json()
        assert (told["logo"], told["review"]) == (False, False)
        assert client.get("/guest/review.svg").status_code == 404
        assert client.get("/guest/logo").status_code == 404


@pytest.mark.parametrize("language", ["de", "es", "it", "nl", "en"])
def test_a_kiosk_abroad_speaks_its_language_by_itself(
    make_appliance: Callable[..., Appliance], language: str
) -> None:
    own = {"success_message": "Bis bald im Laden!"}
    appliance = make_appliance({"kiosk": {"language": language}, "guest": own}).start()
    with appliance.client() as client:
        told = client.get("/guest/config.json").json()
        assert told["language"] == language
        assert told["welcome_message"] == ""  # ours is French
        assert told["success_message"] == own["success_message"]
        taken = take(client, jpeg(64, 48), phone="06 12 34 56 79", consent={"sms": True})
        appliance.wait_for(taken["id"], sms_sent=True)
    (line,) = appliance.handset_lines()
    assert in_language(SMS_TEXT, language).partition("{link}")[0] in line


def test_the_sms_speaks_the_guest_s_language_and_the_notice_is_recorded(
    appliance: Appliance,
) -> None:
    with appliance.client() as client:
        query = {"consent": '{"marketing": true}'}
        headers = {"Content-Type": "image/jpeg", "Notice-Version": "de-1"}
        taken = client.post(
            "/api/capture", params=query, content=jpeg(64, 48), headers=headers
        ).json()
        sms = {"phone": "06 12 34 56 78", "capture_id": taken["id"]}
        speaks = {"Accept-Language": "de"}
        assert client.post("/api/send-sms", json=sms, headers=speaks).status_code == 202
        appliance.wait_for(taken["id"], sms_sent=True)
        (line,) = [line for line in appliance.handset_lines() if taken["download_url"] in line]
        assert "Ihr Selfie wartet" in line
        plain = take(client, jpeg(64, 48), phone="06 12 34 56 79", consent={"sms": True})
        appliance.wait_for(plain["id"], sms_sent=True)
        assert any("Bonjour, votre selfie" in line for line in appliance.handset_lines())
        set_up(appliance)
        about = {"message": "notice"}
        answer = client.get("/admin/logs", params=about, headers=bearer(token_of(client)))
        logged = answer.json()["items"]
    assert [line["message"] for line in logged] == [
        f"capture taken: {taken['id']}, after notice de-1"
    ]
