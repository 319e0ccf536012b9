"""A piece of the people has no say in whether its colours are theirs."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.imaging import elsewhere, palette
from kiosk_appliance.imaging.elsewhere import Plane
from kiosk_appliance.imaging.pixels import Frame
from kiosk_appliance.imaging.regions import lowered
from tests.unit.imaging.test_disputes import BELOW, CHEST, opinion, photo, plane

PIECE = (slice(180, 220), slice(360, 400))
# The same at the size of the finder's opinion, less what its outline blurs.
SMALL_PIECE, SMALL_CHEST = (slice(112, 128), slice(220, 236)), (slice(40, 90), slice(150, 200))


def leaning(seen: Frame, *people: tuple[slice, slice]) -> Plane:
    rough = opinion(*people)
    return elsewhere.leaning(seen, lowered(plane(*people), rough), rough)


def test_a_piece_of_wall_among_people_is_the_walls() -> None:
    seen = photo(CHEST, BELOW)
    seen[PIECE] = photo()[PIECE]
    leans = leaning(seen, CHEST, BELOW)
    assert leans[SMALL_PIECE].max() < -2.5
    assert np.median(leans[SMALL_CHEST]) > 2.5


def test_counted_among_the_people_it_would_speak_for_itself() -> None:
    seen = photo(CHEST, BELOW)
    seen[PIECE] = photo()[PIECE]
    rough = opinion(CHEST, BELOW)
    low = lowered(plane(CHEST, BELOW), rough)
    counted = palette.leaning(seen, low, rough)[SMALL_PIECE].mean()
    assert counted > elsewhere.leaning(seen, low, rough)[SMALL_PIECE].mean() + 1


def test_what_is_neither_elsewhere_nor_near_is_not_told() -> None:
    seen = photo(CHEST, BELOW)
    seen[PIECE] = (20, 200, 20)
    assert np.abs(leaning(seen, CHEST, BELOW)[SMALL_PIECE]).max() < 1e-3


def test_off_the_people_and_without_them_nothing_is_said() -> None:
    leans = leaning(photo(CHEST), CHEST)
    assert not leans[:30].any()
    assert not leans[:, :130].any()
    assert not leaning(photo()).any()


@settings(deadline=None)
@given(st.integers(1, 90), st.integers(1, 160), st.integers(0, 2**32 - 1))
def test_any_small_picture_and_any_planes_do(height: int, width: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    low, rough = dice.random((2, height, width), np.float32).round(1)
    seen = dice.integers(0, 256, (height, width, 3), np.uint8)
    leans = elsewhere.leaning(seen, low, rough)
    assert leans.shape == low.shape
    assert np.isfinite(leans).all()
