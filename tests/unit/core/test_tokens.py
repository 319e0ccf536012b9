"""Tokens hold only where this key has signed them with HS256."""

import base64
import json

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance import ids
from kiosk_appliance.core.tokens import Claims, read, sign

KEY = ids.new_key()
CLAIMS = Claims("admin", "session", 1_000, 2_000)
SAID = {"sub": "admin", "jti": "session", "iat": 1_000, "exp": 2_000}


def test_what_was_signed_is_read() -> None:
    assert read(sign(CLAIMS, KEY), KEY) == CLAIMS


def test_other_key_other_algorithm_and_none_are_nothing() -> None:
    assert read(sign(CLAIMS, ids.new_key()), KEY) is None
    for algorithm in ("HS384", "HS512"):
        assert read(jwt.encode(SAID, ids.new_key() * 2, algorithm), ids.new_key() * 2) is None
        assert read(jwt.encode(SAID, KEY * 2, algorithm), KEY * 2) is None
    assert read(jwt.encode(SAID, "", "none"), KEY) is None
    head, body, _ = sign(CLAIMS, KEY).split(".")
    none = base64.urlsafe_b64encode(json.dumps({"alg": "none"}).encode()).decode().rstrip("=")
    assert read(f"{none}.{body}.", KEY) is None
    assert read(f"{head}.{body}.", KEY) is None


@pytest.mark.parametrize(
    "said",
    [{}, *({name: value for name, value in SAID.items() if name != left} for left in SAID),
     SAID | {"exp": "2000"}, SAID | {"exp": None}, SAID | {"jti": 7}, SAID | {"iat": 1.5}],
)  # fmt: skip
def test_missing_and_odd_claims_are_nothing(said: dict[str, object]) -> None:
    assert read(jwt.encode(said, KEY, "HS256"), KEY) is None


@given(st.integers(0, 400))
def test_truncated_is_nothing(length: int) -> None:
    whole = sign(CLAIMS, KEY)
    assert (read(whole[:length], KEY) is None) == (length < len(whole))


@given(st.text(max_size=80))
def test_any_text_is_survived(text: str) -> None:
    assert read(text, KEY) is None


def test_a_token_holds_between_its_making_and_its_end() -> None:
    assert [CLAIMS.hold_at(now) for now in (800, 900, 1_000, 1_999, 2_000)] == [
        False, True, True, True, False,
    ]  # fmt: skip
