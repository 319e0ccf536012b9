"""A coroutine of a test, run to its end."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def in_loop(work: Coroutine[Any, Any, T]) -> T:
    """Return what the coroutine returns; tasks that it leaves behind are cancelled."""
    with asyncio.Runner() as runner:
        return runner.run(work)
