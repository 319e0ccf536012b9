import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from kiosk_appliance.imaging.mode import Artwork
from kiosk_appliance.imaging.modes import MODES
from kiosk_appliance.imaging.pixels import Frame, Plane, Size


def test_the_modes_are_found_by_their_files() -> None:
    assert set(MODES) >= {"none", "frame"}
    assert all(mode.name == name for name, mode in MODES.items())


@pytest.mark.parametrize("mode", MODES.values(), ids=MODES)
def test_every_mode_keeps_to_the_canvas_and_counts_its_memory(mode: object) -> None:
    canvas = Size(60, 80)
    drawn = np.full((160, 120, 3), 90, np.uint8)
    for alpha in (None, np.zeros((160, 120), np.uint8), np.full((160, 120), 255, np.uint8)):
        stage = MODES[getattr(mode, "name", "")].prepare(Artwork(drawn, alpha, canvas))
        made = stage.take_in(np.full((80, 60, 3), 200, np.uint8))
        assert made.shape == (80, 60, 3)
        assert made.dtype == np.uint8
        assert stage.canvas == canvas
        assert 0 <= stage.nbytes <= 60 * 80 * 8


def framed(photo: Frame, drawn: Frame, alpha: Plane) -> Frame:
    height, width = alpha.shape
    stage = MODES["frame"].prepare(Artwork(drawn, alpha, Size(width, height)))
    return stage.take_in(photo.copy())


@settings(max_examples=30, deadline=None)
@given(
    photo=arrays.arrays(np.uint8, (70, 150, 3)),
    drawn=arrays.arrays(np.uint8, (70, 150, 3)),
    alpha=arrays.arrays(np.uint8, (70, 150), elements=st.sampled_from([0, 1, 128, 254, 255])),
)
def test_a_frame_is_blended_by_its_opacity(photo: Frame, drawn: Frame, alpha: Plane) -> None:
    share = alpha[:, :, None] / 255
    exact = drawn * share + photo * (1 - share)
    made = framed(photo, drawn, alpha)
    assert np.abs(made - exact).max() <= 1
    assert (made[alpha == 0] == photo[alpha == 0]).all()
    assert (made[alpha == 255] == drawn[alpha == 255]).all()


def test_known_pixels() -> None:
    photo = np.full((20, 400, 3), (10, 100, 250), np.uint8)
    drawn = np.full((20, 400, 3), (255, 0, 40), np.uint8)
    alpha = np.zeros((20, 400), np.uint8)
    alpha[:, :8], alpha[:, 300:308] = 255, 51
    made = framed(photo, drawn, alpha)
    assert made[5, 3].tolist() == [255, 0, 40]
    assert made[5, 303].tolist() == [59, 80, 208]
    assert made[5, 150].tolist() == [10, 100, 250]


def test_what_is_hidden_in_clear_pixels_never_shows() -> None:
    drawn = np.full((200, 200, 3), 255, np.uint8)
    drawn[50:150, 50:150] = 0
    alpha = np.zeros((200, 200), np.uint8)
    alpha[50:150, 50:150] = 255
    stage = MODES["frame"].prepare(Artwork(drawn, alpha, Size(67, 67)))
    made = stage.take_in(np.zeros((67, 67, 3), np.uint8))
    assert made.max() <= 1


def test_a_clear_middle_costs_nothing() -> None:
    alpha = np.full((1000, 1000), 255, np.uint8)
    alpha[100:900, 100:900] = 0
    drawn = np.full((1000, 1000, 3), 9, np.uint8)
    stage = MODES["frame"].prepare(Artwork(drawn, alpha, Size(1000, 1000)))
    assert stage.nbytes < 0.5 * 1000 * 1000 * 6
