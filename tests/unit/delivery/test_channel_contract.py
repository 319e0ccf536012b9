"""What the outbox may rely on, whichever channel it holds."""

import dataclasses
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import get_args

import pytest

from kiosk_appliance.domain.delivery import ERASURES, Delivered, LookUp, NotFound, Outcome, Parcel
from kiosk_appliance.domain.entry import Entry
from kiosk_appliance.ids import new_id, new_tag
from tests.parts.channels import CHANNELS, NEEDS_CLOUD, ChannelCase

PHONE = "+33612345678"


@pytest.fixture(
    params=[
        pytest.param(name, marks=[pytest.mark.cloud] if name in NEEDS_CLOUD else [])
        for name in sorted(CHANNELS)
    ]
)
def case(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ChannelCase]:
    with CHANNELS[request.param](request, tmp_path) as made:
        yield made
        made.channel.close()
        made.broken.close()


def a_parcel(
    case: ChannelCase, folder: Path, photo: bytes = b"\xff\xd8 a photo \xff\xd9"
) -> Parcel:
    token, capture_id = new_id(), new_id()
    path = folder / f"{token}.jpg"
    path.write_bytes(photo)
    parcel = Parcel(
        delivery_id=new_id(),
        capture_id=capture_id,
        token=token,
        attempt=1,
        photo=path,
        page=b"<!doctype html><title>Your photo</title>",
        recipient=PHONE,
        text=f"Votre photo : https://k.example/{token}",
        tag=new_tag(),
        valid_for_s=3600,
        entry=Entry(
            kiosk="kiosk-1",
            capture=capture_id,
            version=1,
            created_at=1_795_000_000_000,
            phone=PHONE,
            email="guest@example.com",
            consent_sms=True,
            consent_marketing=False,
            background_id=None,
            download_url=f"https://k.example/{token}",
            width=1200,
            height=800,
            file_size=len(photo),
        ),
    )
    case.before(parcel)
    return parcel


def assert_discreet(outcome: Outcome, parcel: Parcel, case: ChannelCase) -> None:
    reason = getattr(outcome, "reason", "x")
    assert 0 < len(reason) <= 200
    assert reason.isprintable()
    for private in (*case.secrets, PHONE, PHONE[3:], parcel.token, str(parcel.photo)):
        assert private not in reason


def test_it_says_what_kind_of_lane_it_is(case: ChannelCase) -> None:
    assert case.channel.name in {"storage", "sms", "postgres", *ERASURES.values()}
    assert case.channel.concurrency >= 1
    assert isinstance(case.channel.remote, bool)
    assert isinstance(case.channel.repeatable, bool)


def test_a_parcel_is_delivered(case: ChannelCase, tmp_path: Path) -> None:
    parcel = a_parcel(case, tmp_path)
    outcome = case.channel.deliver(parcel)
    assert isinstance(outcome, Delivered)
    assert outcome.reference
    assert case.delivered(parcel) == 1


def test_once_more_is_harmless_where_a_channel_says_so(case: ChannelCase, tmp_path: Path) -> None:
    if not case.channel.repeatable:
        pytest.skip("this channel must not be repeated blindly")
    parcel = a_parcel(case, tmp_path)
    first = case.channel.deliver(parcel)
    again = case.channel.deliver(dataclasses.replace(parcel, attempt=2))
    assert first == again
    assert case.delivered(parcel) == 1
    assert case.channel.look_up(parcel) == NotFound()


def test_a_photo_that_is_gone_or_empty_is_an_outcome(case: ChannelCase, tmp_path: Path) -> None:
    gone, empty = a_parcel(case, tmp_path), a_parcel(case, tmp_path, photo=b"")
    gone.photo.unlink()
    for parcel in (gone, empty):
        outcome = case.channel.deliver(parcel)
        assert isinstance(outcome, get_args(Outcome))
        assert_discreet(outcome, parcel, case)


def test_a_provider_that_is_down_is_an_outcome(case: ChannelCase, tmp_path: Path) -> None:
    parcel = a_parcel(case, tmp_path)
    for outcome in (case.broken.deliver(parcel), case.broken.probe()):
        assert isinstance(outcome, get_args(Outcome))
        assert not isinstance(outcome, Delivered)
        assert_discreet(outcome, parcel, case)
    assert case.delivered(parcel) == 0
    assert isinstance(case.broken.look_up(parcel), get_args(LookUp))


def test_a_probe_says_that_all_is_well(case: ChannelCase) -> None:
    assert isinstance(case.channel.probe(), Delivered)


def test_a_repr_gives_nothing_away(case: ChannelCase) -> None:
    for shown in (repr(case.channel), repr(vars(case.channel))):
        for secret in case.secrets:
            assert secret not in shown


def test_several_threads_may_use_it(case: ChannelCase, tmp_path: Path) -> None:
    parcels = [a_parcel(case, tmp_path) for _ in range(3 * case.channel.concurrency)]
    with ThreadPoolExecutor(case.channel.concurrency) as threads:
        outcomes = list(threads.map(case.channel.deliver, parcels))
    assert [type(outcome) for outcome in outcomes] == [Delivered] * len(parcels)
    assert [case.delivered(parcel) for parcel in parcels] == [1] * len(parcels)


def test_it_may_be_closed_twice(case: ChannelCase, tmp_path: Path) -> None:
    case.channel.deliver(a_parcel(case, tmp_path))
    case.channel.close()
    case.channel.close()
