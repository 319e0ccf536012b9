"""What the finder alone sees: kept where its colours are those of people, else not."""

import cv2
import numpy as np
import pytest

from kiosk_appliance.imaging.disputes import settled
from kiosk_appliance.imaging.networks import Coverage
from kiosk_appliance.imaging.pixels import Frame
from kiosk_appliance.imaging.regions import agreement

ORANGE, WALL = (30, 120, 230), (150, 140, 120)
HEIGHT, WIDTH = 360, 640
# Head and chest, and what hangs below them.
CHEST, BELOW = (slice(60, 220), slice(240, 400)), (slice(220, 340), slice(240, 400))
GAP = (slice(140, 200), slice(300, 340))


def photo(*orange: tuple[slice, slice]) -> Frame:
    pixels = np.full((HEIGHT, WIDTH, 3), WALL, np.uint8)
    for part in orange:
        pixels[part] = ORANGE
    noise = np.random.default_rng(3).integers(-9, 10, pixels.shape)
    return np.asarray(np.clip(pixels + noise, 0, 255), np.uint8)


def plane(*parts: tuple[slice, slice]) -> Coverage:
    found = np.zeros((HEIGHT, WIDTH), np.float32)
    for part in parts:
        found[part] = 1
    return found


def opinion(*parts: tuple[slice, slice]) -> Coverage:
    small = cv2.resize(plane(*parts), (384, 216), interpolation=cv2.INTER_AREA)
    return np.asarray(small, np.float32)


def test_a_lost_part_of_somebody_comes_back() -> None:
    made = settled(plane(CHEST), opinion(CHEST, BELOW), photo(CHEST, BELOW))
    assert made[BELOW].mean() > 0.97
    assert made[CHEST].min() == 1
    assert made[:, :220].max() == made[:50].max() == 0


def test_what_has_the_colours_of_the_wall_stays_away() -> None:
    matte = plane(CHEST)
    assert settled(matte, opinion(CHEST, BELOW), photo(CHEST)) is matte


def test_a_gap_between_arm_and_body_stays_open() -> None:
    matte = plane(CHEST)
    matte[GAP] = 0
    seen = photo(CHEST)
    seen[GAP] = photo()[GAP]
    assert settled(matte, opinion(CHEST), seen)[GAP].max() == 0


def test_networks_that_contradict_each_other_everywhere_settle_nothing() -> None:
    aside = (slice(100, 300), slice(0, 200))
    matte = plane(CHEST)
    assert settled(matte, opinion(aside), photo(CHEST, aside)) is matte


@pytest.mark.parametrize("least", [0, 1])
def test_nobody_is_settled_as_nobody(least: int) -> None:
    matte = np.full((HEIGHT, WIDTH), 0, np.float32)
    assert settled(matte, np.full((216, 384), least, np.float32), photo()) is matte


def test_agreement_is_what_both_see_of_what_either_sees() -> None:
    assert agreement(plane(CHEST), plane(CHEST)) == 1
    assert agreement(plane(CHEST), plane(BELOW)) == 0
    both = agreement(plane(CHEST), plane(CHEST, BELOW))
    assert both == pytest.approx(160 / 280)
