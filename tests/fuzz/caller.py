"""Calls listeners over and over with what their own documents allow, and with what they forbid.

Runs in an environment of its own (schemathesis), beside the kiosk; knows it by HTTP only. Reads a
plan from standard input and prints a report, both JSON.
"""

import base64
import json
import random
import sys
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import hypothesis
import requests
import schemathesis
from hypothesis import HealthCheck, Phase
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.checks import CHECKS, load_all_checks

_HANGS_AFTER_S = 30
_NOTED_EACH = 100
_STREAM = "text/event-stream"
_IN_A_TURN = 3
_PROOFS = {"authorization", "x-api-key", "cookie"}
_CHECKS = (
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
)
# What a photo's order takes; each is put into some of the calls, so that some are taken.
_FIELDS: dict[str, tuple[Any, ...]] = {
    "phone": ("06 12 34 56 78", "+33612345679", "01 23 45 67 89", "+33"),
    "email": ("guest@example.com", "guest@"),
    "consent": ({"sms": True}, {"sms": True, "marketing": False}),
}


@dataclass
class Plan:
    """What is to be called: each sitting is a listener's address, and the headers of who calls."""

    sittings: dict[str, tuple[str, dict[str, str]]]
    guest_url: str
    admin_url: str
    # Opens the admin's paths, to keep something there to be called for.
    key: dict[str, str]
    calls: int
    seed: int
    pid: int
    photo: str


@dataclass
class Report:
    """What came of it; memory by how many calls had been made."""

    calls: Counter[str] = field(default_factory=Counter)
    answers: dict[str, Counter[str]] = field(default_factory=dict)
    failures: dict[str, dict[str, Any]] = field(default_factory=dict)
    memory: list[tuple[int, float]] = field(default_factory=list)
    slowest: tuple[float, str] = (0.0, "")

    def failed(self, where: str, what: str, example: str) -> None:
        """Keep the first example of each failure, and how often it came."""
        new = {"times": 0, "example": example[:3000]}
        found = self.failures.setdefault(f"{where}: {what}", new)
        found["times"] += 1


