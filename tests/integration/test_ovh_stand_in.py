"""The stand-in itself, driven by the real `ovh` client and by hand."""

import http.client
import json
import socket
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import ovh as sdk
import pytest
import requests

from tests.parts.ovh import Fault, OvhStandIn, Receipt, TrapHost
from tests.parts.ovh.signature import sign

PHONE = "+33612345678"
BODY = {
    "message": "Votre photo : https://photo.example/abc",
    "receivers": [PHONE],
    "sender": "SelfieKiosk",
    "noStopClause": True,
    "tag": "abcdefghijklmnop",
    "validityPeriod": 60,
}
#: How long an answer may take on a busy machine.
PATIENCE_S = 20


@pytest.fixture
def client(ovh: OvhStandIn) -> Any:
    return connect(ovh)


def connect(ovh: OvhStandIn, patience_s: int = PATIENCE_S, /, **changed: str) -> Any:
    keys = {
        "application_key": ovh.application_key,
        "application_secret": ovh.application_secret,
        "consumer_key": ovh.consumer_key,
    }
    client = sdk.Client("ovh-eu", timeout=patience_s, **keys | changed)
    client._endpoint = ovh.endpoint  # noqa: SLF001 - the client has no other door for an address
    return client


def jobs(ovh: OvhStandIn) -> str:
    return f"/sms/{ovh.service_name}/jobs"


def test_signature_matches_a_vector_made_by_hand() -> None:
    # printf '%s' 'SECRET+CONSUMER+POST+URL+BODY+TIME' | sha1sum
    made = sign(
        "EXEgWIz07P0HYwtQDs7cNIqCiQaWSuHF",
        "MtSwSrPpNjqfVSmJhLbPyr2i45lSwPU1",
        method="POST",
        url="https://eu.api.ovh.com/1.0/sms/sms-ab1-1/jobs",
        body=b'{"message":"Voil\\u00e0"}',
        timestamp="1366560945",
    )
    assert made == "$1$32c1040da5a4ad43d01ba42129b15d90fdd08cc8"


def test_an_accepted_sms_is_in_the_ledger_and_billed(ovh: OvhStandIn, client: Any) -> None:
    at_acceptance = []
    ovh.on_accept(lambda sms: at_acceptance.append((sms.receiver, len(ovh.ledger))))
    report = client.post(jobs(ovh), **BODY)
    assert len(report["ids"]) == 1
    assert (report["validReceivers"], report["invalidReceivers"]) == ([PHONE], [])
    assert (report["totalCreditsRemoved"], report["creditsLeft"], report["tag"]) == (
        1,
        99,
        BODY["tag"],
    )
    assert [(s.receiver, s.message, s.tag, s.order) for s in ovh.ledger] == [
        (PHONE, BODY["message"], BODY["tag"], 1)
    ]
    assert at_acceptance == [(PHONE, 1)]
    assert [(c.method, c.path, c.status) for c in ovh.calls] == [
        ("GET", "/auth/time", 200),
        ("POST", jobs(ovh), 200),
    ]


def test_a_raw_call_with_escapes_in_the_query_is_checked_as_it_was_sent(ovh: OvhStandIn) -> None:
    url = f"{ovh.endpoint}/sms/{ovh.service_name}/outgoing?tag=a%2Bb&sender=S%20K"
    now = str(int(time.time()))
    keys = (ovh.application_secret, ovh.consumer_key)
    headers = {
        "X-Ovh-Application": ovh.application_key,
        "X-Ovh-Consumer": ovh.consumer_key,
        "X-Ovh-Timestamp": now,
        "X-Ovh-Signature": sign(*keys, method="GET", url=url, body=b"", timestamp=now),
    }
    assert requests.get(url, headers=headers, timeout=PATIENCE_S).json() == []
    swapped = url.replace("tag=a%2Bb&sender=S%20K", "sender=S%20K&tag=a%2Bb")
    refused = requests.get(swapped, headers=headers, timeout=PATIENCE_S)
    assert (refused.status_code, refused.json()["errorCode"]) == (400, "INVALID_SIGNATURE")
    ovh.gate.refuse_reuse = True
    assert requests.get(url, headers=headers, timeout=PATIENCE_S).status_code == 400


@pytest.mark.parametrize(
    ("changed", "raised"),
    [
        ({"application_key": "unknown"}, sdk.exceptions.InvalidKey),
        ({"application_secret": "wrong"}, sdk.exceptions.BadParametersError),
        ({"consumer_key": "unknown"}, sdk.exceptions.InvalidCredential),
    ],
)
def test_wrong_keys_are_told_apart(
    ovh: OvhStandIn, changed: dict[str, str], raised: type[Exception]
) -> None:
    with pytest.raises(raised):
        connect(ovh, **changed).get(f"/sms/{ovh.service_name}")


