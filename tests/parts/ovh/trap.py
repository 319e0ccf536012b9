"""A host that nobody should ever be sent to; it writes down what leaked."""

from types import TracebackType
from typing import Self

from tests.parts.ovh.faults import Answer
from tests.parts.ovh.http11 import Exchange, ThreadedServer


class TrapHost:
    """Records (method, target, headers) of every request and answers an empty object."""

    def __init__(self) -> None:
        self.requests: list[tuple[str, str, dict[str, str]]] = []
        self._server = ThreadedServer(self._record)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.port}/1.0/trap"

    async def _record(self, exchange: Exchange) -> bool:
        await exchange.body()
        self.requests.append((exchange.method, exchange.target, exchange.headers))
        return await exchange.send(Answer.json(200, {}), "whole")

    def __enter__(self) -> Self:
        self._server.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self._server.stop()
