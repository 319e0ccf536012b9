"""One key, one capture: in any form, at once, after a restart, and never burnt by a failure."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import FORMS, as_body, as_form, as_json, problem, running
from tests.parts.pictures import jpeg, noise, saved

PHOTO = jpeg()
OTHER = jpeg(80, 80)
FIELDS = {"phone": "06 12 34 56 78", "consent": {"sms": True}, "email": "user@example.com"}
_SETTINGS = {"sms": {"per_number_per_day": 1000}}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk"), _SETTINGS) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        yield client


def key(name: str) -> dict[str, str]:
    return {"Idempotency-Key": name}


def test_same_content_in_another_form_is_a_replay(client: httpx.Client, kiosk: Appliance) -> None:
    answers = [
        FORMS[form](client, PHOTO, **FIELDS, headers=key("forms")) for form in (*FORMS, *FORMS)
    ]
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    capture = answers[0].json()
    kiosk.wait_for(capture["id"], sms_sent=True)
    assert sum(capture["token"] in line for line in kiosk.handset_lines()) == 1


@pytest.mark.parametrize(
    ("photo", "changed"),
    [
        (OTHER, {}),
        (PHOTO, {"phone": "06 12 34 56 79"}),
        (PHOTO, {"email": "other@example.com"}),
        (PHOTO, {"email": None}),
        (PHOTO, {"consent": {"sms": False}}),
        (PHOTO, {"consent": {"sms": True, "marketing": True}}),
    ],
    ids=["photo", "phone", "email", "no email", "consent", "marketing"],
)
def test_other_content_is_refused(
    client: httpx.Client, photo: bytes, changed: dict[str, object]
) -> None:
    name = f"other-{sorted(changed)}-{len(photo)}"
    first = as_json(client, PHOTO, **FIELDS, headers=key(name))
    assert first.status_code == 201
    second = as_json(client, photo, **(FIELDS | changed), headers=key(name))
    problem(second, 422, "idempotency-key-reused")
    assert as_form(client, PHOTO, **FIELDS, headers=key(name)).content == first.content


def test_both_at_once_make_one_capture(client: httpx.Client, kiosk: Appliance) -> None:
    photo = saved(noise(640, 480), "JPEG", quality=90)
    forms = [as_json, as_form, as_body] * 3

    def send(number: int) -> httpx.Response:
        with kiosk.client() as own:
            return forms[number](own, photo, phone="0612345678", headers=key("at-once"))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, range(8)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len(list(kiosk.data_dir.glob(f"photos/{answers[0].json()['id']}.jpg"))) == 1


def test_at_once_with_different_contents_one_wins(kiosk: Appliance) -> None:
    photos = [jpeg(64 + number, 64) for number in range(8)]

    def send(photo: bytes) -> httpx.Response:
        with kiosk.client() as own:
            return as_body(own, photo, headers=key("rivals"))

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(send, photos))
    assert sorted(answer.status_code for answer in answers) == [201] + [422] * 7


def test_failures_at_once_do_not_let_two_through(kiosk: Appliance) -> None:
    """The waiters behind a first failure still take their turns one by one."""
    contents = [b"no picture", *[jpeg(100 + number, 64) for number in range(7)]]

    def send(photo: bytes) -> int:
        with kiosk.client() as own:
            return as_body(own, photo, headers=key("after-failure")).status_code

    with ThreadPoolExecutor(8) as threads:
        codes = list(threads.map(send, contents))
    assert codes.count(201) == 1
    assert set(codes) == {201, 422}


def test_failed_first_try_does_not_burn_the_key(client: httpx.Client) -> None:
    for wrong in ({"phone": "12"}, {"email": "x"}, {"background_id": "none"}):
        answer = as_json(client, PHOTO, **wrong, headers=key("second-chance"))
        assert answer.status_code == 422
    assert as_json(client, b"rubbish", headers=key("second-chance")).status_code == 422
    assert as_json(client, PHOTO, headers=key("second-chance")).status_code == 201


def test_replay_after_a_kill_and_a_restart(client: httpx.Client, kiosk: Appliance) -> None:
    first = as_json(client, PHOTO, **FIELDS, headers=key("restart"))
    kiosk.kill()
    kiosk.start()
    with kiosk.client() as fresh:
        again = as_body(fresh, PHOTO, **FIELDS, headers=key("restart"))
        assert (again.status_code, again.content) == (201, first.content)
        problem(as_body(fresh, OTHER, headers=key("restart")), 422, "idempotency-key-reused")


@pytest.mark.parametrize("name", ["x", "!" * 255, '"quoted"', "a;b=c"])
def test_any_visible_ascii_is_a_key(client: httpx.Client, name: str) -> None:
    first = as_json(client, PHOTO, headers=key(name))
    assert as_form(client, PHOTO, headers=key(name)).content == first.content


@pytest.mark.parametrize("name", [b"", b"x" * 256, b"two words", "clé".encode(), b"a\tb"])
def test_other_keys_are_refused(client: httpx.Client, name: bytes) -> None:
    answer = client.post(
        "/api/capture",
        content=PHOTO,
        headers=[(b"Content-Type", b"image/jpeg"), (b"Idempotency-Key", name)],
    )
    problem(answer, 422, "invalid-request", "Idempotency-Key")


def test_two_keys_are_refused(client: httpx.Client) -> None:
    answer = client.post(
        "/api/capture",
        content=PHOTO,
        headers=[
            ("Content-Type", "image/jpeg"),
            ("Idempotency-Key", "a"),
            ("Idempotency-Key", "b"),
        ],
    )
    problem(answer, 422, "invalid-request", "Idempotency-Key")


def test_without_a_key_nothing_is_replayed(client: httpx.Client) -> None:
    ids = {as_json(client, PHOTO).json()["id"] for _ in range(3)}
    assert len(ids) == 3
