"""`GET /admin/logs`: every capture has its line, filters, pages, and nothing personal."""

from collections.abc import Iterator

import httpx
import pytest

from tests.parts.admins import bearer, set_up, token_of
from tests.parts.appliance import Appliance
from tests.parts.guests import problem, running, take


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk")) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


def test_every_capture_has_a_line_that_bears_its_correlation_id(client: httpx.Client) -> None:
    for number in range(5):
        client.headers["X-Correlation-ID"] = f"photo-{number}"
        take(client)
        page = client.get(f"/admin/logs?correlation_id=photo-{number}&component=capturing").json()
        assert page["total"] == 1
        (line,) = page["items"]
        assert set(line) == {
            "id", "timestamp", "level", "component", "message", "correlation_id",
        }  # fmt: skip
        assert (line["level"], line["message"]) == ("info", "capture taken")


def test_filters_and_pages_are_those_of_every_list(client: httpx.Client) -> None:
    for _ in range(3):
        take(client)
    query = "/admin/logs?component=capturing&message=taken&limit=2"
    page = client.get(query).json()
    rest = client.get(f"{query}&cursor={page['next_cursor']}").json()
    assert len(page["items"]) == 2
    assert not {one["id"] for one in page["items"]} & {one["id"] for one in rest["items"]}
    assert client.get("/admin/logs?level=critical").json()["items"] == []
    for wrong in ("level=loud", "colour=red", "limit=0", "cursor=x"):
        problem(client.get(f"/admin/logs?{wrong}"), 422, "invalid-request")


def test_nothing_personal_stands_in_it(client: httpx.Client) -> None:
    capture = take(client, phone="06 12 34 56 78", email="guest@example.com")
    client.get(f"/api/download/{capture['token']}")
    text = client.get("/admin/logs?limit=200").text
    assert "path=/api/download/{key}" in text
    for personal in ("612345678", "guest@example.com", capture["token"]):
        assert personal not in text
