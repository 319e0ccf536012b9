"""The SMS channel against the strict stand-in, one fault at a time."""

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk_appliance.clock import Clock
from kiosk_appliance.delivery.ovh_account import OvhAccount, address
from kiosk_appliance.delivery.ovh_sms import OvhSmsChannel
from kiosk_appliance.domain.delivery import (
    Blame,
    Delivered,
    Found,
    LanePaused,
    LookUpFailed,
    NotFound,
    NotSent,
    Outcome,
    Parcel,
    Refused,
    Throttled,
    Uncertain,
)
from tests.parts.ovh import Fault, OvhStandIn, TrapHost

PARCEL = Parcel(
    delivery_id="d",
    capture_id="c",
    token="t" * 21,
    attempt=1,
    photo=Path("photo.jpg"),
    recipient="+33612345678",
    text="Votre photo est prête à être téléchargée : https://photo.example/abc",
    tag="abcdefghijklmnop",
    valid_for_s=3600,
)


class SteppedClock(Clock):
    """The machine's clock, whose monotonic side can be moved: waiting without waiting."""

    def __init__(self) -> None:
        self.later_ms = 0
        super().__init__()

    def monotonic_ms(self) -> int:
        return super().monotonic_ms() + self.later_ms


class EvenClock(SteppedClock):
    """As above, while the wall clock is held even with it, so that only age tells."""

    def wall_ms(self) -> int:
        return super().wall_ms() + self.later_ms


@pytest.fixture
def clock() -> SteppedClock:
    return SteppedClock()


def account_of(ovh: OvhStandIn) -> OvhAccount:
    return OvhAccount(
        endpoint=ovh.endpoint,
        application_key=ovh.application_key,
        application_secret=ovh.application_secret,
        consumer_key=ovh.consumer_key,
        service_name=ovh.service_name,
        sender=ovh.sender,
    )


@pytest.fixture
def sms(ovh: OvhStandIn, clock: SteppedClock) -> Iterator[OvhSmsChannel]:
    channel = OvhSmsChannel(account_of(ovh), clock, timeout_s=(2, 0.4))
    yield channel
    channel.close()


def reason_of(outcome: Outcome) -> str:
    assert not isinstance(outcome, Delivered)
    for private in ("612345678", "6 12", "photo.example", "Secret", "ConsumerKey"):
        assert private not in outcome.reason
    return outcome.reason


def test_one_sms_with_exactly_these_fields(ovh: OvhStandIn, sms: OvhSmsChannel) -> None:
    outcome = sms.deliver(PARCEL)
    (job_id,) = ovh.account.jobs
    assert outcome == Delivered(str(job_id), followed=True)
    (got,) = ovh.ledger
    assert (got.receiver, got.message, got.tag, got.sender) == (
        PARCEL.recipient,
        PARCEL.text,
        PARCEL.tag,
        "SelfieKiosk",
    )
    assert [(c.method, c.path) for c in ovh.calls] == [
        ("GET", "/auth/time"),
        ("POST", f"/sms/{ovh.service_name}/jobs"),
    ]
    assert ovh.bodies[-1] == {
        "message": PARCEL.text,
        "receivers": [PARCEL.recipient],
        "sender": "SelfieKiosk",
        "noStopClause": True,
        "tag": PARCEL.tag,
        "validityPeriod": 60,
    }


@pytest.mark.parametrize(("left_s", "minutes"), [(3659, 60), (59, 1), (0, 1), (-5, 1)])
def test_validity_is_what_is_left_in_whole_minutes(
    ovh: OvhStandIn, sms: OvhSmsChannel, left_s: int, minutes: int
) -> None:
    sms.deliver(replace(PARCEL, valid_for_s=left_s))
    assert ovh.bodies[-1]["validityPeriod"] == minutes


def test_the_time_is_read_once_for_a_batch_and_again_when_old(ovh: OvhStandIn) -> None:
    clock = EvenClock()
    sms = OvhSmsChannel(account_of(ovh), clock)
    for _ in range(3):
        sms.deliver(PARCEL)
    clock.later_ms += 31_000
    sms.deliver(PARCEL)
    sms.close()
    methods = [call.method for call in ovh.calls]
    assert methods == ["GET", "POST", "POST", "POST", "GET", "POST"]


def test_a_step_of_the_kiosks_clock_makes_it_read_the_time_again(
    ovh: OvhStandIn, sms: OvhSmsChannel, clock: SteppedClock
) -> None:
    sms.deliver(PARCEL)
    clock.later_ms += 5_000
    sms.deliver(PARCEL)
    assert [call.method for call in ovh.calls] == ["GET", "POST", "GET", "POST"]


