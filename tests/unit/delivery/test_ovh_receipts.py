"""Every way in which OVH can tell what became of an SMS, in a row of a table each."""

import json
from typing import Any

import pytest
import requests
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance.delivery.ovh_api import Answer, Reply, Unready
from kiosk_appliance.delivery.ovh_receipts import receipt_of
from kiosk_appliance.domain.delivery import Receipt, Told


def message(delivery_receipt: Any, ptt: Any, status: int = 200, **fields: Any) -> Answer:
    body = {
        "id": 213_450_001,
        "tag": "abcdefghijklmnop",
        "receiver": "+33612345678",
        "sender": "SelfieKiosk",
        "message": "Votre photo : https://photo.example/abc",
        "numberOfSms": 1,
        "credits": 1,
        "creationDatetime": "2026-11-24T10:00:00+01:00",
        "deliveryReceipt": delivery_receipt,
        "ptt": ptt,
    }
    return Answer(status, json.dumps(body | fields).encode())


@pytest.mark.parametrize(
    ("delivery_receipt", "ptt", "receipt", "words"),
    [
        (0, 0, Receipt.PENDING, ""),
        (0, 1, Receipt.PENDING, ""),
        (0, 2, Receipt.PENDING, ""),
        (4, 3, Receipt.PENDING, ""),
        (8, 3, Receipt.PENDING, ""),
        (4, 6, Receipt.PENDING, ""),
        (1, 4, Receipt.RECEIVED, ""),
        (1, None, Receipt.RECEIVED, ""),
        (0, 4, Receipt.RECEIVED, ""),
        (2, 5, Receipt.FAILED, "says no more"),
        (2, 8, Receipt.FAILED, "in time"),
        (2, 20, Receipt.FAILED, "can't be reached"),
        (2, 24, Receipt.FAILED, "switched off"),
        (2, 25, Receipt.FAILED, "network failed"),
        (2, 26, Receipt.FAILED, "full"),
        (2, 28, Receipt.FAILED, "spam"),
        (2, 29, Receipt.FAILED, "refuses the text"),
        (16, 0, Receipt.FAILED, "says no more"),
        (2, None, Receipt.FAILED, "says no more"),
        (2, "24", Receipt.FAILED, "says no more"),
        (2, 23, Receipt.BARRED, "wrong or barred"),
        (0, 23, Receipt.BARRED, "wrong or barred"),
        (99, 99, Receipt.PENDING, ""),
        (None, None, Receipt.PENDING, ""),
        ([], {}, Receipt.PENDING, ""),
    ],
)
def test_a_message_tells(delivery_receipt: Any, ptt: Any, receipt: Receipt, words: str) -> None:
    told = receipt_of(message(delivery_receipt, ptt))
    assert told is not None
    assert told.receipt is receipt
    assert words in told.reason
    assert bool(told.reason) is (receipt in {Receipt.FAILED, Receipt.BARRED})
    for private in ("612345678", "photo.example", "abcdefghijklmnop"):
        assert private not in told.reason


def error(status: int, **fields: str) -> Answer:
    return Answer(status, json.dumps({"message": "No", **fields}).encode())


@pytest.mark.parametrize(
    ("reply", "receipt"),
    [
        # A job that OVH has not sent on yet is not found there.
        (error(404, **{"class": "Client::NotFound"}), Receipt.PENDING),
        (error(403, errorCode="NOT_GRANTED_CALL", httpCode="403 Forbidden"), Receipt.UNKNOWN),
        (error(403, errorCode="FORBIDDEN"), Receipt.UNKNOWN),
        (error(403, **{"class": "Client::Forbidden"}), Receipt.UNKNOWN),
    ],
)
def test_an_error_that_tells_something(reply: Reply, receipt: Receipt) -> None:
    told = receipt_of(reply)
    assert told is not None
    assert told.receipt is receipt


@pytest.mark.parametrize(
    "reply",
    [
        error(403, errorCode="INVALID_CREDENTIAL"),
        error(400, errorCode="INVALID_SIGNATURE"),
        error(429),
        error(460),
        error(500),
        Answer(502, b"<html>Bad gateway</html>"),
        Answer(200, b"<html>Log in</html>"),
        Answer(200, b""),
        Answer(200, b"null"),
        Answer(200, b"[213450001]"),
        Answer(200, b'"1"'),
        Answer(302, b""),
        message(1, 4, status=203),
        requests.ReadTimeout(),
        requests.ConnectionError(),
        Unready(Answer(200, b"<html>")),
        Unready(requests.ConnectTimeout()),
    ],
)
def test_no_usable_answer_is_asked_again(reply: Reply) -> None:
    assert receipt_of(reply) is None


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 40) | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=2), inner),
    max_leaves=4,
)


@given(VALUES, VALUES, st.sampled_from((200, 200, 404, 403, 500)))
def test_whatever_comes_is_a_value(delivery_receipt: Any, ptt: Any, status: int) -> None:
    told = receipt_of(message(delivery_receipt, ptt, status))
    assert told is None or isinstance(told, Told)
