"""The record beside a photo: written and read back the same; what is not whole is no record."""

import contextlib
import json
import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.domain.capture import Capture, Consent
from kiosk_appliance.errors import Unavailable
from kiosk_appliance.store.captures import KeptAnswer
from kiosk_appliance.store.deliveries import Draft
from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.records import Record, RecordDamaged, Records, decoded

UPLOAD = Draft(
    id="u", capture_id="c", channel="storage", created_at=5, created_boot="b", created_mono=7
)
SMS = replace(
    UPLOAD,
    id="s",
    channel="sms",
    recipient="+33612345678",
    text="Votre photo : {link}",
    tag="t",
    depends_on="u",
)
CAPTURE = Capture(
    id="c",
    token="k",
    created_at=5,
    download_url="http://kiosk.example/k",
    width=4,
    height=3,
    file_size=100,
    sha256="00",
    phone="+33612345678",
    email="é@example.org",
    consent=Consent(sms=True),
)
RECORD = Record(CAPTURE, (UPLOAD, SMS), KeptAnswer("key", "print", "c", b'{"id": "\xc3\xa9"}', 5))


def as_bytes(tree: object) -> bytes:
    return json.dumps(tree).encode()


words = st.text(st.characters(exclude_categories=["Cs"]))
# To the year 3000.
numbers = st.integers(0, 32_503_680_000_000)
whole = st.builds(
    Record,
    st.builds(
        Capture,
        id=st.just("c"),
        token=words,
        created_at=numbers,
        download_url=words,
        width=numbers,
        height=numbers,
        file_size=numbers,
        sha256=words,
        phone=st.none() | words,
        email=st.none() | words,
        consent=st.builds(Consent, st.booleans(), st.booleans()),
        background_id=st.none() | words,
        erased_at=st.none() | numbers,
        dated=st.booleans(),
    ),
    st.lists(
        st.builds(
            Draft,
            id=words,
            capture_id=st.just("c"),
            channel=words,
            created_at=numbers,
            created_boot=words,
            created_mono=numbers,
            dated=st.booleans(),
            recipient=words,
            text=words,
            tag=words,
            depends_on=st.none() | words,
            refused=st.none() | words,
        ),
        max_size=4,
    ).map(tuple),
    st.none() | st.builds(KeptAnswer, words, words, st.just("c"), st.binary(), numbers),
)


@given(whole)
def test_what_is_written_is_read_back(record: Record) -> None:
    assert decoded(record.encoded(), "c") == record


@given(whole, st.data())
def test_a_torn_record_is_none(record: Record, data: st.DataObject) -> None:
    torn = record.encoded()
    torn = torn[: data.draw(st.integers(0, len(torn) - 1))]
    with pytest.raises(RecordDamaged):
        decoded(torn, "c")


@given(st.binary() | st.recursive(st.none() | st.text(), st.lists, max_leaves=50).map(as_bytes))
def test_what_was_never_a_record_is_none(data: bytes) -> None:
    with pytest.raises(RecordDamaged):
        decoded(data, "c")


@given(st.integers(0, len(RECORD.encoded()) - 1), st.binary(min_size=1, max_size=8))
def test_a_record_with_other_bytes_in_it_raises_nothing_else(at: int, other: bytes) -> None:
    data = RECORD.encoded()
    with contextlib.suppress(RecordDamaged):
        decoded(data[:at] + other + data[at + len(other) :], "c")


@pytest.mark.parametrize(
    "change",
    [
        {"capture": {"id": "../../etc/passwd"}},
        {"capture": {"width": -1}},
        {"capture": {"created_at": 32_503_680_000_001}},
        {"capture": {"token": None}},
        {"capture": {"consent": {"sms": 1}}},
        {"deliveries": None},
        {"deliveries": [{"id": "x"}]},
        {"answer": {"capture_id": "other"}},
        {"answer": {"lived_ms": 1e300}},
        {"answer": {"body": "no base64!"}},
    ],
)
def test_a_hostile_record_is_none(change: dict[str, Any]) -> None:
    tree = json.loads(RECORD.encoded())
    for part, fields in change.items():
        tree[part] = tree[part] | fields if isinstance(fields, dict) else fields
    with pytest.raises(RecordDamaged):
        decoded(json.dumps(tree).encode(), "c")


def test_nested_without_end_is_no_record() -> None:
    with pytest.raises(RecordDamaged):
        decoded(b'{"x":' + b"[" * 1_000_000, "c")


def test_fields_of_a_newer_version_are_no_damage() -> None:
    tree = json.loads(RECORD.encoded())
    tree["capture"]["mood"] = "happy"
    assert decoded(json.dumps(tree).encode(), "c") == RECORD


def test_a_record_is_replaced_whole_and_its_owners_alone(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    records = Records(layout)
    records.write(RECORD)
    records.write(replace(RECORD, deliveries=(UPLOAD,)))
    (layout.photos / "c.jpg").touch()
    (layout.photos / ".c.json.part").touch()
    assert records.read("c").deliveries == (UPLOAD,)
    assert records.ids() == {"c"}
    assert stat.S_IMODE(layout.record("c").stat().st_mode) == 0o600


def test_a_full_disk_leaves_the_old_record(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    records = Records(layout)
    records.write(RECORD)
    (layout.photos / ".c.json.part").symlink_to("/dev/full")
    with pytest.raises(Unavailable) as caught:
        records.write(replace(RECORD, deliveries=()))
    assert caught.value.code == "insufficient-storage"
    assert records.read("c") == RECORD


def test_a_file_without_end_is_not_read_to_its_end(tmp_path: Path) -> None:
    layout = Layout(tmp_path)
    layout.create()
    with layout.record("c").open("wb") as file:
        file.write(RECORD.encoded()[:-1])
        file.truncate(1 << 33)
    with pytest.raises(RecordDamaged):
        Records(layout).read("c")
