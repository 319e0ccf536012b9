"""Where photos become pictures: admission, and what is on disk afterwards."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable
from contextlib import ExitStack
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.core.studio import MOST_AT_ONCE, StoredPicture, Studio
from kiosk_appliance.domain.background import Background
from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.errors import InvalidRequest, PhotoRefused, Unavailable
from kiosk_appliance.settings import Settings
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.photos import Photos
from kiosk_appliance.store.records import Record, Records
from tests.parts.loop import in_loop
from tests.parts.pictures import jpeg, transparent_frame

BACKGROUND = Background(
    id="b",
    name="Noël",
    mode="frame",
    media_type="image/png",
    version="1",
    file_size=1,
    width=160,
    height=120,
    is_active=True,
    display_order=1,
    created_at=0,
)


def described(picture: StoredPicture) -> Record:
    return Record(
        Capture(
            id="one",
            token="t",
            created_at=0,
            download_url="http://kiosk.example/t",
            width=picture.width,
            height=picture.height,
            file_size=picture.file_size,
            sha256=picture.sha256,
        ),
        (),
    )


def play(
    folder: Path,
    work: Callable[[Studio, Layout], Awaitable[None]],
    backgrounds: tuple[Background, ...] = (),
) -> None:
    async def go() -> None:
        layout = Layout(folder / "var")
        layout.create()
        database = await open_database(layout.database)
        darkroom = Darkroom(Settings())
        shelf = Backgrounds(database, layout.backgrounds)
        for background in backgrounds:
            await shelf.add(
                background, transparent_frame(160, 120, 20, (9, 9, 9, 255)), b"small", None
            )
        studio = Studio(darkroom=darkroom, photos=Photos(layout), backgrounds=shelf)
        try:
            await work(studio, layout)
        finally:
            darkroom.close()
            await database.close()

    in_loop(go())


def test_it_is_quiet_once_the_last_picture_is_made(tmp_path: Path) -> None:
    async def work(studio: Studio, _layout: Layout) -> None:
        await studio.quiet()
        with studio.place():
            with studio.place():
                waiting = asyncio.create_task(studio.quiet())
                await asyncio.sleep(0.01)
            await asyncio.sleep(0.01)
            assert not waiting.done()
        await asyncio.sleep(0.01)
        assert waiting.done()

    play(tmp_path, work)


def test_who_waits_for_quiet_goes_on_in_the_end_though_there_is_none(tmp_path: Path) -> None:
    async def work(studio: Studio, _layout: Layout) -> None:
        with studio.place():
            await asyncio.wait_for(studio.quiet(), 30)

    play(tmp_path, work)


def test_what_is_told_is_what_lies_on_disk(tmp_path: Path) -> None:
    async def work(studio: Studio, layout: Layout) -> None:
        record = await studio.make("one", jpeg(1280, 720), None, described)
        kept = Photos(layout).path("one").read_bytes()
        made = record.capture
        assert (made.width, made.height) == (1280, 720)
        assert (made.file_size, made.sha256) == (len(kept), hashlib.sha256(kept).hexdigest())
        assert Photos(layout).thumbnail("one").exists()
        assert Records(layout).read("one") == record

    play(tmp_path, work)


def test_a_refused_photo_leaves_nothing(tmp_path: Path) -> None:
    async def work(studio: Studio, layout: Layout) -> None:
        with pytest.raises(PhotoRefused):
            await studio.make("one", jpeg()[:-100], None, described)
        with pytest.raises(InvalidRequest) as caught:
            await studio.make("one", jpeg(), "nothing", described)
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


def spoiled_by_absence(path: Path) -> None:
    path.unlink()


def spoiled_by_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def spoiled_by_a_failing_disk(path: Path) -> None:
    # Its first page is mapped nowhere: reading answers EIO.
    path.unlink()
    path.symlink_to("/proc/self/mem")


def spoiled_by_a_power_cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:60])


@pytest.mark.parametrize(
    "spoil",
    [
        spoiled_by_absence,
        spoiled_by_a_folder,
        spoiled_by_a_failing_disk,
        spoiled_by_a_power_cut,
    ],
)
def test_a_background_whose_file_is_spoiled_is_unknown_and_told_in_the_log(
    tmp_path: Path, spoil: Callable[[Path], None]
) -> None:
    async def work(studio: Studio, layout: Layout) -> None:
        spoil(layout.backgrounds / f"{BACKGROUND.id}-{BACKGROUND.version}")
        with capture_logs() as lines, pytest.raises(InvalidRequest) as caught:
            await studio.make("one", jpeg(), BACKGROUND.id, described)
        assert (caught.value.status, caught.value.code) == (422, "background-unknown")
        assert [error.field for error in caught.value.errors] == ["background_id"]
        (line,) = lines
        assert (line["log_level"], line["background"]) == ("error", "Noël")
        assert list(layout.photos.iterdir()) == []

    play(tmp_path, work, (BACKGROUND,))
