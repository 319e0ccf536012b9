"""An event loop whose time jumps to what is due next, and that can be killed between steps.

Threads are real (SQLite's, the darkroom's, a provider call's), so time stands still while any of
them works, and their answers are taken up in the order of the questions, however fast each of them
was: the same seed gives the same run. A thread that stands for a provider waits by `pause`, in
virtual time.
"""

import asyncio
import heapq
import sys
import threading
from collections.abc import Callable
from contextvars import Context
from itertools import count
from typing import Any, TypeVarTuple

_Given = TypeVarTuple("_Given")
# Whoever makes a future in one of these modules has given work to a thread, which answers by one
# `call_soon_threadsafe`.
_WORKING_IN_THREADS = {"aiosqlite.core", "asyncio.futures", "kiosk_appliance.core.threads"}
# Real seconds that a thread may take: a disk's worst moment.
_PATIENCE_S = 60.0


class Killed(BaseException):
    """The process is no more; what it has written is all that is left of it."""


class Stuck(Exception):
    """Nothing will ever happen again, or a thread does not come back."""


class VirtualLoop(asyncio.BaseEventLoop):
    """The loop of one life of the process; `now` is its first moment, in seconds."""

    def __init__(self, now: float) -> None:
        super().__init__()
        self._selector = self
        self._now = now
        self._changed = threading.Condition()
        self._at_work = 0
        self._questions: dict[asyncio.Future[Any], int] = {}
        self._answers: list[tuple[int, Callable[[], object]]] = []
        self._sleepers: list[tuple[float, int, threading.Event]] = []
        self._numbers = count()
        self._steps_left: int | None = None
        self.rushed = False

    def time(self) -> float:
        """Return virtual seconds."""
        return self._now

    def kill_in(self, steps: int) -> None:
        """Raise Killed out of the loop before the given step from now; 0: the next one."""
        if self._steps_left is None:
            self._steps_left = steps

    def rush(self) -> None:
        """Let nobody pause any more: the life is over, and only has to be tidied away."""
        self.rushed, self._steps_left = True, None
        while self._sleepers:
            self._wake(heapq.heappop(self._sleepers)[2])

    def pause(self, seconds: float) -> None:
        """Wait in the calling thread."""
        if self.rushed:
            return
        woken = threading.Event()
        with self._changed:
            heapq.heappush(self._sleepers, (self._now + seconds, next(self._numbers), woken))
            self._at_work -= 1
            self._changed.notify()
        woken.wait()

    def settle(self) -> None:
        """Wait, in real time, until no thread works. Raises Stuck."""
        with self._changed:
            if not self._changed.wait_for(lambda: self._at_work == 0, _PATIENCE_S):
                raise Stuck("a thread does not come back")

    # What the base class asks of a loop.

    def select(self, timeout: float | None) -> list[object]:
        """Stand in for the selector: called once before each step."""
        if self._steps_left is not None:
            if self._steps_left == 0:
                raise Killed
            self._steps_left -= 1
        if timeout == 0:
            return []
        self.settle()
        if not self._take_up_answers():
            self._jump(timeout)
        return []

    def create_future(self) -> asyncio.Future[Any]:
        """Return a future, and know whether a thread is going to answer it."""
        future = super().create_future()
        maker = sys._getframe(1).f_globals["__name__"]  # noqa: SLF001 - no other way to be told
        if maker in _WORKING_IN_THREADS:
            with self._changed:
                self._at_work += 1
            self._questions[future] = next(self._numbers)
        return future

    def call_soon_threadsafe(
        self, callback: Callable[[*_Given], object], *args: *_Given, context: Context | None = None
    ) -> asyncio.Handle:
        """Take a thread's answer, for when no thread works any more."""
        # A provider call does not say what it answers, but it ends at a moment of its own.
        given: tuple[Any, ...] = args
        asked = given[0] if given and isinstance(given[0], asyncio.Future) else None
        number = -1 if asked is None else self._questions.get(asked, -1)
        with self._changed:
            self._answers.append((number, lambda: self.call_soon(callback, *args, context=context)))
            self._at_work -= 1
            self._changed.notify()
        return asyncio.Handle(callback, args, self, context)

    def _take_up_answers(self) -> bool:
        with self._changed:
            answers, self._answers = sorted(self._answers, key=lambda one: one[0]), []
        for _, take_up in answers:
            take_up()
        for future in [one for one in self._questions if one.done()]:
            del self._questions[future]
        return bool(answers)

    def _jump(self, timeout: float | None) -> None:
        woken_at = self._sleepers[0][0] if self._sleepers else None
        if timeout is None and woken_at is None:
            raise Stuck("nothing is left that could happen")
        if woken_at is None or (timeout is not None and self._now + timeout < woken_at):
            self._now += timeout or 0
            return
        self._now = max(self._now, woken_at)
        self._wake(heapq.heappop(self._sleepers)[2])

    def _wake(self, sleeper: threading.Event) -> None:
        with self._changed:
            self._at_work += 1
        sleeper.set()

    def _process_events(self, event_list: list[object]) -> None:
        pass

    def _write_to_self(self) -> None:
        pass