def test_rights_and_the_state_of_the_key_are_checked(ovh: OvhStandIn, client: Any) -> None:
    ovh.gate.rules = ("GET /sms/*/senders/*",)
    with pytest.raises(sdk.exceptions.NotGrantedCall):
        client.post(jobs(ovh), **BODY)
    assert client.get(f"/sms/{ovh.service_name}/senders/SelfieKiosk")["status"] == "enable"
    ovh.gate.consumer_state = "pendingValidation"
    with pytest.raises(sdk.exceptions.NotCredential):
        client.get(f"/sms/{ovh.service_name}/senders/SelfieKiosk")
    ovh.gate.consumer_state = "expired"
    with pytest.raises(sdk.exceptions.InvalidCredential):
        client.get(f"/sms/{ovh.service_name}/senders/SelfieKiosk")
    assert ovh.ledger == []


def test_the_clock_window_is_that_of_the_server(ovh: OvhStandIn, client: Any) -> None:
    ovh.clock.skew_s = -3600
    client.get(f"/sms/{ovh.service_name}")
    ovh.clock.step(120)
    with pytest.raises(sdk.exceptions.BadParametersError, match="Query out of time"):
        client.get(f"/sms/{ovh.service_name}")


@pytest.mark.parametrize(
    "changed",
    [
        {"unknown": 1},
        {"message": ""},
        {"message": 7},
        {"receivers": []},
        {"receivers": PHONE},
        {"receiversSlotId": "x"},
        {"tag": "x" * 21},
        {"validityPeriod": -1},
        {"validityPeriod": "60"},
        {"validityPeriod": True},
        {"priority": "highest"},
        {"charset": "latin-1"},
        {"coding": "16bit"},
        {"class": "loud"},
        {"noStopClause": "true"},
        {"senderForResponse": True},
    ],
)
def test_a_body_that_the_schema_forbids_is_a_400(
    ovh: OvhStandIn, client: Any, changed: dict[str, object]
) -> None:
    with pytest.raises(sdk.exceptions.BadParametersError):
        client.call("POST", jobs(ovh), BODY | changed)
    assert ovh.ledger == []
    ovh.violations.clear()


@pytest.mark.parametrize(
    ("changed", "violation"),
    [
        ({"receivers": ["0612345678"]}, "+33"),
        ({"tag": "x612345678"}, "phone"),
        ({"noStopClause": None}, "noStopClause"),
        ({"message": "StandInConsumerKeyOf32CharsXXXXX"}, "body"),
    ],
)
def test_what_must_never_be_sent_is_a_violation(
    ovh: OvhStandIn, client: Any, changed: dict[str, object], violation: str
) -> None:
    body = {key: value for key, value in (BODY | changed).items() if value is not None}
    client.call("POST", jobs(ovh), body)
    assert any(violation in found for found in ovh.violations)
    ovh.violations.clear()


def test_a_secret_in_the_url_and_a_failed_callback_are_violations(
    ovh: OvhStandIn, client: Any
) -> None:
    client.get(f"/sms/{ovh.service_name}/outgoing", tag=ovh.consumer_key)
    assert "URL" in ovh.violations.pop()

    def too_early(_: object) -> None:
        raise AssertionError("the photo is not there")

    ovh.on_accept(too_early)
    client.post(jobs(ovh), **BODY)
    assert "the photo is not there" in ovh.violations.pop()


def test_senders_are_checked(ovh: OvhStandIn, client: Any) -> None:
    ovh.senders["Waiting"] = "waitingValidation"
    for sender, words in (("Nobody", "does not exists"), ("Waiting", "waitingValidation")):
        with pytest.raises(sdk.exceptions.APIError, match=words):
            client.post(jobs(ovh), **BODY | {"sender": sender})
    with pytest.raises(sdk.exceptions.BadParametersError, match="contact information"):
        client.post(jobs(ovh), **BODY | {"senderForResponse": True})
    plain = {"senderForResponse": True, "message": "sans adresse"}
    client.post(jobs(ovh), **BODY | plain)
    assert [sms.sender for sms in ovh.ledger] == ["38069"]
    assert client.get(f"/sms/{ovh.service_name}/senders") == ["SelfieKiosk", "Waiting"]


