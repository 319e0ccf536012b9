"""The use cases of erasure and retention over an open store, without lanes."""

from kiosk_appliance.core.copies import Copies
from kiosk_appliance.core.erasing import Erasing
from kiosk_appliance.core.keeping import Keeping
from kiosk_appliance.core.persons import Persons
from kiosk_appliance.core.retention import Retention
from kiosk_appliance.core.timekeeping import Timekeeping
from kiosk_appliance.opening import Store
from kiosk_appliance.store.deliveries import Run
from kiosk_appliance.store.outbox import Outbox
from tests.parts.clocks import SetClock
from tests.parts.lives import Kiosk


def erasing_of(store: Store, clock: SetClock) -> Erasing:
    """Return what erases captures."""
    return Erasing(
        database=store.database,
        photos=store.photos,
        records=store.records,
        clock=clock,
        wake=lambda: None,
    )


def persons_of(store: Store, kiosk: Kiosk) -> Persons:
    """Return what erases persons."""
    return Persons(
        settings=lambda: kiosk.settings,
        database=store.database,
        erasing=erasing_of(store, kiosk.clock),
        clock=kiosk.clock,
    )


async def retention_of(store: Store, kiosk: Kiosk) -> Retention:
    """Return what erases by age, with a memory of time."""
    timekeeping = Timekeeping(kiosk.clock, store.database)
    await timekeeping.begin()
    await timekeeping.tick()
    return Retention(
        database=store.database,
        keeping=Keeping(lambda: kiosk.settings, kiosk.clock),
        erasing=erasing_of(store, kiosk.clock),
        copies=Copies(
            settings=lambda: kiosk.settings,
            database=store.database,
            photos=store.photos,
            records=store.records,
            clock=kiosk.clock,
        ),
        timekeeping=timekeeping,
        clock=kiosk.clock,
    )


async def finish(store: Store, clock: SetClock, erasing: Erasing) -> set[str]:
    """Deliver every erasure, let the kiosk go on with it, and return whose photos were erased."""
    outbox, gone = Outbox(store.database, Run("finish", clock.boot)), set()
    for channel in ("erase-storage", "erase-postgres"):
        while claimed := await outbox.claim(channel, clock.now_ms(), clock.mono, most=4):
            for one in claimed:
                assert await outbox.delivered(one.delivery, "gone", clock.now_ms())
                gone.add(one.delivery.capture_id)
    for _ in range(3):
        await erasing.tick()
    return gone
