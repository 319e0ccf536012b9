"""`POST /admin/backup`: a whole database in an archive, without secrets, beside guests."""

import io
import sqlite3
import tarfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from tests.parts.admins import PASSWORD, bearer, set_up, token_of
from tests.parts.appliance import Appliance
from tests.parts.guests import problem, running, take

KEY = "a key that only programs know"


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Appliance]:
    with running(tmp_path_factory.mktemp("kiosk"), {"admin": {"api_key": KEY}}) as appliance:
        set_up(appliance)
        yield appliance


@pytest.fixture
def client(kiosk: Appliance) -> Iterator[httpx.Client]:
    with kiosk.client() as client:
        client.headers.update(bearer(token_of(client)))
        yield client


def unpacked(archive: bytes, folder: Path) -> Path:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
        assert tar.getnames() == ["kiosk.db"]
        tar.extract("kiosk.db", folder, filter="data")
    return folder / "kiosk.db"


def test_it_holds_every_capture_and_passes_every_check(
    client: httpx.Client, tmp_path: Path
) -> None:
    ids = {take(client)["id"] for _ in range(3)}
    answer = client.post("/admin/backup")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/gzip"
    assert ".tar.gz" in answer.headers["content-disposition"]
    with sqlite3.connect(unpacked(answer.content, tmp_path)) as database:
        found = {row[0] for row in database.execute("select id from captures")}
        assert database.execute("pragma integrity_check").fetchone() == ("ok",)
    database.close()
    assert ids <= found
    assert client.get("/admin/audit?limit=1").json()["items"][0]["action"] == "backup"


def test_no_secret_is_in_it_and_nothing_is_left_behind(
    kiosk: Appliance, client: httpx.Client, tmp_path: Path
) -> None:
    live = sqlite3.connect(f"file:{kiosk.data_dir}/kiosk.db?mode=ro", uri=True)
    sessions = [row[0] for row in live.execute("select id from sessions")]
    live.close()
    path = unpacked(client.post("/admin/backup").content, tmp_path)
    content = path.read_bytes()
    credentials = (kiosk.data_dir / "credentials.json").read_bytes()
    for secret in (PASSWORD.encode(), KEY.encode(), *(one.encode() for one in sessions)):
        assert secret not in content
    assert sessions
    assert credentials not in content
    assert b"$argon2" not in content
    assert list(kiosk.data_dir.glob("*.part*")) == []
    assert list(kiosk.data_dir.glob(".carried*")) == []


def test_a_kiosk_starts_from_it(kiosk: Appliance, client: httpx.Client, tmp_path: Path) -> None:
    capture = take(client)
    archive = client.post("/admin/backup").content
    with running(tmp_path) as other:
        other.stop()
        for path in other.data_dir.glob("kiosk.db*"):
            path.unlink()
        (other.data_dir / "lock").unlink()
        unpacked(archive, other.data_dir)
        other.start()
        with other.client() as guest:
            assert guest.get(f"/api/status/{capture['id']}").status_code == 200


def test_whoever_hangs_up_keeps_nobody_else_out(client: httpx.Client) -> None:
    deadline = time.monotonic() + 30
    served = 0
    while served < 6:
        with client.stream("POST", "/admin/backup") as answer:
            # That somebody has hung up is noticed a little later.
            assert answer.status_code in {200, 503}
            served += answer.status_code == 200
        assert time.monotonic() < deadline
    problem(client.post("/admin/backup?x=1"), 422, "invalid-request")
