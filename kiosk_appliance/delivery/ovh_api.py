"""Signed calls to OVH's API: the server's time, time-outs, bounds. Knows nothing of SMS.

Owns what `ovh` 1.2 leaves open: it learns the server's time once and for ever, waits 180 s, and
gives no status with a body that is no JSON. A call ends in a value: an answer, or why there is
none.
"""

import json
import re
from dataclasses import dataclass
from http import HTTPStatus

import requests

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.ovh_account import OvhAccount
from kiosk_appliance.delivery.ovh_client import OvhClient

TIMEOUT_S = (5.0, 20.0)
# Questions cost nothing to ask again, and an outage must be known within 10 s.
_QUESTION_S = (4.0, 5.0)
_ANSWER_MS = 30_000
_ANSWER_BYTES = 64 * 1024
_TIME_IS_FRESH_MS = 30_000
_CLOCK_STEP_MS = 2_000
# A server closes an idle connection when it likes; under a POST that would be an uncertain cut.
_IDLE_MS = 2_000
_SUCCESS = range(200, 300)
_TIME_OR_SIGNATURE = ("invalid_signature", "invalid signature", "query_time_out", "out of time")
# Unix time in seconds has ten digits until the year 2286.
_TIME = re.compile(rb"\s*\d{1,12}\s*")


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, whoever gave it; `retry_after` is the header as it came."""

    status: int
    body: bytes
    retry_after: str = ""

    def value(self) -> object:
        """Return the JSON value of the body; None when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None

    def error(self) -> dict[str, str] | None:
        """Return OVH's own error object as texts; None when the body is not one."""
        value = self.value()
        if not isinstance(value, dict) or not isinstance(value.get("message"), str):
            return None
        return {str(name): str(text) for name, text in value.items()}


@dataclass(frozen=True, slots=True)
class Unready:
    """What came instead of the server's time: the call itself was never made."""

    instead: Answer | Exception


Reply = Answer | Unready | Exception


def told(reply: Reply) -> object:
    """Return the JSON value of a 200; None for everything else."""
    if not isinstance(reply, Answer) or reply.status != HTTPStatus.OK:
        return None
    return reply.value()


def says_time_or_signature(reply: Reply) -> bool:
    """Say whether OVH refused the signature or its time: renewing the time may cure it."""
    if not isinstance(reply, Answer) or reply.status != HTTPStatus.BAD_REQUEST:
        return False
    error = reply.error()
    if error is None:
        return False
    words = f"{error.get('errorCode', '')} {error['message']}".lower()
    return any(sign in words for sign in _TIME_OR_SIGNATURE)


class OvhApi:
    """One connection to the API for one thread at a time."""

    def __init__(
        self, account: OvhAccount, clock: Clock, timeout_s: tuple[float, float] = TIMEOUT_S
    ) -> None:
        self._clock = clock
        self._client = OvhClient(account)
        self._patience_s = timeout_s
        self._time_learnt_ms: int | None = None
        self._wall_ahead_ms = 0
        self._last_used_ms = 0

    def call(self, method: str, path: str, body: dict[str, object] | None = None) -> Reply:
        """Make one signed call, after the server's time if that is not fresh.

        A refused signature or time was refused before any work: it is tried once more with the
        server's time read anew.
        """
        reply = self._signed(method, path, body)
        if says_time_or_signature(reply):
            self._time_learnt_ms = None
            reply = self._signed(method, path, body)
        if not isinstance(reply, Answer) or reply.status not in _SUCCESS:
            self._time_learnt_ms = None
        return reply

    def doubt(self) -> None:
        """Read the server's time before the next call: something was wrong with an answer."""
        self._time_learnt_ms = None

    def close(self) -> None:
        """Drop the connections."""
        self._client.drop()

    def _signed(self, method: str, path: str, body: dict[str, object] | None) -> Reply:
        unready = None if self._time_is_fresh() else self._learn_time()
        return unready or self._exchange(method, path, body, signed=True)

    def _time_is_fresh(self) -> bool:
        if self._time_learnt_ms is None:
            return False
        now = self._clock.monotonic_ms()
        stepped = abs(self._clock.wall_ms() - now - self._wall_ahead_ms) > _CLOCK_STEP_MS
        return not stepped and now - self._time_learnt_ms < _TIME_IS_FRESH_MS

    def _learn_time(self) -> Unready | None:
        asked = self._clock.monotonic_ms()
        answer = self._exchange("GET", "/auth/time", None, signed=False)
        if not isinstance(answer, Answer) or not _is_time(answer):
            self._time_learnt_ms = None
            return Unready(answer)
        self._client.learn(int(answer.body))
        self._time_learnt_ms = self._clock.monotonic_ms()
        # The endpoint's certificate was checked; plain http is allowed on loopback only.
        self._clock.learn(int(answer.body) * 1000, "OVH", self._time_learnt_ms - asked)
        self._wall_ahead_ms = self._clock.wall_ms() - self._time_learnt_ms
        return None

    def _exchange(
        self, method: str, path: str, body: dict[str, object] | None, *, signed: bool
    ) -> Answer | Exception:
        if self._clock.monotonic_ms() - self._last_used_ms > _IDLE_MS:
            self.close()
        connect_s, read_s = self._patience_s
        if method == "GET":
            connect_s, read_s = min(connect_s, _QUESTION_S[0]), min(read_s, _QUESTION_S[1])
        self._client.wait_at_most(connect_s, read_s)
        try:
            response = self._client.raw_call(method, path, data=body, need_auth=signed)
            with response:
                retry_after = response.headers.get("Retry-After", "")
                return Answer(response.status_code, self._read(response), retry_after)
        except Exception as error:  # noqa: BLE001 - border: whatever an SDK raises is a value here
            return error
        finally:
            self._last_used_ms = self._clock.monotonic_ms()

    def _read(self, response: requests.Response) -> bytes:
        # The socket's time-out bounds each wait, not their sum; byte by byte the sum is seen.
        body, until = bytearray(), self._clock.monotonic_ms() + _ANSWER_MS
        for byte in response.iter_content(1):
            body += byte
            if len(body) > _ANSWER_BYTES or self._clock.monotonic_ms() > until:
                raise requests.ReadTimeout("the answer is too long or comes too slowly")
        return bytes(body)


def _is_time(answer: Answer) -> bool:
    return answer.status == HTTPStatus.OK and _TIME.fullmatch(answer.body) is not None
