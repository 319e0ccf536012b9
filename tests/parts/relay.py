"""A TCP relay on loopback between a client and a real server, with a fault at the turn of a switch.

The relay knows nothing of HTTP; a fault holds for open connections and for new ones alike.
"""

import socket
import struct
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from enum import Enum, auto
from types import TracebackType
from typing import Self

_RESET = struct.pack("ii", 1, 0)
_TICK_S = 0.05


class Fault(Enum):
    """What happens to the bytes."""

    PASS = auto()
    REFUSE = auto()
    """New connections are refused by the kernel, open ones reset."""
    BLACKHOLE = auto()
    """Connections are taken; nothing passes in either direction."""
    SLOW = auto()
    """At most `amount` bytes per second pass, in each direction of each connection."""
    CUT = auto()
    """Each connection is reset once `amount` bytes of requests have passed."""
    DROP_ANSWER = auto()
    """Requests pass; at the first byte of an answer the connection is reset instead."""


class Relay:
    """A context manager that relays `127.0.0.1:port` to a loopback port."""

    def __init__(self, upstream_port: int) -> None:
        self._upstream = ("127.0.0.1", upstream_port)
        # Bound but never listening: it keeps the port ours while the relay refuses.
        self._holder = _bound(0)
        self.port: int = self._holder.getsockname()[1]
        self._listener = self._listen()
        # One value, because threads read it while it changes.
        self._behaviour = (Fault.PASS, 0)
        self._lock = threading.Lock()
        self._open: set[socket.socket] = set()
        self._threads: list[threading.Thread] = []
        self._seen = bytearray()
        self._closing = False

    def __enter__(self) -> Self:
        self._spawn(self._accept)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._closing = True
        self._refuse()
        for thread in self._threads:
            thread.join()
        self._holder.close()

    def behave(self, fault: Fault, amount: int = 0) -> None:
        """Change what happens to the bytes, from now on."""
        was, _ = self._behaviour
        self._behaviour = (fault, amount)
        if fault is Fault.REFUSE and was is not Fault.REFUSE:
            self._refuse()
        elif was is Fault.REFUSE and fault is not Fault.REFUSE:
            self._listener = self._listen()

    @contextmanager
    def behaving(self, fault: Fault, amount: int = 0) -> Iterator[None]:
        """Have a fault for the length of a `with` block."""
        self.behave(fault, amount)
        try:
            yield
        finally:
            self.behave(Fault.PASS)

    def lead_to(self, upstream_port: int) -> None:
        """Relay to another port from now on; open connections are reset."""
        self._upstream = ("127.0.0.1", upstream_port)
        self._reset_open()

    def count(self, text: bytes) -> int:
        """Say how often the requests so far held `text`."""
        with self._lock:
            return self._seen.count(text)

    def _listen(self) -> socket.socket:
        listener = _bound(self.port)
        listener.listen()
        return listener

    def _refuse(self) -> None:
        with suppress(OSError):
            # close() alone would leave the thread in accept() holding it.
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        self._reset_open()

    def _reset_open(self) -> None:
        with self._lock:
            ended, self._open = self._open, set()
        for one in ended:
            _reset(one)

    def _accept(self) -> None:
        while not self._closing:
            try:
                client, _ = self._listener.accept()
            except OSError:
                time.sleep(_TICK_S)
                continue
            try:
                server = socket.create_connection(self._upstream)
            except OSError:
                _reset(client)
                continue
            with self._lock:
                self._open |= {client, server}
            self._spawn(self._requests, client, server)
            self._spawn(self._answers, client, server)

    def _requests(self, client: socket.socket, server: socket.socket) -> None:
        passed = 0
        for data in self._chunks(client):
            fault, amount = self._behaviour
            part = data[: max(0, amount - passed)] if fault is Fault.CUT else data
            with self._lock:
                self._seen += part
            with suppress(OSError):
                server.sendall(part)
            passed += len(part)
            if len(part) < len(data):
                self._end(client, server, cut=True)
                return
        with suppress(OSError):
            server.shutdown(socket.SHUT_WR)

    def _answers(self, client: socket.socket, server: socket.socket) -> None:
        for data in self._chunks(server):
            if self._behaviour[0] is Fault.DROP_ANSWER:
                self._end(client, server, cut=True)
                return
            with suppress(OSError):
                client.sendall(data)
        self._end(client, server)

    def _chunks(self, source: socket.socket) -> Iterator[bytes]:
        """Yield what arrives, at the pace that the fault allows, until the connection ends."""
        with suppress(OSError):
            while not self._closing:
                self._wait_in_the_dark()
                fault, amount = self._behaviour
                pace = amount if fault is Fault.SLOW else 0
                data = source.recv(max(1, int(pace * _TICK_S)) if pace else 65536)
                if not data:
                    return
                self._wait_in_the_dark()
                yield data
                if pace:
                    time.sleep(len(data) / pace)

    def _wait_in_the_dark(self) -> None:
        while self._behaviour[0] is Fault.BLACKHOLE and not self._closing:
            time.sleep(_TICK_S)

    def _end(self, client: socket.socket, server: socket.socket, *, cut: bool = False) -> None:
        with self._lock:
            ended = self._open & {client, server}
            self._open -= ended
        if client in ended:
            _reset(client) if cut else _close(client)
        if server in ended:
            _close(server)

    def _spawn(self, work: object, *arguments: socket.socket) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)  # type: ignore[arg-type]
        self._threads.append(thread)
        thread.start()


def _bound(port: int) -> socket.socket:
    one = socket.socket()
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
    one.bind(("127.0.0.1", port))
    return one


def _reset(one: socket.socket) -> None:
    with suppress(OSError):
        one.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
        # At once, also while a thread waits in recv(), which would put off what close() does.
        one.shutdown(socket.SHUT_RDWR)
    one.close()


def _close(one: socket.socket) -> None:
    with suppress(OSError):
        one.shutdown(socket.SHUT_RDWR)
    one.close()


@contextmanager
def unreachable() -> Iterator[int]:
    """Yield a loopback port on which connecting neither succeeds nor fails (Linux)."""
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        port = listener.getsockname()[1]
        filling = []
        for _ in range(4):
            one = socket.socket()
            one.setblocking(False)
            one.connect_ex(("127.0.0.1", port))
            filling.append(one)
        try:
            yield port
        finally:
            for one in filling:
                one.close()
