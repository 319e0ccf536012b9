"""Where people stand on a background: large enough, never without their heads, never in mid-air.

Geometry only; knows no pixels.
"""

from typing import NamedTuple

from kiosk_appliance.imaging.mode import Zone
from kiosk_appliance.imaging.pixels import Size

# So much of people has to be seen where they are cut below their shoulders.
_BUST = 0.45
# Of the photo's side: whoever comes so near to its edge is cut by it.
_AT_EDGE = 0.012
# Somebody far away is brought nearer, but not so far that she dissolves.
_NEARER = 1.7
_TALL = 0.62
_WIDE = 0.96
_MARGIN = 0.02


class Extent(NamedTuple):
    """The rectangle around all people, as shares of the photo's width and height.

    `widest` is how far down they are within both sides of the photo: shoulders and arms below it
    are cut off by them.
    """

    left: float
    top: float
    right: float
    bottom: float
    widest: float = 1.0


class Place(NamedTuple):
    """How the photo lies on the canvas: its scale, and where its upper left corner comes to be."""

    scale: float
    x: float
    y: float


def place(photo: Size, people: Extent, canvas: Size, zone: Zone) -> Place:
    """Return where to put the photo so that its people stand well.

    Whoever the photo's edge cuts stays at the canvas's edge; whole heads stay below the zone's top.
    """
    if people.left < _AT_EDGE and people.right > 1 - _AT_EDGE:
        people = _bust(people)
    is_cut_above = people.top < _AT_EDGE
    head = 0.0 if is_cut_above else max(zone.top, _MARGIN) * canvas.height
    top, bottom = people.top * photo.height, people.bottom * photo.height
    at_left, at_right = people.left < _AT_EDGE, people.right > 1 - _AT_EDGE
    stands = people.bottom < 1 - _AT_EDGE
    stands = stands and people.widest >= 1
    foot = min(zone.bottom, 1 - _MARGIN) * canvas.height if stands else float(canvas.height)
    scale = _scale(photo, people, canvas, zone, foot - head)
    if is_cut_above and people.bottom >= 1 - _AT_EDGE:
        scale = max(scale, canvas.height / photo.height)
    if at_left and at_right:
        scale = max(scale, canvas.width / photo.width)
    y = head - top * scale
    # A head that the photo's edge has cut would end flat below the sky.
    if not is_cut_above:
        y = max(y, foot - bottom * scale)
    return Place(scale, _across(photo, people, canvas, zone, scale), y)


def _bust(people: Extent) -> Extent:
    """Return as much of people as stands free, where that is enough to be seen."""
    if people.widest - people.top < _BUST * (people.bottom - people.top):
        return people
    return people._replace(left=_AT_EDGE, right=1 - _AT_EDGE, bottom=people.widest)


def _scale(photo: Size, people: Extent, canvas: Size, zone: Zone, room: float) -> float:
    """Return the scale of a photo that fills the canvas, kept to what people need and have."""
    filling = max(canvas.width / photo.width, canvas.height / photo.height)
    height = max(1.0, (people.bottom - people.top) * photo.height)
    width = max(1.0, (people.right - people.left) * photo.width)
    wanted = max(filling, min(_TALL * room / height, _NEARER * filling))
    return min(wanted, room / height, _WIDE * (zone.right - zone.left) * canvas.width / width)


def _across(photo: Size, people: Extent, canvas: Size, zone: Zone, scale: float) -> float:
    centre = (people.left + people.right) / 2 * photo.width * scale
    x = (zone.left + zone.right) / 2 * canvas.width - centre
    overflow = canvas.width - photo.width * scale
    if people.right > 1 - _AT_EDGE:
        x = max(x, overflow) if people.left >= _AT_EDGE else min(x, 0.0)
    if people.left < _AT_EDGE:
        x = min(x, 0.0) if people.right <= 1 - _AT_EDGE else min(max(x, overflow), 0.0)
    return x
