"""Whatever is sent: a right 4xx with a sentence, memory bounded, and the next photo is taken."""

import base64
import gzip
import io
import json
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import numpy as np
import pytest
from PIL import Image

from tests.parts.appliance import Appliance
from tests.parts.guests import (
    FORMS,
    JPEG,
    JSON,
    answered,
    as_body,
    as_form,
    as_json,
    exchange,
    head,
    problem,
    running,
    take,
)
from tests.parts.pictures import Odd, hostile_pictures, jpeg, odd_pictures

MB = 1_048_576
PHOTO = jpeg()
TEXT = base64.b64encode(PHOTO).decode()
PICTURES = hostile_pictures()
ODD = odd_pictures()
BOUNDARY = {"Content-Type": "multipart/form-data; boundary=cut"}
# Over idle: two pictures of 40 megapixels in work, and the bodies on their way in.
_MOST_GROWTH = 450 * MB


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    """Run one appliance for all; at the end it lives, has not swollen, and found no bug."""
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        idle = _peak(appliance)
        yield appliance
        assert appliance.process is not None
        assert appliance.process.poll() is None
        assert _peak(appliance) - idle < _MOST_GROWTH
        assert "request_failed" not in appliance.log()
        assert "Traceback" not in appliance.log()


@pytest.fixture(scope="module")
def connection(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as connection:
        yield connection


@pytest.fixture
def client(connection: httpx.Client) -> Iterator[httpx.Client]:
    """Hand out a client; after the test, a good photo is taken as if nothing had been."""
    yield connection
    assert as_json(connection, PHOTO).status_code == 201


def _peak(appliance: Appliance) -> int:
    assert appliance.process is not None
    status = Path(f"/proc/{appliance.process.pid}/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) * 1024


@pytest.mark.parametrize("name", PICTURES)
def test_hostile_picture_is_refused(client: httpx.Client, name: str) -> None:
    data, code = PICTURES[name]
    form = list(FORMS)[len(name) % 3]
    problem(FORMS[form](client, data), 422, code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "?",
        "base64-image-data",
        TEXT[:-1],
        TEXT[:40] + "\n" + TEXT[40:],
        " " + TEXT,
        TEXT.replace("/", "_").replace("+", "-"),
        TEXT + "====",
        "é" * 100,
        "\x00" * 100,
        "data:image/jpeg;base64,",
        "data:image/jpeg," + TEXT,
        "data:" + TEXT,
        "data:;base64,,," + TEXT,
        "A" * 5_000_000,
    ],
    ids=lambda text: text[:30],
)
def test_text_that_is_no_photo_is_refused(client: httpx.Client, text: str) -> None:
    answer = client.post("/api/capture", json={"photo_base64": text})
    problem(answer, 422, "photo-unreadable", "photo_base64")


MALFORMED = {
    "nothing": b"",
    "blank": b"   ",
    "half": b'{"photo_base64": "',
    "two values": b"{} {}",
    "trailing comma": b'{"photo_base64": "x",}',
    "single quotes": b"{'photo_base64': 'x'}",
    "not a number": b'{"photo_base64": NaN}',
    "byte order mark": b'\xef\xbb\xbf{"photo_base64": "x"}',
    "UTF-16": '{"photo_base64": "x"}'.encode("utf-16"),
    "invalid UTF-8": b'{"photo_base64": "\xff\xfe"}',
    "cut UTF-8": b'{"phone": "\xc3", "photo_base64": "x"}',
    "overlong UTF-8": b'{"phone": "\xc0\x80", "photo_base64": "x"}',
    "lone surrogate": b'{"phone": "\\ud800", "photo_base64": "x"}',
    "low surrogate first": b'{"phone": "\\udc00\\ud800", "photo_base64": "x"}',
    "bare control character": b'{"phone": "\x00", "photo_base64": "x"}',
    "wrong escape": b'{"phone": "\\x41", "photo_base64": "x"}',
    "deep lists": b"[" * 200_000,
    "deep objects": b'{"a":' * 100_000 + b"1" + b"}" * 100_000,
    "gzip": gzip.compress(b'{"photo_base64": "x"}'),
    "the photo itself": PHOTO,
}


@pytest.mark.parametrize("name", MALFORMED)
@pytest.mark.parametrize("path", ["/api/capture", "/api/send-sms"])
def test_malformed_json_is_400(client: httpx.Client, path: str, name: str) -> None:
    answer = client.post(path, content=MALFORMED[name], headers=JSON)
    if name.startswith("deep"):
        # Well-formed as far as it is read: an unknown field or a wrong type is found first.
        assert answer.status_code in {400, 422}
        problem(answer, answer.status_code, "invalid-request")
    else:
        problem(answer, 400, "invalid-request")


@pytest.mark.parametrize("body", [b"[]", b"null", b"7", b'"text"', b"true", b"[{}]"], ids=repr)
@pytest.mark.parametrize("path", ["/api/capture", "/api/send-sms"])
def test_json_that_is_no_object_is_422(client: httpx.Client, path: str, body: bytes) -> None:
    problem(client.post(path, content=body, headers=JSON), 422, "invalid-request", "body")


HUGE = {
    "phone": ("phone", "0" * MB, "phone-invalid"),
    "phone of blanks": ("phone", " " * MB, "phone-invalid"),
    "phone of plus signs": ("phone", "+" * MB, "phone-invalid"),
    "e-mail": ("email", "a" * MB + "@example.com", "email-invalid"),
    "e-mail of dots": ("email", "a@" + "a." * 500_000 + "fr", "email-invalid"),
    "background": ("background_id", "b" * MB, "background-unknown"),
    "consent": ("consent", "c" * MB, "invalid-request"),
    "unknown name": ("n" * MB, "x", "invalid-request"),
    "nested": ("consent", {"x": {"y": "z" * MB}}, "invalid-request"),
}


@pytest.mark.parametrize("name", HUGE)
def test_huge_texts_are_refused_in_few_words(client: httpx.Client, name: str) -> None:
    field, value, code = HUGE[name]
    problem(as_json(client, PHOTO, **{field: value}), 422, code)


NUMBERS = [
    "0899 70 00 00", "+33 899 700 000", "+1 900 555 0199", "3615", "112", "17", "06 12 34 56",
    "06 12 34 56 7", "06 12 34 56 78 9", "+33 6 12 34 56 789", "+0612345678",
    "06 12 34 56 7a", "SIX ZERO", "0612345678;ext=1", "tel:0612345678x9", "0612345678 poste 3",
    "+44 7911 123456", "+1 202 555 0143", "+33", "0", "1e9", "\u0000", "\x7f",
    "06\x0012345678", "\u202e8765432160", "😀", "0612345678,0612345679", "<script>", "' or 1=1 --",
    "0000000000", "+999 123456789", "0033", "00", "#31#0612345678", "*31#0612345678",
]  # fmt: skip


@pytest.mark.parametrize("typed", NUMBERS, ids=ascii)
def test_wrong_number_is_refused_with_the_reason(client: httpx.Client, typed: str) -> None:
    found = problem(as_json(client, PHOTO, phone=typed), 422, "phone-invalid", "phone")
    assert typed not in found["detail"] or len(typed) < 3


@pytest.mark.parametrize("email", ["@", "a@", "@b.fr", "a@b..fr", "a@b.fr\x00", "a@b.f", "a@.fr"])
def test_wrong_address_is_refused(client: httpx.Client, email: str) -> None:
    problem(as_json(client, PHOTO, email=email), 422, "email-invalid", "email")


@pytest.mark.parametrize("name", ["../../etc/passwd", "%00", "\x00", "' or '1'='1", "a/b", "😀"])
def test_odd_background_is_unknown(client: httpx.Client, name: str) -> None:
    problem(as_json(client, PHOTO, background_id=name), 422, "background-unknown", "background_id")


def part(name: str, value: bytes, extra: str = "") -> bytes:
    disposition = f'Content-Disposition: form-data; name="{name}"{extra}\r\n\r\n'
    return b"--cut\r\n" + disposition.encode() + value + b"\r\n"


END = b"--cut--\r\n"
WHOLE = part("photo", PHOTO, '; filename="p.jpg"')

DAMAGED = {
    "empty": b"",
    "no end": WHOLE,
    "cut in the photo": WHOLE[:200],
    "cut in a head": b'--cut\r\nContent-Disposition: form-data; name="pho',
    "no boundary in the body": PHOTO,
    "other boundary": b"--other" + WHOLE[5:] + b"--other--\r\n",
    "no name": b"--cut\r\nContent-Type: image/jpeg\r\n\r\n" + PHOTO + b"\r\n" + END,
    "endless head": b"--cut\r\n" + b"X: y\r\n" * 5000 + b"\r\n" + END,
    "long head": b"--cut\r\nX: " + b"y" * 100_000 + b"\r\n\r\n" + END,
    "thousand parts": b"".join(part(f"f{i}", b"x") for i in range(1000)) + WHOLE + END,
    "bare line feeds": WHOLE.replace(b"\r\n", b"\n") + END,
}


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_multipart_is_400(client: httpx.Client, name: str) -> None:
    answer = client.post("/api/capture", content=DAMAGED[name], headers=BOUNDARY)
    if name == "thousand parts":
        assert answer.status_code in {400, 422}
        problem(answer, answer.status_code, "invalid-request")
    else:
        problem(answer, 400, "invalid-request")


@pytest.mark.parametrize(
    "declared",
    ["multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary",
     "multipart/form-data; boundary=é"],
)  # fmt: skip
def test_multipart_without_boundary_is_400(client: httpx.Client, declared: str) -> None:
    headers = [(b"Content-Type", declared.encode("latin-1"))]
    answer = client.post("/api/capture", content=WHOLE + END, headers=headers)
    problem(answer, 400, "invalid-request")


def test_wrong_multipart_fields_are_422(client: httpx.Client) -> None:
    for body, field in (
        (WHOLE + part("phone", b"\xff\xfe") + END, "phone"),
        (WHOLE + WHOLE + END, "photo"),
        (part("Photo", PHOTO) + END, "Photo"),
        (WHOLE + part("consent", b"{") + END, "consent"),
        (WHOLE + part("consent", b"[" * 100_000) + END, "consent"),
        (WHOLE + part("consent", b"null") + END, "consent"),
        (END, "photo"),
    ):
        answer = client.post("/api/capture", content=body, headers=BOUNDARY)
        problem(answer, 422, "invalid-request", field)


def test_photo_of_one_byte_too_many_is_413(client: httpx.Client) -> None:
    fat = PHOTO + b"\0" * (10 * MB + 1 - len(PHOTO))
    for form, field in (("raw", "body"), ("multipart", "photo"), ("JSON", "photo_base64")):
        found = problem(FORMS[form](client, fat), 413, "photo-too-large", field)
        assert "10 MB" in found["detail"]
    for send in FORMS.values():
        assert send(client, fat[:-1]).status_code == 201


@pytest.mark.parametrize("declared", ["image/jpeg", "application/json", "multipart/form-data"])
def test_chunks_past_the_limit_are_413(client: httpx.Client, declared: str) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(40):
            yield b"A" * MB

    headers = {"Content-Type": f"{declared}; boundary=cut"}
    answer = client.post("/api/capture", content=endless(), headers=headers)
    problem(answer, 413, "photo-too-large")


def test_other_bodies_end_at_one_megabyte(client: httpx.Client) -> None:
    body = json.dumps({"phone": "0" * MB, "capture_id": "x"})
    problem(client.post("/api/send-sms", content=body, headers=JSON), 413, "body-too-large")
    long = json.dumps({"phone": "0" * (MB - 100), "capture_id": "x"})
    problem(client.post("/api/send-sms", content=long, headers=JSON), 422, "phone-invalid")


def request(*lines: str) -> bytes:
    return head("POST /api/capture HTTP/1.1", "Host: localhost", *lines)


def test_length_that_says_too_much_is_413_at_once(kiosk: Appliance, client: httpx.Client) -> None:
    lie = request("Content-Type: image/jpeg", f"Content-Length: {10**15}")
    problem(answered(exchange(kiosk.port, lie + PHOTO)), 413, "photo-too-large")


@pytest.mark.parametrize("length", ["-1", "1e3", "0x10", "١٢", "99999999999999999999999", "5, 6"])
def test_length_that_is_none_is_400(kiosk: Appliance, client: httpx.Client, length: str) -> None:
    lie = b"POST /api/capture HTTP/1.1\r\nHost: localhost\r\nContent-Type: image/jpeg\r\n"
    lie += b"Content-Length: " + length.encode() + b"\r\n\r\n"
    problem(answered(exchange(kiosk.port, lie + PHOTO)), 400, "invalid-request")


def test_length_and_chunks_together_are_400(kiosk: Appliance, client: httpx.Client) -> None:
    both = request("Content-Type: image/jpeg", "Content-Length: 5", "Transfer-Encoding: chunked")
    problem(answered(exchange(kiosk.port, both + b"0\r\n\r\n")), 400, "invalid-request")


def test_length_that_says_too_little_takes_what_it_says(
    kiosk: Appliance, client: httpx.Client
) -> None:
    lie = request("Content-Type: image/jpeg", f"Content-Length: {len(PHOTO) // 2}")
    received = exchange(kiosk.port, lie + PHOTO[: len(PHOTO) // 2])
    problem(answered(received), 422, "photo-unreadable")


def test_guest_that_hangs_up_in_the_middle_is_no_bug(
    kiosk: Appliance, client: httpx.Client
) -> None:
    for _ in range(30):
        with socket.create_connection(("127.0.0.1", kiosk.port)) as connection:
            connection.sendall(request("Content-Type: image/jpeg", "Content-Length: 9999"))
            connection.sendall(PHOTO[:100])


@pytest.mark.parametrize(
    "garbage",
    [b"\x00\x01\x02\r\n\r\n", b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n",
     b"GET / HTTP/9.9\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"EXPLODE / HTTP/1.1\r\n\r\n"],
)  # fmt: skip
def test_what_is_no_http_is_400(kiosk: Appliance, client: httpx.Client, garbage: bytes) -> None:
    problem(answered(exchange(kiosk.port, garbage)), 400, "invalid-request")


def test_head_without_end_is_431(kiosk: Appliance, client: httpx.Client) -> None:
    with socket.create_connection(("127.0.0.1", kiosk.port), timeout=10) as connection:
        connection.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Long: ")
        received = b""
        try:
            for _ in range(100):
                connection.sendall(b"a" * 65_536)
        except OSError:
            pass
        try:
            while data := connection.recv(65_536):
                received += data
        except OSError:
            pass
    # The answer may be lost where the kernel resets the connection under the rest of the flood.
    if received:
        problem(answered(received), 431, "head-too-large")


@pytest.mark.parametrize("name", ODD)
def test_odd_but_whole_picture_comes_out_right(client: httpx.Client, name: str) -> None:
    odd: Odd = ODD[name]
    form = list(FORMS)[len(name) % 3]
    answer = FORMS[form](client, odd.data)
    assert answer.status_code == 201, answer.text
    capture = answer.json()
    assert (capture["width"], capture["height"]) == (odd.width, odd.height)
    stored = client.get(f"/uploads/{capture['id']}.jpg").content
    assert len(stored) == capture["file_size"]
    for secret in (b"Exif", b"SERIAL", b"Secret", b"ICC_PROFILE", b"<script", b"PK\x05\x06"):
        assert secret not in stored
    pixels = np.asarray(Image.open(io.BytesIO(stored)).convert("RGB")).astype(int)
    for index, colour in enumerate(odd.quarters):
        x = odd.width // 4 + index % 2 * odd.width // 2
        y = odd.height // 4 + index // 2 * odd.height // 2
        assert np.abs(pixels[y, x] - colour).max() < 24, (name, index)


def test_polyglot_is_stored_as_a_picture_only(client: httpx.Client) -> None:
    for tail in (b"<script>alert(1)</script>", b"PK\x05\x06" + b"\0" * 18, b"<?php system(1); ?>"):
        capture = as_form(client, PHOTO + tail).json()
        photo = client.get(f"/uploads/{capture['id']}.jpg")
        assert tail not in photo.content
        assert photo.headers["content-type"] == "image/jpeg"
        assert photo.headers["x-content-type-options"] == "nosniff"


def test_names_of_files_count_for_nothing(client: httpx.Client, kiosk: Appliance) -> None:
    for name in ("../../../etc/cron.d/x", "a\\..\\b.exe", "x" * 500, "photo.php"):
        files = {"photo": (name, PHOTO, "text/html")}
        assert client.post("/api/capture", files=files).status_code == 201
    names = {path.name.split(".", 1)[1] for path in (kiosk.data_dir / "photos").iterdir()}
    assert names == {"jpg", "json", "thumbnail.jpg"}


def test_hostile_raw_queries(client: httpx.Client) -> None:
    for query in ("phone=%ff", "email=%00", "consent=%7B", "background_id=%2e%2e%2f", "a=b&c=d"):
        answer = client.post(f"/api/capture?{query}", content=PHOTO, headers=JPEG)
        problem(answer, 422, answer.json()["type"])


def test_texting_hostile_captures(client: httpx.Client) -> None:
    capture = take(client)
    for body, code, field in (
        ({"phone": "0612345678", "capture_id": 7}, "invalid-request", "capture_id"),
        ({"phone": None, "capture_id": capture["id"]}, "invalid-request", "phone"),
        ({"phone": "0612345678"}, "invalid-request", "capture_id"),
        ({"capture_id": capture["id"]}, "invalid-request", "phone"),
        ({"phone": "0612345678", "capture_id": "x", "text": "y"}, "invalid-request", "text"),
        ({"phone": "", "capture_id": capture["id"]}, "phone-invalid", "phone"),
    ):
        problem(client.post("/api/send-sms", json=body), 422, code, field)
    for unknown in ("", "x", "x" * 100_000, "\x00", "../..", "' or 1=1"):
        body = {"phone": "0612345678", "capture_id": unknown}
        problem(client.post("/api/send-sms", json=body), 404, "not-found")
    problem(client.post("/api/send-sms", content=b"{}"), 415, "unsupported-media-type")


def test_bodies_on_paths_that_take_none(client: httpx.Client) -> None:
    for path in ("/", "/health/ping", "/api/backgrounds"):
        assert client.request("GET", path, content=b"x" * 100_000).status_code == 200


def test_same_photo_refused_in_every_form_keeps_nothing(
    client: httpx.Client, kiosk: Appliance
) -> None:
    before = len(list((kiosk.data_dir / "photos").iterdir()))
    for form in FORMS.values():
        assert form(client, PHOTO[:-300]).status_code == 422
    assert as_body(client, PHOTO, phone="1").status_code == 422
    assert len(list((kiosk.data_dir / "photos").iterdir())) == before
