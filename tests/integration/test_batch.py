"""`POST /api/capture-batch`: what the single call would have answered, photo by photo."""

import base64
import json
import threading
from collections.abc import Callable, Iterator
from typing import Any

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import JPEG, JSON, as_json, problem, running, take
from tests.parts.pictures import jpeg, noise, saved

SIZE = {"photo": {"max_size": "1 MB", "max_batch_size": "2 MB"}}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk"), SIZE) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        yield client


def item(photo: bytes | None = None, **fields: Any) -> dict[str, Any]:
    return {"photo_base64": base64.b64encode(photo or jpeg()).decode(), **fields}


def batch(client: httpx.Client, *captures: Any, **headers: str) -> list[dict[str, Any]]:
    answer = client.post("/api/capture-batch", json={"captures": captures}, headers=headers)
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "application/json"
    results: list[dict[str, Any]] = answer.json()["results"]
    assert [result["index"] for result in results] == list(range(len(captures)))
    assert all(set(result) == {"index", "status", "body"} for result in results)
    return results


def test_each_photo_is_taken_as_the_single_call_takes_it(
    client: httpx.Client, kiosk: Appliance
) -> None:
    texted = item(phone="06 12 34 56 79", consent={"sms": True}, email="user@example.com")
    plain, with_sms = batch(client, item(), texted)
    single = take(client)
    assert plain["status"] == with_sms["status"] == 201
    assert set(plain["body"]) == set(single)
    assert plain["body"]["sms_id"] is None
    kiosk.wait_for(with_sms["body"]["id"], status="synced", sms_sent=True)
    assert client.get(f"/api/download/{plain['body']['token']}").content[:3] == b"\xff\xd8\xff"


BAD: list[Any] = [
    item(b"no photo"),
    item(jpeg()[:-40]),
    {"photo_base64": "?"},
    {"phone": "0612345678"},
    item(phone="12"),
    item(email="nobody"),
    item(background_id="none"),
    item(colour="blue"),
    item(phone="0899123456"),
    item(consent={"sms": 1}),
    item(b"x" * 1_048_577),
    3,
    None,
    [],
]


def test_one_bad_photo_spoils_no_other_and_is_told_what_the_single_call_tells(
    client: httpx.Client,
) -> None:
    first, *refused, last = batch(client, item(), *BAD, item())
    assert first["status"] == last["status"] == 201
    for result, bad in zip(refused, BAD, strict=True):
        single = client.post("/api/capture", content=json.dumps(bad), headers=JSON)
        assert result["status"] == single.status_code >= 400
        expected = single.json() | {"correlation_id": result["body"]["correlation_id"]}
        assert result["body"] == expected


def test_its_problems_bear_the_correlation_id_of_the_batch(client: httpx.Client) -> None:
    (result,) = batch(client, {}, **{"X-Correlation-ID": "batch-7"})
    assert result["body"]["correlation_id"] == "batch-7"


def test_an_empty_batch_is_answered(client: httpx.Client) -> None:
    assert batch(client) == []


@pytest.mark.parametrize(
    ("body", "status", "field"),
    [
        (b'{"captures": [', 400, None),
        (b'{"captures": [{"photo_base64": }]}', 400, None),
        (b'{"captures": ' + b"[" * 100_000 + b"]", 400, None),
        (b"[]", 422, "body"),
        (b"{}", 422, "captures"),
        (b'{"captures": {}}', 422, "captures"),
        (b'{"captures": [], "more": 1}', 422, "more"),
        (b'{"captures": [' + b",".join([b"{}"] * 21) + b"]}", 422, "captures"),
    ],
)
def test_a_batch_that_is_none_is_refused(
    client: httpx.Client, body: bytes, status: int, field: str | None
) -> None:
    answer = client.post("/api/capture-batch", content=body, headers=JSON)
    problem(answer, status, "invalid-request", field)


def test_twenty_are_taken(client: httpx.Client) -> None:
    assert {result["status"] for result in batch(client, *[item()] * 20)} == {201}


def test_other_bodies_are_refused(client: httpx.Client) -> None:
    answer = client.post("/api/capture-batch", content=jpeg(), headers=JPEG)
    problem(answer, 415, "unsupported-media-type")
    answer = client.post("/api/capture-batch", content=b" " * (2 * 1_048_576 + 1), headers=JSON)
    problem(answer, 413, "body-too-large")
    answer = client.post("/api/capture-batch?phone=1", json={"captures": []})
    problem(answer, 422, "invalid-request", "phone")


def test_the_same_key_answers_the_same_captures_again(client: httpx.Client) -> None:
    key = {"Idempotency-Key": "batch"}
    first = batch(client, item(), {}, item(), **key)
    again = batch(client, item(), item(), item(), **key)
    assert (again[0], again[2]) == (first[0], first[2])
    assert (first[1]["status"], again[1]["status"]) == (422, 201)
    other = batch(client, item(saved(noise(64, 64), "JPEG")), **key)
    assert other[0]["body"]["type"] == "idempotency-key-reused"
    assert as_json(client, jpeg(), headers=key).json()["id"] != first[0]["body"]["id"]


def test_a_guest_is_not_kept_waiting_by_batches(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance().start()
    photo = saved(noise(1000, 750), "JPEG", quality=85)
    results: list[int] = []

    def send() -> None:
        with kiosk.client() as client:
            results.extend(result["status"] for result in batch(client, *[item(photo)] * 20))

    senders = [threading.Thread(target=send) for _ in range(3)]
    for sender in senders:
        sender.start()
    guests = 0
    with kiosk.client() as client:
        while any(sender.is_alive() for sender in senders):
            take(client, photo)
            guests += 1
    assert results == [201] * 60
    # One photo of the batches is under way at a time: a guest's comes as often, at the least.
    assert guests >= 10
