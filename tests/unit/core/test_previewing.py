"""What is shown beforehand gives way to what is kept."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.previewing import Previewing
from kiosk_appliance.core.studio import MOST_AT_ONCE, Studio
from kiosk_appliance.errors import InvalidRequest, Unavailable
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.photos import Photos
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg

FRAME = jpeg(256, 256)


def play(folder: Path, work: Callable[[Previewing, Studio], Awaitable[None]]) -> None:
    async def go() -> None:
        layout = Layout(folder / "var")
        layout.create()
        database = await open_database(layout.database)
        darkroom = Darkroom(Settings())
        shelf = Backgrounds(database, layout.backgrounds)
        studio = Studio(darkroom=darkroom, photos=Photos(layout), backgrounds=shelf)
        try:
            await work(Previewing(darkroom, studio), studio)
        finally:
            darkroom.close()
            await database.close()

    in_loop(go())


def test_a_frame_waits_for_a_photo_that_is_being_taken(tmp_path: Path) -> None:
    async def work(previewing: Previewing, studio: Studio) -> None:
        with studio.place():
            waiting = asyncio.create_task(previewing.mask(FRAME))
            await asyncio.sleep(0.05)
            assert not waiting.done()
        assert (await waiting).startswith(b"\x89PNG")

    play(tmp_path, work)


def test_what_waits_too_long_for_photos_is_to_come_again(tmp_path: Path) -> None:
    async def work(previewing: Previewing, studio: Studio) -> None:
        with studio.place():
            for preview in (previewing.mask(FRAME), previewing.picture(FRAME, "none")):
                with pytest.raises(Unavailable) as caught:
                    await asyncio.wait_for(preview, 30)
                assert (caught.value.code, caught.value.retry_after_s) == ("overloaded", 1)
        assert await previewing.mask(FRAME)
        with pytest.raises(InvalidRequest):
            await previewing.picture(FRAME, "none")

    play(tmp_path, work)


def test_pictures_beforehand_take_no_place_of_a_photo(tmp_path: Path) -> None:
    async def work(previewing: Previewing, studio: Studio) -> None:
        with ExitStack() as stack:
            for _ in range(2):
                stack.enter_context(previewing.pictures.one())
                stack.enter_context(previewing.frames.one())
            for places in (previewing.pictures, previewing.frames):
                with pytest.raises(Unavailable), places.one():
                    pass
            for _ in range(MOST_AT_ONCE):
                stack.enter_context(studio.place())
        with previewing.pictures.one(), previewing.frames.one():
            pass

    play(tmp_path, work)
