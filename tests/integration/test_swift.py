"""Uploads to a real Swift with a real Keystone, and every outage between them and a kiosk."""

import hashlib
import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import astuple, replace
from pathlib import Path
from typing import Protocol

import pytest

from kiosk_appliance.delivery.swift import SwiftAccount, SwiftChannel, Timeouts
from kiosk_appliance.domain.delivery import (
    Delivered,
    LanePaused,
    NotSent,
    Outcome,
    Parcel,
    Refused,
    Transient,
)
from kiosk_appliance.ids import new_id
from tests.parts.clocks import NOON_MS, SetClock
from tests.parts.portal import Portal
from tests.parts.relay import Fault, Relay
from tests.parts.swift.cloud import Cloud

pytestmark = pytest.mark.cloud

PATIENT = Timeouts()
SIGN_IN = b"POST /v3/auth/tokens"


class Connect(Protocol):
    def __call__(self, timeouts: Timeouts = ..., /, **changes: str) -> SwiftChannel: ...


@pytest.fixture
def account(cloud: Cloud, container: str) -> SwiftAccount:
    return SwiftAccount(
        cloud.auth_url, cloud.username, cloud.password, cloud.tenant_name, cloud.region, container
    )


@pytest.fixture
def connect(account: SwiftAccount) -> Iterator[Connect]:
    """Make channels to the test's own container, with changes to the account."""
    made: list[SwiftChannel] = []

    def channel(timeouts: Timeouts = PATIENT, /, **changes: str) -> SwiftChannel:
        made.append(SwiftChannel(replace(account, **changes), timeouts=timeouts))
        return made[-1]

    yield channel
    for one in made:
        one.close()


@pytest.fixture
def new_parcel(tmp_path: Path) -> Callable[..., Parcel]:
    def make(size: int = 300_000, page: bytes | None = None, erase: int | None = None) -> Parcel:
        token = new_id()
        photo = tmp_path / f"{token}.jpg"
        photo.write_bytes(b"\xff\xd8" + os.urandom(size))
        return Parcel("d", "c", token, 1, photo, page=page, erase_at_s=erase)

    return make


@pytest.fixture
def parcel(new_parcel: Callable[..., Parcel]) -> Parcel:
    return new_parcel(page=b"<!doctype html><img src=x.jpg>", erase=int(time.time()) + 86_400)


def test_a_guest_gets_the_very_bytes_and_the_page_beside_them(
    cloud: Cloud, container: str, connect: Connect, parcel: Parcel
) -> None:
    channel = connect()
    assert channel.public_base() is None
    outcome = channel.deliver(parcel)
    base = f"{cloud.storage_url}/{container}"
    assert channel.public_base() == base
    assert outcome == Delivered(f"{base}/{parcel.token}.jpg")

    photo = cloud.read(f"{parcel.token}.jpg", container)
    assert photo.status == 200
    assert photo.body == parcel.photo.read_bytes()
    assert photo.headers["Etag"] == hashlib.md5(photo.body).hexdigest()
    assert photo.headers["Content-Type"] == "image/jpeg"
    assert photo.headers["Cache-Control"] == "private, max-age=3600"
    assert photo.headers["Content-Disposition"].startswith("inline; filename=")

    page = cloud.read(f"{parcel.token}.html", container)
    assert page.body == parcel.page
    assert page.headers["Content-Type"] == "text/html; charset=utf-8"

    for name in (f"{parcel.token}.jpg", f"{parcel.token}.html"):
        assert cloud.head(name, container)["X-Delete-At"] == str(parcel.erase_at_s)
    # Nobody can find the others.
    assert cloud.read("", container).status == 401


def test_a_photo_without_a_date_stays(
    cloud: Cloud, container: str, connect: Connect, new_parcel: Callable[..., Parcel]
) -> None:
    parcel = new_parcel()
    assert isinstance(connect().deliver(parcel), Delivered)
    assert cloud.names(container) == [f"{parcel.token}.jpg"]
    assert "X-Delete-At" not in cloud.head(f"{parcel.token}.jpg", container)


def test_a_photo_whose_time_has_passed_is_refused(
    cloud: Cloud, container: str, connect: Connect, parcel: Parcel
) -> None:
    outcome = connect().deliver(replace(parcel, erase_at_s=int(time.time()) - 60))
    assert outcome == Refused("The photo's time to be erased has already passed.")
    assert cloud.names(container) == []


def test_a_project_may_be_named_by_its_id(cloud: Cloud, connect: Connect, parcel: Parcel) -> None:
    assert isinstance(connect(tenant_name=cloud.project_id).deliver(parcel), Delivered)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"password": "wrong"}, "refuses the log-in (401)"),
        ({"tenant_name": "no-such-project"}, "refuses the log-in (401)"),
        ({"region": "SBG"}, "check [storage] region"),
        ({"container": "no-such-container"}, "does not exist (404)"),
    ],
)
def test_a_wrong_setting_pauses_the_lane_and_names_itself(
    connect: Connect, parcel: Parcel, change: dict[str, str], says: str
) -> None:
    channel = connect(**change)
    for outcome in (channel.deliver(parcel), channel.probe()):
        assert isinstance(outcome, LanePaused)
        assert says in outcome.reason


