"""The guest page places people by a rule of its own: both are held to one table."""

import pytest

from kiosk_appliance.imaging.mode import Zone
from kiosk_appliance.imaging.pixels import Size
from kiosk_appliance.imaging.placing import Extent, place
from tests.parts.placings import TABLE, written


def test_the_pages_table_tells_what_the_appliance_does() -> None:
    """Where it does not: `python -m tests.parts.placings`, then `guest/placing.js`."""
    assert TABLE.read_text(encoding="utf-8") == written()


@pytest.mark.parametrize("bottom", [0.4, 0.95, 1.0])
@pytest.mark.parametrize("canvas", [Size(1800, 1200), Size(1200, 1800), Size(800, 800)])
def test_a_head_that_the_photos_edge_cuts_ends_at_the_canvas_edge(
    canvas: Size, bottom: float
) -> None:
    """Below the sky it would end flat."""
    photo, people = Size(1280, 720), Extent(0.3, 0.0, 0.6, bottom)
    where = place(photo, people, canvas, Zone(0.2, 0.1, 0.8, 1.0))
    assert where.y == 0
    if bottom == 1:
        assert where.y + photo.height * where.scale >= canvas.height