@pytest.mark.parametrize("skew_s", [3600, -3600])
def test_a_clock_an_hour_off_is_learnt(ovh: OvhStandIn, sms: OvhSmsChannel, skew_s: int) -> None:
    ovh.clock.skew_s = skew_s
    assert isinstance(sms.deliver(PARCEL), Delivered)


@pytest.mark.parametrize("step_s", [480, -480])
def test_a_clock_that_steps_between_two_sms_is_learnt_again(
    ovh: OvhStandIn, sms: OvhSmsChannel, step_s: int
) -> None:
    sms.deliver(PARCEL)
    ovh.clock.step(step_s)
    assert isinstance(sms.deliver(PARCEL), Delivered)
    assert [(c.method, c.status) for c in ovh.calls] == [
        ("GET", 200),
        ("POST", 200),
        ("POST", 400),
        ("GET", 200),
        ("POST", 200),
    ]
    assert len(ovh.ledger) == 2


MAYBE = [
    Fault.closed_after_accepting(),
    Fault.hung_after_accepting(),
    Fault.slow_answer(5),
    Fault.cut_mid_body(),
    Fault.drip(1),
    Fault.broken(500, accepted=True),
    Fault.broken(502, html=True, accepted=True),
    Fault.broken(503, accepted=True),
    Fault.broken(504, html=True, accepted=True),
    Fault.body(b""),
    Fault.body(b"null"),
    Fault.body(b"[]"),
    Fault.body(b"{}"),
    Fault.body(b'{"ids": nonsense'),
    Fault.portal(),
    Fault.closed_before_reading(),
]


@pytest.mark.parametrize("fault", MAYBE)
def test_what_may_have_been_taken_is_uncertain_and_a_look_up_knows(
    ovh: OvhStandIn, sms: OvhSmsChannel, fault: Fault
) -> None:
    ovh.faults.add("POST */jobs", fault)
    outcome = sms.deliver(PARCEL)
    assert isinstance(outcome, Uncertain)
    assert reason_of(outcome)
    taken = fault.accepted
    assert len(ovh.ledger) == taken
    assert len(ovh.posts) == 1
    found = sms.look_up(PARCEL)
    assert found == (
        Found(str(next(iter(ovh.account.jobs))), followed=True) if taken else NotFound()
    )
    assert len(ovh.ledger) == taken


def test_a_pending_job_is_found_by_number_and_text(ovh: OvhStandIn, sms: OvhSmsChannel) -> None:
    ovh.account.hold = True
    sms.deliver(replace(PARCEL, recipient="+33698765432", tag="another"))
    ovh.faults.add("POST */jobs", Fault.closed_after_accepting())
    sms.deliver(PARCEL)
    wanted = max(ovh.account.jobs)
    sms.deliver(replace(PARCEL, text="Un autre texte", tag="other"))
    assert sms.look_up(PARCEL) == Found(str(wanted), followed=True)
    assert sms.look_up(replace(PARCEL, text="Rien", tag="none")) == NotFound()


def test_a_job_that_leaves_pending_between_the_two_questions_is_found(
    ovh: OvhStandIn, sms: OvhSmsChannel
) -> None:
    ovh.account.hold = True
    sms.deliver(PARCEL)
    (job_id,) = ovh.account.jobs
    stale = Fault.body(str([job_id]).encode(), accepted=False)
    ovh.faults.add("GET */outgoing", Fault.body(b"[]", accepted=False))
    ovh.faults.add("GET */jobs", stale)
    ovh.account.hold = False
    assert sms.look_up(PARCEL) == Found(str(job_id), followed=True)


def test_too_many_pending_jobs_are_no_answer(ovh: OvhStandIn, sms: OvhSmsChannel) -> None:
    ovh.account.hold = True
    for number in range(26):
        sms.deliver(replace(PARCEL, tag=f"tag{number}", text=f"Texte {number}"))
    answer = sms.look_up(PARCEL)
    assert isinstance(answer, LookUpFailed)
    assert not answer.refused
    assert sms.look_up(replace(PARCEL, tag="other", text="Texte 20")) != NotFound()


