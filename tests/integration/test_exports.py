"""The captures as files: what a spreadsheet reads back, and what it must not be told."""

import base64
import csv
import io
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from tests.parts.appliance import Appliance
from tests.parts.guests import problem, running
from tests.parts.pictures import jpeg

KEY = {"X-API-Key": "a key that only programs know"}
# What the contract takes for an address, and a spreadsheet for a formula.
FORMULA = "=cmd|'/C'!A0@example.com"
ADDRESS = "élise@example.com"
HEADER = [
    "id", "created_at", "status", "phone", "email", "consent_sms", "consent_marketing",
    "background_id", "background", "width", "height", "file_size", "sms_sent",
]  # fmt: skip
PHOTO = base64.b64encode(jpeg()).decode()
EXCEL = "/admin/export/excel"
CSV = "/admin/export/csv"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    tables = {"admin": {"api_key": KEY["X-API-Key"]}}
    with running(tmp_path_factory.mktemp("kiosk"), tables) as appliance:
        yield appliance


@pytest.fixture(scope="module")
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        client.headers.update(KEY)
        yield client


@pytest.fixture(scope="module")
def captures(client: httpx.Client) -> list[dict[str, Any]]:
    """Take three photos: with a number, with an address like a formula, with a background."""
    background = client.get("/api/backgrounds").json()[0]
    orders: list[dict[str, Any]] = [
        {"phone": "06 12 34 56 61", "consent": {"sms": True, "marketing": False}},
        {"email": FORMULA},
        {"email": ADDRESS, "background_id": background["id"], "consent": {"marketing": True}},
    ]
    taken = []
    for order in orders:
        answer = client.post("/api/capture", json={"photo_base64": PHOTO} | order)
        assert answer.status_code == 201, answer.text
        taken.append(answer.json() | {"background": background})
    return taken


