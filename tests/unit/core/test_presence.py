from kiosk_appliance.core.presence import Presence
from tests.parts.clocks import SetClock


def test_a_guest_is_near_for_a_minute_after_what_she_did_last() -> None:
    clock = SetClock()
    presence = Presence(clock)
    assert not presence.is_near()
    presence.note()
    clock.pass_ms(50_000)
    assert presence.is_near()
    presence.note()
    clock.pass_ms(59_999)
    assert presence.is_near()
    clock.pass_ms(1)
    assert not presence.is_near()
