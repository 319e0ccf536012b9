"""The table of the central database, made and shared by kiosks of several ages."""

import gc
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime

import psutil
import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kiosk_appliance.delivery.postgres import PostgresChannel, PostgresErasureChannel, Timeouts
from kiosk_appliance.delivery.postgres_outcomes import TABLE
from kiosk_appliance.delivery.postgres_table import STEPS, prepare
from kiosk_appliance.domain.delivery import Delivered, NotSent, Outcome
from kiosk_appliance.domain.entry import Entry
from tests.parts.entries import EMAIL, PHONE, an_entry, parcel_of
from tests.parts.postgres.central import Central


@pytest.fixture
def channel(central: Central) -> Iterator[PostgresChannel]:
    made = PostgresChannel(central.url)
    yield made
    made.close()


@pytest.fixture
def erasure(central: Central) -> Iterator[PostgresErasureChannel]:
    made = PostgresErasureChannel(central.url)
    yield made
    made.close()


def told(channel: PostgresChannel, entry: Entry) -> Outcome:
    return channel.deliver(parcel_of(entry))


def test_a_record_arrives_field_by_field(central: Central, channel: PostgresChannel) -> None:
    entry = an_entry(background_id=None, consent_marketing=True)
    before = datetime.now(UTC)
    assert told(channel, entry) == Delivered(f"kiosk-1/{entry.capture}")
    columns = (
        "kiosk, capture, version, created_at, phone, email, consent_sms, consent_marketing,"
        " background_id, download_url, width, height, file_size, erased_at"
    )
    created = datetime(2026, 11, 18, 11, 6, 40, 123_000, UTC)
    assert central.rows(columns) == [
        ("kiosk-1", entry.capture, 1, created, PHONE, EMAIL, True, True, None,
         entry.download_url, 1200, 800, 345_678, None)
    ]  # fmt: skip
    ((synced_at,),) = central.rows("synced_at")
    assert before <= synced_at <= datetime.now(UTC)


def test_replays_and_older_versions_change_nothing(
    central: Central, channel: PostgresChannel
) -> None:
    first = an_entry(email="first@example.com")
    second = replace(first, version=2, email="second@example.com")
    told(channel, second)
    before = central.rows()
    for late in (first, second, replace(first, version=0), replace(second, email="x@example.com")):
        assert isinstance(told(channel, late), Delivered)
    assert central.rows() == before
    told(channel, replace(first, version=3, email=None))
    assert central.rows("version, email") == [(3, None)]


def test_a_tombstone_holds_nothing_personal_and_lets_nobody_back(
    central: Central, channel: PostgresChannel, erasure: PostgresErasureChannel
) -> None:
    gone, stays = an_entry(), an_entry(kiosk="kiosk-2")
    for entry in (gone, stays):
        told(channel, entry)
    assert isinstance(told(erasure, replace(gone, version=2)), Delivered)
    content = (
        "created_at, phone, email, consent_sms, consent_marketing, background_id, download_url,"
        " width, height, file_size"
    )
    tombstone = central.run(f"select {content} from {TABLE} where erased_at is not null")
    assert tombstone == [(None,) * 10]
    before = central.rows()
    for late in (gone, replace(gone, version=9), replace(gone, kiosk="renamed")):
        assert isinstance(told(channel, late), Delivered)
        assert isinstance(told(erasure, late), Delivered)
    rows = central.rows("kiosk, phone, version")
    assert [row for row in rows if row[0] != "renamed"] == [
        ("kiosk-1", None, 2),
        ("kiosk-2", PHONE, 1),
    ]
    assert [row for row in central.rows() if row[0] != "renamed"] == before
    assert central.run(
        f"select count(*) from {TABLE} where capture = %s and phone is not null", gone.capture
    ) == [(0,)]


def test_an_erasure_that_comes_first_keeps_the_record_out(
    central: Central, channel: PostgresChannel, erasure: PostgresErasureChannel
) -> None:
    entry = an_entry()
    told(erasure, replace(entry, version=2))
    told(channel, entry)
    assert central.rows("version, phone, created_at") == [(2, None, None)]


def test_an_erasure_also_finds_what_was_told_under_an_earlier_name(
    central: Central, channel: PostgresChannel, erasure: PostgresErasureChannel
) -> None:
    entry = an_entry(kiosk="as it was called")
    told(channel, entry)
    told(erasure, replace(entry, kiosk="as it is called"))
    assert central.rows("kiosk, phone, email, erased_at is null") == [
        ("as it is called", None, None, False),
        ("as it was called", None, None, False),
    ]


STEP = st.tuples(st.sampled_from(["keep", "erase"]), st.integers(1, 4))


