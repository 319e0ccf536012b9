"""The three forms of a capture, and every rule for its fields."""

import base64
import json
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import FORMS, JPEG, JSON, as_body, as_form, as_json, problem, running
from tests.parts.pictures import jpeg, png, webp

PHOTO = jpeg()
MOBILE = "06 12 34 56 78"
_SETTINGS = {"sms": {"per_number_per_day": 1000, "per_day": 10_000}}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk"), _SETTINGS) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        yield client


def background(client: httpx.Client) -> str:
    found: str = client.get("/api/backgrounds").json()[0]["id"]
    return found


@pytest.mark.parametrize("form", FORMS)
def test_answer_has_every_field(client: httpx.Client, kiosk: Appliance, form: str) -> None:
    answer = FORMS[form](client, PHOTO, phone=MOBILE, consent={"sms": True})
    assert answer.status_code == 201
    assert answer.headers["content-type"] == "application/json"
    capture = answer.json()
    assert set(capture) == {
        "id", "token", "download_url", "qr_url", "status", "online", "sms_id",
        "created_at", "width", "height", "file_size", "background_id",
    }  # fmt: skip
    for name in ("id", "token", "sms_id"):
        assert len(capture[name]) >= 20
        assert capture[name].isalnum()
    assert capture["id"] != capture["token"]
    assert capture["download_url"] == f"{kiosk.url}/api/download/{capture['token']}"
    assert client.get(capture["qr_url"]).status_code == 200
    assert (capture["status"], capture["online"], capture["background_id"]) == (
        "pending",
        True,
        None,
    )
    assert (capture["width"], capture["height"]) == (96, 64)
    assert capture["created_at"].endswith("Z")


def test_three_forms_make_the_same_picture(client: httpx.Client) -> None:
    fields = {"background_id": background(client), "email": "user@example.com", "phone": MOBILE}
    captures = [FORMS[form](client, PHOTO, **fields).json() for form in FORMS]
    photos = {client.get(f"/uploads/{capture['id']}.jpg").content for capture in captures}
    assert len(photos) == 1
    facts = [(c["width"], c["height"], c["file_size"], c["background_id"]) for c in captures]
    assert len(set(facts)) == 1
    assert facts[0][3] == fields["background_id"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(
    ("consent", "texted"),
    [({"sms": True}, True), ({"sms": False, "marketing": True}, False), ({}, False), (None, False)],
)
def test_consent_decides_about_the_sms(
    client: httpx.Client, form: str, consent: dict[str, bool] | None, *, texted: bool
) -> None:
    answer = FORMS[form](client, PHOTO, phone=MOBILE, consent=consent)
    assert answer.status_code == 201, answer.text
    assert (answer.json()["sms_id"] is not None) is texted


def test_consent_without_a_number_texts_nobody(client: httpx.Client) -> None:
    assert as_json(client, PHOTO, consent={"sms": True}).json()["sms_id"] is None


@pytest.mark.parametrize("prefix", ["data:image/jpeg;base64,", "data:image/png;base64,", ""])
def test_data_address_is_taken(client: httpx.Client, prefix: str) -> None:
    body = {"photo_base64": prefix + base64.b64encode(PHOTO).decode()}
    assert client.post("/api/capture", json=body).status_code == 201


@pytest.mark.parametrize("photo", [jpeg(), png(), webp()], ids=["JPEG", "PNG", "WebP"])
@pytest.mark.parametrize("declared", ["image/jpeg", "image/gif", "application/octet-stream"])
def test_content_counts_and_not_the_declared_type(
    client: httpx.Client, photo: bytes, declared: str
) -> None:
    answer = client.post("/api/capture", content=photo, headers={"Content-Type": declared})
    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize(
    "declared", ["application/json; charset=utf-8", "Application/JSON", "application/json;"]
)
def test_spellings_of_json(client: httpx.Client, declared: str) -> None:
    body = json.dumps({"photo_base64": base64.b64encode(PHOTO).decode()})
    answer = client.post("/api/capture", content=body, headers={"Content-Type": declared})
    assert answer.status_code == 201, answer.text


def test_slashes_escaped_as_php_does(client: httpx.Client) -> None:
    body = json.dumps({"photo_base64": base64.b64encode(PHOTO).decode()}).replace("/", "\\/")
    assert client.post("/api/capture", content=body, headers=JSON).status_code == 201


def test_nulls_count_as_left_out(client: httpx.Client) -> None:
    answer = as_json(client, PHOTO, phone=None, email=None, background_id=None, consent=None)
    assert answer.status_code == 201


@pytest.mark.parametrize("form", ["multipart", "raw"])
def test_empty_form_fields_count_as_left_out(client: httpx.Client, form: str) -> None:
    answer = FORMS[form](client, PHOTO, phone="", email="", background_id="", consent="")
    assert answer.status_code == 201, answer.text


WRONG_FIELDS: list[tuple[dict[str, Any], str, str]] = [
    ({"phone": "12"}, "phone-invalid", "phone"),
    ({"phone": "nobody"}, "phone-invalid", "phone"),
    ({"phone": "+33 6 12 34 56"}, "phone-invalid", "phone"),
    ({"phone": "0899 70 00 00"}, "phone-invalid", "phone"),
    ({"phone": "+44 7911 123456"}, "phone-invalid", "phone"),
    ({"email": "nobody"}, "email-invalid", "email"),
    ({"email": "a@b"}, "email-invalid", "email"),
    ({"email": "a b@example.com"}, "email-invalid", "email"),
    ({"email": "a@example.com\r\nBcc: b@example.com"}, "email-invalid", "email"),
    ({"background_id": "no-such"}, "background-unknown", "background_id"),
    ({"colour": "red"}, "invalid-request", "colour"),
    ({"consent": {"sms": 1}}, "invalid-request", "consent.sms"),
    ({"consent": {"sms": "true"}}, "invalid-request", "consent.sms"),
    ({"consent": {"fax": True}}, "invalid-request", "consent.fax"),
    ({"consent": []}, "invalid-request", "consent"),
    ({"consent": "yes"}, "invalid-request", "consent"),
]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("fields", "code", "field"), WRONG_FIELDS, ids=str)
def test_wrong_field_is_named(
    client: httpx.Client, form: str, fields: dict[str, Any], code: str, field: str
) -> None:
    problem(FORMS[form](client, PHOTO, **fields), 422, code, field)


