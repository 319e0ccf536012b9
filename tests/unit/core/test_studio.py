"""Where photos become pictures: admission, and what is on disk afterwards."""

import hashlib
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest

from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.studio import MOST_AT_ONCE, Studio
from kiosk_appliance.errors import InvalidRequest, PhotoRefused, Unavailable
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.files import Layout, Photos
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg


def play(folder: Path, work: Callable[[Studio, Layout], Awaitable[None]]) -> None:
    async def go() -> None:
        layout = Layout(folder / "var")
        layout.create()
        database = await open_database(layout.database)
        darkroom = Darkroom(Settings())
        studio = Studio(
            darkroom=darkroom,
            photos=Photos(layout),
            backgrounds=Backgrounds(database, layout.backgrounds),
        )
        try:
            await work(studio, layout)
        finally:
            darkroom.close()
            await database.close()

    in_loop(go())


def test_what_is_told_is_what_lies_on_disk(tmp_path: Path) -> None:
    async def work(studio: Studio, layout: Layout) -> None:
        made = await studio.make("one", jpeg(1280, 720), None)
        kept = Photos(layout).path("one").read_bytes()
        assert (made.width, made.height) == (1280, 720)
        assert (made.file_size, made.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
        assert Photos(layout).thumbnail("one").exists()

    play(tmp_path, work)


def test_a_refused_photo_leaves_nothing(tmp_path: Path) -> None:
    async def work(studio: Studio, layout: Layout) -> None:
        with pytest.raises(PhotoRefused):
            await studio.make("one", jpeg()[:-100], None)
        with pytest.raises(InvalidRequest) as caught:
            await studio.make("one", jpeg(), "nothing")
        assert caught.value.code == "background-unknown"
        assert list(layout.photos.iterdir()) == []

    play(tmp_path, work)


def test_past_the_limit_a_guest_is_told_to_come_back(tmp_path: Path) -> None:
    async def work(studio: Studio, _layout: Layout) -> None:
        with ExitStack() as stack:
            for _ in range(MOST_AT_ONCE):
                stack.enter_context(studio.place())
            with pytest.raises(Unavailable) as caught, studio.place():
                pass
            assert (caught.value.code, caught.value.retry_after_s) == ("overloaded", 2)
        with studio.place():
            pass

    play(tmp_path, work)


def test_a_place_is_given_back_also_after_a_failure(tmp_path: Path) -> None:
    async def work(studio: Studio, _layout: Layout) -> None:
        for _ in range(MOST_AT_ONCE + 1):
            with pytest.raises(ZeroDivisionError), studio.place():
                _ = 1 / 0

    play(tmp_path, work)
