"""The lag of the event loop."""

import asyncio
import time

from kiosk_appliance.core.pulse import Pulse
from tests.parts.loop import in_loop


def test_what_blocks_the_loop_is_seen_for_a_minute() -> None:
    async def go() -> None:
        pulse = Pulse()
        assert pulse.lag_s == 0
        beat = asyncio.create_task(pulse.beat())
        await asyncio.sleep(0)
        time.sleep(0.5)  # noqa: ASYNC251 - this is what blocks it
        await beat
        assert pulse.lag_s >= 0.4
        await pulse.beat()
        assert pulse.lag_s >= 0.4

    in_loop(go())
