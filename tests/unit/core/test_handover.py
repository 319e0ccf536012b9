"""The border round a provider's SDK: every end of a call is a value."""

import threading
from pathlib import Path

import pytest

from kiosk_appliance.core.handover import Handover
from kiosk_appliance.core.threads import in_daemon_thread
from kiosk_appliance.domain.delivery import LookUpFailed, Outcome, Parcel, Transient, Uncertain
from tests.parts.loop import in_loop
from tests.parts.provider import Provider

PARCEL = Parcel("delivery", "capture", "token", 1, Path("photo.jpg"))


def raising(_parcel: Parcel) -> Outcome:
    raise KeyError("what no channel should raise")


@pytest.mark.parametrize(("repeatable", "kind"), [(True, Transient), (False, Uncertain)])
def test_call_that_hangs_is_given_up(repeatable: bool, kind: type[Transient | Uncertain]) -> None:
    provider = Provider(repeatable=repeatable)
    provider.gate.clear()

    async def work() -> None:
        outcome = await Handover(provider, deadline_s=0.05).deliver(PARCEL)
        assert isinstance(outcome, kind)
        assert "too long" in outcome.reason

    try:
        in_loop(work())
    finally:
        provider.gate.set()


@pytest.mark.parametrize(("repeatable", "kind"), [(True, Transient), (False, Uncertain)])
def test_channel_that_raises_is_in_doubt_unless_it_may_be_repeated(
    repeatable: bool, kind: type
) -> None:
    async def work() -> None:
        outcome = await Handover(Provider(repeatable=repeatable, on_deliver=raising)).deliver(
            PARCEL
        )
        assert isinstance(outcome, kind)

    in_loop(work())


def test_look_up_that_hangs_is_asked_again_later() -> None:
    provider = Provider(repeatable=False)

    def hang(_parcel: Parcel) -> LookUpFailed:
        provider.gate.wait(60)
        return LookUpFailed("never heard")

    provider.gate.clear()
    provider.on_look_up = hang

    async def work() -> None:
        answer = await Handover(provider, deadline_s=0.05).look_up(PARCEL)
        assert isinstance(answer, LookUpFailed)
        assert not answer.refused

    try:
        in_loop(work())
    finally:
        provider.gate.set()


def test_calls_one_after_another_need_few_threads() -> None:
    async def work() -> None:
        used = {await in_daemon_thread("call", threading.get_ident) for _ in range(200)}
        # A thread takes its leave of a call a moment after the answer is there.
        assert len(used) < 20

    in_loop(work())
