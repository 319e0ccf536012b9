"""Several fingers at once: each presses what it lies on, once, whatever else rests on the glass."""

from typing import Final

import pytest
from playwright.sync_api import Locator, expect

from tests.browser.guest_page import GuestPage

pytestmark = pytest.mark.browser

#: Where no screen has a button.
_EDGE: Final = (8.0, 700.0)
_COUNT: Final = (
    "() => { window.clicks = 0; addEventListener('click', () => window.clicks += 1, true); }"
)
_TAKES_TOUCHES: Final = "([x, y]) => document.elementFromPoint(x, y)?.closest('button')"

Place = tuple[float, float]


class Fingers:
    """The fingers on one page, each by its number."""

    def __init__(self, guest: GuestPage) -> None:
        """Lay no finger down yet, and count clicks from now on."""
        self._page = guest.page
        self._devtools = guest.page.context.new_cdp_session(guest.page)
        self._down: dict[int, Place] = {}  # where each has been last
        self._page.evaluate(_COUNT)

    @property
    def clicks(self) -> int:
        """How many clicks there have been, a moment after the last."""
        self._page.wait_for_timeout(350)
        clicks: int = self._page.evaluate("window.clicks")
        return clicks

    def lay(self, finger: int, place: Place) -> None:
        """Lay a finger down."""
        self._send("touchStart", finger, place)

    def slide(self, finger: int, place: Place) -> None:
        """Slide a finger to a place, 4 px at a time."""
        (x, y), (to_x, to_y) = self._down[finger], place
        steps = int(max(abs(to_x - x), abs(to_y - y)) // 4)
        for step in range(1, steps + 1):
            part = step / steps
            self.move(finger, (x + (to_x - x) * part, y + (to_y - y) * part))

    def move(self, finger: int, place: Place) -> None:
        """Move a finger to a place in one go."""
        self._send("touchMove", finger, place)

    def lift(self, finger: int) -> None:
        """Lift a finger, and no other."""
        self._send("touchEnd", finger, self._down[finger])

    def tap(self, finger: int, place: Place) -> None:
        """Lay a finger down and lift it."""
        self.lay(finger, place)
        self.lift(finger)

    def _send(self, kind: str, finger: int, place: Place) -> None:
        self._down[finger] = place
        point = {"id": finger, "x": place[0], "y": place[1]}
        self._devtools.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [point]})


def _middle(button: Locator) -> Place:
    """Return the middle of a button once it takes touches.

    Playwright's own trial tap is no use here: beside a finger that rests it swallows what follows.
    """
    box = button.bounding_box()
    assert box is not None
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    button.page.wait_for_function(_TAKES_TOUCHES, arg=middle)
    return middle


def _to_pad(guest: GuestPage, number: str) -> None:
    guest.to_ready()
    guest.dial(number)


def _key(guest: GuestPage, key: str) -> Place:
    return _middle(guest.page.locator(".key").get_by_text(key, exact=True))


def test_a_hand_that_rests_on_the_glass_costs_no_tap(guest: GuestPage) -> None:
    start = _middle(guest.button("start"))
    fingers = Fingers(guest)
    fingers.lay(0, _EDGE)
    fingers.tap(1, start)
    fingers.tap(1, start)  # the second of two taps does nothing, as without the hand
    guest.expect_state("consent")
    assert fingers.clicks == 1
    fingers.lay(1, _middle(guest.button("accept")))
    fingers.lift(0)
    fingers.lift(1)  # the hand went first
    guest.expect_state("choose")
    assert fingers.clicks == 2
    guest.tap("leave")
    guest.expect_state("attract")
    assert fingers.clicks == 3


@pytest.mark.parametrize(("slide", "goal"), [(36, "consent"), (60, "attract")])
def test_beside_a_hand_a_press_may_slide_as_far_as_without(
    guest: GuestPage, slide: int, goal: str
) -> None:
    x, y = _middle(guest.button("start"))
    fingers = Fingers(guest)
    fingers.lay(0, _EDGE)
    fingers.lay(1, (x, y))
    fingers.slide(1, (x + slide, y))
    fingers.lift(1)
    fingers.lift(0)
    assert fingers.clicks == (1 if goal == "consent" else 0)
    guest.expect_state(goal)


