"""Tries of a password: a few are free, then each has to wait, and nobody for ever."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.throttle import Throttle, neighbourhood


def test_five_tries_are_free_then_waits_double_to_a_minute() -> None:
    throttle, now, waits = Throttle(), 0.0, []
    for _ in range(14):
        wait = throttle.wait_s("name", now)
        waits.append(wait)
        now += wait
        assert throttle.wait_s("name", now) == 0
        throttle.tried("name", now)
    assert waits == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_names_do_not_wait_for_each_other() -> None:
    throttle = Throttle()
    for _ in range(9):
        throttle.tried("one", 0)
    assert throttle.wait_s("one", 0) > 0
    assert throttle.wait_s("other", 0) == 0


def test_success_forgets() -> None:
    throttle = Throttle()
    for _ in range(9):
        throttle.tried("name", 0)
    throttle.succeeded("name")
    assert throttle.wait_s("name", 0) == 0


@given(st.lists(st.floats(0, 2000), max_size=60), st.floats(0, 10_000))
def test_nobody_waits_longer_than_a_minute_whatever_was_tried(
    pauses: list[float], later: float
) -> None:
    throttle, now = Throttle(), 0.0
    for pause in pauses:
        now += pause
        throttle.tried("name", now)
        assert 0 <= throttle.wait_s("name", now) <= 60
    assert throttle.wait_s("name", now + 60) == 0
    assert throttle.wait_s("name", now + later) <= max(60 - later, 0) + 1


def test_what_is_remembered_is_bounded() -> None:
    throttle = Throttle()
    for _ in range(9):
        throttle.tried("first", 0)
    for number in range(10_000):
        throttle.tried(f"name {number}", 1)
    assert throttle.wait_s("first", 1) == 0


def test_a_household_of_ipv6_is_one_place() -> None:
    assert neighbourhood("2001:db8:1:2::7") == neighbourhood("2001:db8:1:2:ffff::1")
    assert neighbourhood("2001:db8:1:2::7") != neighbourhood("2001:db8:1:3::7")
    assert neighbourhood("192.0.2.7") == "192.0.2.7"
    assert neighbourhood("testclient") == "testclient"
