"""What became of an SMS at the handset, told by OVH's strict stand-in to the whole appliance."""

import json
import sqlite3
import time
from collections.abc import Callable
from typing import Any

from tests.parts.appliance import Appliance
from tests.parts.guests import take
from tests.parts.ovh import OvhStandIn
from tests.parts.ovh.account import Receipt
from tests.parts.terminal import Terminal

HANDSET, BARRED = "+33612345678", "+33612345679"


def sms_of(kiosk: Appliance, terminal: Terminal, capture: dict[str, Any]) -> dict[str, Any]:
    def outbox(*words: str) -> Any:
        done = terminal.run("--config", str(kiosk.config), "outbox", *words, "--json")
        assert done.code == 0, done.err
        return json.loads(done.out)

    for state in ("delivered", "refused"):
        for item in outbox("list", "--state", state, "--channel", "sms")["items"]:
            if item["capture_id"] == capture["id"]:
                found: dict[str, Any] = outbox("show", item["id"])
                return found
    return {"receipt": None}


def boot_again(kiosk: Appliance) -> None:
    """Let what was noted be another boot's: the first 30 s are over by then."""
    connection = sqlite3.connect(kiosk.data_dir / "kiosk.db")
    with connection:
        connection.execute("update deliveries set due_boot = 'an earlier one'")
    connection.close()


def test_a_barred_number_gets_no_second_sms_and_a_handset_is_seen_to_have_its_own(
    make_appliance: Callable[..., Appliance], ovh: OvhStandIn, terminal: Terminal
) -> None:
    kiosk = make_appliance(ovh.tables()).start()
    with kiosk.client() as client:

        def texted(number: str, receipt: Receipt) -> dict[str, Any]:
            ovh.account.receipts = (receipt,)
            made = take(client, phone=number, consent={"sms": True})
            kiosk.wait_for(made["id"], sms_sent=True)
            return made

        arrived = texted(HANDSET, Receipt(1, 4))
        barred = texted(BARRED, Receipt(2, 23))
        sent = len(ovh.posts)
        assert kiosk.stop() == 0
        boot_again(kiosk)
        kiosk.start()
        deadline = time.monotonic() + 60
        while sms_of(kiosk, terminal, barred)["receipt"] != "barred":
            assert time.monotonic() < deadline, kiosk.log()
            time.sleep(0.5)
        told = sms_of(kiosk, terminal, arrived)
        assert (told["receipt"], told["state"], told["last_error"]) == (
            "received",
            "delivered",
            None,
        )
        told = sms_of(kiosk, terminal, barred)
        assert (told["state"], told["last_error"]) == (
            "delivered",
            "The number is wrong or barred.",
        )

        second = take(client, phone=BARRED, consent={"sms": True})
        told = sms_of(kiosk, terminal, second)
        assert (told["state"], told["attempts"]) == ("refused", 0)
        assert "turned away for good" in told["last_error"]
        third = take(client, phone=HANDSET, consent={"sms": True})
        kiosk.wait_for(third["id"], sms_sent=True)
    assert len(ovh.posts) == sent + 1
    assert BARRED[3:] not in kiosk.log()
