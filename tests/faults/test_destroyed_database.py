"""A destroyed database of many captures: all are back, and guests do not wait for long."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.settings import load
from kiosk_appliance.store.backups import Backups
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.records import Record, recorded
from tests.parts.clocks import SetClock
from tests.parts.destruction import WAYS
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture

pytestmark = pytest.mark.faults

_WITHIN_S = 60.0
# A night's backup holds nine in ten of a busy fortnight.
_SINCE_THE_BACKUP = 10


@dataclass
class Site:
    """A data directory of so many captures, each second one with an SMS that waits."""

    folder: Path
    captures: int

    def __post_init__(self) -> None:
        path = self.folder / "kiosk.toml"
        path.write_text(f'[kiosk]\ndata_dir = "{self.folder}/var"\n', encoding="utf-8")
        self.settings = load(path, {}).settings
        self.clock = SetClock()

    def live(self, *, backup: bool) -> set[str]:
        """Take the captures, and return their ids."""
        taken: set[str] = set()

        async def go() -> None:
            async with open_store(self.settings, self.clock) as store:
                for number in range(self.captures):
                    if backup and number == self.captures - self.captures // _SINCE_THE_BACKUP:
                        Backups(store.layout.backups).make(
                            store.layout.database, self.clock.now_ms(), 7, go_on=lambda: True
                        )
                    taken.add(await self._take(store, number))

        in_loop(go())
        return taken

    async def _take(self, store: Store, number: int) -> str:
        self.clock.pass_ms(10)
        phones = [f"+336{number:08}"] if number % 2 else []
        capture = (await add_capture(store.database, self.clock, phones)).capture

        def read(tx: Transaction) -> Record:
            return recorded(tx, capture)

        record = await store.database.write(read)
        # Not durably: their number is what counts here.
        store.layout.record(capture.id).write_bytes(record.encoded())
        store.photos.path(capture.id).write_bytes(b"x" * capture.file_size)
        return capture.id

    def start(self) -> tuple[set[str], dict[str, int], float]:
        """Start it: the captures, the SMS by state, and the seconds that it took."""
        found: set[str] = set()
        states: dict[str, int] = {}
        started = time.monotonic()

        async def go() -> float:
            async with open_store(self.settings, self.clock) as store:
                took = time.monotonic() - started
                found.update(await Captures(store.database).ids())
                rows = await store.database.all(
                    "select state, count(*) as n from deliveries where channel = 'sms' group by 1"
                )
                states.update({row["state"]: row["n"] for row in rows})
                return took

        return found, states, in_loop(go())


@pytest.mark.parametrize("backup", [True, False], ids=["with backup", "records alone"])
@pytest.mark.parametrize("way", ["random_bytes", "half", "missing"])
def test_every_capture_is_back_within_a_minute(
    tmp_path: Path, way: str, *, backup: bool, full: bool, tell: Callable[[object], None]
) -> None:
    site = Site(tmp_path, 10_000 if full else 300)
    taken = site.live(backup=backup)
    WAYS[way](Layout(site.settings.kiosk.data_dir))
    found, sms, took = site.start()
    tell(f"{len(found)} of {len(taken)} captures in {took:.1f} s")
    assert found == taken
    assert sms == {"uncertain": site.captures // 2}
    assert took < _WITHIN_S
