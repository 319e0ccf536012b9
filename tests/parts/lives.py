"""A data directory through several lives, without a network and without pictures."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.opening import Store, open_store
from kiosk_appliance.settings import Settings, load
from kiosk_appliance.store.backups import Backups
from kiosk_appliance.store.captures import Captures
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.deliveries import Deliveries, Delivery
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.records import Record, recorded
from tests.parts.clocks import SetClock
from tests.parts.loop import in_loop
from tests.parts.rows import add_capture

Work = Callable[[Store], Awaitable[None]]


@dataclass
class Kiosk:
    """A data directory through several lives, by a clock that the test moves."""

    folder: Path
    clock: SetClock
    settings: Settings

    @property
    def layout(self) -> Layout:
        return Layout(self.settings.kiosk.data_dir)

    def live(self, work: Work) -> None:
        """Open the store, do the work, close it."""

        async def go() -> None:
            async with open_store(self.settings, self.clock) as store:
                await work(store)

        in_loop(go())

    def deliveries(self, capture_id: str) -> dict[str, Delivery]:
        """Return a capture's deliveries by recipient, after a start."""
        found: list[Delivery] = []

        async def look(store: Store) -> None:
            found.extend(await Deliveries(store.database).of_capture(capture_id))

        self.live(look)
        return {one.recipient: one for one in found}

    def captures(self) -> set[str]:
        """Return the ids of those that are not erased, after a start."""
        found: set[str] = set()

        async def look(store: Store) -> None:
            found.update(await Captures(store.database).ids())

        self.live(look)
        return found

    def aside(self) -> set[str]:
        return {path.name for path in self.layout.quarantine.iterdir()}


def new_kiosk(tmp_path: Path) -> Kiosk:
    """Return a kiosk on embedded defaults that has not lived yet."""
    path = tmp_path / "kiosk.toml"
    path.write_text(f'[kiosk]\ndata_dir = "{tmp_path}/var"\n', encoding="utf-8")
    return Kiosk(tmp_path, SetClock(), load(path, {}).settings)


async def take(store: Store, clock: SetClock, phones: Iterable[str] = ()) -> Capture:
    """Record a capture with its photo and its record, as a guest would leave them."""
    added = await add_capture(store.database, clock, list(phones))
    store.photos.path(added.capture.id).write_bytes(b"x" * added.capture.file_size)
    await rewrite(store, added.capture)
    return added.capture


async def rewrite(store: Store, capture: Capture) -> None:
    """Write its record as the rows have it now."""

    def read(tx: Transaction) -> Record:
        return recorded(tx, capture)

    store.records.write(await store.database.write(read))


def back_up(store: Store, clock: SetClock) -> None:
    """Make a backup now."""
    Backups(store.layout.backups).make(store.layout.database, clock.now_ms(), 7, go_on=lambda: True)
