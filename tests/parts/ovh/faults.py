"""What can go wrong with one call, on demand: for the next call, for N, or until cleared.

A fault is addressed by a pattern on `METHOD /path` (path without the version and the query, `*`
stands for anything): `faults.add("POST */jobs", Fault.closed_after_accepting())`.
"""

import json
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from threading import Lock
from typing import Literal, Self

Ending = Literal["whole", "unread", "closed", "cut", "hang", "drip"]
PORTAL = b"<!doctype html><title>Wi-Fi</title><form action=/login>Please log in</form>"


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer, as it goes on the wire."""

    status: int
    body: bytes
    headers: tuple[tuple[str, str], ...] = (("Content-Type", "application/json; charset=utf-8"),)

    @classmethod
    def json(cls, status: int, value: object, **headers: str) -> Self:
        extra = tuple((name.replace("_", "-"), text) for name, text in headers.items())
        kind = (("Content-Type", "application/json; charset=utf-8"),)
        return cls(status, json.dumps(value).encode(), kind + extra)

    @classmethod
    def html(cls, status: int, body: bytes = PORTAL) -> Self:
        return cls(status, body, (("Content-Type", "text/html"),))


@dataclass(frozen=True, slots=True)
class Fault:
    """One deviation: wait, do the work or not, answer otherwise, end the reply otherwise."""

    answer: Answer | None = None
    accepted: bool = False
    before_s: float = 0.0
    after_s: float = 0.0
    ending: Ending = "whole"
    only_kept: bool = False

    @classmethod
    def latency(cls, seconds: float) -> Self:
        return cls(before_s=seconds)

    @classmethod
    def slow_answer(cls, seconds: float) -> Self:
        return cls(after_s=seconds, accepted=True)

    @classmethod
    def throttled(cls, retry_after: str | None = None) -> Self:
        headers = {} if retry_after is None else {"Retry_After": retry_after}
        return cls(Answer.json(429, {"message": "Too many requests"}, **headers))

    @classmethod
    def broken(cls, status: int, *, html: bool = False, accepted: bool = False) -> Self:
        told = {"class": "Server::InternalServerError", "message": "Internal server error"}
        answer = Answer.html(status, b"<h1>Bad gateway</h1>") if html else Answer.json(status, told)
        return cls(answer, accepted=accepted)

    @classmethod
    def refusal(cls, status: int, message: str, **more: str) -> Self:
        return cls(Answer.json(status, {"message": message, **more}))

    @classmethod
    def body(cls, body: bytes, *, status: int = 200, accepted: bool = True) -> Self:
        """Answer these bytes as JSON: empty, `null`, a list, half an object."""
        return cls(Answer(status, body), accepted=accepted)

    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Self:
        return cls(Answer(status, b"", (("Location", location),)))

    @classmethod
    def portal(cls) -> Self:
        return cls(Answer.html(200))

    @classmethod
    def closed_before_reading(cls) -> Self:
        return cls(ending="unread")

    @classmethod
    def closed_after_accepting(cls) -> Self:
        return cls(ending="closed", accepted=True)

    @classmethod
    def hung_after_accepting(cls) -> Self:
        return cls(ending="hang", accepted=True)

    @classmethod
    def cut_mid_body(cls) -> Self:
        return cls(ending="cut", accepted=True)

    @classmethod
    def drip(cls, seconds_per_byte: float) -> Self:
        return cls(ending="drip", accepted=True, after_s=seconds_per_byte)

    @classmethod
    def closed_when_kept(cls) -> Self:
        """Close a kept-alive connection under the next request on it."""
        return cls(ending="unread", only_kept=True)


@dataclass(slots=True)
class _Planned:
    pattern: str
    fault: Fault
    left: int | None


@dataclass(slots=True)
class Faults:
    """The faults still to come, oldest first."""

    _planned: list[_Planned] = field(default_factory=list)
    _lock: Lock = field(default_factory=Lock)

    def add(self, pattern: str, fault: Fault, times: int | None = 1) -> None:
        """Plan `fault` for the next `times` matching calls; None: until `clear`."""
        with self._lock:
            self._planned.append(_Planned(pattern, fault, times))

    def clear(self) -> None:
        with self._lock:
            self._planned.clear()

    def take(self, method: str, path: str, *, kept: bool) -> Fault:
        """Return what happens to this call, counting the fault down; no fault is a plain Fault."""
        with self._lock:
            for planned in self._planned:
                if planned.fault.only_kept and not kept:
                    continue
                if fnmatchcase(f"{method} {path}", planned.pattern):
                    if planned.left is not None:
                        planned.left -= 1
                        if planned.left == 0:
                            self._planned.remove(planned)
                    return planned.fault
        return Fault()
