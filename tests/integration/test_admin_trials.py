"""`POST /admin/test/sms` and `/admin/test/storage`, on embedded defaults and on real providers."""

import dataclasses
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from kiosk_appliance.core.trials import Trial, Trials
from kiosk_appliance.delivery.channel import Channel
from kiosk_appliance.delivery.swift import SwiftAccount, SwiftChannel
from kiosk_appliance.delivery.swift_erasure import SwiftErasureChannel
from kiosk_appliance.settings import Settings
from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance
from tests.parts.channels import CHANNELS
from tests.parts.clocks import SetClock
from tests.parts.guests import problem, running, take
from tests.parts.loop import in_loop
from tests.parts.swift.cloud import Cloud


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    tables = {"sms": {"per_day": 1}}
    with running(tmp_path_factory.mktemp("kiosk"), tables) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


def test_an_sms_leaves_at_once_and_counts_for_no_guest(
    kiosk: Appliance, client: httpx.Client
) -> None:
    for _ in range(3):
        answer = client.post("/admin/test/sms", json={"phone": "06 12 34 56 78"}).json()
        assert answer["ok"] is True
        assert answer["detail"]
        assert list(answer["timings_ms"]) == ["send"]
    assert len([line for line in kiosk.handset_lines() if "+33612345678" in line]) == 3
    capture = take(client)
    order = {"phone": "06 12 34 56 78", "capture_id": capture["id"]}
    assert client.post("/api/send-sms", json=order).status_code == 202


def test_what_is_no_number_is_refused_and_a_landline_told(client: httpx.Client) -> None:
    problem(client.post("/admin/test/sms", json={"phone": "1"}), 422, "phone-invalid")
    problem(client.post("/admin/test/sms", json={}), 422, "invalid-request")
    landline = client.post("/admin/test/sms", json={"phone": "01 23 45 67 89"}).json()
    assert landline == {"ok": False, "detail": "A landline can't receive SMS.", "timings_ms": {}}


def test_an_object_goes_into_the_folder_and_out_again(
    kiosk: Appliance, client: httpx.Client
) -> None:
    cloud = kiosk.data_dir / "cloud"
    before = sorted(cloud.iterdir()) if cloud.exists() else []
    answer = client.post("/admin/test/storage").json()
    assert answer["ok"] is True
    assert list(answer["timings_ms"]) == ["write", "read", "remove"]
    assert sorted(cloud.iterdir()) == before


def test_a_folder_that_can_not_be_written_is_told(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance()
    kiosk.data_dir.mkdir(mode=0o700)
    (kiosk.data_dir / "cloud").write_bytes(b"")
    kiosk.start()
    set_up(kiosk)
    with kiosk.client() as client:
        answer = client.post("/admin/test/storage", headers=bearer(token_of(client)))
    assert answer.status_code == 200
    assert answer.json()["ok"] is False
    assert "folder for uploads" in answer.json()["detail"]


def storage_trial(*channels: Channel) -> Trial:
    async def go() -> Trial:
        named = {channel.name: channel for channel in channels}
        return await Trials(
            settings=Settings, channel=named.__getitem__, clock=SetClock()
        ).storage()

    return in_loop(go())


@pytest.mark.cloud
def test_an_object_goes_into_swift_and_out_again(cloud: Cloud, container: str) -> None:
    account = SwiftAccount(
        cloud.auth_url, cloud.username, cloud.password, cloud.tenant_name, cloud.region, container
    )
    trial = storage_trial(SwiftChannel(account), SwiftErasureChannel(account))
    assert trial.ok, trial.detail
    assert list(trial.timings_ms) == ["write", "read", "remove"]
    assert cloud.names(container) == []
    wrong = dataclasses.replace(account, password="wrong")
    trial = storage_trial(SwiftChannel(wrong), SwiftErasureChannel(wrong))
    assert not trial.ok
    assert "wrong" not in trial.detail
    assert list(trial.timings_ms) == ["write"]


def test_every_sms_channel_answers_also_with_its_provider_down(
    request: pytest.FixtureRequest, tmp_path: Path
) -> None:
    for name in ("ovh_sms", "file_sms"):
        with CHANNELS[name](request, tmp_path) as case:
            for channel, expected in ((case.channel, True), (case.broken, False)):

                async def go(channel: Channel = channel) -> Trial:
                    trials = Trials(
                        settings=Settings,
                        channel={channel.name: channel}.__getitem__,
                        clock=SetClock(),
                    )
                    return await trials.sms("06 12 34 56 78")

                trial = in_loop(go())
                assert trial.ok is expected
                assert trial.detail
                channel.close()
