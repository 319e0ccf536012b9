"""Caps and quiet hours over a whole appliance, whose SMS are lines of a file."""

import re
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import httpx

from tests.parts.appliance import Appliance
from tests.parts.guests import problem, take

Make = Callable[..., Appliance]


def send(client: httpx.Client, capture_id: str, number: str) -> httpx.Response:
    return client.post("/api/send-sms", json={"capture_id": capture_id, "phone": number})


def refusals(answers: list[httpx.Response]) -> int:
    refused = [answer for answer in answers if answer.status_code != 202]
    for answer in refused:
        told = problem(answer, 429, "sms-limit")
        assert "keep the QR code" in told["detail"]
        assert 1 <= int(answer.headers["retry-after"]) <= 24 * 3600 + 1
    return len(refused)


def test_ten_numbers_get_one_photo_also_when_all_ask_at_once(make_appliance: Make) -> None:
    kiosk = make_appliance({"sms": {"per_day": 15}}).start()
    with kiosk.client() as client, ThreadPoolExecutor(14) as taps:
        capture = take(client)["id"]
        numbers = [f"+336122233{n:02}" for n in range(14)]
        answers = list(taps.map(lambda number: send(client, capture, number), numbers))
        assert refusals(answers) == 4
        # Five more are left for the day; and they, too, are asked for all at once.
        other = [take(client)["id"] for _ in range(2)]
        more = [(other[n % 2], f"+336122244{n:02}") for n in range(10)]
        answers = list(taps.map(lambda one: send(client, *one), more))
        assert refusals(answers) == 5


def test_one_number_passes_no_cap_by_many_photos_at_once(make_appliance: Make) -> None:
    kiosk = make_appliance({"sms": {"per_number_per_day": 2}}).start()
    with kiosk.client() as client, ThreadPoolExecutor(6) as taps:
        captures = [take(client)["id"] for _ in range(6)]
        answers = list(taps.map(lambda one: send(client, one, "06 12 22 33 44"), captures))
        assert refusals(answers) == 4
        # The cap is the number's, not its spelling's, nor another number's.
        assert refusals([send(client, captures[0], "+33 6 12 22 33 45")]) == 0


def test_in_quiet_hours_only_fresh_guests_get_their_sms(make_appliance: Make) -> None:
    now = datetime.now(UTC)
    hours = [f"{now + timedelta(hours=shift):%H:%M}" for shift in (-2, 2)]
    quiet = {"sms": {"quiet_hours": "-".join(hours)}, "storage": {"channel": "directory"}}
    kiosk = make_appliance(quiet)
    clock = {"TZ": "UTC"}
    kiosk.start(clock)
    with kiosk.client() as client:
        fresh = take(client, phone="0612223344", consent={"sms": True})
        kiosk.wait_for(fresh["id"], sms_sent=True)
    assert kiosk.stop() == 0
    connection = sqlite3.connect(kiosk.data_dir / "kiosk.db")
    with connection:
        connection.execute(
            "update deliveries set state = 'waiting', attempts = 0, ended_at = null,"
            " created_at = created_at - 1000000, created_mono = created_mono - 1000000"
            " where channel = 'sms'"
        )
    connection.close()
    kiosk.start(clock)
    with kiosk.client() as client:
        second = take(client, phone="0612223345", consent={"sms": True})
        kiosk.wait_for(second["id"], sms_sent=True)
        assert not kiosk.status(fresh["id"])["sms_sent"], "the backlog waits"
    assert kiosk.stop() == 0
    kiosk.configure({})
    kiosk.start(clock)
    kiosk.wait_for(fresh["id"], sms_sent=True)
    numbers = [re.split(r"\t", line)[1] for line in kiosk.handset_lines()]
    assert numbers == ["+33612223344", "+33612223345", "+33612223344"]
