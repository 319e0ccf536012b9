"""What the C library does with memory that is given back to it; on others than GNU's, nothing.

Knows nobody that takes memory.
"""

import ctypes
import sys
import threading
from collections.abc import Callable

# mallopt(3).
_M_ARENA_MAX, _M_MMAP_THRESHOLD, _M_TRIM_THRESHOLD = -8, -3, -1
# Each thread would get one of its own, up to eight a processor, and what lies free in one helps no
# other: after 20,000 calls of every path a third of the kiosk's growth. Pictures take no longer.
_ARENAS = 2
_APART_BYTES = 1 << 20
# The library raises this mark by itself with what it sees freed, to 32 MB: large blocks then stay
# for good. Where pictures alone are made, that is quicker.
_USUAL_BYTES = 32 << 20


def few_arenas() -> None:
    """Have all threads share a few heaps; to be asked for before there are threads."""
    _tune(_M_ARENA_MAX, _ARENAS)


_worked = threading.Event()


def large_blocks_apart(*, apart: bool) -> None:
    """Let blocks of a megabyte or more lie apart, so that each is given back when it is freed.

    So is as much at the end of a heap: that of a thread is never given back by being asked to.
    """
    _tune(_M_MMAP_THRESHOLD, _APART_BYTES if apart else _USUAL_BYTES)
    _tune(_M_TRIM_THRESHOLD, _APART_BYTES if apart else 2 * _USUAL_BYTES)


def has_worked() -> None:
    """Note that something has left many smaller blocks behind."""
    _worked.set()


def return_rest() -> None:
    """Give back what smaller blocks left behind, if any were: 2 ms, and 5 to take them again."""
    if _worked.is_set():
        _worked.clear()
        return_memory()


def return_memory() -> None:
    """Have the library give back what it keeps for later; it would keep all of it."""
    trim = _of_c_library("malloc_trim")
    if trim is not None:
        trim(0)


def _tune(option: int, value: int) -> None:
    tune = _of_c_library("mallopt")
    if tune is not None:
        tune(option, value)


def _of_c_library(name: str) -> Callable[..., int] | None:
    if sys.platform != "linux":
        return None
    found: Callable[..., int] | None = getattr(ctypes.CDLL(None), name, None)
    return found
