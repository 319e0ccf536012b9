"""Each failure as psycopg really raises it, from a real server and from what is none."""

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.delivery.postgres import PostgresChannel, Timeouts
from kiosk_appliance.delivery.postgres_outcomes import NotConnected, classify
from kiosk_appliance.domain.delivery import (
    Blame,
    Cause,
    Delivered,
    LanePaused,
    NotSent,
    Outcome,
    Refused,
    Transient,
)
from tests.parts.entries import an_entry, parcel_of
from tests.parts.postgres.central import Central
from tests.parts.relay import Fault, Relay, unreachable
from tests.parts.tls import own_certificate

QUICK = Timeouts(connect_s=2, answer_s=1)


def outcome_at(url: str) -> Outcome:
    """Deliver and probe for real; both must say the same."""
    channel = PostgresChannel(url, timeouts=QUICK)
    outcome = channel.deliver(parcel_of(an_entry()))
    assert channel.probe() == outcome
    channel.close()
    return outcome


def one_attempt_at(url: str) -> Outcome:
    channel = PostgresChannel(url, timeouts=QUICK)
    outcome = channel.deliver(parcel_of(an_entry()))
    channel.close()
    return outcome


def assert_says(outcome: Outcome, kind: type[Outcome], words: str) -> None:
    assert isinstance(outcome, kind)
    assert words in getattr(outcome, "reason", "")


@pytest.mark.parametrize(
    ("url", "kind", "says"),
    [
        ("postgresql://u:p@name.invalid/d", NotSent, "its name can't be resolved"),
        ("postgresql://u:p@127.0.0.1:1/d", NotSent, "the connection was refused"),
        ("postgresql:///d?host=/nowhere", NotSent, "no connection comes about"),
        ("postgresql://u:p%zz@h/d", LanePaused, "can't be read"),
        ("postgresql://u:p@[::1/d", LanePaused, "can't be read"),
        ("postgresql://u:p@127.0.0.1/d?colour=red", LanePaused, "can't be read"),
        ("postgresql://u:p@127.0.0.1/d?sslmode=perhaps", LanePaused, "can't be read"),
        ("postgresql://u:p@127.0.0.1:5432x/d", LanePaused, "can't be read"),
        ("postgresql://u:p@127.0.0.1/d?connect_timeout=soon", LanePaused, "can't be read"),
    ],
)
def test_an_address_that_leads_nowhere(url: str, kind: type[Outcome], says: str) -> None:
    assert_says(outcome_at(url), kind, says)


def test_a_kiosk_without_network_is_told_from_a_database_that_is_down() -> None:
    no_name = one_attempt_at("postgresql://u:p@name.invalid/d")
    refused = one_attempt_at("postgresql://u:p@127.0.0.1:1/d")
    assert isinstance(no_name, NotSent)
    assert isinstance(refused, NotSent)
    assert (no_name.cause, refused.cause) == (Cause.NETWORK, Cause.PROVIDER)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda url: url.replace("@", "x@"), "refuses the log-in"),
        (lambda url: url.replace("//", "//nobody-"), "refuses the log-in"),
        (lambda url: f"{url}_missing", "does not exist"),
        (lambda url: f"{url}?sslmode=require", "has none"),
        (lambda url: f"{url}?options=-csearch_path%3Dnowhere", "schema does not exist"),
    ],
)
def test_a_wrong_address_pauses_the_lane_and_names_what_to_correct(
    central: Central, change: Callable[[str], str], says: str
) -> None:
    assert_says(outcome_at(change(central.url)), LanePaused, says)


def test_a_password_left_out_pauses_the_lane(central: Central) -> None:
    bare = central.url.replace(f":{central.password}", "")
    assert_says(outcome_at(bare), LanePaused, "refuses the log-in")


def test_a_user_without_any_rights_pauses_the_lane(central: Central) -> None:
    central.run(f"alter role {central.user} nologin")
    assert_says(outcome_at(central.url), LanePaused, "does not let the kiosk in")
    central.run(f"alter role {central.user} login")
    central.run(f"alter database {central.database} owner to postgres")
    missing = outcome_at(central.url)
    assert_says(missing, LanePaused, "missing or too old, and the user may not change that")
    central.run(f"revoke connect on database {central.database} from public")
    assert_says(outcome_at(central.url), LanePaused, "does not let the kiosk in")