def test_two_thumbs_in_turn_type_both_digits(guest: GuestPage) -> None:
    _to_pad(guest, "0")
    dialled = guest.page.locator(".dialled")
    fingers = Fingers(guest)
    left, right = _key(guest, "6"), _key(guest, "3")
    fingers.lay(0, left)
    fingers.lay(1, right)
    fingers.lift(0)
    fingers.lift(1)
    expect(dialled).to_have_text("06 3")
    fingers.lay(0, left)
    fingers.lay(1, right)
    fingers.lift(1)
    fingers.lift(0)
    expect(dialled).to_have_text("06 33 6")
    # Laid flat, one thumb is two touches; and a key that is out of use stays so.
    fingers.lay(0, left)
    fingers.lay(1, (left[0] + 12, left[1] + 12))
    fingers.lift(0)
    fingers.tap(2, _key(guest, "+"))
    fingers.lift(1)
    expect(dialled).to_have_text("06 33 66")
    # What ends on another button than it began on presses neither.
    fingers.lay(0, left)
    fingers.lay(1, right)
    fingers.slide(1, left)
    fingers.lift(1)
    fingers.lift(0)
    expect(dialled).to_have_text("06 33 66 6")
    assert fingers.clicks == 6


def test_what_follows_a_press_is_deaf_under_its_finger_not_under_another(
    guest: GuestPage,
) -> None:
    _to_pad(guest, "06 12 34 58 01")
    further = _middle(guest.button("next"))
    fingers = Fingers(guest)
    fingers.lay(0, further)
    fingers.lay(1, _EDGE)
    fingers.lift(0)
    guest.expect_state("confirm")
    shield = guest.page.locator(".shield").bounding_box()
    assert shield is not None
    middle = shield["x"] + shield["width"] / 2, shield["y"] + shield["height"] / 2
    assert middle == pytest.approx(further, abs=1)


def test_a_finger_that_scrolls_presses_nothing_with_or_without_a_hand(guest: GuestPage) -> None:
    guest.page.set_viewport_size({"width": 320, "height": 480})
    screen = guest.page.locator("main")
    x, y = _middle(guest.button("start"))
    fingers = Fingers(guest)

    def scrolled() -> int:
        screen.evaluate("(main) => main.scrollTo(0, 0)")
        fingers.lay(1, (x, y))
        fingers.slide(1, (x, y - 200))
        fingers.lift(1)
        assert fingers.clicks == 0
        top: int = screen.evaluate("(main) => main.scrollTop")
        return top

    assert scrolled() > 100
    fingers.lay(0, (4, 100))
    assert scrolled() > 100


def test_two_fingers_that_part_leave_the_page_as_large_as_it_is(guest: GuestPage) -> None:
    fingers = Fingers(guest)
    fingers.lay(0, (400.0, 600.0))
    fingers.lay(1, (420.0, 600.0))
    fingers.slide(0, (100.0, 600.0))
    fingers.slide(1, (700.0, 600.0))
    fingers.lift(0)
    fingers.lift(1)
    # The next guest would not know how to make it small again.
    assert guest.page.evaluate("visualViewport.scale") == 1


def _low(guest: GuestPage) -> Locator:
    """Make the glass so small that the screen scrolls, and return that."""
    guest.page.set_viewport_size({"width": 320, "height": 480})
    return guest.page.locator("main")


def _scrolled(of: Locator) -> int:
    of.page.wait_for_timeout(350)
    top: int = of.evaluate("(one) => one.scrollTop")
    return top


def test_beside_a_hand_a_press_that_slides_scrolls_nothing(guest: GuestPage) -> None:
    screen = _low(guest)
    x, y = _middle(guest.button("start"))
    fingers = Fingers(guest)
    fingers.lay(0, (4, 100))
    fingers.lay(1, (x, y))
    fingers.slide(1, (x, y - 36))
    assert _scrolled(screen) == 0
    fingers.lift(1)
    guest.expect_state("consent")


def test_beside_a_hand_a_slow_finger_scrolls_as_far_as_it_goes(guest: GuestPage) -> None:
    screen = _low(guest)
    fingers = Fingers(guest)
    fingers.lay(0, (4, 100))
    fingers.lay(1, (160, 300))
    for step in range(1, 201):
        fingers.move(1, (160, 300 - 0.5 * step))
    fingers.lift(1)
    assert _scrolled(screen) == pytest.approx(100, abs=4)


def test_beside_a_hand_the_whole_notice_can_be_read_to_its_end(guest: GuestPage) -> None:
    screen = _low(guest)
    guest.tap("start")
    guest.expect_state("consent")
    guest.page.get_by_role("button", name="En savoir plus").tap()
    notice = guest.page.get_by_role("region")
    box = notice.bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    before = _scrolled(screen)
    fingers = Fingers(guest)
    fingers.lay(0, (4, 100))
    fingers.lay(1, (x, y + 80))
    fingers.slide(1, (x, y - 80))
    assert _scrolled(notice) > 100
    assert _scrolled(screen) == before