def test_an_sms_that_went_out_twice_is_found_and_told_to_the_log(
    ovh: OvhStandIn, sms: OvhSmsChannel, capsys: pytest.CaptureFixture[str]
) -> None:
    sms.deliver(PARCEL)
    sms.deliver(PARCEL)
    assert sms.look_up(PARCEL) == Found(str(min(ovh.account.jobs)), followed=True)
    logged = capsys.readouterr().out
    assert "sms_went_out_twice" in logged
    assert "612345678" not in logged


def test_a_look_up_without_the_right_is_refused_for_good(
    ovh: OvhStandIn, sms: OvhSmsChannel
) -> None:
    ovh.gate.rules = ("POST /sms/*/jobs", "GET /sms/*/outgoing")
    answer = sms.look_up(PARCEL)
    assert isinstance(answer, LookUpFailed)
    assert answer.refused
    ovh.gate.rules = ()
    answer = sms.look_up(PARCEL)
    assert isinstance(answer, LookUpFailed)
    assert answer.refused


@pytest.mark.parametrize(
    "fault", [Fault.broken(500), Fault.portal(), Fault.throttled(), Fault.closed_before_reading()]
)
@pytest.mark.parametrize("route", ["GET */outgoing", "GET */jobs", "GET /auth/time"])
def test_a_look_up_that_fails_is_no_answer(
    ovh: OvhStandIn, sms: OvhSmsChannel, fault: Fault, route: str
) -> None:
    ovh.faults.add(route, fault)
    answer = sms.look_up(PARCEL)
    assert isinstance(answer, LookUpFailed)
    assert answer.reason
    assert not answer.refused
    assert sms.look_up(PARCEL) == NotFound()


def test_down_is_not_sent_and_up_again_goes_on(ovh: OvhStandIn, sms: OvhSmsChannel) -> None:
    ovh.stop()
    assert isinstance(sms.deliver(PARCEL), NotSent)
    assert isinstance(sms.look_up(PARCEL), LookUpFailed)
    assert isinstance(sms.probe(), NotSent)
    ovh.start()
    assert isinstance(sms.deliver(PARCEL), Delivered)
    ovh.stop()
    # within the 30 s in which no time is asked for: the POST itself is refused
    assert isinstance(sms.deliver(PARCEL), NotSent | Uncertain)
    ovh.start()
    assert isinstance(sms.deliver(replace(PARCEL, tag="next")), Delivered)
    assert len(ovh.ledger) == 2


@pytest.mark.parametrize(
    "fault",
    [
        Fault.portal(),
        Fault.body(b'"12345"'),
        Fault.body(b"{}"),
        Fault.body(b""),
        Fault.broken(500),
        Fault.broken(502, html=True),
        Fault.redirect("http://127.0.0.1:9/login"),
        Fault.hung_after_accepting(),
        Fault.closed_before_reading(),
    ],
)
def test_without_the_servers_time_no_post_leaves(
    ovh: OvhStandIn, sms: OvhSmsChannel, fault: Fault
) -> None:
    ovh.faults.add("*", fault, times=None)
    outcome = sms.deliver(PARCEL)
    assert isinstance(outcome, NotSent)
    assert reason_of(outcome)
    assert ovh.posts == []
    ovh.faults.clear()
    assert isinstance(sms.deliver(PARCEL), Delivered)


def test_a_portal_that_comes_later_is_noticed_after_one_sms(
    ovh: OvhStandIn, sms: OvhSmsChannel
) -> None:
    sms.deliver(PARCEL)
    ovh.faults.add("*", Fault.portal(), times=None)
    assert isinstance(sms.deliver(PARCEL), Uncertain)
    assert isinstance(sms.deliver(PARCEL), NotSent)
    assert len(ovh.posts) == 2


@pytest.mark.parametrize(("header", "seconds"), [("30", 30.0), (None, None)])
@pytest.mark.parametrize("route", ["POST */jobs", "GET /auth/time"])
def test_throttled(
    ovh: OvhStandIn, sms: OvhSmsChannel, header: str | None, seconds: float | None, route: str
) -> None:
    ovh.faults.add(route, Fault.throttled(header))
    outcome = sms.deliver(PARCEL)
    assert isinstance(outcome, Throttled)
    assert outcome.retry_after_s == seconds
    assert ovh.ledger == []


