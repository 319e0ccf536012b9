"""What is kept of how many captures are listed is what counting says, whatever happens to them."""

import asyncio
import tempfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk_appliance.domain.delivery import ENDED, State
from kiosk_appliance.store import listed
from kiosk_appliance.store.album import Album, Sought
from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.paging import Window
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.rows import add_capture

DAY_MS = 24 * 3600 * 1000
START = 20_000 * DAY_MS
NUMBER = "+33612345678"
WINDOW = Window(50)
_EVERY = "select state, day, count from listed_counters where count <> 0 order by 1, 2"
_COUNTED = """
    select state, captures.created_at / 86400000 as day, count(distinct capture_id) as count
    from deliveries join captures on captures.id = capture_id
    where erased_at is null and state in ('delivered', 'expired', 'refused', 'cancelled')
    group by 1, 2 order by 1, 2
"""
which = st.integers(0, 2)
moments = st.integers(START, START + 4 * DAY_MS)
happenings = st.one_of(
    st.tuples(st.just("ends"), which, st.sampled_from(["storage", "sms"]), st.sampled_from(State)),
    st.tuples(st.just("erased"), which, st.none() | st.just(1)),
    st.tuples(st.just("dated"), which, moments),
    st.tuples(st.just("loses its SMS"), which),
)
spans = st.tuples(st.none() | moments, st.none() | moments)


def happen(tx: Transaction, ids: list[str], what: tuple[Any, ...]) -> None:
    capture_id = ids[what[1]]
    match what:
        case ("ends", _, channel, state):
            tx.execute(
                "update deliveries set state = ? where capture_id = ? and channel = ?",
                (state, capture_id, channel),
            )
        case ("erased", _, at):
            tx.execute("update captures set erased_at = ? where id = ?", (at, capture_id))
        case ("dated", _, at):
            tx.execute("update captures set created_at = ? where id = ?", (at, capture_id))
        case _:
            sms = "delete from deliveries where capture_id = ? and channel = 'sms'"
            tx.execute(sms, (capture_id,))


@settings(max_examples=40, deadline=None)
@given(st.lists(happenings, max_size=25), st.lists(spans, min_size=1, max_size=4))
def test_what_is_kept_is_what_is_counted(
    story: list[tuple[Any, ...]], asked: list[tuple[int | None, int | None]]
) -> None:
    async def go(folder: Path) -> None:
        clock = SetClock()
        async with opened(folder / "kiosk.db") as database:
            ids = [(await add_capture(database, clock, [NUMBER])).capture.id for _ in range(3)]

            def play(tx: Transaction) -> None:
                for what in story:
                    happen(tx, ids, what)

            await database.write(play)
            kept = [tuple(row) for row in await database.all(_EVERY)]
            assert kept == [tuple(row) for row in await database.all(_COUNTED)]
            album = Album(database)
            for since, until in asked:
                for state in ENDED:
                    sought = Sought(state=state, since=since, until=until)
                    rows = await album.page(sought, WINDOW)
                    assert await listed.ended(database, state, since, until) == len(rows)
                sought = Sought(since=since, until=until)
                assert await album.total(sought) == len(await album.page(sought, WINDOW))

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(go(Path(folder)))
