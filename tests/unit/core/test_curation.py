"""Backgrounds: added, listed, removed, and the first ones of a new kiosk."""

import asyncio
import hashlib
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from kiosk_appliance.core.curation import Curation
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.errors import InvalidRequest, KioskError, NotFound, Unavailable
from kiosk_appliance.imaging import originals
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.memory import Memory
from tests.parts.clocks import NOON_MS, SetClock
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg, transparent_frame


@asynccontextmanager
async def opened(folder: Path) -> AsyncIterator[Curation]:
    layout = Layout(folder / "var")
    layout.create()
    database = await open_database(layout.database)
    darkroom = Darkroom(Settings())
    try:
        yield Curation(
            backgrounds=Backgrounds(database, layout.backgrounds),
            memory=Memory(database),
            darkroom=darkroom,
            clock=SetClock(),
        )
    finally:
        darkroom.close()
        await database.close()


def play(folder: Path, work: Callable[[Curation], Awaitable[None]]) -> None:
    async def go() -> None:
        async with opened(folder) as curation:
            await work(curation)

    in_loop(go())


def a_frame() -> bytes:
    return transparent_frame(160, 120, 20, (200, 30, 30, 255))


def test_a_background_is_kept_exactly_as_it_came(tmp_path: Path) -> None:
    async def work(curation: Curation) -> None:
        picture = a_frame()
        added = await curation.add(picture, "  Noël  ", "frame", 3)
        assert (added.name, added.mode, added.display_order) == ("Noël", "frame", 3)
        assert (added.version, added.file_size) == (
            hashlib.sha256(picture).hexdigest(),
            len(picture),
        )
        assert (added.is_active, added.created_at) == (True, NOON_MS)
        assert await curation.get(added.id) == added
        assert await curation.picture(added, thumbnail=False) == picture
        assert (await curation.picture(added, thumbnail=True))[:4] == b"\x89PNG"
        await curation.remove(added.id)
        assert await curation.every() == []
        for gone in (curation.get(added.id), curation.remove(added.id)):
            with pytest.raises(NotFound):
                await gone
        assert list((tmp_path / "var" / "backgrounds").iterdir()) == []

    play(tmp_path, work)


@pytest.mark.parametrize(
    ("picture", "name", "mode", "field"),
    [
        (a_frame, "", "frame", "name"),
        (a_frame, "   ", "frame", "name"),
        (a_frame, "x" * 81, "frame", "name"),
        (a_frame, "two\nlines", "frame", "name"),
        (a_frame, "bell\x07", "frame", "name"),
        (a_frame, "plage\u202egnp", "frame", "name"),
        (a_frame, "two\u2028lines", "frame", "name"),
        (a_frame, "half\udcff", "frame", "name"),
        (a_frame, "x", "hologram", "mode"),
        (jpeg, "x", "frame", "file"),
    ],
)
def test_what_is_wrong_is_named_and_leaves_nothing(
    tmp_path: Path, picture: Callable[[], bytes], name: str, mode: str, field: str
) -> None:
    async def work(curation: Curation) -> None:
        with pytest.raises(InvalidRequest) as caught:
            await curation.add(picture(), name, mode, 1)
        assert [error.field for error in caught.value.errors] == [field]
        assert await curation.every() == []

    play(tmp_path, work)


@pytest.mark.parametrize("rubbish", [b"", b"rubbish", b"\x89PNG\r\n\x1a\n"])
def test_rubbish_is_refused(tmp_path: Path, rubbish: bytes) -> None:
    async def work(curation: Curation) -> None:
        with pytest.raises(KioskError):
            await curation.add(rubbish, "x", "frame", 1)

    play(tmp_path, work)


def test_the_originals_come_once_in_a_kiosks_life(tmp_path: Path) -> None:
    async def first(curation: Curation) -> None:
        await curation.give_originals()
        names = [background.name for background in await curation.active()]
        assert names == [original.name for original in originals.ORIGINALS]
        await curation.remove((await curation.every())[0].id)

    async def later(curation: Curation) -> None:
        await curation.give_originals()
        assert len(await curation.every()) == len(originals.ORIGINALS) - 1

    play(tmp_path, first)
    play(tmp_path, later)


def test_a_first_start_that_was_cut_gives_the_rest(tmp_path: Path) -> None:
    async def work(curation: Curation) -> None:
        original = originals.ORIGINALS[0]
        await curation.add(originals.read(original), original.name, original.mode, 0)
        await curation.give_originals()
        names = [background.name for background in await curation.every()]
        assert sorted(names) == sorted(original.name for original in originals.ORIGINALS)

    play(tmp_path, work)


@pytest.mark.parametrize("order", [-1, 1_000_000, 10**30])
def test_an_order_out_of_bounds_is_named(tmp_path: Path, order: int) -> None:
    async def work(curation: Curation) -> None:
        with pytest.raises(InvalidRequest) as caught:
            await curation.add(a_frame(), "x", "frame", order)
        assert [error.field for error in caught.value.errors] == ["display_order"]
        assert "order from 0 to 999999" in caught.value.detail

    play(tmp_path, work)


@pytest.mark.parametrize("name", ["Noël", "Fête 🎉", "👩‍👩‍👧", "結婚式", "x" * 80])
def test_names_of_every_script_are_taken(tmp_path: Path, name: str) -> None:
    async def work(curation: Curation) -> None:
        assert (await curation.add(a_frame(), name, "frame", 1)).name == name

    play(tmp_path, work)


@pytest.mark.parametrize("thumbnail", [False, True])
def test_a_background_without_its_file_is_not_there(tmp_path: Path, thumbnail: bool) -> None:
    async def work(curation: Curation) -> None:
        added = await curation.add(a_frame(), "x", "frame", 1)
        for path in (tmp_path / "var" / "backgrounds").iterdir():
            path.unlink()
            path.mkdir()
        with pytest.raises(NotFound):
            await curation.picture(added, thumbnail=thumbnail)
        for path in (tmp_path / "var" / "backgrounds").iterdir():
            path.rmdir()
        with pytest.raises(NotFound):
            await curation.picture(added, thumbnail=thumbnail)

    play(tmp_path, work)


def test_a_failed_insert_leaves_no_files(tmp_path: Path) -> None:
    async def work(curation: Curation) -> None:
        with sqlite3.connect(tmp_path / "var" / "kiosk.db") as database:
            database.execute(
                "create trigger refuse before insert on backgrounds"
                " begin select raise(abort, 'refused'); end"
            )
        database.close()
        with pytest.raises(sqlite3.IntegrityError):
            await curation.add(a_frame(), "x", "frame", 1)
        assert list((tmp_path / "var" / "backgrounds").iterdir()) == []

    play(tmp_path, work)


def test_a_failing_disk_is_told_as_such(tmp_path: Path) -> None:
    async def work(curation: Curation) -> None:
        (tmp_path / "var" / "backgrounds").rmdir()
        with pytest.raises(Unavailable) as caught:
            await curation.add(a_frame(), "x", "frame", 1)
        assert caught.value.code == "storage-failed"

    play(tmp_path, work)


def test_whoever_asks_before_the_first_ones_are_given_waits_for_them(tmp_path: Path) -> None:
    async def work(curation: Curation) -> None:
        served = asyncio.Event()
        curation.start_giving(served)
        asked = asyncio.create_task(curation.active())
        await asyncio.sleep(0.05)
        assert not asked.done(), "an empty list would be a lie"
        served.set()
        assert len(await asked) == len(originals.ORIGINALS)

    play(tmp_path, work)
