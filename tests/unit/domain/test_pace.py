"""The pace of SMS, and the back-off of one item."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.pace import LONGEST_BACKOFF_MS, Bucket, backoff_ms

BURST, INTERVAL_MS = 10, 1_200


def sent(arrivals: list[int]) -> list[int]:
    """Return when each leaves: at its arrival, or as soon as the bucket lets it."""
    bucket, now, left = Bucket(BURST, INTERVAL_MS, 0), 0, []
    for gap in arrivals:
        now += gap
        while wait := bucket.wait_ms(now):
            now += wait
        bucket.take(now)
        left.append(now)
    return left


@given(st.lists(st.one_of(st.just(0), st.integers(0, 5_000), st.integers(0, 90_000)), max_size=250))
def test_never_more_than_sixty_in_any_minute_nor_bursts_above_ten(arrivals: list[int]) -> None:
    left = sent(arrivals)
    for first, at in enumerate(left):
        assert sum(1 for other in left[first:] if other <= at + 60_000) <= 60
        assert sum(1 for other in left[first:] if other < at + INTERVAL_MS - 1) <= BURST


def test_fifty_at_once_are_gone_within_fifty_seconds() -> None:
    a_while = BURST * INTERVAL_MS
    assert sent([a_while] + [0] * 49)[-1] - a_while <= 50_000


@given(lives=st.lists(st.integers(500, 20_000), min_size=1, max_size=120))
def test_restarts_let_no_more_through(lives: list[int]) -> None:
    """However short the lives between two crashes, a start has no burst to give."""
    now, left = 0, []
    for life in lives:
        bucket, end = Bucket(BURST, INTERVAL_MS, now), now + life
        while now + bucket.wait_ms(now) < end:
            now += bucket.wait_ms(now)
            bucket.take(now)
            left.append(now)
        # No process starts faster.
        now = end + INTERVAL_MS
    for first, at in enumerate(left):
        assert sum(1 for other in left[first:] if other <= at + 60_000) <= 60


@given(st.lists(st.integers(0, 3_000), min_size=1, max_size=60))
def test_a_wait_is_long_enough_and_ends(arrivals: list[int]) -> None:
    bucket, now = Bucket(BURST, INTERVAL_MS, 0), 0
    for gap in arrivals:
        now += gap
        wait = bucket.wait_ms(now)
        assert 0 <= wait <= INTERVAL_MS + 1
        assert bucket.wait_ms(now + wait) <= 1


def test_time_that_seems_to_go_back_gives_nothing() -> None:
    bucket = Bucket(1, 1_000, 10_000)
    bucket.take(10_000)
    assert bucket.wait_ms(5_000) == 1_001
    assert bucket.wait_ms(10_500) == 501


@given(
    attempt=st.integers(1, 10_000),
    first_s=st.floats(0.001, 86_400),
    randomness=st.floats(0, 1, exclude_max=True),
)
def test_the_backoff_has_bounds(attempt: int, first_s: float, randomness: float) -> None:
    wait = backoff_ms(attempt, first_s, randomness)
    full = min(first_s * 1000 * 2 ** min(attempt - 1, 20), LONGEST_BACKOFF_MS)
    assert full / 2 - 1 <= wait <= full + 1


def test_the_backoff_doubles_up_to_an_hour() -> None:
    waits = [round(backoff_ms(attempt, 60, 0.999999) / 1000) for attempt in range(1, 8)]
    assert waits == [60, 120, 240, 480, 960, 1920, 3600]