@pytest.mark.parametrize("status", [301, 302, 307, 308])
def test_a_redirect_leaks_nothing_and_pauses_the_lane(
    ovh: OvhStandIn, sms: OvhSmsChannel, trap: TrapHost, status: int
) -> None:
    ovh.faults.add("POST */jobs", Fault.redirect(trap.url, status))
    assert isinstance(sms.deliver(PARCEL), LanePaused)
    ovh.faults.add("*", Fault.redirect(trap.url, status), times=None)
    assert isinstance(sms.deliver(PARCEL), NotSent)
    assert isinstance(sms.probe(), NotSent)
    assert isinstance(sms.look_up(PARCEL), LookUpFailed)
    assert trap.requests == []
    assert ovh.ledger == []


@pytest.mark.parametrize(
    ("changed", "named"),
    [
        ({"application_key": "unknown"}, "application_key"),
        ({"application_secret": "wrong"}, "application_secret"),
        ({"consumer_key": "unknown"}, "consumer_key"),
        ({"consumer_key": ""}, "key"),
        ({"application_secret": "clé"}, "application_secret"),
        ({"consumer_key": "clé\n"}, "key"),
        ({"service_name": "sms-other-1"}, "service_name"),
        ({"sender": "Nobody"}, "sender"),
    ],
)
def test_a_wrong_set_up_pauses_the_lane_and_names_the_key(
    ovh: OvhStandIn, clock: Clock, changed: dict[str, str], named: str
) -> None:
    sms = OvhSmsChannel(replace(account_of(ovh), **changed), clock, timeout_s=(2, 2))
    outcome = sms.deliver(PARCEL)
    assert isinstance(outcome, LanePaused)
    assert named in reason_of(outcome)
    assert isinstance(sms.probe(), LanePaused)
    assert ovh.ledger == []
    sms.close()


@pytest.mark.parametrize("state", ["pendingValidation", "expired"])
def test_a_key_not_validated_or_expired_pauses_the_lane(
    ovh: OvhStandIn, sms: OvhSmsChannel, state: str
) -> None:
    ovh.gate.consumer_state = state
    assert "consumer_key" in reason_of(sms.deliver(PARCEL))
    assert isinstance(sms.probe(), LanePaused)


@pytest.mark.parametrize("status", ["waitingValidation", "refused", "disable"])
def test_a_sender_not_ready_pauses_the_lane(
    ovh: OvhStandIn, sms: OvhSmsChannel, status: str
) -> None:
    ovh.senders[ovh.sender] = status
    assert isinstance(sms.deliver(PARCEL), LanePaused)
    outcome = sms.probe()
    assert isinstance(outcome, LanePaused)
    assert "SelfieKiosk" in outcome.reason
    ovh.senders[ovh.sender] = "enable"
    assert sms.probe() == Delivered("")
    assert isinstance(sms.deliver(PARCEL), Delivered)


@pytest.mark.parametrize("status", [402, 403])
def test_no_credit_pauses_the_lane_until_there_is_some(
    ovh: OvhStandIn, sms: OvhSmsChannel, status: int
) -> None:
    ovh.account.no_credit_status = status
    ovh.credits_left = 0
    assert "credit" in reason_of(sms.deliver(PARCEL))
    assert "credit" in reason_of(sms.probe())
    ovh.credits_left = 5
    assert sms.probe() == Delivered("")
    assert isinstance(sms.deliver(PARCEL), Delivered)


def test_a_number_ovh_cannot_reach_is_refused_once(ovh: OvhStandIn, sms: OvhSmsChannel) -> None:
    ovh.account.black_list.add(PARCEL.recipient)
    outcome = sms.deliver(PARCEL)
    assert isinstance(outcome, Refused)
    assert reason_of(outcome)
    assert isinstance(sms.deliver(replace(PARCEL, recipient="+33698765432")), Delivered)


@pytest.mark.parametrize("number", ["0612345678", "0033612345678", "", "+33 612345678", "+0612345"])
def test_a_number_that_is_not_international_never_leaves(
    ovh: OvhStandIn, sms: OvhSmsChannel, number: str
) -> None:
    assert isinstance(sms.deliver(replace(PARCEL, recipient=number)), Refused)
    assert ovh.calls == []


def test_another_400_is_refused_with_ovhs_words_and_no_number(
    ovh: OvhStandIn, sms: OvhSmsChannel
) -> None:
    told = f"[receivers] {PARCEL.recipient} is not a mobile number"
    ovh.faults.add("POST */jobs", Fault.refusal(400, told))
    outcome = sms.deliver(PARCEL)
    words = "OVH refuses this SMS: [receivers] [number] is not a mobile number"
    assert outcome == Refused(words, Blame.UNSURE)