@pytest.mark.parametrize("name", ["phone", "email", "background_id", "photo_base64"])
@pytest.mark.parametrize("value", [7, 1.5, True, [], {}, ["06 12 34 56 78"]], ids=repr)
def test_wrong_type_is_named(client: httpx.Client, name: str, value: object) -> None:
    problem(as_json(client, PHOTO, **{name: value}), 422, "invalid-request", name)


@pytest.mark.parametrize("name", ["phone", "email"])
def test_empty_text_in_json_is_no_number_and_no_address(client: httpx.Client, name: str) -> None:
    problem(as_json(client, PHOTO, **{name: ""}), 422, f"{name}-invalid", name)


def test_photo_is_required(client: httpx.Client) -> None:
    missing = client.post("/api/capture", json={"phone": MOBILE})
    problem(missing, 422, "invalid-request", "photo_base64")
    null = client.post("/api/capture", json={"photo_base64": None})
    problem(null, 422, "invalid-request", "photo_base64")
    form = client.post("/api/capture", files={"phone": (None, MOBILE)})
    problem(form, 422, "invalid-request", "photo")


@pytest.mark.parametrize(
    ("form", "field"), [("JSON", "photo_base64"), ("multipart", "photo"), ("raw", "body")]
)
def test_refused_photo_is_named_as_it_was_sent(client: httpx.Client, form: str, field: str) -> None:
    problem(FORMS[form](client, b"no picture"), 422, "photo-unreadable", field)


def test_query_beside_json_and_multipart_is_refused(client: httpx.Client) -> None:
    body = {"photo_base64": base64.b64encode(PHOTO).decode()}
    answer = client.post("/api/capture?phone=0612345678", json=body)
    problem(answer, 422, "invalid-request", "phone")
    answer = client.post("/api/capture?x=1", files={"photo": PHOTO})
    problem(answer, 422, "invalid-request", "x")


def test_doubled_fields_are_refused(client: httpx.Client) -> None:
    query = client.post("/api/capture?phone=1&phone=2", content=PHOTO, headers=JPEG)
    problem(query, 422, "invalid-request", "phone")
    form = client.post(
        "/api/capture", files=[("photo", PHOTO), ("phone", (None, "1")), ("phone", (None, "2"))]
    )
    problem(form, 422, "invalid-request", "phone")
    text = json.dumps({"photo_base64": base64.b64encode(PHOTO).decode(), "phone": MOBILE})
    twice = client.post("/api/capture", content=text[:-1] + ', "phone" : null}', headers=JSON)
    problem(twice, 422, "invalid-request", "phone")
    inside = text[:-1] + ', "consent": {"sms": true, "sms": false}}'
    problem(client.post("/api/capture", content=inside, headers=JSON), 422, "invalid-request")


@pytest.mark.parametrize("declared", ["text/plain", "application/xml", "multipart/mixed", ""])
def test_other_types_are_415(client: httpx.Client, declared: str) -> None:
    headers = {"Content-Type": declared} if declared else {}
    answer = client.post("/api/capture", content=PHOTO, headers=headers)
    problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("coding", ["gzip", "br", "deflate", "identity, gzip"])
def test_packed_bodies_are_415(client: httpx.Client, coding: str) -> None:
    answer = as_body(client, PHOTO, headers={"Content-Encoding": coding})
    problem(answer, 415, "unsupported-media-type")
    assert answer.headers["accept-encoding"] == "identity"


@pytest.mark.parametrize(
    "typed",
    ["06 12 34 56 78", "06.12.34.56.78", "06-12-34-56-78", "0612345678", "+33612345678",
     "+33 6 12 34 56 78", "0033612345678", "+33 (0)6 12 34 56 78", "٠٦١٢٣٤٥٦٧٨"],
)  # fmt: skip
def test_numbers_as_people_write_them(client: httpx.Client, kiosk: Appliance, typed: str) -> None:
    capture = as_form(client, PHOTO, phone=typed, consent={"sms": True}).json()
    kiosk.wait_for(capture["id"], sms_sent=True)
    (line,) = [line for line in kiosk.handset_lines() if capture["token"] in line]
    assert "+33612345678" in line


def test_landline_is_taken_and_refused_before_any_call(
    client: httpx.Client, kiosk: Appliance
) -> None:
    capture = as_json(client, PHOTO, phone="+33123456789", consent={"sms": True}).json()
    assert capture["sms_id"]
    status = kiosk.wait_for(capture["id"], status="synced")
    (sms,) = [row for row in status["deliveries"] if row["channel"] == "sms"]
    assert (sms["state"], sms["attempts"]) == ("refused", 0)
    assert "landline" in sms["last_error"]
    assert not status["sms_sent"]


def test_background_gives_its_shape(client: httpx.Client) -> None:
    capture = as_json(client, PHOTO, background_id=background(client)).json()
    frame = client.get(f"/api/backgrounds/{capture['background_id']}/file")
    assert frame.status_code == 200
    assert capture["background_id"] == background(client)
    assert max(capture["width"], capture["height"]) <= 2400