def test_receivers_are_checked(ovh: OvhStandIn, client: Any) -> None:
    ovh.account.black_list.add("+33698765432")
    receivers = [PHONE, "0033612345678", "+33698765432", "+33112345678"]
    report = client.post(jobs(ovh), **BODY | {"receivers": receivers})
    assert report["validReceivers"] == [PHONE]
    assert report["invalidReceivers"] == ["+33698765432", "+33112345678"]
    none = client.post(jobs(ovh), **BODY | {"receivers": ["+33112345678"]})
    assert none["ids"] == []
    assert ovh.violations.pop()
    assert len(ovh.ledger) == 1


@pytest.mark.parametrize("status", [402, 403])
def test_credits_run_out_and_come_back(ovh: OvhStandIn, client: Any, status: int) -> None:
    ovh.account.no_credit_status = status
    ovh.credits_left = 3
    client.post(jobs(ovh), **BODY | {"message": "ç" * 71})
    client.post(jobs(ovh), **BODY | {"message": "a" * 160})
    with pytest.raises(sdk.exceptions.APIError, match="credit") as refused:
        client.post(jobs(ovh), **BODY)
    assert refused.value.response.status_code == status
    ovh.credits_left = 10
    stopped = client.post(jobs(ovh), **BODY | {"noStopClause": False, "message": "a" * 160})
    assert stopped["totalCreditsRemoved"] == 2
    assert len(ovh.ledger) == 3


def test_the_estimate_is_free(ovh: OvhStandIn, client: Any) -> None:
    ovh.gate.rules = ("POST /sms/estimate",)
    told = client.post("/sms/estimate", message="€" * 81, noStopClause=True, senderType="alpha")
    assert (told["charactersClass"], told["maxCharactersPerPart"], told["parts"]) == (
        "7bits",
        153,
        2,
    )


def test_a_job_is_pending_without_tag_then_outgoing_with_it(ovh: OvhStandIn, client: Any) -> None:
    ovh.gate.rules = ("* /sms/*",)
    ovh.account.hold = True
    ovh.account.receipts = (Receipt(0, 1), Receipt(1, 4))
    (job_id,) = client.post(jobs(ovh), **BODY)["ids"]
    outgoing = f"/sms/{ovh.service_name}/outgoing"
    assert client.get(jobs(ovh)) == [job_id]
    assert "tag" not in client.get(f"{jobs(ovh)}/{job_id}")
    assert client.get(outgoing, tag=BODY["tag"]) == []
    ovh.account.hold = False
    assert client.get(jobs(ovh)) == []
    assert client.get(outgoing, tag=BODY["tag"]) == [job_id]
    assert client.get(outgoing, tag="other") == []
    assert client.get(outgoing, receiver=PHONE, sender="SelfieKiosk") == [job_id]
    seen = [client.get(f"{outgoing}/{job_id}") for _ in range(3)]
    assert [(one["deliveryReceipt"], one["ptt"]) for one in seen] == [(0, 1), (1, 4), (1, 4)]
    assert seen[0]["tag"] == BODY["tag"]
    client.delete(f"{outgoing}/{job_id}")
    assert client.get(outgoing) == []
    assert len(ovh.ledger) == 1


def test_a_pending_job_that_is_deleted_reaches_nobody(ovh: OvhStandIn, client: Any) -> None:
    ovh.gate.rules = ("* /sms/*",)
    ovh.account.pending_s = 3600
    (job_id,) = client.post(jobs(ovh), **BODY)["ids"]
    client.delete(f"{jobs(ovh)}/{job_id}")
    assert ovh.ledger == []


def test_another_service_is_a_404(client: Any) -> None:
    with pytest.raises(sdk.exceptions.ResourceNotFoundError, match="This service does not exist"):
        client.get("/sms/sms-other-1")


def cut(error: BaseException) -> bool:
    return isinstance(error, requests.ConnectionError | requests.exceptions.ChunkedEncodingError)


def silent(error: BaseException) -> bool:
    return isinstance(error, requests.ReadTimeout)


@pytest.mark.parametrize(
    ("fault", "seen", "sent"),
    [
        (Fault.closed_before_reading(), cut, 0),
        (Fault.closed_after_accepting(), cut, 1),
        (Fault.cut_mid_body(), None, 1),
        (Fault.hung_after_accepting(), silent, 1),
        (Fault.latency(5), silent, 0),
        (Fault.slow_answer(5), silent, 1),
    ],
)
def test_endings(
    ovh: OvhStandIn, fault: Fault, seen: Callable[[BaseException], bool] | None, sent: int
) -> None:
    client = connect(ovh, 2 if seen is silent else PATIENCE_S)
    client.get(f"/sms/{ovh.service_name}")
    ovh.faults.add("POST */jobs", fault)
    with pytest.raises(sdk.exceptions.APIError) as raised:
        client.post(jobs(ovh), **BODY)
    if seen is not None:
        assert seen(raised.value.args[1])
    assert len(ovh.ledger) == sent
    connect(ovh).post(jobs(ovh), **BODY)
    assert len(ovh.ledger) == sent + 1


