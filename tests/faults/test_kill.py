"""SIGKILL at any instant while guests play: nothing is lost, and no SMS comes twice."""

import random
import time
from collections.abc import Callable

import pytest

from tests.faults.examination import Examination
from tests.faults.guests import Guests
from tests.faults.ledger import handset_lines
from tests.parts.appliance import Appliance

pytestmark = pytest.mark.faults

_KILLS = 20
_DRAINED_WITHIN_S = 60.0


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
    in_doubt = _drained(appliance)
    appliance.kill()
    assert examination.of_disk([]) == []
    lines = handset_lines(appliance.data_dir)
    assert set(lines.values()) == {1}
    assert len(lines) <= with_sms <= len(lines) + in_doubt


def _drained(appliance: Appliance) -> int:
    """Wait until nothing is due; return how many SMS wait for a look-up, up to 10 min away."""
    deadline = time.monotonic() + _DRAINED_WITHIN_S
    with appliance.client() as client:
        while True:
            outbox = client.get("/health").json()["checks"]["outbox"]
            if not outbox["waiting"] + outbox["running"]:
                in_doubt: int = outbox["uncertain"]
                return in_doubt
            assert time.monotonic() < deadline, f"{outbox}\n{appliance.log()}"
            time.sleep(0.2)
