"""The whole appliance with a real Swift, a real Keystone and OVH's stand-in, through outages."""

import hashlib
import re
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.outside import Outside, link_in
from tests.parts.ovh.faults import Fault as OvhFault
from tests.parts.pictures import jpeg
from tests.parts.portal import Portal
from tests.parts.relay import Fault
from tests.parts.waiting import wait_until

pytestmark = pytest.mark.cloud

PHOTO = jpeg(1280, 720)


def number(index: int) -> str:
    return f"+336{12000000 + index}"


def capture(client: httpx.Client, phone: str | None = None) -> dict[str, Any]:
    fields = {} if phone is None else {"phone": phone, "consent": '{"sms": true}'}
    answer = client.post(
        "/api/capture", files={"photo": ("photo.jpg", PHOTO, "image/jpeg")}, data=fields
    )
    assert answer.status_code == 201, answer.text
    made: dict[str, Any] = answer.json()
    return made


@pytest.mark.parametrize(
    ("own_link", "page"),
    [(False, True), (False, False), (True, True)],
    ids=["html", "jpg", "kiosk"],
)
def test_a_photo_reaches_the_phone(outside: Outside, own_link: bool, page: bool) -> None:
    kiosk = outside.appliance(landing_page=page)
    if own_link:
        tables: dict[str, Any] = {"landing_page": page, "base_url": kiosk.url}
        kiosk.close()
        text = kiosk.config.read_text(encoding="utf-8")
        kiosk.config.write_text(
            text.replace("[links]\n", f'[links]\nbase_url = "{tables["base_url"]}"\n'),
            encoding="utf-8",
        )
    kiosk.start()
    with kiosk.client() as client:
        started = time.monotonic()
        made = capture(client, "06 12 34 56 78")
        local = client.get(f"/uploads/{made['id']}.jpg").content
        wait_until(outside.photos, 20, kiosk)
        head = outside.cloud.head(f"{made['token']}.jpg", outside.container)
        uploaded = time.monotonic() - started
        assert head["Etag"].strip('"') == hashlib.md5(local).hexdigest()
        wait_until(lambda: outside.ovh.ledger, 20, kiosk)
        print(f"uploaded after {uploaded:.2f} s, texted after {time.monotonic() - started:.2f} s")
        kiosk.wait_for(made["id"], status="synced", sms_sent=True)
        (sms,) = outside.ovh.ledger
        link = link_in(sms)
        assert link == made["download_url"]
        answer = httpx.get(link, trust_env=False)
        assert answer.status_code == 200
        if link.endswith(".html"):
            picture = re.search(r'src="([^"]+\.jpg)"', answer.text)
            assert picture is not None
            answer = httpx.get(httpx.URL(link).join(picture[1]), trust_env=False)
        assert answer.headers["content-type"] == "image/jpeg"
        assert answer.content == local
    assert kiosk.stop() == 0


def test_fifty_guests_through_an_outage_and_a_pulled_plug(outside: Outside) -> None:
    kiosk = outside.appliance(base_url="http://localhost:1").start()
    outside.down()
    with kiosk.client() as client, ThreadPoolExecutor(4) as guests:
        made = list(guests.map(lambda index: capture(client, number(index)), range(50)))
    kiosk.kill()
    kiosk.start()
    assert outside.photos() == []
    outside.up()
    back = time.monotonic()
    wait_until(lambda: len(outside.photos()) == 50, 30, kiosk)
    uploaded = time.monotonic() - back
    wait_until(lambda: len(outside.ovh.ledger) >= 50, 75 - uploaded, kiosk)
    texted = time.monotonic() - back
    print(f"50 uploads {uploaded:.1f} s and 50 SMS {texted:.1f} s after the providers came back")
    assert sorted(outside.photos()) == sorted(f"{one['token']}.jpg" for one in made)
    ledger = outside.ovh.ledger
    assert sorted(sms.receiver for sms in ledger) == [number(index) for index in range(50)]
    assert len(outside.ovh.posts) == 50
    for one in made:
        status = kiosk.wait_for(one["id"], status="synced", sms_sent=True)
        assert [delivery["attempts"] for delivery in status["deliveries"]] == [1, 1]
    moments = [sms.at for sms in ledger]
    for first in moments:
        assert sum(1 for at in moments if first <= at < first + 60) <= 60
    assert kiosk.stop() == 0


def test_providers_that_are_down_at_the_start_are_found_later(outside: Outside) -> None:
    outside.down()
    kiosk = outside.appliance(base_url="http://localhost:1").start()
    with kiosk.client() as client:
        made = capture(client, number(1))
        assert made["online"] is False
        health = client.get("/health")
        assert health.status_code == 200
        assert {health.json()["checks"][name]["status"] for name in ("storage", "sms")} == {
            "degraded"
        }
        time.sleep(4)
        status = kiosk.status(made["id"])
        assert [d["attempts"] for d in status["deliveries"]] == [0, 0], "being offline costs none"
        outside.up()
        kiosk.wait_for(made["id"], status="synced", sms_sent=True)
        assert client.get("/health").json()["online"] is True
    changes = [event for event in kiosk.events() if event["event"] == "circuit_changed"]
    times = Counter(change["channel"] for change in changes)
    assert times.pop("erase-storage", 2) <= 2
    assert times == {"storage": 2, "sms": 2}, "one line for each change"


