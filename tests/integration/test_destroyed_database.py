"""A killed appliance whose database is then destroyed: started again, it has lost nothing."""

import shutil
import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from kiosk_appliance.store.directory import Layout
from tests.parts.admins import PASSWORD, bearer, token_of
from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance
from tests.parts.destruction import WAYS
from tests.parts.guests import as_json, running, take
from tests.parts.ovh import OvhStandIn
from tests.parts.pictures import jpeg

PHONE = "+33612345678"
OTHER = "+33698765432"
# Whatever is queued stays queued.
OFFLINE = {
    "storage": UNREACHABLE_CLOUD,
    "links": {"base_url": "http://localhost:8000"},
}


@dataclass
class Past:
    """An appliance that was killed, and what it had answered."""

    folder: Path
    taken: list[dict[str, Any]] = field(default_factory=list)
    later_sms: str = ""


@pytest.fixture(scope="module")
def past(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Take four captures offline, one with an SMS at once, one with an SMS later; then kill."""
    past = Past(tmp_path_factory.mktemp("past"))
    with running(past.folder, OFFLINE) as appliance:
        with appliance.client() as client:
            for number in range(4):
                fields = {"phone": PHONE, "consent": {"sms": True}} if number == 1 else {}
                headers = {"Idempotency-Key": f"key-{number}"}
                past.taken.append(take(client, jpeg(64, 48 + number), headers=headers, **fields))
            body = {"capture_id": past.taken[2]["id"], "phone": OTHER}
            past.later_sms = client.post("/api/send-sms", json=body).json()["sms_id"]
        appliance.kill()
    (past.folder / "var" / "control.sock").unlink()
    return past


def again(past: Past, make_appliance: Callable[..., Appliance]) -> Appliance:
    """Return an appliance that has the killed one's data."""
    appliance = make_appliance(OFFLINE)
    shutil.copytree(past.folder / "var", appliance.data_dir)
    return appliance


def states(appliance: Appliance, capture_id: str) -> dict[str, str]:
    found = appliance.status(capture_id)["deliveries"]
    return {one["channel"]: one["state"] for one in found}


@pytest.mark.parametrize("way", WAYS)
def test_nothing_is_lost(past: Past, make_appliance: Callable[..., Appliance], way: str) -> None:
    appliance = again(past, make_appliance)
    WAYS[way](Layout(appliance.data_dir))
    appliance.start()
    with appliance.client() as client:
        for number, capture in enumerate(past.taken):
            key = {"Idempotency-Key": f"key-{number}"}
            fields = {"phone": PHONE, "consent": {"sms": True}} if number == 1 else {}
            repeated = as_json(client, jpeg(64, 48 + number), headers=key, **fields)
            assert (repeated.status_code, repeated.json()) == (201, capture)
            for name in (capture["token"], capture["id"]):
                photo = client.get(f"/api/download/{name}")
                assert len(photo.content) == capture["file_size"]
            assert appliance.status(capture["id"])["download_url"] == capture["download_url"]
            sms = {"sms": "uncertain"} if number in {1, 2} else {}
            assert states(appliance, capture["id"]) == {"storage": "waiting", **sms}
        body = {"capture_id": past.taken[2]["id"], "phone": OTHER}
        sms_again = client.post("/api/send-sms", json=body)
        assert (sms_again.status_code, sms_again.json()["sms_id"]) == (200, past.later_sms)
    (folder,) = appliance.data_dir.glob("destroyed-*")
    assert [e["level"] for e in events(appliance, "database_destroyed")] == ["error"]
    assert list((appliance.data_dir / "quarantine").iterdir()) == []
    assert folder.is_dir()


def events(appliance: Appliance, name: str) -> list[dict[str, Any]]:
    return [event for event in appliance.events() if event["event"] == name]


def test_a_plain_kill_is_no_destruction(
    past: Past, make_appliance: Callable[..., Appliance]
) -> None:
    appliance = again(past, make_appliance)
    appliance.start()
    assert states(appliance, past.taken[1]["id"]) == {"storage": "waiting", "sms": "waiting"}
    assert list(appliance.data_dir.glob("destroyed-*")) == []
    appliance.stop()
    appliance.start()
    assert list(appliance.data_dir.glob("destroyed-*")) == []
    assert events(appliance, "database_destroyed") == []


def looked_up(appliance: Appliance) -> None:
    """Kill it, let the time of each look-up come, start it, and wait until all are made."""
    appliance.kill()
    path = appliance.data_dir / "kiosk.db"
    log = path.with_name("kiosk.db-wal")
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("update deliveries set due_mono = 0 where state = 'uncertain'")
        connection.commit()
    # Folded away by our look; a kill leaves it.
    log.touch()
    appliance.start()
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        deadline = time.monotonic() + 20
        due = "select 1 from deliveries where state = 'uncertain' and due_mono = 0"
        while connection.execute(due).fetchone() is not None:
            assert time.monotonic() < deadline, appliance.log()
            time.sleep(0.05)


def test_pending_sms_is_sent_once_and_a_sent_one_not_again(
    make_appliance: Callable[..., Appliance],
) -> None:
    """By the file channel: what it has written is found by number and text."""
    appliance = make_appliance().start()
    with appliance.client() as client:
        sent = take(client, phone=PHONE, consent={"sms": True})
        appliance.wait_for(sent["id"], sms_sent=True)
    appliance.stop()
    appliance.configure(OFFLINE)
    appliance.start()
    with appliance.client() as client:
        pending = take(client, phone=PHONE, consent={"sms": True})
    appliance.kill()
    WAYS["missing"](Layout(appliance.data_dir))
    appliance.configure({})
    appliance.start()
    assert {states(appliance, one["id"])["sms"] for one in (sent, pending)} == {"uncertain"}
    for _ in range(3):
        looked_up(appliance)
    appliance.wait_for(sent["id"], sms_sent=True, is_synced=True)
    appliance.wait_for(pending["id"], sms_sent=True, is_synced=True)
    lines = appliance.handset_lines()
    assert len(lines) == 2
    for one, line in zip((sent, pending), lines, strict=True):
        assert one["download_url"] in line


def test_sms_that_ovh_had_just_taken_is_found_by_its_tag(
    make_appliance: Callable[..., Appliance], ovh: OvhStandIn
) -> None:
    appliance = make_appliance(ovh.tables()).start()
    with appliance.client() as client:
        sent = take(client, phone=PHONE, consent={"sms": True})
        appliance.wait_for(sent["id"], sms_sent=True)
        ovh.stop()
        pending = take(client, phone=OTHER, consent={"sms": True})
    appliance.kill()
    (taken,) = ovh.ledger
    WAYS["random_bytes"](Layout(appliance.data_dir))
    ovh.start()
    appliance.start()
    for _ in range(3):
        looked_up(appliance)
    appliance.wait_for(sent["id"], sms_sent=True)
    appliance.wait_for(pending["id"], sms_sent=True)
    assert [sms.receiver for sms in ovh.ledger] == [taken.receiver, OTHER]


def test_a_killed_kiosks_database_that_somebody_has_looked_into_is_none(
    past: Past, make_appliance: Callable[..., Appliance]
) -> None:
    """Whoever opens the file with SQLite folds its log in and removes it: nothing is lost."""
    appliance = again(past, make_appliance)
    layout = Layout(appliance.data_dir)
    with closing(sqlite3.connect(layout.database)) as connection:
        assert connection.execute("select count(*) from captures").fetchone() == (4,)
    assert not Path(f"{layout.database}-wal").exists()
    appliance.start()
    with appliance.client() as client:
        assert client.get("/health").json()["checks"]["database"]["status"] == "ok"
    assert states(appliance, past.taken[1]["id"])["sms"] == "waiting"
    assert not list(appliance.data_dir.glob("destroyed-*"))


def test_what_an_admin_has_set_holds_though_no_photo_and_no_backup_is_left(
    make_appliance: Callable[..., Appliance], tmp_path: Path
) -> None:
    (tmp_path / "password").write_text(PASSWORD, encoding="utf-8")
    tables = {"admin": {"password_file": str(tmp_path / "password")}}
    wanted = {"guest.countdown_seconds": 7, "sms.text": "Voil\u00e0 : {link}", "guest.retakes": 1}
    appliance = make_appliance(tables).start()
    with appliance.client() as client:
        headers = bearer(token_of(client))
        for values in (wanted, {"guest.retakes": None}):
            assert client.put("/admin/config", json=values, headers=headers).status_code == 200
        before = client.get("/admin/config", headers=headers).json()
    for end, way in ((appliance.stop, "missing"), (appliance.kill, "random_bytes")):
        end()
        WAYS[way](Layout(appliance.data_dir))
        appliance.start()
        with appliance.client() as client:
            after = client.get("/admin/config", headers=bearer(token_of(client)))
            assert after.json() == before
    assert len(list(appliance.data_dir.glob("destroyed-*"))) == 2
    assert appliance.stop() == 0