def test_without_a_date_the_photo_is_kept_for_so_long_from_now(
    cloud: Cloud, container: str, connect: Connect, parcel: Parcel
) -> None:
    parcel = replace(parcel, erase_at_s=None, erase_after_s=3600)
    assert isinstance(connect().deliver(parcel), Delivered)
    for name in (f"{parcel.token}.jpg", f"{parcel.token}.html"):
        erased_at = int(cloud.head(name, container)["X-Delete-At"])
        assert abs(erased_at - time.time() - 3600) < 60


@pytest.mark.parametrize("wall", [0, NOON_MS + 50 * 365 * 86_400_000])
def test_whoever_signs_in_learns_the_time(
    cloud: Cloud, container: str, account: SwiftAccount, wall: int
) -> None:
    clock = SetClock(now=wall)
    channel = SwiftChannel(account, timeouts=PATIENT, clock=clock)
    assert isinstance(channel.probe(), Delivered)
    channel.close()
    assert clock.reckoning.source == "the storage"
    assert abs(clock.now_ms() - time.time() * 1000) < 3_000


@pytest.mark.parametrize(
    ("read", "says"), [("", "add .r:*"), (".r:*,.rlistings", "take .rlistings out")]
)
def test_a_private_or_listable_container_pauses_the_lane_until_it_is_mended(
    *, cloud: Cloud, container: str, connect: Connect, parcel: Parcel, read: str, says: str
) -> None:
    cloud.allow(container, read)
    channel = connect()
    for outcome in (channel.deliver(parcel), channel.probe()):
        assert isinstance(outcome, LanePaused)
        assert says in outcome.reason
    assert cloud.names(container) == []
    cloud.allow(container, ".r:*")
    assert isinstance(channel.deliver(parcel), Delivered)


def test_a_container_made_private_is_noticed_within_a_minute(
    cloud: Cloud, container: str, account: SwiftAccount, parcel: Parcel
) -> None:
    clock = SetClock()
    channel = SwiftChannel(account, timeouts=PATIENT, clock=clock)
    assert isinstance(channel.deliver(parcel), Delivered)
    cloud.allow(container, "")
    clock.pass_ms(60_000)
    assert isinstance(channel.deliver(parcel), LanePaused)
    channel.close()


def test_a_container_that_vanishes_pauses_the_lane_and_is_looked_at_again(
    cloud: Cloud, container: str, connect: Connect, parcel: Parcel
) -> None:
    channel = connect()
    assert isinstance(channel.deliver(parcel), Delivered)
    cloud.delete_container(container)
    assert isinstance(channel.deliver(parcel), LanePaused)
    cloud.create_container(container, "")
    outcome = channel.deliver(parcel)
    assert isinstance(outcome, LanePaused)
    assert "can't be read by guests" in outcome.reason


def test_servers_that_are_down_or_frozen(cloud: Cloud, connect: Connect, parcel: Parcel) -> None:
    channel, impatient = connect(), connect(Timeouts(answer_s=4))
    assert isinstance(channel.probe(), Delivered)
    assert isinstance(impatient.probe(), Delivered)
    with cloud.objects.stopped():
        assert channel.deliver(parcel) == Transient("The storage is out of order (503).")
    with cloud.objects.paused():
        outcome = impatient.deliver(parcel)
        assert outcome == Transient("The exchange with the storage broke off: no answer in time.")
    with cloud.proxy.stopped():
        outcome = channel.deliver(parcel)
        assert outcome == NotSent("The storage can't be reached: the connection was refused.")
    with cloud.keystone.stopped():
        outcome = connect().deliver(parcel)
        assert outcome == NotSent("Keystone can't be reached: the connection was refused.")
    assert isinstance(channel.deliver(parcel), Delivered)


def test_one_token_serves_many_uploads_and_is_renewed_once_when_it_dies(
    cloud: Cloud, connect: Connect, new_parcel: Callable[..., Parcel]
) -> None:
    with Relay(cloud.keystone.port) as relay:
        channel = connect(auth_url=f"http://127.0.0.1:{relay.port}/v3")
        parcels = [new_parcel(page=b"page") for _ in range(10)]
        with ThreadPoolExecutor(channel.concurrency) as threads:
            outcomes = list(threads.map(channel.deliver, parcels))
            assert [one for one in outcomes if not isinstance(one, Delivered)] == []
            assert relay.count(SIGN_IN) == 1
            cloud.revoke_tokens()
            outcomes = list(threads.map(channel.deliver, parcels))
            assert [one for one in outcomes if not isinstance(one, Delivered)] == []
            assert relay.count(SIGN_IN) == 2
        channel.close()


def outcome_behind(
    cloud: Cloud, connect: Connect, parcel: Parcel, fault: Fault, amount: int = 0
) -> Outcome:
    with Relay(cloud.proxy.port) as relay:
        channel = connect(Timeouts(connect_s=2, answer_s=4), region=cloud.region_behind(relay.port))
        assert isinstance(channel.probe(), Delivered)
        with relay.behaving(fault, amount):
            outcome = channel.deliver(parcel)
        assert isinstance(channel.deliver(parcel), Delivered)
        channel.close()
    return outcome


