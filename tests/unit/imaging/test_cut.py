"""People as they are laid on a canvas: the quick ways give what the plain one gives."""

import cv2
import numpy as np
import pytest

from kiosk_appliance.imaging.cut import Cut, Spill
from kiosk_appliance.imaging.modes.green_screen import keyed
from kiosk_appliance.imaging.pixels import Frame, Size
from kiosk_appliance.imaging.placing import Place
from tests.parts.people import GREEN, portrait

DAY = (np.arange(256, dtype=np.uint8),) * 3


def somebody() -> Cut:
    found = keyed(portrait(1920, 1080, GREEN))
    assert found is not None
    return found


@pytest.mark.parametrize("at", [(-640, -200), (-641, -201), (-700, -7), (-640, -1), (-1, -560)])
def test_at_its_own_scale_a_layer_lies_where_a_warp_puts_it(at: tuple[int, int]) -> None:
    cut, size = somebody(), Size(600, 500)
    quick, warped = (
        cut.opacity(Place(scale, *map(float, at)), size).astype(int) for scale in (1, 1 + 1e-9)
    )
    assert warped.max() == 255
    assert np.abs(quick - warped).max() <= 4


@pytest.mark.parametrize("where", [Place(1, -3, 40), Place(0.61, 200, -80), Place(1.7, -900, 9)])
def test_nobody_is_beside_the_columns_that_are_named(where: Place) -> None:
    cut, size = somebody(), Size(1400, 120)
    seen = 0
    for top in range(0, 1080, 120):
        lower = where._replace(y=where.y - top)
        alpha = cut.opacity(lower, size)
        seen += int(alpha.any())
        alpha[:, cut.columns(lower, size)] = 0
        assert not alpha.any(), top
    assert seen


def test_spill_is_taken_off_each_colour_by_its_weight() -> None:
    photo = np.full((64, 64, 3), (100, 120, 140), np.uint8)
    amount = np.full((32, 32), 20, np.uint8)
    full = np.full((64, 64), 255, np.uint8)
    cut = Cut(photo, full, spill=Spill(amount, (-0.5, 1.0, -0.25)))
    made: Frame = cut.colours(Place(1, 0, 0), full, DAY)
    assert (made == (110, 100, 145)).all()


def test_a_small_person_before_a_cloth_is_cut_out() -> None:
    small = portrait(160, 120, GREEN)
    photo = np.full((480, 640, 3), small[0, 0], np.uint8)
    photo[-120:, 240:400] = small
    found = keyed(cv2.GaussianBlur(photo, (0, 0), 1).astype(np.uint8))
    assert found is not None
    assert found.alpha[420, 320] == 255


@pytest.mark.parametrize("size", [(1919, 1079), (1921, 1081), (3000, 1), (1, 3000), (33, 17)])
def test_a_cloth_is_looked_at_whatever_shape_the_photo_has(size: tuple[int, int]) -> None:
    photo = cv2.resize(portrait(640, 480, GREEN), size, interpolation=cv2.INTER_AREA)
    found = keyed(np.asarray(photo, np.uint8))
    if min(size) > 1000:
        assert found is not None
        height, width = found.alpha.shape
        assert found.alpha[round(0.9 * height), width // 2] == 255
        assert found.alpha[-1, 0] == found.alpha[-1, -1] == 0