class Stock:
    """Things that there are, by the names that paths give them."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self.known: dict[str, list[str]] = {}

    def fill(self) -> None:
        """Make a few of each anew: what was called may have removed them."""
        known: dict[str, list[str]] = {
            name: []
            for name in ("capture_id", "key", "token", "name", "background_id", "delivery_id")
        }
        # Whatever a call has changed goes back first.
        items = self._admin("GET", "/admin/config")["items"]
        changed = {one["key"]: None for one in items if one["origin"] == "admin"}
        if changed:
            self._admin("PUT", "/admin/config", json=changed)
        for number in range(6):
            order: dict[str, Any] = {
                "photo_base64": self._plan.photo,
                "phone": f"06 12 34 56 {number:02}",
            }
            order |= {"consent": {"sms": True}}
            url = f"{self._plan.guest_url}/api/capture"
            made = requests.post(url, json=order, timeout=30).json()
            known["capture_id"].append(made["id"])
            known["key"] += [made["id"], made["token"]]
            known["token"].append(made["token"])
            known["name"].append(f"{made['id']}.jpg")
        picture = base64.b64decode(self._plan.photo)
        kept = self._admin("POST", "/admin/backgrounds", files={"file": ("a.jpg", picture)})
        known["background_id"].append(kept["id"])
        rows = self._admin("GET", "/admin/outbox?limit=12")["items"]
        known["delivery_id"] += [row["id"] for row in rows]
        erased = self._admin("POST", "/admin/erase", json={"email": "nobody@example.com"})
        known["erasure_id"] = [erased["erasure_id"]]
        self.known = known

    def _admin(self, method: str, path: str, **options: Any) -> Any:
        url = f"{self._plan.admin_url}{path}"
        answer = requests.request(method, url, headers=self._plan.key, timeout=30, **options)
        answer.raise_for_status()
        return answer.json()


class Caller:
    """Goes through every operation in turns until the plan's calls have been made."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._report = Report()
        self._stock = Stock(plan)
        self._chance = random.Random(plan.seed)
        self._session = requests.Session()
        self._sitting = ""
        load_all_checks()
        self._checks = [one for one in CHECKS.get_all() if one.__name__ in _CHECKS]
        assert len(self._checks) == len(_CHECKS)

    def run(self) -> Report:
        """Make all calls."""
        known = {name: _operations(url) for name, (url, _) in self._plan.sittings.items()}
        for turn in count():
            for self._sitting, operations in known.items():
                self._stock.fill()
                # What erases comes at another place each time.
                self._chance.shuffle(operations)
                for operation in operations:
                    for mode in (GenerationMode.POSITIVE, GenerationMode.NEGATIVE):
                        self._turn(operation, mode, self._plan.seed + turn)
                        if self._report.calls.total() >= self._plan.calls:
                            return self._report
        raise AssertionError

    def _turn(self, operation: Any, mode: GenerationMode, seed: int) -> None:
        @hypothesis.seed(seed)
        @hypothesis.settings(
            max_examples=_IN_A_TURN,
            database=None,
            deadline=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @hypothesis.given(case=operation.as_strategy(generation_mode=mode))
        def calls(case: Case) -> None:
            self._call(case)

        try:
            calls()
        except Unsatisfiable:
            return  # There is nothing to be got wrong.

    def _call(self, case: Case) -> None:
        self._dress(case)
        where = f"{self._sitting}: {case.operation.method.upper()} {case.operation.path}"
        began = time.monotonic()
        try:
            answer = self._answer(case)
        except (UnicodeError, requests.exceptions.InvalidHeader, requests.exceptions.InvalidURL):
            return  # No client could send it.
        except requests.exceptions.RequestException as error:
            self._report.failed(where, type(error).__name__, case.as_curl_command())
            return
        took = time.monotonic() - began
        self._report.slowest = max(self._report.slowest, (took, where))
        self._count(where, answer.status_code)
        try:
            if answer.headers.get("content-type", "").startswith(_STREAM):
                return
            case.validate_response(answer, checks=self._checks)
        except BaseExceptionGroup as group:
            for failure in group.exceptions:
                words = f"{type(failure).__name__} {answer.status_code}"
                text = f"{failure}\n{answer.text[:800]}\n{case.as_curl_command()}"
                self._report.failed(where, words, text)

    def _answer(self, case: Case) -> requests.Response:
        url, headers = self._plan.sittings[self._sitting]
        arguments = case.as_transport_kwargs(base_url=url)
        if headers:
            # A proof ends with the logout that it makes; the key does not.
            proof = self._plan.key if case.path == "/admin/logout" else headers
            made = {k: v for k, v in arguments["headers"].items() if k.lower() not in _PROOFS}
            arguments["headers"] = made | proof
            arguments["cookies"] = {}
        responses = case.operation.definition.raw["responses"]
        endless = any(_STREAM in one.get("content", {}) for one in responses.values())
        answer = self._session.request(**arguments, timeout=_HANGS_AFTER_S, stream=endless,
                                       allow_redirects=False)  # fmt: skip
        if endless and answer.headers.get("content-type", "").startswith(_STREAM):
            assert next(answer.iter_content(1))
            answer.close()
        return answer

    def _count(self, where: str, status: int) -> None:
        report = self._report
        report.calls[self._sitting] += 1
        report.answers.setdefault(where, Counter())[str(status)] += 1
        made = report.calls.total()
        if made % _NOTED_EACH == 0:
            report.memory.append((made, resident_mb(self._plan.pid)))

    def _dress(self, case: Case) -> None:
        """Put things that there are into three of four calls."""
        for name in case.path_parameters or {}:
            found = self._stock.known.get(name)
            if found and self._chance.random() < 3 / 4:
                case.path_parameters[name] = self._chance.choice(found)
        body = case.body
        if not isinstance(body, dict):
            if case.media_type == "image/*":
                self._some(lambda: setattr(case, "body", base64.b64decode(self._plan.photo)))
            return
        if case.operation.path == "/admin/config" and self._chance.random() < 1 / 2:
            body |= {"guest.countdown_seconds": self._chance.choice([1, 5, 99, "x", None])}
        orders = [body, *(one for one in _list(body.get("captures")) if isinstance(one, dict))]
        for order in orders:
            self._dress_order(order)

    def _dress_order(self, order: dict[str, Any]) -> None:
        if "photo_base64" in order and self._chance.random() < 1 / 3:
            # Nothing but what is right, so that there are new photos all the time.
            order.clear()
            order |= {"photo_base64": self._plan.photo, "email": "guest@example.com"}
            return
        stock = self._stock.known
        known = {name: values for name, values in _FIELDS.items() if name in order}
        links = ("background_id", "capture_id")
        known |= {name: tuple(stock[name]) for name in links if name in order}
        if "photo_base64" in order:
            known["photo_base64"] = (self._plan.photo,)
        for name in ("photo", "file"):
            if name in order:
                known[name] = (base64.b64decode(self._plan.photo),)
        for name, values in known.items():
            if values and self._chance.random() < 3 / 4:
                order[name] = self._chance.choice(values)

    def _some(self, change: Callable[[], None]) -> None:
        if self._chance.random() < 3 / 4:
            change()


def _operations(url: str) -> list[Any]:
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json")
    return [one.ok() for one in schema.get_all_operations()]


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def resident_mb(pid: int) -> float:
    """Return the memory that a process holds, in MB."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1024
    raise LookupError(f"process {pid} has no memory")


def main() -> None:
    """Read a plan, carry it out, print the report."""
    plan = Plan(**json.load(sys.stdin))
    json.dump(vars(Caller(plan).run()), sys.stdout)


if __name__ == "__main__":
    main()
