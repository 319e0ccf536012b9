"""Whatever a guest does, the log names neither her number nor a link to her photo."""

from tests.parts.appliance import Appliance
from tests.parts.guests import BROWSER, FORMS, as_json, take
from tests.parts.pictures import jpeg

NUMBERS = (
    "06 12 34 56 78", "0612345678", "06.12.34.56.78", "06-12-34-56-78", "+33612345678",
    "+33 6 12 34 56 78", "0033612345678", "0033 6 12 34 56 78", "612345678", "06/12/34/56/78",
    "06 12 34 56 78", "0899700000", "+447911123456", "+33123456789",
)  # fmt: skip
EMAIL = "somebody@example.com"


def test_session_leaves_no_trace_of_a_guest(appliance: Appliance) -> None:
    secrets = {*NUMBERS, EMAIL, "somebody"}
    with appliance.client() as client:
        for number in NUMBERS:
            for form in FORMS.values():
                form(client, jpeg(), phone=number, email=EMAIL, consent={"sms": True})
            client.post("/api/send-sms", json={"phone": number, "capture_id": "x"})
            client.get(f"/api/status/{number}")
            client.get("/api/download/x", params={"phone": number})
            client.get("/", headers={"X-Forwarded-For": number, "User-Agent": number})
            client.get(f"/{number}")
        for _ in range(3):
            capture = take(client, phone="0612345678", consent={"sms": True}, email=EMAIL)
            secrets |= {capture["id"], capture["token"]}
            client.post(
                "/api/send-sms", json={"phone": "+33611223344", "capture_id": capture["id"]}
            )
            for path in (
                f"/api/download/{capture['token']}",
                f"/api/download/{capture['id']}",
                f"/uploads/{capture['id']}.jpg",
                f"/api/qr/{capture['token']}",
                f"/api/status/{capture['id']}",
                f"/nothing/{capture['token']}",
            ):
                for method in ("GET", "HEAD", "PUT", "OPTIONS", "TRACE"):
                    client.request(method, path, headers={"Accept": BROWSER})
                client.get(path, headers={"Host": "evil.example"})
        as_json(client, jpeg(), headers={"Idempotency-Key": capture["token"]})
        client.post("/api/capture", content=b"x", headers={"Content-Type": "image/jpeg"})
        appliance.wait_for(capture["id"], sms_sent=True)
    assert appliance.stop() == 0
    log = appliance.log()
    assert [event["event"] for event in appliance.events()].count("request") > 100
    found = {secret for secret in secrets if secret in log}
    assert not found
    for digits in ("612345678", "611223344", "6 12 34 56 78"):
        assert digits not in log


def test_request_lines_bear_templates_and_correlation_ids(appliance: Appliance) -> None:
    with appliance.client() as client:
        client.get("/api/status/abc", headers={"X-Correlation-ID": "trace-me"})
        client.put("/api/qr/abc", headers={"X-Correlation-ID": "trace-me-too"})
        client.get("/guest/now.json", headers={"X-Correlation-ID": "asked-all-day"})
        client.post("/api/preview/mask", headers={"X-Correlation-ID": "ten-a-second"})
        # A line is written once its answer has left; the next answer comes after it.
        client.get("/health/ping")
    lines = {event.get("correlation_id"): event for event in appliance.events()}
    assert lines["trace-me"]["path"] == "/api/status/{capture_id}"
    assert lines["trace-me"]["status"] == 404
    assert lines["trace-me-too"]["path"] == "/api/qr/{token}"
    assert lines["trace-me-too"]["status"] == 405
    assert not {"asked-all-day", "ten-a-second"} & lines.keys()
