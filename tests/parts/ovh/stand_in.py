"""The stand-in as a test sees it: start it, point the appliance at it, read the ledger."""

import asyncio
import json
from collections.abc import Callable
from types import TracebackType
from typing import Self

from tests.parts.ovh.account import Account, Sms
from tests.parts.ovh.faults import Answer, Faults
from tests.parts.ovh.gate import Gate
from tests.parts.ovh.http11 import Call, Exchange, ThreadedServer
from tests.parts.ovh.routes import Routes
from tests.parts.ovh.signature import ServerClock
from tests.parts.ovh.strictness import violations

_PREFIXES = ("/1.0", "/v1")


class OvhStandIn:
    """OVH's SMS API on 127.0.0.1; what it holds outlives `stop` and `start`.

    `calls` has every request, `bodies` those of `POST jobs` that passed the gate.
    """

    sender = "SelfieKiosk"

    def __init__(self, port: int = 0) -> None:
        self.gate = Gate()
        self.account = Account()
        self.faults = Faults()
        self.clock = ServerClock()
        self.calls: list[Call] = []
        self.bodies: list[dict[str, object]] = []
        self.violations: list[str] = []
        self._routes = Routes(self.account)
        self._on_accept: list[Callable[[Sms], None]] = []
        self._server = ThreadedServer(self._handle, port)

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._server.port}/1.0"

    @property
    def application_key(self) -> str:
        return self.gate.application_key

    @property
    def application_secret(self) -> str:
        return self.gate.application_secret

    @property
    def consumer_key(self) -> str:
        return self.gate.consumer_key

    @property
    def service_name(self) -> str:
        return self.account.service_name

    @property
    def credits_left(self) -> float:
        return self.account.credits_left

    @credits_left.setter
    def credits_left(self, credits_left: float) -> None:
        self.account.credits_left = credits_left

    @property
    def senders(self) -> dict[str, str]:
        return self.account.senders

    @property
    def ledger(self) -> list[Sms]:
        """What handsets got so far, in order."""
        with self.account.lock:
            return list(self.account.ledger)

    @property
    def posts(self) -> list[Call]:
        """The calls that could have sent something."""
        return [call for call in self.calls if call.method == "POST"]

    def on_accept(self, callback: Callable[[Sms], None]) -> None:
        """Call `callback` for each SMS after it is taken and before the answer leaves.

        It runs in a thread of its own; what it raises becomes a violation.
        """
        self._on_accept.append(callback)

    def start(self) -> None:
        self._server.start()

    def stop(self) -> None:
        """Be down: connections are refused and open ones are cut."""
        self._server.stop()

    def tables(self, endpoint: str | None = None) -> dict[str, dict[str, str]]:
        """Return what points an appliance here, or at a relay to here; a table of kiosk.toml each.

        `endpoint` is the relay's.
        """
        return {
            "sms": {"channel": "ovh", "service_name": self.service_name, "sender": self.sender},
            "ovh": {
                "endpoint": endpoint or self.endpoint,
                "application_key": self.application_key,
                "application_secret": self.application_secret,
                "consumer_key": self.consumer_key,
            },
        }

    def kiosk_toml(self) -> str:
        """Return the part of kiosk.toml that points an appliance here."""
        return (
            f'[sms]\nchannel = "ovh"\nservice_name = "{self.service_name}"\n'
            f'sender = "{self.sender}"\n\n[ovh]\nendpoint = "{self.endpoint}"\n'
            f'application_key = "{self.application_key}"\n'
            f'application_secret = "{self.application_secret}"\n'
            f'consumer_key = "{self.consumer_key}"\n'
        )

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        self.stop()

    async def _handle(self, exchange: Exchange) -> bool:
        prefix = next((p for p in _PREFIXES if exchange.path.startswith(p + "/")), "")
        path = exchange.path.removeprefix(prefix)
        call = Call(exchange.method, path, exchange.query, self.clock.now())
        self.calls.append(call)
        fault = self.faults.take(call.method, path, kept=exchange.kept)
        if fault.ending == "unread":
            return await exchange.send(Answer(0, b""), "unread")
        body = await exchange.body()
        self._watch_secrets(exchange, body)
        await asyncio.sleep(fault.before_s)
        answer = fault.answer
        if answer is None or fault.accepted:
            done = await self._work(call, exchange, body, known=bool(prefix))
            answer = answer or done
        if fault.ending != "drip":
            await asyncio.sleep(fault.after_s)
        if fault.ending == "whole":
            call.status = answer.status
        return await exchange.send(answer, fault.ending, fault.after_s)

    async def _work(self, call: Call, exchange: Exchange, body: bytes, *, known: bool) -> Answer:
        if not known:
            return Answer.json(404, {"message": "Got an invalid (or empty) URL"})
        now = self.clock.now()
        if (call.method, call.path) == ("GET", "/auth/time"):
            return Answer.json(200, int(now))
        no = self.gate.refusal(exchange, call.path, body, now)
        if no is not None:
            return no
        if call.method == "POST" and call.path.endswith("/jobs"):
            self._watch_body(body)
        answer, got = self._routes.answer(call.method, call.path, call.query, body, now)
        for sms in got:
            await asyncio.to_thread(self._tell, sms)
        return answer

    def _tell(self, sms: Sms) -> None:
        for callback in self._on_accept:
            try:
                callback(sms)
            except Exception as error:  # noqa: BLE001 - a test's own assertion, shown at teardown
                self.violations.append(f"on_accept: {error!r}")

    def _watch_secrets(self, exchange: Exchange, body: bytes) -> None:
        for name in ("application_secret", "consumer_key"):
            secret = getattr(self.gate, name)
            if secret in exchange.target:
                self.violations.append(f"the {name} is in the URL")
            if secret.encode() in body:
                self.violations.append(f"the {name} is in the body")

    def _watch_body(self, body: bytes) -> None:
        try:
            parsed = json.loads(body)
        except ValueError:
            return
        if isinstance(parsed, dict):
            self.bodies.append(parsed)
        self.violations.extend(violations(parsed))