def test_an_idle_connection_closed_by_ovh_costs_no_uncertain_sms(ovh: OvhStandIn) -> None:
    clock = EvenClock()
    sms = OvhSmsChannel(account_of(ovh), clock)
    sms.deliver(PARCEL)
    clock.later_ms += 10_000
    ovh.faults.add("*", Fault.closed_when_kept())
    assert isinstance(sms.deliver(PARCEL), Delivered)
    sms.close()


def test_a_key_without_the_right_to_look_can_still_send(
    ovh: OvhStandIn, sms: OvhSmsChannel
) -> None:
    ovh.gate.rules = ("POST /sms/*/jobs",)
    probed = sms.probe()
    assert isinstance(probed, Delivered)
    assert "not checked" in probed.reference
    assert isinstance(sms.deliver(PARCEL), Delivered)


def test_an_answer_without_end_is_left(ovh: OvhStandIn, sms: OvhSmsChannel) -> None:
    ovh.faults.add("POST */jobs", Fault.body(b" " * 100_000))
    assert isinstance(sms.deliver(PARCEL), Uncertain)


def test_it_promises_what_the_outbox_relies_on(sms: OvhSmsChannel) -> None:
    assert (sms.name, sms.remote, sms.concurrency, sms.repeatable) == ("sms", True, 1, False)
    assert sms.public_base() is None


def test_secrets_are_not_in_the_accounts_repr(ovh: OvhStandIn) -> None:
    shown = repr(account_of(ovh))
    assert ovh.application_secret not in shown
    assert ovh.consumer_key not in shown


def test_endpoints_by_name_and_by_address() -> None:
    assert address("ovh-eu") == "https://eu.api.ovh.com/1.0"
    for url in (
        "https://eu.api.ovh.com/v1",
        "http://127.0.0.1:9100/1.0",
        "http://localhost:9100/1.0",
        "http://[::1]:9100/1.0",
    ):
        assert address(url) == url


@pytest.mark.parametrize(
    "endpoint",
    [
        "",
        "ovh-fr",
        "eu.api.ovh.com",
        "ftp://eu.api.ovh.com/1.0",
        "http://eu.api.ovh.com/1.0",
        "http://127.0.0.1.example/1.0",
        "https://eu.api.ovh.com",
        "https://eu.api.ovh.com/",
        "https://user@eu.api.ovh.com/1.0",
        "https://eu.api.ovh.com/1.0?x=1",
        "https://[::1/1.0",
    ],
)
def test_endpoints_that_are_unsafe_or_incomplete_are_a_value_error(endpoint: str) -> None:
    with pytest.raises(ValueError, match=r"endpoint|URL"):
        address(endpoint)


def test_stray_ovh_settings_of_the_machine_change_nothing(ovh: OvhStandIn, tmp_path: Path) -> None:
    (tmp_path / "ovh.conf").write_text(
        "[default]\nendpoint=ovh-ca\n[ovh-eu]\napplication_key=stray\nclient_id=stray\n",
        encoding="utf-8",
    )
    script = tmp_path / "send.py"
    script.write_text(
        "import sys\n"
        "from pathlib import Path\n"
        "from kiosk_appliance.clock import Clock\n"
        "from kiosk_appliance.delivery.ovh_sms import OvhAccount, OvhSmsChannel\n"
        "from kiosk_appliance.domain.delivery import Parcel\n"
        "sms = OvhSmsChannel(OvhAccount(*sys.argv[1:]), Clock())\n"
        "parcel = Parcel('d', 'c', 't', 1, Path('p'), recipient='+33612345678', text='x',"
        " tag='stray', valid_for_s=60)\n"
        "print(type(sms.deliver(parcel)).__name__)\n",
        encoding="utf-8",
    )
    account = account_of(ovh)
    arguments = [getattr(account, name) for name in OvhAccount.__slots__]
    stray = {
        "OVH_ENDPOINT": "ovh-us",
        "OVH_APPLICATION_KEY": "stray",
        "OVH_CLIENT_ID": "stray",
        "OVH_CLIENT_SECRET": "stray",
        "HTTP_PROXY": "http://127.0.0.1:9",
        "http_proxy": "http://127.0.0.1:9",
        "HOME": str(tmp_path),
        "PYTHONPATH": str(Path(__file__).parents[2]),
    }
    done = subprocess.run(
        [sys.executable, str(script), *arguments],
        cwd=tmp_path,
        env=os.environ | stray,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout, done.stderr) == ("Delivered\n", "")
    assert [one.tag for one in ovh.ledger] == ["stray"]