def test_an_upload_cut_midway_leaves_nothing_and_may_be_repeated(
    cloud: Cloud, container: str, connect: Connect, parcel: Parcel
) -> None:
    seen: list[list[str]] = []
    with Relay(cloud.proxy.port) as relay:
        channel = connect(region=cloud.region_behind(relay.port))
        channel.probe()
        with relay.behaving(Fault.CUT, 100_000):
            outcome = channel.deliver(parcel)
        seen.append(cloud.names(container))
        assert isinstance(channel.deliver(parcel), Delivered)
        channel.close()
    assert outcome == Transient("The exchange with the storage broke off: the connection was cut.")
    assert seen == [[]]


@pytest.mark.parametrize("fault", [Fault.BLACKHOLE, Fault.DROP_ANSWER])
def test_an_upload_whose_answer_is_lost_may_be_repeated(
    cloud: Cloud, connect: Connect, parcel: Parcel, fault: Fault
) -> None:
    assert isinstance(outcome_behind(cloud, connect, parcel, fault), Transient)


def test_a_refused_connection_is_no_attempt(cloud: Cloud, connect: Connect, parcel: Parcel) -> None:
    assert isinstance(outcome_behind(cloud, connect, parcel, Fault.REFUSE), NotSent)


def test_a_slow_link_is_only_slow(cloud: Cloud, connect: Connect, parcel: Parcel) -> None:
    outcome = outcome_behind(cloud, connect, parcel, Fault.SLOW, 200_000)
    assert isinstance(outcome, Delivered)


@pytest.mark.parametrize(
    ("status", "headers"),
    [(200, {}), (201, {}), (204, {}), (302, {"Location": "TRAP"}), (307, {"Location": "TRAP"})],
)
def test_a_captive_portal_never_counts_as_delivered(
    *,
    cloud: Cloud,
    container: str,
    connect: Connect,
    parcel: Parcel,
    status: int,
    headers: dict[str, str],
) -> None:
    with Portal() as trap:
        aimed = dict.fromkeys(headers, trap.url + "/v3")
        body = b"" if status == 204 else b"<html>Accept our terms</html>"
        with Portal(status, aimed, body) as portal:
            before_keystone = connect(auth_url=f"{portal.url}/v3")
            before_swift = connect(region=cloud.region_behind(portal.port))
            for channel in (before_keystone, before_swift):
                assert isinstance(channel.deliver(parcel), NotSent)
                assert isinstance(channel.probe(), NotSent)
                assert channel.public_base() is None
        assert trap.heard == []
    assert cloud.names(container) == []


def test_a_portal_that_comes_later_is_seen_by_the_missing_checksum(
    cloud: Cloud, connect: Connect, parcel: Parcel
) -> None:
    # The container has been looked at already; only the upload itself can tell.
    with Portal(200) as portal, Relay(cloud.proxy.port) as relay:
        channel = connect(region=cloud.region_behind(relay.port))
        assert isinstance(channel.probe(), Delivered)
        relay.lead_to(portal.port)
        outcome = channel.deliver(parcel)
        assert isinstance(outcome, NotSent)
        assert "captive portal" in outcome.reason
        assert [method for method, _, _ in portal.heard] == ["PUT"]
        relay.lead_to(cloud.proxy.port)
        assert isinstance(channel.deliver(parcel), Delivered)
        channel.close()


IN_AN_ENVIRONMENT = """
import sys
from pathlib import Path
import requests
from kiosk_appliance.delivery.swift import SwiftAccount, SwiftChannel
from kiosk_appliance.domain.delivery import Parcel
account, photo = SwiftAccount(*sys.argv[2:]), Path(sys.argv[1])
requests.get("http://example.invalid/the-environment-does-work", timeout=9)
print(type(SwiftChannel(account).deliver(Parcel("d", "c", "token", 1, photo))).__name__)
"""


def test_no_proxy_of_the_environment_is_asked(account: SwiftAccount, parcel: Parcel) -> None:
    with Portal() as proxy:
        arguments = [str(parcel.photo), *astuple(account)]
        done = subprocess.run(
            [sys.executable, "-c", IN_AN_ENVIRONMENT, *arguments],
            env={"http_proxy": proxy.url, "all_proxy": proxy.url, "no_proxy": ""},
            check=True,
            capture_output=True,
            text=True,
        )
    assert done.stdout.strip() == "Delivered"
    assert [path for _, path, _ in proxy.heard] == [
        "http://example.invalid/the-environment-does-work"
    ]


def test_close_leaves_no_connection_open_while_others_are_under_way(
    connect: Connect, new_parcel: Callable[..., Parcel]
) -> None:
    channel = connect()
    assert isinstance(channel.deliver(new_parcel()), Delivered)
    started = threading.Event()

    def upload() -> Outcome:
        started.set()
        return channel.deliver(new_parcel(size=3_000_000))

    with ThreadPoolExecutor(1) as threads:
        under_way = threads.submit(upload)
        started.wait()
        channel.close()
        assert isinstance(under_way.result(), Delivered)
