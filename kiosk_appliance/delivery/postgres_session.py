"""Connections to the central database: one is kept while work flows, and closed soon after.

Owns time-outs. psycopg waits for an answer for ever, and a server that hangs keeps its side of the
connection open: whatever is not answered in time is cut from this side.
"""

import os
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TypeVar

import psycopg
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from kiosk_appliance.delivery.postgres_outcomes import NoAnswer, NotConnected

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Seconds to connect (whole, to each address), for an answer, and until an idle one closes."""

    connect_s: int = 10
    answer_s: float = 30.0
    # A fleet must not hold a connection for each kiosk that waits for its next guest.
    idle_s: float = 10.0


class _Line:
    """A connection, and a second handle on its socket, so that another thread can cut it."""

    def __init__(self, connection: psycopg.Connection) -> None:
        self.connection = connection
        self._socket = socket.socket(fileno=os.dup(connection.fileno()))

    def cut(self) -> None:
        with suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._socket.close()
        self.connection.close()


class PostgresSession:
    """Runs work on a connection; usable from several threads, none of which waits for another."""

    def __init__(self, url: str, timeouts: Timeouts) -> None:
        self._url = url
        self._timeouts = timeouts
        self._defaults = {
            "application_name": "kiosk-appliance",
            "client_encoding": "utf8",
            "connect_timeout": str(timeouts.connect_s),
            "gssencmode": "disable",
        }
        self._lock = threading.Lock()
        self._idle: _Line | None = None
        self._closing: threading.Timer | None = None
        self._closed = False

    def run(self, work: Callable[[psycopg.Connection], T]) -> T:
        """Do the work on a connection that commits each statement by itself.

        The work must be repeatable: where the kept connection proves to be dead, it is done again
        on a new one. Raises FAILURES.
        """
        kept = self._take()
        if kept is not None:
            try:
                return self._once(kept, work)
            except psycopg.OperationalError:
                if not kept.connection.broken:
                    raise
        return self._once(self._connect(), work)

    def close(self) -> None:
        """Drop the kept connection; work under way ends by itself."""
        self._closed = True
        kept = self._take()
        if kept is not None:
            kept.close()

    def _once(self, line: _Line, work: Callable[[psycopg.Connection], T]) -> T:
        try:
            with self._deadline(line):
                result = work(line.connection)
        except BaseException:
            # After a failure, what is left on the wire is anybody's guess.
            line.close()
            raise
        self._give_back(line)
        return result

    @contextmanager
    def _deadline(self, line: _Line) -> Iterator[None]:
        over = threading.Event()

        def cut() -> None:
            over.set()
            line.cut()

        timer = _timer(self._timeouts.answer_s, cut)
        try:
            yield
        except psycopg.Error as error:
            if over.is_set():
                raise NoAnswer from error
            raise
        finally:
            timer.cancel()

    def _connect(self) -> _Line:
        try:
            # What the address itself says goes first.
            given = conninfo_to_dict(self._url)
            ours = {name: value for name, value in self._defaults.items() if name not in given}
            # Without prepared statements a pooler may stand between.
            connection = psycopg.connect(
                make_conninfo(self._url, **ours), autocommit=True, prepare_threshold=None
            )
        except psycopg.Error as error:
            # psycopg's frames hold the half-made connection, in a cycle with the error: it would
            # stay open on both sides until the garbage collector comes by.
            raise NotConnected from error.with_traceback(None)
        return _Line(connection)

    def _take(self) -> _Line | None:
        with self._lock:
            kept, self._idle = self._idle, None
            if self._closing is not None:
                self._closing.cancel()
        return kept

    def _give_back(self, line: _Line) -> None:
        with self._lock:
            if self._idle is None and not self._closed:
                self._idle = line
                self._closing = _timer(self._timeouts.idle_s, lambda: self._rest(line))
                return
        line.close()

    def _rest(self, line: _Line) -> None:
        with self._lock:
            if self._idle is not line:
                return
            self._idle = None
        line.close()


def _timer(seconds: float, work: Callable[[], None]) -> threading.Timer:
    timer = threading.Timer(seconds, work)
    timer.daemon = True
    timer.start()
    return timer
