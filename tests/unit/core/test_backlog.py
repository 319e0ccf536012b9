"""A guest who is near has the processor: what waits since yesterday leaves one by one meanwhile."""

import asyncio
import threading
from functools import partial
from pathlib import Path

from kiosk_appliance.domain.delivery import Delivered, Outcome, Parcel
from kiosk_appliance.store.database import Transaction
from tests.parts.lanes import World, play

_OLD_MS = 16 * 60_000
_REST_MS = 100
_CLAIM = "update deliveries set state = 'running'"


async def _ticks(at: World) -> None:
    for _ in range(20):
        await at.replay.tick()
        await asyncio.sleep(0.005)


async def _until_at_once(at: World, number: int) -> None:
    async def is_so() -> bool:
        return at.storage.at_once == number

    await at.until(is_so)


async def _until_delivered(at: World, number: int) -> None:
    for _ in range(3_000):
        if len(at.storage.delivered) >= number:
            return
        await asyncio.sleep(0.01)
    raise AssertionError(at.storage.delivered)


async def _backlog(at: World, number: int) -> None:
    """Start on an outage's backlog, with a lane that would take four at once."""
    await at.replay.start()
    for _ in range(4):
        done = await at.add()
        await at.until(partial(at.is_in, done.upload, "delivered"))
    at.storage.delivered.clear()
    at.storage.gate.clear()
    for _ in range(number):
        await at.add()
    at.clock.pass_ms(_OLD_MS)


def test_without_a_guest_four_of_the_backlog_leave_at_once(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 6)
        await _until_at_once(at, 4)

    play(tmp_path, work)


def test_what_was_answered_during_a_commit_is_claimed_for_in_one_go(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 12)
        await _until_at_once(at, 4)
        statements: list[str] = []
        go_on, answers = threading.Event(), threading.Semaphore(0)

        def slow(tx: Transaction) -> None:
            tx.set_trace_callback(statements.append)
            assert go_on.wait(30)

        def answer(_parcel: Parcel) -> Outcome:
            assert answers.acquire(timeout=30)
            return Delivered("x")

        at.storage.on_deliver = answer
        at.storage.gate.set()
        writing = asyncio.create_task(at.database.write(slow))
        for _ in range(4):  # one after the other
            answers.release()
            await asyncio.sleep(0.05)
        answers.release(8)
        go_on.set()
        await writing
        await _until_delivered(at, 12)
        said = [" ".join(one.split()) for one in statements]
        first = next(nth for nth, one in enumerate(said) if one.startswith(_CLAIM))
        together = said[first : said.index("commit", first)]
        # Each is told of once for every trigger.
        assert len({one for one in together if one.startswith(_CLAIM)}) == 4

    play(tmp_path, work)


def test_while_a_guest_is_near_the_backlog_leaves_one_by_one(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 6)
        at.guest.set()
        at.storage.most_at_once = 0
        await _until_at_once(at, 1)
        await _ticks(at)
        assert at.storage.at_once == 1
        at.storage.gate.set()

        async def is_done() -> bool:
            at.clock.pass_ms(_REST_MS)
            return len(at.storage.delivered) == 6

        await at.until(is_done)
        assert at.storage.most_at_once == 1

    play(tmp_path, work)


def test_while_a_guest_is_near_the_lane_rests_after_each_of_the_backlog(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 3)
        at.guest.set()
        await _until_at_once(at, 1)
        at.storage.gate.set()
        await _ticks(at)
        assert len(at.storage.delivered) == 1
        at.clock.pass_ms(_REST_MS - 1)
        await _ticks(at)
        assert len(at.storage.delivered) == 1
        at.clock.pass_ms(1)
        # By its own timer: nobody ticks here.
        await _until_delivered(at, 2)

    play(tmp_path, work)


def test_what_came_of_an_upload_is_written_once_nobody_waits_for_a_picture(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 1)
        await _until_at_once(at, 1)
        at.nobody_waits.clear()
        at.storage.gate.set()
        await _until_at_once(at, 0)
        await asyncio.sleep(0.1)
        (old,) = at.storage.delivered
        assert await at.is_in(old.delivery_id, "running")
        at.nobody_waits.set()
        await at.until(lambda: at.is_in(old.delivery_id, "delivered"))

    play(tmp_path, work)


def test_her_own_photo_leaves_beside_the_backlog(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 2)
        at.guest.set()
        await _until_at_once(at, 1)
        fresh = await at.add()
        at.replay.wake()
        await at.until(lambda: at.is_in(fresh.upload, "running"))
        assert at.storage.at_once == 2

    play(tmp_path, work)


def test_once_she_has_gone_the_backlog_leaves_as_before(tmp_path: Path) -> None:
    async def work(at: World) -> None:
        await _backlog(at, 6)
        at.guest.set()
        await _until_at_once(at, 1)
        at.guest.clear()
        await _until_at_once(at, 4)

    play(tmp_path, work)
