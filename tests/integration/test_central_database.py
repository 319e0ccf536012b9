"""A real kiosk and the real central database of its fleet: outages, wrong keys, what is kept."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.parts.appliance import Appliance, Tables
from tests.parts.pictures import jpeg
from tests.parts.postgres.central import Central

PHONE, EMAIL = "0612345678", "guest@example.com"

Make = Callable[..., Appliance]


def told_to(central: Central) -> Tables:
    return {"kiosk": {"name": "mall-3"}, "postgres": {"url": central.url}}


def take(appliance: Appliance, **fields: str) -> str:
    with appliance.client() as client:
        answer = client.post("/api/capture", files={"photo": jpeg()}, data=fields)
    assert answer.status_code == 201, answer.text
    capture: str = answer.json()["id"]
    return capture


def check_of(appliance: Appliance) -> dict[str, Any]:
    with appliance.client() as client:
        found: dict[str, Any] = client.get("/health").json()["checks"]["postgres"]
    return found


def wait_until_health_says(appliance: Appliance, status: str, words: str) -> None:
    deadline = time.monotonic() + 30
    while True:
        check = check_of(appliance)
        if check["status"] == status and words in check["detail"]:
            return
        assert time.monotonic() < deadline, f"{check}\n{appliance.log()}"
        time.sleep(0.1)


def delivery(appliance: Appliance, capture: str, channel: str) -> dict[str, Any]:
    found = appliance.status(capture)["deliveries"]
    return next(one for one in found if one["channel"] == channel)


def wait_until_uploaded(appliance: Appliance, capture: str) -> None:
    deadline = time.monotonic() + 20
    while delivery(appliance, capture, "storage")["state"] != "delivered":
        assert time.monotonic() < deadline, appliance.log()
        time.sleep(0.05)


def test_each_capture_arrives_and_counts_as_synced_only_then(
    make_appliance: Make, central: Central
) -> None:
    appliance = make_appliance(told_to(central)).start()
    capture = take(appliance, phone=PHONE, email=EMAIL, consent='{"sms": true}')
    status = appliance.wait_for(capture, is_synced=True)
    rows = central.rows(
        "kiosk, capture, version, phone, email, consent_sms, consent_marketing, download_url"
    )
    assert rows == [
        ("mall-3", capture, 1, "+33612345678", EMAIL, True, False, status["download_url"])
    ]
    assert {one["channel"] for one in status["deliveries"]} == {"storage", "sms", "postgres"}
    wait_until_health_says(appliance, "ok", "flow")
    for private in (central.url, central.password, EMAIL, "33612345678"):
        assert private not in appliance.log()


@pytest.mark.parametrize("away", ["stopped", "paused"])
def test_an_outage_loses_nothing_and_doubles_nothing(
    make_appliance: Make, central: Central, away: str
) -> None:
    appliance = make_appliance(told_to(central)).start()
    captures = [take(appliance)]
    appliance.wait_for(captures[0], is_synced=True)
    with getattr(central.server, away)():
        captures += [take(appliance) for _ in range(3)]
        if away == "stopped":
            wait_until_health_says(appliance, "degraded", "can't be reached")
        wait_until_uploaded(appliance, captures[-1])
        assert not appliance.status(captures[-1])["is_synced"]
    for capture in captures:
        appliance.wait_for(capture, is_synced=True)
    assert sorted(row[0] for row in central.rows("capture")) == sorted(captures)
    wait_until_health_says(appliance, "ok", "flow")


def test_a_wrong_password_pauses_the_lane_until_it_is_cured(
    make_appliance: Make, central: Central
) -> None:
    central.run(f"alter role {central.user} password 'changed'")
    appliance = make_appliance(told_to(central)).start()
    capture = take(appliance)
    wait_until_health_says(appliance, "degraded", "check the user and the password")
    assert check_of(appliance)["circuit"] == "paused"
    assert delivery(appliance, capture, "postgres")["attempts"] == 0
    central.run(f"alter role {central.user} password '{central.password}'")
    appliance.wait_for(capture, is_synced=True)
    for private in (central.url, central.password, central.user):
        assert private not in appliance.log()


def test_what_waits_for_a_database_that_is_given_up_keeps_no_capture_pending(
    make_appliance: Make, central: Central
) -> None:
    appliance = make_appliance({"postgres": {"url": central.nowhere}}).start()
    capture = take(appliance)
    wait_until_health_says(appliance, "degraded", "refused")
    assert not appliance.status(capture)["is_synced"]
    assert appliance.stop() == 0
    appliance.configure({})
    appliance.start()
    appliance.wait_for(capture, is_synced=True)
    waiting = delivery(appliance, capture, "postgres")
    assert (waiting["state"], waiting["next_attempt_at"]) == ("waiting", None)
    assert check_of(appliance) == {"status": "off", "detail": "Not configured."}
    without = take(appliance)
    assert len(appliance.wait_for(without, is_synced=True)["deliveries"]) == 1
    assert appliance.stop() == 0
    appliance.configure(told_to(central))
    appliance.start()
    appliance.wait_for(capture, is_synced=True)
    deadline = time.monotonic() + 20
    while central.count(capture, erased=False) == 0:
        assert time.monotonic() < deadline, appliance.log()
        time.sleep(0.05)
    assert central.rows("capture") == [(capture,)]


def test_a_killed_kiosk_tells_each_capture_once(make_appliance: Make, central: Central) -> None:
    appliance = make_appliance(told_to(central)).start()
    captures = []
    for _ in range(3):
        captures += [take(appliance), take(appliance)]
        appliance.kill()
        appliance.start()
    for capture in captures:
        appliance.wait_for(capture, is_synced=True)
    assert sorted(row[0] for row in central.rows("capture")) == sorted(captures)
