"""SIGKILL at any instant while guests play: nothing is lost, and no SMS comes twice."""

import random
import time
from collections.abc import Callable

import pytest

from tests.faults.examination import Examination
from tests.faults.guests import Guests
from tests.faults.ledger import handset_lines
from tests.parts.appliance import Appliance

pytestmark = [pytest.mark.faults, pytest.mark.timeout(300)]

_KILLS = 20
# An SMS that may have been written is looked up 30 s after the start.
_SETTLED_WITHIN_S = 90.0


def test_killed_process_loses_nothing_and_texts_once(
    make_appliance: Callable[..., Appliance],
) -> None:
    rng = random.Random(4)
    appliance = make_appliance({"sms": {"per_day": 100_000}, "log": {"level": "WARNING"}}).start()
    examination = Examination(appliance, rng)
    with appliance.client() as client:
        backgrounds = [one["id"] for one in client.get("/api/backgrounds").json()]
    with_sms = 0
    for _ in range(_KILLS):
        guests = Guests(appliance.port, random.Random(rng.random()), backgrounds)
        guests.come(rng.choice((1, 2, 4)))
        time.sleep(rng.uniform(0.05, 0.6))
        appliance.kill()
        guests.go()
        assert examination.of_disk(guests.shots) == []
        appliance.start()
        faults, _ = examination.of_service()
        assert faults == []
        with_sms += sum(bool(shot.answer and shot.answer["sms_id"]) for shot in guests.shots)
    _wait_until_settled(appliance)
    appliance.kill()
    assert examination.of_disk([]) == []
    lines = handset_lines(appliance.data_dir)
    assert set(lines.values()) == {1}
    assert len(lines) == with_sms > 0


def _wait_until_settled(appliance: Appliance) -> None:
    deadline = time.monotonic() + _SETTLED_WITHIN_S
    with appliance.client() as client:
        while True:
            outbox = client.get("/health").json()["checks"]["outbox"]
            if not any(outbox[state] for state in ("waiting", "running", "uncertain")):
                return
            assert time.monotonic() < deadline, f"{outbox}\n{appliance.log()}"
            time.sleep(0.2)
