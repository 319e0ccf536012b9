"""The room on the disk as guests and operators are told of it, on the disk that the tests have."""

from pathlib import Path

import pytest

from kiosk_appliance.core.space import Space
from kiosk_appliance.errors import DiskFull
from kiosk_appliance.settings import Settings
from kiosk_appliance.settings.declarations import Disk
from kiosk_appliance.store.reserve import Reserve
from tests.parts.loop import in_loop

MB, TB = 1 << 20, 1 << 40
ROOMY = Disk(warn_below=2 * MB, refuse_below=MB, reserve=MB)


class Kiosk:
    def __init__(self, folder: Path) -> None:
        self.disk = ROOMY
        self.reserve = Reserve(folder / "reserve")
        self.space = Space(lambda: Settings(disk=self.disk), self.reserve)


def told(kiosk: Kiosk) -> tuple[str, str]:
    check = kiosk.space.check()
    return str(check["status"]), str(check["detail"])


def test_the_marks_are_followed_down_and_up_again(tmp_path: Path) -> None:
    async def go() -> None:
        kiosk = Kiosk(tmp_path)
        assert not await kiosk.space.look()
        assert told(kiosk)[0] == "ok"
        assert kiosk.reserve.held() == MB
        kiosk.disk = Disk(warn_below=50 * TB, refuse_below=MB, reserve=MB)
        assert not await kiosk.space.look()
        status, words = told(kiosk)
        assert status == "degraded"
        assert "Remove files that are not the kiosk's" in words
        kiosk.space.admit()
        kiosk.disk = Disk(warn_below=50 * TB, refuse_below=50 * TB, reserve=MB)
        assert not await kiosk.space.look()
        status, words = told(kiosk)
        assert status == "failing"
        assert "Set refuse_below and reserve to less" in words
        with pytest.raises(DiskFull) as refused:
            kiosk.space.admit()
        assert (refused.value.status, refused.value.code) == (507, "insufficient-storage")
        kiosk.disk = ROOMY
        assert await kiosk.space.look(), "room has returned"
        assert not await kiosk.space.look()
        kiosk.space.admit()

    in_loop(go())


def test_from_the_first_slice_on_no_photo_is_admitted_until_the_reserve_is_whole(
    tmp_path: Path,
) -> None:
    async def go() -> None:
        kiosk = Kiosk(tmp_path)
        await kiosk.space.look()
        # All but a few bytes of what is free is asked for: the slice may not go to photos.
        wanted = kiosk.reserve.figures().free - 8 * MB
        kiosk.disk = Disk(warn_below=wanted, refuse_below=wanted, reserve=64 * MB)
        while await kiosk.space.relieve():
            assert kiosk.space.is_short
        assert kiosk.reserve.held() == 0
        kiosk.disk = ROOMY
        assert await kiosk.space.look()
        assert kiosk.reserve.held() == MB

    in_loop(go())


def test_a_reserve_that_can_not_be_made_is_no_reason_to_refuse_guests(tmp_path: Path) -> None:
    async def go() -> None:
        kiosk = Kiosk(tmp_path)
        (tmp_path / "reserve").mkdir()
        await kiosk.space.look()
        kiosk.space.admit()
        assert told(kiosk)[0] == "ok"

    in_loop(go())
