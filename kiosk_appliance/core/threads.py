"""Runs blocking calls in threads that never keep the process from leaving.

A provider's SDK can't be interrupted. The threads of an executor are joined at exit; these are
daemons, so that a stop within 10 s holds even while a provider lets a call hang. A thread makes
one call at a time, and the next one when it is done: starting one takes longer than a short call.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


class _Hand:
    """A thread that waits for its next call."""

    def __init__(self) -> None:
        self._calls: SimpleQueue[tuple[str, Callable[[], None]]] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def make(self, name: str, call: Callable[[], None]) -> None:
        self._calls.put((name, call))

    def _work(self) -> None:
        while True:
            self._thread.name, call = self._calls.get()
            call()
            del call
            _idle.append(self)


# As many as there have ever been calls under way at once, but for those that never return.
_idle: list[_Hand] = []


async def in_daemon_thread(name: str, function: Callable[[], T]) -> T:
    """Return what `function` returns, or raise what it raises."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[T] = loop.create_future()

    def finish(result: T | None, error: BaseException | None) -> None:
        if future.done():
            return
        if isinstance(error, Exception) and not isinstance(error, StopIteration):
            future.set_exception(error)
        elif error is not None:
            # A future can't hold StopIteration, and SystemExit would end the event loop.
            future.set_exception(RuntimeError(f"{name} raised {error!r}"))
        else:
            future.set_result(result)  # type: ignore[arg-type]  # T itself may include None

    def run() -> None:
        result, error = None, None
        try:
            result = function()
        except BaseException as raised:  # noqa: BLE001 - handed to the waiting coroutine
            error = raised
        # The loop may be gone when a call outlives the stop.
        with contextlib.suppress(RuntimeError):
            loop.call_soon_threadsafe(finish, result, error)

    hand = _idle.pop() if _idle else _Hand()
    hand.make(name, run)
    return await future
