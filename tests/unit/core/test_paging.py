"""Pages of a long list: nothing twice, nothing left out, whatever comes or goes meanwhile."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.core.auditing import Auditing, entry
from kiosk_appliance.core.paging import window_at
from kiosk_appliance.domain.audit import Action, Actor
from kiosk_appliance.errors import InvalidRequest
from kiosk_appliance.store import audit
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.paging import Window
from tests.parts.clocks import SetClock
from tests.parts.databases import opened
from tests.parts.loop import in_loop


async def fill(database: Database, count: int, most: int = audit.MOST_ENTRIES) -> None:
    clock = SetClock()

    def work(tx: Transaction) -> None:
        for number in range(count):
            one = entry(clock, Actor.CLI, Action.CONFIG, target=str(number))
            audit.append(tx, one, most)

    await database.write(work)


def test_pages_hold_everything_once_though_rows_come_and_go(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            await fill(database, 25)
            auditing, seen, cursor = Auditing(database, SetClock()), [], None
            while True:
                page = await auditing.page(window_at(cursor, 10))
                seen += [int(one.target or "") for one in page.items]
                if page.next_cursor is None:
                    break
                cursor = page.next_cursor
                # The very row that the cursor was made of goes, and newer ones come.
                last = seen[-1]
                await database.write(
                    lambda tx, last=last: tx.execute(
                        "delete from audit where target = ?", (str(last),)
                    )  # type: ignore[misc]
                )
                await fill(database, 3)
            assert seen == list(range(24, -1, -1))

    in_loop(go())


def test_total_is_kept_without_counting(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            auditing = Auditing(database, SetClock())
            assert (await auditing.page(Window(1))).total == 0
            await fill(database, 7)
            page = await auditing.page(Window(2))
            assert (len(page.items), page.total) == (2, 7)
            await database.write(lambda tx: tx.execute("delete from audit where seq < 4"))
            assert (await auditing.page(Window(2))).total == 4

    in_loop(go())


def test_last_page_has_no_next_one(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            await fill(database, 4)
            auditing = Auditing(database, SetClock())
            first = await auditing.page(Window(2))
            second = await auditing.page(window_at(first.next_cursor, 2))
            assert [one.target for one in second.items] == ["1", "0"]
            assert second.next_cursor is None

    in_loop(go())


def test_trail_is_bounded_and_the_oldest_go(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            await fill(database, 30, most=10)
            page = await Auditing(database, SetClock()).page(Window(200))
            assert [one.target for one in page.items] == [str(n) for n in range(29, 19, -1)]
            assert page.total == 10

    in_loop(go())


def test_a_page_is_found_by_its_place_not_by_passing_over_rows(tmp_path: Path) -> None:
    async def go() -> None:
        async with opened(tmp_path / "kiosk.db") as database:
            plan = await database.all(
                "explain query plan"
                " select * from audit where seq < :before order by seq desc limit :limit",
                Window(10, 500).parameters(),
            )
            assert [row["detail"] for row in plan] == [
                "SEARCH audit USING INTEGER PRIMARY KEY (rowid<?)"
            ]

    in_loop(go())


@given(st.text(max_size=20))
def test_any_cursor_is_a_place_in_the_list_or_refused(cursor: str) -> None:
    if re.fullmatch("s[0-9a-f]{1,15}", cursor):
        assert 0 <= window_at(cursor, 50).before < 2**63
    else:
        with pytest.raises(InvalidRequest) as refused:
            window_at(cursor, 50)
        assert refused.value.errors[0].field == "cursor"


@pytest.mark.parametrize("limit", [0, -1, 201])
def test_limit_has_bounds(limit: int) -> None:
    with pytest.raises(InvalidRequest):
        window_at(None, limit)