def test_a_table_that_may_not_be_written_pauses_the_lane(central: Central) -> None:
    assert outcome_of_a_change(central, f"revoke insert on kiosk_captures from {central.user}") == (
        LanePaused(
            "The user may not write: grant it SELECT, INSERT and UPDATE on the table "
            "kiosk_captures."
        )
    )


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        ("alter table kiosk_captures drop column email", LanePaused, "has it been changed"),
        (
            "alter table kiosk_captures alter column email type integer using 1",
            LanePaused,
            "has it been changed",
        ),
        ("alter table kiosk_captures add shop text not null", LanePaused, "has it been changed"),
        ("alter table kiosk_captures add check (width < 9)", Refused, "rule of the database"),
        (
            "alter table kiosk_captures alter kiosk type varchar(2)",
            LanePaused,
            "has it been changed",
        ),
    ],
)
def test_a_table_that_somebody_has_changed(
    central: Central, change: str, kind: type[Outcome], says: str
) -> None:
    assert_says(outcome_of_a_change(central, change), kind, says)


def test_a_rule_that_our_table_does_not_have_may_be_the_set_up_s_fault(central: Central) -> None:
    ruled = outcome_of_a_change(central, "alter table kiosk_captures add check (width < 9)")
    assert ruled == Refused("A rule of the database's own refuses this entry.", Blame.UNSURE)


def outcome_of_a_change(central: Central, change: str) -> Outcome:
    """Change the table under a channel that has already used it."""
    channel = PostgresChannel(central.url, timeouts=QUICK)
    channel.deliver(parcel_of(an_entry()))
    central.run("truncate kiosk_captures")
    central.run(change)
    outcome = channel.deliver(parcel_of(an_entry()))
    channel.close()
    return outcome


@pytest.mark.parametrize("text", ["a\0b", "half of a \ud83d"])
def test_a_text_that_no_database_holds_is_refused_for_that_record_alone(
    central: Central, text: str
) -> None:
    channel = PostgresChannel(central.url)
    outcome = channel.deliver(parcel_of(an_entry(email=text)))
    assert outcome == Refused("The database can't hold what is in this entry.")
    outcome = channel.deliver(parcel_of(an_entry(created_at=10**18)))
    assert outcome == Refused("The database can't hold what is in this entry.")
    assert isinstance(channel.deliver(parcel_of(an_entry())), Delivered)
    channel.close()


def test_a_database_that_can_only_be_read_is_an_outage(central: Central) -> None:
    PostgresChannel(central.url).probe()
    central.run(f"alter database {central.database} set default_transaction_read_only = on")
    assert outcome_at(central.url) == NotSent("The database can only be read: is it a standby?")


def test_too_many_connections_are_an_outage(central: Central) -> None:
    central.run(f"alter database {central.database} connection limit 1")
    with _the_only_connection(central):
        assert outcome_at(central.url) == NotSent("The database has too many connections.")


def _the_only_connection(central: Central) -> psycopg.Connection:
    """Return it once the server has noticed that the one before is gone."""
    for _ in range(100):
        with suppress(psycopg.OperationalError):
            return psycopg.connect(central.url)
        time.sleep(0.1)
    return psycopg.connect(central.url)


def test_a_server_that_stops_is_an_outage(central: Central) -> None:
    channel = PostgresChannel(central.url, timeouts=QUICK)
    channel.probe()
    with central.server.stopped():
        outcome = channel.deliver(parcel_of(an_entry()))
    channel.close()
    assert outcome == NotSent("The database can't be reached: the connection was refused.")


def test_a_server_that_stops_in_the_middle_takes_nothing(central: Central) -> None:
    channel = PostgresChannel(central.url)
    channel.probe()
    channel.deliver(parcel_of(entry := an_entry()))
    ending = "select pg_terminate_backend(pid) from pg_stat_activity where usename = session_user"
    central.run(
        f"create function ending() returns trigger security definer language plpgsql as"
        f" $$ begin perform ({ending} limit 1); return new; end $$"
    )
    central.run("alter function ending() owner to " + central.user)
    central.run(
        "create trigger ending before insert on kiosk_captures"
        " for each row execute function ending()"
    )
    outcome = channel.deliver(parcel_of(replace(entry, version=2)))
    channel.close()
    assert outcome == NotSent("The database is starting up or shutting down.")
    assert central.rows("version") == [(1,)]


