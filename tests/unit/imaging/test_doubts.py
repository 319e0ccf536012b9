"""How sure a cut is: where networks and colours say the same, and where one of them objects."""

import numpy as np
import pytest

from kiosk_appliance.imaging import doubts, elsewhere, palette
from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.outlines import by_colour
from kiosk_appliance.imaging.pixels import Frame
from kiosk_appliance.imaging.regions import lowered
from tests.unit.imaging.test_disputes import BELOW, CHEST, opinion, photo, plane

ASIDE = (slice(60, 220), slice(440, 600))
CORNER = (slice(180, 220), slice(360, 400))


def told(matte: Coverage, rough: Coverage, seen: Frame) -> doubts.Colours:
    low = lowered(matte, rough)
    leans, apart = palette.leaning(seen, low, rough), elsewhere.leaning(seen, low, rough)
    return doubts.Colours(leans, apart, by_colour(matte, rough, seen))


def confidence(matte: Coverage, rough: Coverage, seen: Frame) -> float:
    return doubts.confidence(matte, rough, told(matte, rough, seen))


def test_what_all_say_is_sure() -> None:
    assert confidence(plane(CHEST), opinion(CHEST), photo(CHEST)) > 0.9


def test_nobody_is_not_sure() -> None:
    assert confidence(plane(), opinion(), photo()) == 0


@pytest.mark.parametrize("finder", [(ASIDE,), (), (CHEST, ASIDE, BELOW)])
def test_networks_that_see_others_are_not_sure(finder: tuple[tuple[slice, slice], ...]) -> None:
    assert confidence(plane(CHEST), opinion(*finder), photo(CHEST)) < 0.5


def test_a_smeared_outline_is_not_sure() -> None:
    matte = plane(CHEST)
    matte[:, 380:440] = 0.5
    assert confidence(matte, opinion(CHEST), photo(CHEST)) < 0.5


def test_a_piece_of_wall_that_both_networks_take_for_somebody_is_not_sure() -> None:
    seen = photo(CHEST)
    seen[CORNER] = photo()[CORNER]
    assert confidence(plane(CHEST), opinion(CHEST), seen) < 0.5


def test_a_sign_on_a_shirt_is_sure() -> None:
    seen = photo(CHEST)
    seen[CORNER] = photo()[CORNER][:, :, ::-1]
    assert confidence(plane(CHEST), opinion(CHEST), seen) > 0.9


def test_a_piece_of_wall_that_the_finder_doubts_is_not_sure() -> None:
    seen = photo(CHEST)
    seen[CORNER] = photo()[CORNER]
    matte, rough = plane(CHEST), opinion(CHEST)
    colours = told(matte, rough, seen)._replace(elsewhere=np.zeros(rough.shape, np.float32))
    assert doubts.confidence(matte, rough, colours) > 0.5
    rough[108:132, 216:240] = 0.6
    assert doubts.confidence(matte, rough, colours) < 0.5


def test_a_piece_of_somebody_left_out_is_not_sure() -> None:
    matte = plane(CHEST)
    matte[CORNER] = 0
    rough = np.maximum(opinion(CHEST) - 0.6 * opinion(CORNER), 0)
    assert confidence(matte, rough, photo(CHEST)) < 0.5


def test_an_outline_that_colours_draw_otherwise_is_not_sure() -> None:
    matte, rough, seen = plane(CHEST), opinion(CHEST), photo(CHEST)
    colours = told(matte, rough, seen)
    assert doubts.confidence(matte, rough, colours) > 0.9
    colours.outline[36:72] = False
    assert doubts.confidence(matte, rough, colours) < 0.5