def test_a_kiosk_that_was_never_online_texts_a_link_that_opens(outside: Outside) -> None:
    outside.down()
    kiosk = outside.appliance().start()
    with kiosk.client() as client:
        made = capture(client, number(1))
        outside.up()
        kiosk.wait_for(made["id"], status="synced", sms_sent=True)
        status = kiosk.status(made["id"])
    (sms,) = outside.ovh.ledger
    assert link_in(sms) == status["download_url"]
    assert httpx.get(link_in(sms), trust_env=False).status_code == 200


def test_a_weak_network_ends_no_upload(outside: Outside) -> None:
    kiosk = outside.appliance(base_url="http://localhost:1")
    text = kiosk.config.read_text(encoding="utf-8")
    kiosk.config.write_text(
        f'{text}\n[outbox]\nretry_attempts = 2\nretry_delay = "100 ms"\n', encoding="utf-8"
    )
    kiosk.start()
    with kiosk.client() as client:
        with outside.swift.behaving(Fault.CUT, 20_000):
            made = capture(client, number(1))
            wait_until(lambda: kiosk.status(made["id"])["sync_attempts"] > 3, 30, kiosk)
        kiosk.wait_for(made["id"], status="synced", sms_sent=True)
    assert len(outside.ovh.ledger) == 1


def test_an_outage_is_quiet(outside: Outside) -> None:
    kiosk = outside.appliance(base_url="http://localhost:1").start()
    with kiosk.client() as client:
        outside.down()
        known = len(kiosk.log())
        capture(client, number(1))
        told = ("circuit_changed", "delivery_attempted")
        wait_until(lambda: all(word in kiosk.log()[known:] for word in told), 30, kiosk)
        before = len(kiosk.events())
        time.sleep(8)
        assert len(kiosk.events()) - before <= 1


def cause(client: httpx.Client, channel: str) -> str | None:
    """Return why a channel is down, as the operator is told."""
    told: str | None = client.get("/health").json()["checks"][channel].get("cause")
    return told


@pytest.mark.parametrize(
    ("ovh", "why"),
    [("https://ovh.invalid/1.0", "no-network"), ("http://127.0.0.1:9/1.0", "provider")],
)
def test_no_network_is_told_from_a_provider_that_does_not_answer(
    make_appliance: Callable[..., Appliance], ovh: str, why: str
) -> None:
    keys = {"endpoint": ovh, "application_key": "a", "application_secret": "b", "consumer_key": "c"}
    kiosk = make_appliance({"sms": {"channel": "ovh", "service_name": "s"}, "ovh": keys}).start()
    with kiosk.client() as client:
        wait_until(lambda: cause(client, "sms") == why, 20, kiosk)
        assert not client.get("/health").json()["online"]


def test_a_captive_portal_before_both_costs_nothing(outside: Outside) -> None:
    kiosk = outside.appliance(base_url="http://localhost:1").start()
    with Portal() as portal, kiosk.client() as client:
        for relay in (outside.keystone, outside.swift, outside.sms):
            relay.lead_to(portal.port)
        made = capture(client, number(1))
        wait_until(lambda: cause(client, "storage") == "captive-portal", 20, kiosk)
        assert client.get("/health").json()["online"] is False
        time.sleep(3)
        for delivery in kiosk.status(made["id"])["deliveries"]:
            assert (delivery["state"], delivery["attempts"]) == ("waiting", 0), delivery
        assert not [call for call in portal.heard if call[1].endswith("/jobs")], "no POST leaves"
        outside.keystone.lead_to(outside.cloud.keystone.port)
        outside.swift.lead_to(outside.cloud.proxy.port)
        outside.sms.lead_to(int(outside.ovh.endpoint.split(":")[2].split("/")[0]))
        kiosk.wait_for(made["id"], status="synced", sms_sent=True)
    assert len(outside.ovh.ledger) == 1


def test_a_500_after_accepting_is_looked_up_and_not_sent_again(outside: Outside) -> None:
    outside.ovh.faults.add("POST */jobs", OvhFault.broken(500, accepted=True))
    kiosk = outside.appliance(base_url="http://localhost:1").start()
    with kiosk.client() as client:
        made = capture(client, number(1))
    wait_until(lambda: kiosk.status(made["id"])["deliveries"][1]["state"] == "uncertain", 10, kiosk)
    took = wait_until(lambda: kiosk.status(made["id"])["sms_sent"], 45, kiosk)
    print(f"found {took:.1f} s after the doubt")
    sms = kiosk.status(made["id"])["deliveries"][1]
    assert (sms["state"], sms["attempts"]) == ("delivered", 1)
    assert len(outside.ovh.ledger) == len(outside.ovh.posts) == 1


@pytest.mark.parametrize("fault", [Fault.BLACKHOLE, Fault.SLOW])
def test_sigterm_during_an_upload(outside: Outside, fault: Fault) -> None:
    kiosk = outside.appliance(base_url="http://localhost:1").start()
    with kiosk.client() as client:
        outside.swift.behave(fault, 2_000)
        made = capture(client, number(1))
        wait_until(
            lambda: kiosk.status(made["id"])["deliveries"][0]["state"] == "running", 30, kiosk
        )
    started = time.monotonic()
    assert kiosk.stop() == 0
    took = time.monotonic() - started
    print(f"left {took:.1f} s after SIGTERM")
    assert took < 10
    outside.up()
    kiosk.start()
    status = kiosk.wait_for(made["id"], status="synced", sms_sent=True)
    assert status["sync_attempts"] == 1
    assert len(outside.ovh.ledger) == 1
