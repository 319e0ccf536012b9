"""The JSON form of a capture: the same photo and fields, however the text is written."""

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.errors import InvalidRequest, KioskError, PhotoRefused
from kiosk_appliance.web.json_form import from_json

MOST = 4_096
PHOTOS = st.binary(min_size=1, max_size=300)
PREFIXES = st.sampled_from(("", "data:image/jpeg;base64,", "DATA:;BASE64,"))
FIELDS = st.dictionaries(st.sampled_from(("phone", "email", "background_id")), st.text())


def escaped(text: str) -> str:
    """Return the JSON of a text as PHP writes it."""
    return json.dumps(text).replace("/", "\\/")


@given(photo=PHOTOS, prefix=PREFIXES, fields=FIELDS, php=st.booleans(), first=st.booleans())
def test_the_photo_and_the_fields_come_out_as_they_went_in(
    photo: bytes, prefix: str, fields: dict[str, str], *, php: bool, first: bool
) -> None:
    write = escaped if php else json.dumps
    text = f'"photo_base64":{write(prefix + base64.b64encode(photo).decode())}'
    others = [f"{json.dumps(name)}: {json.dumps(value)}" for name, value in fields.items()]
    body = ",".join([text, *others] if first else [*others, text])
    order = from_json(f"{{{body}}}".encode(), "key", MOST)
    assert (order.photo, order.idempotency_key) == (photo, "key")
    assert [order.phone, order.email, order.background_id] == [
        fields.get(name) for name in ("phone", "email", "background_id")
    ]


@given(photo=PHOTOS, name=st.sampled_from(("phone", "email", "photo_base64")), at=st.booleans())
def test_a_name_given_twice_is_refused_beside_the_longest_photo(
    photo: bytes, name: str, *, at: bool
) -> None:
    text = f'"photo_base64": "{base64.b64encode(photo).decode()}"'
    twice = f'"{name}": "{base64.b64encode(photo).decode()}"'
    parts = [text, twice, twice] if at else [twice, twice, text]
    with pytest.raises(InvalidRequest) as caught:
        from_json(f"{{{', '.join(parts)}}}".encode(), None, MOST)
    assert caught.value.errors[0].field == name


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"photo_base64": null}', "invalid-request"),
        (b'{"photo_base64": 12}', "invalid-request"),
        (b'{"photo_base64": ["QUJD"]}', "invalid-request"),
        (b"{}", "invalid-request"),
        (b'{"photo_base64": ""}', None),
        (b'{"photo_base64": "QUJ"}', "photo-unreadable"),
        (b'{"photo_base64": "QU JD"}', "photo-unreadable"),
        (b'{"photo_base64": "QUJD", "more": 1}', "invalid-request"),
        (b'{"photo_base64": "QUJD"', "invalid-request"),
        (b'{"photo_base64": "QUJD\xff"}', "invalid-request"),
        (b'{"photo_base64": "QUJD\\q"}', "invalid-request"),
    ],
)
def test_what_is_no_such_form_is_told_why(body: bytes, code: str | None) -> None:
    if code is None:
        assert from_json(body, None, MOST).photo == b""
        return
    with pytest.raises(KioskError) as caught:
        from_json(body, None, MOST)
    assert caught.value.code == code


def test_a_photo_over_the_limit_is_refused_whatever_its_text() -> None:
    for text in ("A" * 8_192, "data:image/jpeg;base64," + "A" * 8_192):
        with pytest.raises(PhotoRefused) as caught:
            from_json(json.dumps({"photo_base64": text}).encode(), None, MOST)
        assert caught.value.code == "photo-too-large"
