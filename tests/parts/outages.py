"""What can befall a server process: signals, a time away, a time frozen. Knows no server."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import contextmanager


class Outages(ABC):
    """A server whose outages a test decides; who inherits knows its process."""

    @abstractmethod
    def start(self) -> None:
        """Start it and wait until it can be used."""

    @abstractmethod
    def _leave(self) -> None:
        """End it as it ends for the length of `stopped`."""

    @abstractmethod
    def _signal(self, number: signal.Signals) -> None:
        """Signal it, if it runs."""

    def pause(self) -> None:
        """Freeze it: the kernel still takes connections, nothing is answered."""
        self._signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Thaw it."""
        self._signal(signal.SIGCONT)

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """Be away for the length of a `with` block."""
        self._leave()
        try:
            yield
        finally:
            self.start()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Be frozen for the length of a `with` block."""
        self.pause()
        try:
            yield
        finally:
            self.resume()
