"""What the operator is told of the camera, by what the guest page has said last."""

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.core.camera import Camera, Sight, State
from tests.parts.clocks import SetClock


def test_nothing_is_told_before_the_page_has_said_anything_or_while_all_is_well() -> None:
    camera = Camera(SetClock())
    assert camera.check() is None
    camera.told(Sight(State.ON, 1280, 720))
    assert camera.check() is None


@pytest.mark.parametrize("state", [state for state in State if state is not State.ON])
def test_a_camera_without_a_picture_keeps_the_kiosk_from_serving_guests(state: State) -> None:
    clock = SetClock()
    camera = Camera(clock)
    camera.told(Sight(state))
    clock.mono += 90_000
    camera.told(Sight(state))
    check = camera.check()
    assert check is not None
    assert (check["status"], check["cause"], check["for_s"]) == ("failing", state, 90)
    camera.told(Sight(State.ON, 1920, 1080))
    assert camera.check() is None


def test_a_small_picture_is_said_with_its_size() -> None:
    camera = Camera(SetClock())
    camera.told(Sight(State.ON, 640, 480))
    check = camera.check()
    assert check is not None
    assert check["status"] == "degraded"
    assert "640 x 480" in str(check["detail"])


def test_a_change_has_one_line_in_the_log() -> None:
    camera = Camera(SetClock())
    with capture_logs() as lines:
        for sight in (Sight(State.LOST), Sight(State.LOST), Sight(State.ON, 640, 480)):
            camera.told(sight)
            camera.told(sight)
    assert [line["event"] for line in lines] == ["camera_fails", "camera_works"]
    assert (lines[1]["width"], lines[1]["height"]) == (640, 480)


def test_whoever_says_something_else_each_moment_fills_no_log() -> None:
    clock = SetClock()
    camera = Camera(clock)
    with capture_logs() as lines:
        for nth in range(600):
            clock.mono += 100
            camera.told(Sight(State.BUSY) if nth % 2 else Sight(State.ON, nth, nth))
        assert len(lines) == 2
        clock.mono += 60_000
        camera.told(Sight(State.ON, 1280, 720))
    assert [line["event"] for line in lines] == ["camera_fails", "camera_works", "camera_works"]
    assert camera.check() is None