def sheet_of(client: httpx.Client, query: str = "") -> Worksheet:
    answer = client.get(f"{EXCEL}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].endswith("spreadsheetml.sheet")
    sheet = load_workbook(io.BytesIO(answer.content)).active
    assert isinstance(sheet, Worksheet)
    return sheet


def table_of(client: httpx.Client, query: str = "") -> list[dict[str, str]]:
    answer = client.get(f"{CSV}{query}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    reader = csv.DictReader(io.StringIO(answer.content.decode()), strict=True)
    assert reader.fieldnames == HEADER
    return list(reader)


def test_excel_has_each_capture_with_its_types(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    sheet = sheet_of(client)
    rows = list(sheet.iter_rows())
    assert [cell.value for cell in rows[0]] == HEADER
    assert [row[0].value for row in rows[1:]] == [one["id"] for one in captures]
    for row, taken in zip(rows[1:], captures, strict=True):
        of = dict(zip(HEADER, row, strict=True))
        assert of["created_at"].is_date
        made = of["created_at"].value
        assert isinstance(made, datetime)
        apart = made.replace(tzinfo=UTC) - datetime.fromisoformat(taken["created_at"])
        assert abs(apart) < timedelta(seconds=0.01)
        for name in ("width", "height", "file_size"):
            assert (of[name].data_type, of[name].value) == ("n", taken[name])
        for name in ("consent_sms", "consent_marketing", "sms_sent"):
            assert of[name].data_type == "b"
        for name in ("id", "status", "phone", "email", "background_id", "background"):
            assert of[name].data_type == "s" or of[name].value is None
    by_name = [dict(zip(HEADER, [cell.value for cell in row], strict=True)) for row in rows[1:]]
    assert (by_name[0]["consent_sms"], by_name[2]["consent_marketing"]) == (True, True)
    assert by_name[2]["background"] == captures[2]["background"]["name"]
    assert by_name[2]["email"] == ADDRESS


def test_excel_header_is_frozen_and_filters_the_rows(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    sheet = sheet_of(client)
    assert sheet.freeze_panes == "A2"
    assert sheet.auto_filter.ref == f"A1:M{len(captures) + 1}"


def test_an_address_like_a_formula_stays_a_text(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    sheet = sheet_of(client)
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == FORMULA]
    assert [cell.data_type for cell in cells] == ["s"]
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)
    assert [one["email"] for one in table_of(client)] == ["", f"'{FORMULA}", ADDRESS]


def test_numbers_are_masked_unless_asked_for_and_both_are_audited(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    masked, full = "+336******61", "+33612345661"
    for query, number in (("", masked), ("?numbers=masked", masked), ("?numbers=full", full)):
        assert sheet_of(client, query)["D2"].value == number
        assert table_of(client, query)[0]["phone"] == f"'{number}"
    trail = client.get("/admin/audit", params={"limit": 8}).json()["items"]
    said = [(one["actor"], one["action"], one["target"], one["detail"]) for one in trail]
    everything = "all captures"
    assert said == [
        ("api-key", "revealed-numbers", "csv", everything),
        ("api-key", "exports", "csv", everything),
        ("api-key", "revealed-numbers", "excel", everything),
        ("api-key", "exports", "excel", everything),
        ("api-key", "exports", "csv", everything),
        ("api-key", "exports", "excel", everything),
        ("api-key", "exports", "csv", everything),
        ("api-key", "exports", "excel", everything),
    ]


def test_a_span_takes_its_start_and_leaves_its_end(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    first, second, third = (one["created_at"] for one in captures)
    assert first < second < third
    ids = [one["id"] for one in captures]
    for query, found in (
        (f"?from={second}", ids[1:]),
        (f"?to={second}", ids[:1]),
        (f"?from={first}&to={third}", ids[:2]),
        (f"?from={first[:10]}", ids),
        (f"?to={first[:10]}", []),
        ("?from=1969-12-31", ids),
    ):
        assert [one["id"] for one in table_of(client, query)] == found
        assert [row[0].value for row in sheet_of(client, query).iter_rows(min_row=2)] == found
    detail = client.get("/admin/audit", params={"limit": 1}).json()["items"][0]["detail"]
    assert detail == "from 1969-12-31T00:00:00.000Z"


@pytest.mark.parametrize("path", [EXCEL, CSV])
@pytest.mark.parametrize(
    ("query", "field"),
    [("from=x", "from"), ("to=2026-02-30", "to"), ("numbers=all", "numbers"), ("limit=1", "limit")],
)
def test_odd_queries_name_the_field(
    client: httpx.Client, path: str, query: str, field: str
) -> None:
    problem(client.get(f"{path}?{query}"), 422, "invalid-request", field)


def test_no_link_to_a_photo_leaves_with_it(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    text = client.get(CSV).text
    assert not [one for one in captures if one["token"] in text or one["download_url"] in text]


def test_erased_captures_are_not_exported_and_nothing_stays_on_the_disk(
    make_appliance: Callable[..., Appliance],
) -> None:
    kiosk = make_appliance({"admin": {"api_key": KEY["X-API-Key"]}}).start()
    with kiosk.client() as client:
        client.headers.update(KEY)
        order = {"photo_base64": PHOTO, "email": ADDRESS}
        taken = [client.post("/api/capture", json=order).json() for _ in range(2)]
        assert client.delete(f"/admin/captures/{taken[0]['id']}").status_code == 204
        assert [one["id"] for one in table_of(client)] == [taken[1]["id"]]
        assert sheet_of(client)["A2"].value == taken[1]["id"]
        assert sheet_of(client).max_row == 2
        assert not list((kiosk.data_dir / "exports").iterdir())
        left = kiosk.data_dir / "exports" / "cut"
        left.write_bytes(b"what a pulled plug has left")
    kiosk.kill()
    kiosk.start()
    assert not left.exists()


def test_stats_have_the_fields_of_the_contract(
    client: httpx.Client, captures: list[dict[str, Any]]
) -> None:
    deadline = time.monotonic() + 20
    found = client.get("/admin/stats").json()
    while found["totals"]["sms_sent"] == 0 and time.monotonic() < deadline:
        time.sleep(0.05)
        found = client.get("/admin/stats").json()
    assert set(found) == {
        "totals", "per_day", "per_background", "delivery_delays", "failures",
    }  # fmt: skip
    weight = sum(one["file_size"] for one in captures)
    assert found["totals"] == {"captures": 3, "sms_sent": 1, "bytes": weight}
    assert sum(one["bytes"] for one in found["per_day"]) == weight
    assert all(set(one) == {"day", "captures", "sms_sent", "bytes"} for one in found["per_day"])
    background = captures[2]["background"]
    assert found["per_background"] == [
        {"background_id": None, "name": None, "captures": 2},
        {"background_id": background["id"], "name": background["name"], "captures": 1},
    ]
    delay = found["delivery_delays"]["sms"]
    assert 0 < delay["median_s"] <= delay["p95_s"] < 30
    assert found["failures"] == []
    problem(client.get("/admin/stats?x=1"), 422, "invalid-request", "x")