@given(st.lists(STEP, max_size=8))
@settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_in_whatever_order_they_come_the_newest_stands_unless_erased(
    central: Central,
    channel: PostgresChannel,
    erasure: PostgresErasureChannel,
    steps: list[tuple[str, int]],
) -> None:
    entry = an_entry()
    for action, version in steps:
        one = replace(entry, version=version, email=f"{version}@example.com")
        assert isinstance(told(channel if action == "keep" else erasure, one), Delivered)
    kept = [version for action, version in steps if action == "keep"]
    expected: list[tuple[object, ...]] = [(f"{max(kept)}@example.com", True)] if kept else []
    if any(action == "erase" for action, _ in steps):
        expected = [(None, False)]
    sql = f"select email, erased_at is null from {TABLE} where capture = %s"
    assert (central.run(sql, entry.capture) if steps else []) == expected


def test_many_kiosks_may_make_the_table_at_once(central: Central) -> None:
    crowd = 16
    together = threading.Barrier(crowd)

    def first_contact(number: int) -> Outcome:
        channel = PostgresChannel(central.url)
        together.wait()
        try:
            return told(channel, an_entry(kiosk=f"kiosk-{number}"))
        finally:
            channel.close()

    with ThreadPoolExecutor(crowd) as threads:
        outcomes = list(threads.map(first_contact, range(crowd)))
    assert [type(outcome) for outcome in outcomes] == [Delivered] * crowd
    assert len(central.rows()) == crowd
    assert central.run("select step from kiosk_schema") == [(n + 1,) for n in range(len(STEPS))]


def test_a_user_without_the_right_to_create_lives_with_a_table_that_is_there(
    central: Central,
) -> None:
    with psycopg.connect(central.server.url(database=central.database), autocommit=True) as owner:
        prepare(owner)
    central.run(f"alter database {central.database} owner to postgres")
    central.run(f"grant select, insert, update on {TABLE} to {central.user}")
    for kind in (PostgresChannel, PostgresErasureChannel):
        channel = kind(central.url)
        assert isinstance(channel.probe(), Delivered)
        assert isinstance(told(channel, an_entry()), Delivered)
        channel.close()
    assert len(central.rows()) == 2


def test_an_older_kiosk_lives_with_a_newer_table(
    central: Central, channel: PostgresChannel
) -> None:
    told(channel, an_entry())
    central.run(f"alter table {TABLE} add column shoe_size integer, add mood text default 'good'")
    central.run("insert into kiosk_schema (step) values (98), (99)")
    older = PostgresChannel(central.url)
    assert isinstance(told(older, an_entry()), Delivered)
    older.close()
    assert central.rows("mood") == [("good",), ("good",)]


def test_a_newer_kiosk_makes_the_steps_that_are_missing(
    central: Central, channel: PostgresChannel
) -> None:
    told(channel, an_entry())
    central.run(f"alter table {TABLE} drop column file_size")
    later = (*STEPS, f"alter table {TABLE} add column file_size bigint")
    with psycopg.connect(central.url, autocommit=True) as connection:
        prepare(connection, later)
        prepare(connection, later)
    assert central.run("select step from kiosk_schema order by step") == [(1,), (2,)]
    assert isinstance(told(channel, an_entry()), Delivered)


def test_a_table_that_was_dropped_is_made_again_after_a_probe(
    central: Central, channel: PostgresChannel
) -> None:
    told(channel, an_entry())
    central.run(f"drop table {TABLE}, kiosk_schema")
    assert not isinstance(told(channel, an_entry()), Delivered)
    assert isinstance(channel.probe(), Delivered)
    assert isinstance(told(channel, an_entry()), Delivered)
    assert len(central.rows()) == 1


def test_a_probe_leaves_nothing_behind(central: Central, channel: PostgresChannel) -> None:
    assert isinstance(channel.probe(), Delivered)
    assert central.rows() == []


def test_one_connection_serves_while_work_flows_and_is_closed_soon_after(
    central: Central,
) -> None:
    channel = PostgresChannel(central.url, timeouts=Timeouts(idle_s=0.5))
    for _ in range(5):
        told(channel, an_entry())
        assert central.connections() == 1
    until_nobody_is_connected(central)
    assert isinstance(told(channel, an_entry()), Delivered)
    channel.close()
    until_nobody_is_connected(central)
    # Nothing is kept once it is closed.
    told(channel, an_entry())
    until_nobody_is_connected(central)


def until_nobody_is_connected(central: Central) -> None:
    deadline = time.monotonic() + 20
    while central.connections():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_a_kept_connection_that_has_died_costs_no_attempt(
    central: Central, channel: PostgresChannel
) -> None:
    told(channel, an_entry())
    with central.server.stopped():
        pass
    assert isinstance(told(channel, an_entry()), Delivered)
    assert len(central.rows()) == 2


def test_a_connection_that_is_given_up_half_made_is_closed_at_once(central: Central) -> None:
    channel = PostgresChannel(central.url, timeouts=Timeouts(connect_s=2))
    gc.disable()
    try:
        with central.server.paused():
            assert isinstance(told(channel, an_entry()), NotSent)
            ours = psutil.Process().net_connections("tcp")
            assert not [
                one
                for one in ours
                if one.raddr
                and one.raddr.port == central.server.port
                and one.status == psutil.CONN_ESTABLISHED
            ]
    finally:
        gc.enable()
        channel.close()
