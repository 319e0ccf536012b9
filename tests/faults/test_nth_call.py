"""Kills and disk errors at single syncs and writes: a sample in every run, all in `make faults`."""

import errno
import sqlite3
from collections.abc import Callable
from itertools import count

import pytest

from kiosk_appliance.imaging.originals import ORIGINALS
from tests.faults import shim
from tests.faults.nth_call import go_wrong
from tests.faults.shim import NthCall
from tests.parts.appliance import Appliance
from tests.parts.requirements import need

pytestmark = pytest.mark.faults

Tell = Callable[[object], None]
# What goes wrong, and the distance of the positions in a normal run and in a full one.
_FAULTS = {
    "killed at a sync": (NthCall("sync"), 23, 1),
    "a sync fails": (NthCall("sync", errno=errno.EIO), 61, 1),
    "a sync fails, then killed": (NthCall("sync", errno=errno.EIO, then_kill=True), 61, 1),
    "the disk is full at a write": (NthCall("write", errno=errno.ENOSPC), 181, 3),
    "a write fails, then killed": (NthCall("write", errno=errno.EIO, then_kill=True), 181, 3),
}


@pytest.fixture(autouse=True)
def compiler() -> None:
    lacking = shim.missing()
    need(lacking is None, f"letting calls go wrong: {lacking}")


@pytest.mark.parametrize("name", _FAULTS)
def test_nothing_promised_is_lost(name: str, full: bool, tell: Tell) -> None:
    fault, sparse, dense = _FAULTS[name]
    step = dense if full else sparse
    figures = go_wrong(fault, count(step // 2 + 1, step), 7, print)
    tell(figures)
    assert not figures.faults, "\n".join(map(str, figures.faults))
    assert figures.ended
    assert figures.tried >= 2


def test_background_whose_row_may_be_there_keeps_its_files(
    make_appliance: Callable[..., Appliance], full: bool
) -> None:
    """A commit whose sync fails is refused, and after a crash it may be there all the same."""
    for position in count(1, 1 if full else 4):
        kiosk = make_appliance()
        fault = NthCall("sync", position, errno.EIO)
        kiosk.launch(fault.environ(kiosk.folder, kiosk.data_dir / "kiosk.db-wal"))
        if not kiosk.answers():
            continue
        with kiosk.client() as client:
            client.get("/api/backgrounds")
        kiosk.kill()
        database = sqlite3.connect(kiosk.data_dir / "kiosk.db")
        rows = database.execute(
            "select id || '-' || substr(version, 1, 16) from backgrounds"
        ).fetchall()
        database.close()
        for (background,) in rows:
            for name in (background, f"{background}.thumbnail"):
                path = kiosk.data_dir / "backgrounds" / name
                assert path.exists(), NthCall.told(kiosk.log())
        if NthCall.told(kiosk.log()) is None:
            assert position > len(ORIGINALS)
            return
