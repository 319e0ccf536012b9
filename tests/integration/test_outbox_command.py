"""`kiosk-appliance outbox`, beside a stopped appliance and beside a running one."""

import json
import os
import sqlite3
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance
from tests.parts.guests import take
from tests.parts.ovh import Fault, OvhStandIn
from tests.parts.terminal import Done, Terminal

NUMBER = "+33612345678"
Make = Callable[..., Appliance]
BOTH = pytest.mark.parametrize("running", [False, True], ids=["stopped", "running"])


class Operator:
    """Somebody at the command line of one kiosk."""

    def __init__(self, terminal: Terminal, kiosk: Appliance) -> None:
        self._terminal = terminal
        self._config = str(kiosk.config)

    def _does(self, *arguments: str) -> Done:
        done = self._terminal.run("--config", self._config, "outbox", *arguments)
        assert "12345678" not in f"{done.out}{done.err}", "a guest's number is nobody's business"
        return done

    def sees(self, *arguments: str) -> str:
        done = self._does(*arguments)
        assert (done.code, done.err) == (0, "")
        return done.out

    def reads(self, *arguments: str) -> Any:
        return json.loads(self.sees(*arguments, "--json"))

    def is_told(self, *arguments: str) -> str:
        """Return the one sentence that a command ends with."""
        done = self._does(*arguments)
        assert (done.code, done.out) == (1, "")
        (sentence,) = done.err.splitlines()
        return sentence


@pytest.fixture
def operator(terminal: Terminal, kiosk: Appliance) -> Operator:
    return Operator(terminal, kiosk)


@pytest.fixture
def kiosk(make_appliance: Make, ovh: OvhStandIn) -> Appliance:
    """An appliance that reaches OVH, and whose cloud is down; it has run, and is stopped."""
    return make_appliance(
        {
            "storage": UNREACHABLE_CLOUD,
            **ovh.tables(),
            "links": {"base_url": "http://localhost:1"},
        }
    )


def filled(kiosk: Appliance, captures: int, *changes: str) -> list[dict[str, Any]]:
    """Take photos with an SMS each, change rows as a long life would have, and stop."""
    kiosk.start()
    with kiosk.client() as client:
        made = [take(client, phone=NUMBER, consent={"sms": True}) for _ in range(captures)]
    assert kiosk.stop() == 0
    connection = sqlite3.connect(kiosk.data_dir / "kiosk.db")
    with connection:
        for change in changes:
            connection.execute(f"update deliveries set {change}")
    connection.close()
    return made


def of(rows: list[dict[str, Any]], capture: dict[str, Any], channel: str) -> dict[str, Any]:
    (row,) = [r for r in rows if (r["capture_id"], r["channel"]) == (capture["id"], channel)]
    return row


UPLOADED = """
    state = 'delivered', depends_on = null, ended_at = created_at, due_mono = null
    where channel = 'storage'
"""
PARKED = """
    state = 'uncertain', depends_on = null, due_mono = null, attempts = 2, resends = 1,
    last_error = 'It may have been sent: retry or cancel.' where channel = 'sms'
"""
UPLOAD_REFUSED = """
    state = 'refused', ended_at = created_at, due_mono = null, last_error = 'Too large.'
    where channel = 'storage' and seq = 1
"""
SMS_REFUSED = """
    state = 'refused', depends_on = null, ended_at = created_at,
    last_error = 'A landline can''t receive SMS.' where channel = 'sms' and seq = 2
"""


