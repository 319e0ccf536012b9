"""The guest page tells how it goes with its camera; the operator hears it, from nobody else."""

from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.parts.appliance import Appliance
from tests.parts.guests import problem, running

PATH = "/guest/camera"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(
        tmp_path_factory.mktemp("kiosk"), {"listen": {"trusted_proxies": ["127.0.0.0/8"]}}
    ) as appliance:
        yield appliance


@pytest.fixture
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        yield client


def test_what_the_page_says_is_in_the_health_until_it_says_something_else(
    client: httpx.Client,
) -> None:
    said = client.put(PATH, json={"state": "lost"})
    assert (said.status_code, said.content) == (204, b"")
    health = client.get("/health")
    assert health.status_code == 503
    assert health.json()["checks"]["camera"]["cause"] == "lost"
    client.put(PATH, json={"state": "on", "width": 1280, "height": 720})
    health = client.get("/health")
    assert health.status_code == 200
    assert "camera" not in health.json()["checks"]


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "state"),
        ({"state": "asleep"}, "state"),
        ({"state": "on", "width": -1}, "width"),
        ({"state": "on", "height": 65_536}, "height"),
        ({"state": "on", "depth": 3}, "depth"),
    ],
)
def test_what_is_no_report_is_refused(
    client: httpx.Client, body: dict[str, Any], field: str
) -> None:
    problem(client.put(PATH, json=body), 422, "invalid-request", field)


def test_nobody_but_the_kiosk_s_own_page_is_believed(client: httpx.Client) -> None:
    body = {"state": "missing"}
    for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP", "Via"):
        # Of a proxy that no setting names, too.
        problem(client.put(PATH, json=body, headers={name: "192.0.2.7"}), 403, "forbidden")
    foreign = {"Origin": "https://evil.example"}
    problem(client.put(PATH, json=body, headers=foreign), 403, "origin-refused")
    assert "camera" not in client.get("/health").json()["checks"]
