"""An outline along colours: what it gives back to the matte, what it takes away."""

import cv2
import numpy as np

from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.outlines import by_colour, mended
from kiosk_appliance.imaging.palette import leaning
from kiosk_appliance.imaging.pixels import Frame
from kiosk_appliance.imaging.regions import lowered
from tests.unit.imaging.test_disputes import BELOW, CHEST, HEIGHT, WIDTH, opinion, photo, plane

# Hair that flies out beside the head, and something small and far from anybody.
LOCK, THING = (slice(70, 100), slice(400, 416)), (slice(300, 340), slice(560, 600))


def repaired(matte: Coverage, rough: Coverage, seen: Frame) -> Coverage:
    return mended(
        matte, rough, leaning(seen, lowered(matte, rough), rough), by_colour(matte, rough, seen)
    )


def test_where_all_agree_nothing_changes() -> None:
    matte = plane(CHEST)
    assert repaired(matte, opinion(CHEST), photo(CHEST)) is matte


def test_flying_hair_that_no_network_sees_comes_back() -> None:
    made = repaired(plane(CHEST), opinion(CHEST), photo(CHEST, LOCK))
    assert made[80:92, 405:412].min() > 0.9
    assert made[CHEST].min() == 1
    assert made[:, :230].max() == made[240:].max() == 0


def test_a_thing_apart_whose_colours_nobody_has_goes() -> None:
    matte = plane(CHEST, THING)
    made = repaired(matte, opinion(CHEST, THING), photo(CHEST))
    assert made[THING].max() < 0.1
    assert made[CHEST].min() == 1


def test_somebody_small_apart_stays() -> None:
    matte = plane(CHEST, THING)
    made = repaired(matte, opinion(CHEST, THING), photo(CHEST, THING))
    assert made[THING].min() == made[CHEST].min() == 1


def test_what_is_far_off_stays_away_whatever_its_colours() -> None:
    made = repaired(plane(CHEST), opinion(CHEST), photo(CHEST, BELOW, THING))
    assert made[THING].max() == 0


def test_the_same_planes_give_the_same_outline() -> None:
    matte, rough, seen = plane(CHEST), opinion(CHEST), photo(CHEST, LOCK)
    first = by_colour(matte, rough, seen)
    cv2.setRNGSeed(77)
    assert (by_colour(matte, rough, seen) == first).all()


def test_planes_without_two_sides_are_taken_as_they_are() -> None:
    rough = opinion()
    for matte in (plane(), np.ones((HEIGHT, WIDTH), np.float32)):
        assert by_colour(matte, rough, photo()).all() == bool(matte.any())
        assert repaired(matte, rough, photo()) is matte


def test_a_speck_is_taken_as_it_is() -> None:
    speck = (slice(100, 104), slice(100, 104))
    matte = plane(speck)
    assert by_colour(matte, opinion(speck), photo(speck)).any()