def test_an_answer_that_is_lost_is_a_cut(central: Central) -> None:
    with Relay(central.server.port) as relay:
        channel = PostgresChannel(relayed(central, relay), timeouts=QUICK)
        channel.probe()
        with relay.behaving(Fault.BLACKHOLE):
            dark = channel.deliver(parcel_of(an_entry()))
        channel.probe()
        channel.deliver(parcel_of(an_entry()))
        with relay.behaving(Fault.CUT, 300):
            cut = channel.deliver(parcel_of(an_entry()))
        channel.close()
    assert dark == Transient("The database did not answer in time.")
    assert isinstance(cut, Transient | NotSent)


def relayed(central: Central, relay: Relay) -> str:
    return central.url.replace(f":{central.server.port}/", f":{relay.port}/")


def test_a_connection_that_does_not_come_about(central: Central) -> None:
    with Relay(central.server.port) as relay:
        url = relayed(central, relay)
        relay.behave(Fault.BLACKHOLE)
        assert_says(one_attempt_at(url), NotSent, "no answer in time")
        relay.behave(Fault.DROP_ANSWER)
        assert_says(outcome_at(url), NotSent, "the connection was cut")
    with unreachable() as port:
        assert_says(one_attempt_at(f"postgresql://u:p@127.0.0.1:{port}/d"), NotSent, "in time")


def test_a_frozen_server_is_given_up_in_time(central: Central) -> None:
    channel = PostgresChannel(central.url, timeouts=QUICK)
    channel.probe()
    with central.server.paused():
        assert_says(channel.deliver(parcel_of(an_entry())), Transient, "in time")
        assert_says(channel.deliver(parcel_of(an_entry())), NotSent, "in time")
    channel.close()


@pytest.mark.parametrize("mode", ["disable", "prefer", "require"])
@pytest.mark.parametrize("page", [b"HTTP/1.1 200 OK\r\n\r\n<html>Accept our terms</html>", b"\r\n"])
def test_somebody_else_who_answers_is_named(mode: str, page: bytes) -> None:
    with answering(page) as port:
        url = f"postgresql://u:p@127.0.0.1:{port}/d?sslmode={mode}"
        assert_says(outcome_at(url), NotSent, "something else did")


def test_a_certificate_that_nobody_knows(tmp_path: Path) -> None:
    with answering(b"S", own_certificate(tmp_path)) as port:
        url = f"postgresql://u:p@localhost:{port}/d?sslmode=verify-full"
        assert_says(outcome_at(url), LanePaused, "add sslrootcert=system")
        trusting = f"{url}&sslrootcert=system"
        assert_says(outcome_at(trusting), NotSent, "its certificate is not accepted")


@contextmanager
def answering(said: bytes, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A port on which everybody is told the same, before TLS where it is given."""

    def serve() -> None:
        while True:
            try:
                client, _ = listener.accept()
            except OSError:
                return
            with client:
                client.recv(1000)
                client.sendall(said)
                if tls is not None:
                    with suppress(OSError):
                        tls.wrap_socket(client, server_side=True)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=serve)
        thread.start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)
    thread.join()


def test_nothing_of_the_account_is_shown(central: Central) -> None:
    channel = PostgresChannel(central.nowhere)
    for shown in (repr(channel), repr(vars(channel)), str(channel.probe())):
        assert central.password not in shown
        assert central.user not in shown


SAID = st.text(max_size=300) | st.sampled_from(["FATAL:  ", "connection failed: "])


@given(SAID, SAID)
def test_any_words_of_a_server_have_an_outcome_with_a_short_reason(one: str, two: str) -> None:
    not_connected = NotConnected()
    not_connected.__cause__ = psycopg.OperationalError(f"{one}{two}")
    for error in (not_connected, psycopg.OperationalError(f"{one}{two}")):
        assert_short(classify(error))
    assert isinstance(classify(not_connected), NotSent | LanePaused)


def test_any_code_of_postgresql_has_an_outcome_with_a_short_reason() -> None:
    codes = [one for one in vars(psycopg.errors).values() if getattr(one, "sqlstate", None)]
    assert len(codes) > 200
    for code in codes:
        assert_short(classify(code("said by the server")))


def assert_short(outcome: Outcome) -> None:
    reason = getattr(outcome, "reason", "")
    assert 0 < len(reason) <= 200
    assert reason.isprintable()
    assert "said by" not in reason
