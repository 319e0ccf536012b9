"""A sync that fails once and then "succeeds": the kernel has dropped what could not be written.

The disk behind the file system has less room than it says, as thin storage and worn cards do. What
a kiosk commits is committed by a process that is killed, and looked for on the disk itself.
"""

import asyncio
import os
import re
import sqlite3
import subprocess
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from kiosk_appliance.errors import DiskFailing
from kiosk_appliance.store.database import open_database
from kiosk_appliance.store.memory import Memory
from tests.faults.volume import ThinVolume

pytestmark = pytest.mark.faults

_BIG = "x" * 400_000


@pytest.fixture
def thin(place: Path) -> ThinVolume:
    volume = ThinVolume(place)
    volume.make()
    volume.mount()
    return volume


def killed_after(work: str, thin: ThinVolume) -> set[str]:
    """Run one of the functions below in a process that then dies; return what was committed."""
    program = f"from tests.faults import test_failed_sync as suite; suite.die_after(suite.{work})"
    words = [sys.executable, "-c", program, str(thin.folder)]
    said = subprocess.run(words, check=True, stdout=subprocess.PIPE, text=True).stdout
    return set(re.findall("^committed (.+)$", said, re.MULTILINE))


def die_after(work: Callable[[ThinVolume, Memory], Awaitable[None]]) -> None:
    async def go() -> None:
        thin = ThinVolume(Path(sys.argv[1]))
        await work(thin, Memory(await open_database(thin.mount_point / "kiosk.db")))
        os._exit(0)

    asyncio.run(go())


async def remember(memory: Memory, key: str) -> None:
    await memory.remember(key, _BIG)
    print(f"committed {key}", flush=True)


async def fail(thin: ThinVolume, memory: Memory) -> None:
    await remember(memory, "before")
    thin.fill()
    # The disk holds a little more than it says.
    for number in range(20):
        try:
            await remember(memory, f"{number}")
        except DiskFailing:
            return
    raise AssertionError("the disk never failed")


async def fail_and_go_on(thin: ThinVolume, memory: Memory) -> None:
    await fail(thin, memory)
    thin.relieve()
    await go_on(thin, memory)


async def go_on(_thin: ThinVolume, memory: Memory) -> None:
    await remember(memory, "after")
    await remember(memory, "later")


def on_disk(thin: ThinVolume) -> set[str]:
    # Unmounted in between: the page cache has more than the disk.
    thin.unmount()
    thin.mount()
    connection = sqlite3.connect(thin.mount_point / "kiosk.db")
    try:
        assert connection.execute("pragma integrity_check").fetchall() == [("ok",)]
        return {key for (key,) in connection.execute("select key from remembered")}
    finally:
        connection.close()


def test_a_failed_sync_costs_neither_what_was_committed_nor_what_is_later(
    thin: ThinVolume,
) -> None:
    committed = killed_after("fail_and_go_on", thin)
    assert {"before", "after", "later"} <= committed
    assert committed <= on_disk(thin)


def test_what_a_killed_process_could_not_sync_takes_no_later_commit_along(
    thin: ThinVolume,
) -> None:
    committed = killed_after("fail", thin)
    thin.relieve()
    committed |= killed_after("go_on", thin)
    assert {"before", "after", "later"} <= committed
    assert committed <= on_disk(thin)