@BOTH
def test_a_parked_sms_shows_its_choices_and_either_can_be_made(
    kiosk: Appliance, operator: Operator, ovh: OvhStandIn, running: bool
) -> None:
    first, second = filled(kiosk, 2, UPLOADED, PARKED)
    if running:
        kiosk.start()
    table = operator.sees("list")
    assert table.count("parked") == 2
    assert table.count("retry or cancel") == 2
    assert "sms: 2 uncertain" in table
    rows = operator.reads("list", "--channel", "sms")["items"]
    assert [row["capture_id"] for row in rows] == [second["id"], first["id"]], "newest first"
    retried, cancelled = of(rows, first, "sms"), of(rows, second, "sms")
    shown = operator.sees("show", retried["id"])
    assert "+336******78" in shown
    assert "parked" in shown
    tag = operator.reads("show", retried["id"])["tag"]
    assert tag in shown

    assert operator.sees("cancel", cancelled["id"]).strip() == f"{cancelled['id']}: cancelled"
    after = operator.reads("retry", retried["id"])
    assert after["state"] != "uncertain"
    if not running:
        assert after["state"] == "waiting"
        assert ovh.posts == []
        kiosk.start()
    kiosk.wait_for(first["id"], sms_sent=True)
    assert [(sms.receiver, sms.tag) for sms in ovh.ledger] == [(NUMBER, tag)]
    assert operator.reads("show", retried["id"])["attempts"] == 3
    assert operator.reads("show", cancelled["id"])["state"] == "cancelled"
    for name in (retried["id"], cancelled["id"]):
        assert "has ended" in operator.is_told("retry", name)
        assert "has ended" in operator.is_told("cancel", name)
    assert operator.sees("list") == "Nothing waits.\n"


@BOTH
def test_cancelling_an_upload_cancels_its_sms_and_a_refused_one_comes_back_with_it(
    kiosk: Appliance, operator: Operator, running: bool
) -> None:
    first, second = filled(kiosk, 2, UPLOAD_REFUSED, SMS_REFUSED)
    if running:
        kiosk.start()
    rows = operator.reads("list")["items"]
    upload, sms = of(rows, second, "storage"), of(rows, second, "sms")
    assert sms["waits_for"] == upload["id"]
    assert "Waits for its upload." in operator.sees("list")
    operator.sees("cancel", upload["id"])
    assert "would not open" in operator.sees("show", sms["id"])
    ended = operator.reads("list", "--state", "cancelled")["items"]
    assert {row["id"] for row in ended} == {upload["id"], sms["id"]}

    rows = operator.reads("list", "--state", "refused")["items"]
    upload, sms = of(rows, first, "storage"), of(rows, first, "sms")
    assert "retry the upload first" in operator.is_told("retry", sms["id"])
    assert operator.reads("retry", upload["id"])["state"] == "waiting"
    assert operator.reads("retry", sms["id"])["waits_for"] == upload["id"]


@BOTH
def test_what_is_wrong_ends_in_one_sentence(
    kiosk: Appliance, operator: Operator, running: bool
) -> None:
    if running:
        kiosk.start()
    for use in ("show", "retry", "cancel"):
        for name in ("nobody", "", "a/../b", "a%2e", os.fsdecode(b"\xff"), "\u00e9"):
            assert operator.is_told(use, name) == "There is no such delivery."
    for limit in ("0", "201", "-1", "9" * 30):
        assert operator.is_told("list", "--limit", limit) == "Give a number from 1 to 200."
    for state in ("lost", "", os.fsdecode(b"\xff")):
        assert operator.is_told("list", "--state", state).startswith("Choose one of: waiting, ")
    for channel in ("fax machine", "", os.fsdecode(b"\xff")):
        assert operator.is_told("list", "--channel", channel).startswith("Choose one of: sto")


def test_a_long_list_is_cut_and_says_so(kiosk: Appliance, operator: Operator) -> None:
    filled(kiosk, 2)
    table = operator.sees("list", "--limit", "3")
    assert len(table.splitlines()) == 1 + 3 + 1 + 1
    assert "... and more" in table
    assert table.endswith("sms: 2 waiting; storage: 2 waiting.\n")
    page = operator.reads("list", "--limit", "3")
    assert (len(page["items"]), page["next_cursor"] is None) == (3, False)
    assert page["counts"] == {"sms": {"waiting": 2}, "storage": {"waiting": 2}}


def test_an_attempt_under_way_is_left_alone(
    kiosk: Appliance, operator: Operator, ovh: OvhStandIn
) -> None:
    filled(kiosk, 1, UPLOADED, "depends_on = null where channel = 'sms'")
    ovh.faults.add("POST */jobs", Fault.slow_answer(4))
    kiosk.start()
    while not ovh.posts:
        time.sleep(0.05)
    (row,) = operator.reads("list")["items"]
    assert row["state"] == "running"
    assert "under way" in operator.is_told("retry", row["id"])
    assert "under way" in operator.is_told("cancel", row["id"])
