"""Jobs through our real outbox, in a process of its own: queued, claimed, handed over, settled.

A job is a delivery of a capture that is there already. Its channel does nothing; everything else
is what runs in a kiosk: `Outbox`, `Lane`, `Parcels`, logs to a file, synchronous=FULL.

`python -m tests.bench.queue.ours FOLDER` takes lines of JSON on standard input, each `[jobs,
producers]`, and answers each with the seconds from the first enqueue to the last delivery.
"""

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import uvloop

from kiosk_appliance import logs
from kiosk_appliance.clock import Clock
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.lane import Lane, Means
from kiosk_appliance.core.links import Links
from kiosk_appliance.core.parcels import Parcels
from kiosk_appliance.core.settling import Patience, Settling
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.circuit import Circuit
from kiosk_appliance.domain.delivery import Delivered, LookUp, NotFound, Outcome, Parcel
from kiosk_appliance.ids import new_id
from kiosk_appliance.settings import load
from kiosk_appliance.store import captures, deliveries
from kiosk_appliance.store.database import Database, open_database
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.outbox import Outbox
from kiosk_appliance.store.photos import Photos
from tests.parts.rows import draft

LANES = 4
_LOOK_S = 0.005


class Nothing:
    """A channel that has delivered before it was asked."""

    remote = False
    concurrency = 4
    repeatable = True

    def __init__(self, name: str) -> None:
        self.name = name
        self.asked = 0

    def deliver(self, parcel: Parcel) -> Outcome:
        self.asked += 1
        return Delivered(parcel.delivery_id)

    def look_up(self, _parcel: Parcel) -> LookUp:
        return NotFound()

    def probe(self) -> Outcome:
        return Delivered("")

    def public_base(self) -> str | None:
        return None

    def close(self) -> None:
        """Nothing is held."""


class Queue:
    """The outbox with its lanes on a database of its own."""

    def __init__(
        self,
        database: Database,
        lanes: Sequence[Lane],
        channels: Sequence[Nothing],
        clock: Clock,
    ) -> None:
        self._database = database
        self._lanes = lanes
        self._lane_of = {lane.channel.name: lane for lane in lanes}
        self._channels = channels
        self._clock = clock

    async def run(self, jobs: int, producers: int) -> float:
        """Return the seconds from the first enqueue to the last outcome."""
        made = [await self._capture() for _ in range(jobs)]
        names = [channel.name for channel in self._channels]
        wanted = self._asked() + jobs
        todo = iter([(one, names[at % LANES]) for at, one in enumerate(made)])

        async def produce() -> None:
            for capture, channel in todo:
                await self._enqueue(capture, channel)

        started = time.perf_counter()
        await asyncio.gather(*(produce() for _ in range(producers)))
        # Nothing tells when the last outcome is written.
        while self._asked() < wanted or await self._unfinished():  # noqa: ASYNC110
            await asyncio.sleep(_LOOK_S)
        return time.perf_counter() - started

    async def _enqueue(self, capture: Capture, channel: str) -> None:
        one = draft(capture, self._clock, channel)
        await self._database.write(lambda tx: deliveries.insert(tx, one))
        self._lane_of[channel].wake()

    async def _unfinished(self) -> bool:
        return bool(await deliveries.Deliveries(self._database).counts())

    def _asked(self) -> int:
        return sum(channel.asked for channel in self._channels)

    async def _capture(self) -> Capture:
        capture = Capture(
            id=new_id(),
            token=new_id(),
            created_at=self._clock.now_ms(),
            download_url="http://kiosk.example/x",
            width=4,
            height=3,
            file_size=100,
            sha256="00" * 32,
        )
        await self._database.write(lambda tx: captures.insert(tx, capture))
        return capture

    async def close(self) -> None:
        for lane in self._lanes:
            await lane.stop(5)
        await self._database.close()


async def _open(folder: Path) -> Queue:
    config = folder / "kiosk.toml"
    config.write_text(f'[kiosk]\ndata_dir = "{folder}/var"\n', encoding="utf-8")
    settings = load(config, {}).settings
    layout, clock = Layout(folder / "var"), Clock()
    layout.create()
    database = await open_database(layout.database)
    outbox = Outbox(database, Run(new_id(), clock.boot))
    parcels = Parcels(
        settings=lambda: settings,
        captures=captures.Captures(database),
        photos=Photos(layout),
        keeping=Keeping(lambda: settings, clock),
        links=Links("http://localhost", in_cloud=False, landing_page=False, learns=False),
        timekeeping=Timekeeping(clock, database),
    )
    channels = [Nothing(f"nothing-{number}") for number in range(LANES)]
    lanes = []
    for channel in channels:
        circuit = Circuit(channel.concurrency)
        settling = Settling(
            outbox=outbox, circuit=circuit, clock=clock, patience=lambda: Patience(3, 60)
        )
        lanes.append(Lane(channel, circuit, Means(outbox, parcels, settling, clock), None))
    return Queue(database, lanes, channels, clock)


async def _serve(folder: Path, answers: TextIO) -> None:
    logs.configure(level="INFO")
    queue = await _open(folder)
    for line in sys.stdin:
        print(json.dumps(await queue.run(*json.loads(line))), file=answers, flush=True)
    await queue.close()


def main() -> None:
    """Serve until standard input ends."""
    folder = Path(sys.argv[1])
    answers = os.fdopen(os.dup(sys.stdout.fileno()), "w")
    # The log goes to standard output, as in a kiosk; here it shall not hide the answers.
    with (folder / "kiosk.log").open("w", encoding="utf-8") as log:
        sys.stdout = log
        uvloop.run(_serve(folder, answers))


if __name__ == "__main__":
    main()
