"""Runs one blocking call in a thread of its own that never keeps the process from leaving.

A provider's SDK can't be interrupted. The threads of an executor are joined at exit; these are
daemons, so that a stop within 10 s holds even while a provider lets a call hang.
"""

import asyncio
import contextlib
import threading
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


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

    threading.Thread(target=run, name=name, daemon=True).start()
    return await future
