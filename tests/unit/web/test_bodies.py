"""What a body's decoder and its memory do, without a connection."""

import json
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.errors import InvalidRequest, Unavailable
from kiosk_appliance.web.bodies import Room, decode, refuse_doubled


class Inner(msgspec.Struct, forbid_unknown_fields=True):
    yes: bool = False


class Outer(msgspec.Struct, forbid_unknown_fields=True):
    name: str
    inner: Inner | None = None


DECODER = msgspec.json.Decoder(Outer)


def refusal(body: bytes) -> InvalidRequest:
    with pytest.raises(InvalidRequest) as caught:
        decode(DECODER, body)
    return caught.value


def status(body: bytes) -> int:
    try:
        decode(DECODER, body)
    except InvalidRequest as refused:
        return refused.status
    return 200


@pytest.mark.parametrize(
    ("body", "field"),
    [
        (b"{}", "name"),
        (b"[]", "body"),
        (b'{"name": 1}', "name"),
        (b'{"name": "x", "other": 1}', "other"),
        (b'{"name": "x", "inner": {"yes": 1}}', "inner.yes"),
        (b'{"name": "x", "inner": {"no": 1}}', "inner.no"),
        (b'{"name": "x", "a`b": 1}', "a`b"),
    ],
)
def test_wrong_field_is_named(body: bytes, field: str) -> None:
    refused = refusal(body)
    assert refused.status == 422
    assert [error.field for error in refused.errors] == [field]


@pytest.mark.parametrize(
    "body", [b"", b"{", b'{"name": 1', b'{"other": 1,}', b"{} x", b'{"a": "\xff"}', b"[" * 9999]
)
def test_what_is_no_json_is_400_wherever_it_breaks(body: bytes) -> None:
    assert refusal(body).status == 400


@given(st.binary(max_size=60))
def test_any_bytes_are_400_or_422(body: bytes) -> None:
    assert status(body) in {200, 400, 422}


values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text(max_size=9),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(values)
def test_json_of_any_shape_is_never_a_malformed_body(value: Any) -> None:
    assert status(json.dumps(value).encode()) in {200, 422}


@given(
    st.dictionaries(st.sampled_from(["phone", "email", "consent"]), st.text(), min_size=1),
    st.booleans(),
)
def test_doubled_names_are_refused_whatever_the_texts_hold(
    fields: dict[str, str], double: bool
) -> None:
    text = json.dumps(fields)
    name = next(iter(fields))
    if double:
        body = f'{text[:-1]}, "{name}" : null}}'.encode()
        with pytest.raises(InvalidRequest) as caught:
            refuse_doubled(body)
        assert caught.value.errors[0].field == name
    else:
        refuse_doubled(text.encode())


def test_texts_that_look_like_names_are_no_names() -> None:
    refuse_doubled(json.dumps({"phone": '"phone": 1', "email": "phone"}).encode())


def test_room_is_given_back_and_refuses_past_its_size() -> None:
    room = Room(lambda: 100)
    with room.hold() as first:
        first.add(60)
        with room.hold() as second:
            second.add(40)
            with pytest.raises(Unavailable) as caught:
                second.add(1)
            assert caught.value.code == "overloaded"
            assert caught.value.retry_after_s
        first.add(40)
    with room.hold() as third:
        third.add(100)


def test_refused_body_gives_its_room_back() -> None:
    room = Room(lambda: 100)
    with room.hold() as hold:
        hold.add(90)
        with pytest.raises(Unavailable):
            hold.add(11)
    with room.hold() as again:
        again.add(100)
