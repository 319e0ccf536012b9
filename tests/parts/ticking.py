"""A process of its own that runs the real schedule while its wall clock is stepped.

Run as `python -m tests.parts.ticking FILE SECONDS...`: each step is written to FILE, and one JSON
line says how the jobs fared within the two seconds after it.
"""

import asyncio
import json
import resource
import sys
import time
from pathlib import Path

from kiosk_appliance.clock import Clock
from kiosk_appliance.schedule import Job, Schedule


class Watch:
    """Counts the runs of a job, and the longest gap of the event loop."""

    def __init__(self) -> None:
        self.runs: list[float] = []
        self.gap = 0.0

    async def run(self) -> None:
        self.runs.append(time.monotonic())

    async def breathe(self) -> None:
        while True:
            before = time.monotonic()
            await asyncio.sleep(0.02)
            self.gap = max(self.gap, time.monotonic() - before)


async def main(file: Path, steps: list[int]) -> None:
    watch = Watch()
    schedule = Schedule([Job("tick", watch.run, 0.5)], Clock())
    schedule.start()
    breathing = asyncio.create_task(watch.breathe())
    await asyncio.sleep(1.2)
    for step in steps:
        watch.gap, stepped, memory = 0.0, time.monotonic(), _peak_kb()
        file.write_text(str(step), encoding="ascii")  # noqa: ASYNC240 - the shim reads it at once
        wall = Clock().now_ms()
        await asyncio.sleep(2.5)
        report = {
            "step": step,
            "year": 1970 + wall // 31_556_952_000,
            "runs": len([at for at in watch.runs if at > stepped]),
            "first_after": min((at - stepped for at in watch.runs if at > stepped), default=99),
            "gap": watch.gap,
            "grown_kb": _peak_kb() - memory,
        }
        print(json.dumps(report), flush=True)
    await schedule.stop()
    count = len(watch.runs)
    await asyncio.sleep(0.8)
    print(json.dumps({"after_stop": len(watch.runs) - count}), flush=True)
    breathing.cancel()


def _peak_kb() -> int:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), [int(step) for step in sys.argv[2:]]))