@pytest.mark.parametrize(
    ("fault", "raised", "sent"),
    [
        (Fault.broken(500), sdk.exceptions.APIError, 0),
        (Fault.broken(502, html=True), sdk.exceptions.InvalidResponse, 0),
        (Fault.broken(504, accepted=True), sdk.exceptions.APIError, 1),
        (Fault.throttled("7"), sdk.exceptions.APIError, 0),
        (Fault.body(b""), sdk.exceptions.InvalidResponse, 1),
        (Fault.portal(), sdk.exceptions.InvalidResponse, 0),
    ],
)
def test_answers(
    ovh: OvhStandIn, client: Any, fault: Fault, raised: type[Exception], sent: int
) -> None:
    ovh.faults.add("POST */jobs", fault)
    with pytest.raises(raised):
        client.post(jobs(ovh), **BODY)
    assert len(ovh.ledger) == sent


def test_null_and_drip_arrive_whole(ovh: OvhStandIn, client: Any) -> None:
    ovh.faults.add("POST */jobs", Fault.body(b"null"))
    assert client.post(jobs(ovh), **BODY) is None
    ovh.faults.add("POST */jobs", Fault.drip(0.001))
    assert client.post(jobs(ovh), **BODY)["tag"] == BODY["tag"]
    assert len(ovh.ledger) == 2


def test_faults_last_as_long_as_planned(ovh: OvhStandIn) -> None:
    ovh.faults.add("GET /auth/*", Fault.throttled("7"), times=2)
    time_url = f"{ovh.endpoint}/auth/time"
    answers = [requests.get(time_url, timeout=PATIENCE_S) for _ in range(3)]
    assert [a.status_code for a in answers] == [429, 429, 200]
    assert answers[0].headers["Retry-After"] == "7"
    ovh.faults.add("*", Fault.portal(), times=None)
    assert "<form" in requests.get(time_url, timeout=PATIENCE_S).text
    assert "<form" in requests.get(time_url, timeout=PATIENCE_S).text
    ovh.faults.clear()
    assert requests.get(time_url, timeout=PATIENCE_S).json() > 0


def test_a_kept_connection_can_be_closed_under_the_next_request(ovh: OvhStandIn) -> None:
    ovh.faults.add("GET /auth/time", Fault.closed_when_kept())
    with requests.Session() as session:
        assert session.get(f"{ovh.endpoint}/auth/time", timeout=PATIENCE_S).ok
        with pytest.raises(requests.ConnectionError):
            session.get(f"{ovh.endpoint}/auth/time", timeout=PATIENCE_S)


def test_the_trap_records_what_a_followed_redirect_leaks(
    ovh: OvhStandIn, client: Any, trap: TrapHost
) -> None:
    ovh.faults.add("POST */jobs", Fault.redirect(trap.url))
    client.post(jobs(ovh), **BODY)
    ((method, _, headers),) = trap.requests
    assert method == "GET"
    assert headers["x-ovh-consumer"] == ovh.consumer_key


def test_down_is_refused_and_up_again_on_the_same_port(ovh: OvhStandIn, client: Any) -> None:
    client.post(jobs(ovh), **BODY)
    port = int(ovh.endpoint.split(":")[2].split("/")[0])
    ovh.stop()
    with pytest.raises(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
        pass
    ovh.start()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)
    connection.request("GET", "/v1/auth/time")
    assert json.loads(connection.getresponse().read()) > 0
    connection.close()
    assert len(ovh.ledger) == 1


def test_it_runs_as_a_process_and_appends_its_ledger_to_a_file(tmp_path: Path) -> None:
    ledger = tmp_path / "ledger.jsonl"
    command = [sys.executable, "-m", "tests.parts.ovh", "--ledger", str(ledger)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=root) as process:
        try:
            assert process.stdout is not None
            snippet = "".join(process.stdout.readline() for _ in range(10))
            told = tomllib.loads(snippet)
            keys = told["ovh"]
            endpoint = keys.pop("endpoint")
            client = sdk.Client("ovh-eu", timeout=PATIENCE_S, **keys)
            client._endpoint = endpoint  # noqa: SLF001
            client.post(f"/sms/{told['sms']['service_name']}/jobs", **BODY)
        finally:
            process.terminate()
    assert process.returncode == 0
    (line,) = ledger.read_text(encoding="utf-8").splitlines()
    assert json.loads(line)["receiver"] == PHONE
