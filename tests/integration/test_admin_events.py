"""`GET /admin/events`: told live, to few, for as long as they may know, and never in the way."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from typing import Any

import httpx
import pytest

from kiosk_appliance.core.watching import MOST_WATCHERS
from tests.parts.admins import NAME_AND_PASSWORD, PASSWORD, bearer, set_up, token_of
from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance, Tables
from tests.parts.guests import problem, running, take

KEY = {"X-API-Key": "a key that only programs know"}
TOPICS = {"connectivity", "outbox", "health"}
TABLES: Tables = {
    "admin": {"api_key": KEY["X-API-Key"]},
    "listen": {"requests_per_minute": 6000},
}


class Stream:
    """The events of one connection, one by one."""

    def __init__(self, answer: httpx.Response) -> None:
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/event-stream")
        assert answer.headers["cache-control"] == "no-store"
        self.numbers: list[int] = []
        self._lines = answer.iter_lines()

    def __iter__(self) -> Iterator[tuple[str, Any]]:
        fields: dict[str, str] = {}
        for line in self._lines:
            name, _, value = line.partition(": ")
            fields[name] = value
            if not line:
                if "event" in fields:
                    self.numbers.append(int(fields["id"]))
                    yield fields["event"], json.loads(fields["data"])
                fields = {}

    def until(self, topic: str, fits: Callable[[Any], bool]) -> Any:
        """Return the first of a topic that fits; fails after 20 s without."""
        deadline = time.monotonic() + 20
        for event, data in self:
            if event == topic and fits(data):
                return data
            assert time.monotonic() < deadline, f"waited for {topic}, got {event}: {data}"
        pytest.fail("the stream has ended")


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk"), TABLES) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.admin_client() as client:
        yield client


@contextmanager
def watching(client: httpx.Client, headers: dict[str, str] | None = None) -> Iterator[Stream]:
    with client.stream("GET", "/admin/events", headers=headers) as answer:
        yield Stream(answer)


def test_everything_comes_first_and_again_to_whoever_comes_back(client: httpx.Client) -> None:
    for again in ({}, {"Last-Event-ID": "12345"}):
        with watching(client, {**KEY, **again}) as stream:
            first = dict(event for _, event in zip(range(3), stream, strict=False))
            assert set(first) == TOPICS
            assert stream.numbers == sorted(set(stream.numbers))
        assert first["connectivity"]["online"] is True
        assert set(first["connectivity"]["channels"]) == {"storage", "sms"}
        health = client.get("/health").json()
        assert set(first["health"]) == {"status", "online", "checks", "uptime_s", "at"}
        assert set(first["health"]["checks"]) == set(health["checks"])
        assert set(first["outbox"]) == {"counts", "oldest"}


def test_a_capture_shows_at_once(client: httpx.Client) -> None:
    with watching(client, KEY) as stream:
        before = stream.until("outbox", lambda _: True)["counts"].get("storage", {})
        take(client)
        delivered = before.get("delivered", 0) + 1
        stream.until("outbox", lambda data: data["counts"]["storage"].get("delivered") == delivered)


def test_the_cookie_opens_it_and_logging_out_ends_it(client: httpx.Client) -> None:
    client.post("/admin/login", json=NAME_AND_PASSWORD)
    own = {"Origin": str(client.base_url).rstrip("/")}
    with watching(client) as stream:
        stream.until("health", lambda _: True)
        assert client.post("/admin/logout", headers=own).status_code == 204
        assert all(event in TOPICS for event, _ in stream)
    problem(client.get("/admin/events"), 401, "unauthenticated")


def test_another_password_ends_it_and_a_key_holds_on(kiosk: Appliance) -> None:
    with kiosk.admin_client() as client:
        headers = bearer(token_of(client))
        with watching(client, headers) as stream, watching(client, KEY) as other:
            stream.until("health", lambda _: True)
            change = {"current": PASSWORD, "new": PASSWORD}
            answer = client.put("/admin/password", json=change, headers=headers)
            assert answer.status_code == 204, answer.text
            assert all(event in TOPICS for event, _ in stream)
            take(client)
            other.until("outbox", lambda data: bool(data["counts"]))


def test_few_may_watch_and_the_next_is_told_so(client: httpx.Client) -> None:
    with ExitStack() as stack:
        clients = [stack.enter_context(httpx.Client(base_url=client.base_url, trust_env=False))
                   for _ in range(MOST_WATCHERS)]  # fmt: skip
        places = [stack.enter_context(watching(one, KEY)) for one in clients]
        for place in places:
            place.until("health", lambda _: True)
        refused = client.get("/admin/events", headers=KEY)
        problem(refused, 503, "overloaded")
        assert int(refused.headers["retry-after"]) > 0
        assert client.head("/admin/events", headers=KEY).status_code == 503
        assert client.get("/admin/stats", headers=KEY).status_code == 200
    deadline = time.monotonic() + 20
    while client.head("/health/ping").status_code == 200:
        with client.stream("GET", "/admin/events", headers=KEY) as answer:
            if answer.status_code == 200:
                break
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_head_has_an_end(client: httpx.Client) -> None:
    answer = client.head("/admin/events", headers=KEY)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert client.get("/health/ping").status_code == 200


def test_an_outage_is_told_with_its_reason(make_appliance: Callable[..., Appliance]) -> None:
    kiosk = make_appliance({**TABLES, "storage": UNREACHABLE_CLOUD}).start()
    with kiosk.admin_client() as client, watching(client, KEY) as stream:
        said = stream.until("connectivity", lambda data: not data["online"])
        storage = said["channels"]["storage"]
        assert (storage["online"], storage["circuit"]) == (False, "open")
        assert storage["since"].endswith("Z")
        assert storage["detail"]
        take(client)
        waits = stream.until("outbox", lambda data: "storage" in data["oldest"])
        assert waits["counts"]["storage"]["waiting"] == 1
        assert kiosk.stop() == 0
        assert all(event in TOPICS for event, _ in stream)
    assert _ended_s(kiosk) < 3, "nobody who watches keeps the kiosk from stopping for its 4 s"


def _ended_s(kiosk: Appliance) -> float:
    """Return how long after the beginning of the stop the stream ended, by the log."""
    at = {
        event.get("path", event["event"]): datetime.fromisoformat(event["timestamp"])
        for event in kiosk.events()
    }
    return (at["/admin/events"] - at["stopping"]).total_seconds()
