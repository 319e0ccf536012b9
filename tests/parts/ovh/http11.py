"""As much HTTP/1.1 as a misbehaving server needs: raw bytes in, raw bytes out, one thread.

The server gives its handler each request before the body is read, so that a fault can close then.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from threading import Event, Thread
from urllib.parse import urlsplit

from tests.parts.ovh.faults import Answer, Ending

_LIMIT = 1_000_000


@dataclass(slots=True)
class Call:
    """One request as the server saw it; `status` is 0 until, or unless, it was answered."""

    method: str
    path: str
    query: str
    at: float
    status: int = 0


@dataclass(slots=True)
class Exchange:
    """One request on a connection, and the way to answer it."""

    method: str
    target: str
    headers: dict[str, str]
    kept: bool
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    @property
    def path(self) -> str:
        return urlsplit(self.target).path

    @property
    def query(self) -> str:
        return urlsplit(self.target).query

    @property
    def url(self) -> str:
        """The URL that the client must have signed, rebuilt from what it sent."""
        return f"http://{self.headers.get('host', '')}{self.target}"

    async def body(self) -> bytes:
        return await self.reader.readexactly(int(self.headers.get("content-length", "0")))

    async def send(self, answer: Answer, ending: Ending, pace_s: float = 0.0) -> bool:
        """Write the answer as the fault says; True when the connection can be used again."""
        if ending == "hang":
            await self.reader.read()
            ending = "closed"
        if ending in ("unread", "closed"):
            self.writer.transport.abort()
            return False
        head = [f"HTTP/1.1 {answer.status} Stand-in", f"Content-Length: {len(answer.body)}"]
        head += [f"{name}: {value}" for name, value in answer.headers]
        self.writer.write(("\r\n".join(head) + "\r\n\r\n").encode("latin-1"))
        if ending == "drip":
            for byte in answer.body:
                self.writer.write(bytes([byte]))
                await self.writer.drain()
                await asyncio.sleep(pace_s)
        else:
            cut = ending == "cut"
            self.writer.write(answer.body[: len(answer.body) // 2] if cut else answer.body)
        await self.writer.drain()
        return ending != "cut" and self.headers.get("connection", "").lower() != "close"


Handler = Callable[[Exchange], Awaitable[bool]]


class ThreadedServer:
    """A server on 127.0.0.1 with its own thread and loop; keeps its port over stop and start."""

    def __init__(self, handler: Handler, port: int = 0) -> None:
        self._handler = handler
        self.port = port
        self._thread: Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._ready = Event()
        self._failure: OSError | None = None

    @property
    def running(self) -> bool:
        return self._thread is not None

    def start(self) -> None:
        if self._thread is not None:
            return
        self._ready.clear()
        self._thread = Thread(target=lambda: asyncio.run(self._serve()), daemon=True)
        self._thread.start()
        self._ready.wait()
        if self._failure is not None:
            self._thread.join()
            self._thread = None
            raise self._failure

    def stop(self) -> None:
        """Refuse connections from now on and cut those that are open."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join()
        self._thread = None

    async def _serve(self) -> None:
        self._loop, self._stopping = asyncio.get_running_loop(), asyncio.Event()
        open_connections: set[asyncio.Task[None]] = set()

        async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            task = asyncio.current_task()
            assert task is not None
            open_connections.add(task)
            try:
                await self._talk(reader, writer)
            except (OSError, EOFError, ValueError, asyncio.CancelledError):
                writer.transport.abort()
            finally:
                open_connections.discard(task)
                writer.close()
                with contextlib.suppress(OSError, asyncio.CancelledError):
                    await writer.wait_closed()

        try:
            server = await asyncio.start_server(connected, "127.0.0.1", self.port, limit=_LIMIT)
        except OSError as error:
            self._failure = error
            self._ready.set()
            return
        self._failure = None
        self.port = server.sockets[0].getsockname()[1]
        self._ready.set()
        await self._stopping.wait()
        server.close()
        for task in list(open_connections):
            task.cancel()
        await asyncio.gather(*open_connections, return_exceptions=True)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        kept = False
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            method, target, _ = head[0].split(" ", 2)
            pairs = (line.partition(":") for line in head[1:] if line)
            headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
            exchange = Exchange(method, target, headers, kept, reader, writer)
            if not await self._handler(exchange):
                return
            kept = True
