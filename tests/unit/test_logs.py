"""Logs: no number in any spelling, no token, and everything else as it was."""

import json
import os
import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk_appliance import ids
from kiosk_appliance.domain.guest import parse_email
from kiosk_appliance.errors import KioskError
from kiosk_appliance.logs import redact, scrubbed

GAPS = ("", " ", ".", "-", "\u00a0", "\u202f", "/")
AROUND = st.text(
    st.characters(exclude_categories=["Nd", "Lu", "Ll", "Cs"], exclude_characters="_@%")
)


def is_address(text: str) -> bool:
    try:
        return parse_email(text) == text
    except KioskError:
        return False


LABEL = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="@. "), min_size=1
)
ADDRESSES = st.one_of(
    st.emails(),
    st.builds(
        "{}@{}.{}".format,
        st.text(
            st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="@ "), min_size=1
        ),
        LABEL,
        st.sampled_from(("fr", "com", "museum", "été")),
    ),
).filter(is_address)


@given(
    before=AROUND, address=ADDRESSES, after=AROUND, glue=st.sampled_from(("", " ", '"', "'", "="))
)
def test_no_email_address_that_a_guest_may_give_gets_through(
    before: str, address: str, after: str, glue: str
) -> None:
    cleaned = scrubbed(f"{before}{glue}{address}{glue}{after}")
    assert address not in cleaned
    assert "[email]" in cleaned


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("to marie.dupont+selfie@example.fr: refused", "to [email] refused"),
        ("0612345678@orange.fr", "[email]"),
        ("?to=a.b%40example.fr HTTP/1.1", "[email] HTTP/1.1"),
        ("postgresql://u:secret@db.example.org/kiosk is away", "[email] is away"),
    ],
)
def test_email_addresses_are_masked(text: str, cleaned: str) -> None:
    assert scrubbed(text) == cleaned


def test_long_lines_are_cleaned_in_no_time() -> None:
    assert scrubbed("a." * 100_000) == "a." * 100_000


@st.composite
def spelled_numbers(draw: st.DrawFn) -> str:
    """Draw a French mobile number as somebody might write it."""
    pairs = [draw(st.sampled_from(("6", "7")))]
    pairs += [f"{draw(st.integers(0, 99)):02}" for _ in range(4)]
    gap = draw(st.sampled_from(GAPS))
    start = draw(st.sampled_from(("0", "+33", "0033", "+33 ", "+33 (0)", "0033 ", "%2B33", "33")))
    return start + gap.join(pairs)


@given(before=AROUND, number=spelled_numbers(), after=AROUND)
def test_numbers_are_masked_wherever_they_stand(before: str, number: str, after: str) -> None:
    cleaned = scrubbed(f"{before} {number} {after}")
    assert number not in cleaned
    assert "[phone]" in cleaned


@pytest.mark.parametrize("country", ["FR", "GB", "DE", "US", "BE", "CH", "IT", "MA", "RE"])
def test_numbers_of_other_countries_are_masked(country: str) -> None:
    number = phonenumbers.example_number_for_type(country, phonenumbers.PhoneNumberType.MOBILE)
    for form in (
        phonenumbers.PhoneNumberFormat.E164,
        phonenumbers.PhoneNumberFormat.INTERNATIONAL,
        phonenumbers.PhoneNumberFormat.RFC3966,
    ):
        assert number is not None
        text = phonenumbers.format_number(number, form)
        digits = text.removeprefix("tel:")
        assert digits not in scrubbed(f"to {text}: refused")


@given(before=AROUND, after=AROUND)
def test_tokens_are_masked_wherever_they_stand(before: str, after: str) -> None:
    token = ids.new_id()
    assert scrubbed(f"{before}{token}{after}") == scrubbed(before) + "[token]" + scrubbed(after)


@pytest.mark.parametrize(
    "text",
    [
        "https://kiosk.example/{}.jpg",
        "GET /api/download/{}?x=1",
        "key={}",
        '{{"token":"{}"}}',
        "photos/{}.thumbnail.jpg",
        "AUTH_x/selfies/{}.html: 404",
    ],
)
def test_tokens_in_addresses_are_masked(text: str) -> None:
    for _ in range(50):
        token = ids.new_id()
        assert scrubbed(text.format(token)) == text.format("[token]")


@pytest.mark.parametrize(
    "text",
    [
        "2026-11-22T03:28:39.725845Z",
        "2026-01-02 03:04:05",
        "took 1234567 ms, 10485760 bytes",
        "127.0.0.1:35497",
        "10.20.30.40",
        "HTTP 503, attempt 4 of 5",
        "/api/status/{capture_id}",
        "UnicodeTranslateError: cut",
        "kiosk_appliance.delivery.swift_outcomes",
        "the circuit is open",
        "md5 d41d8cd98f00b204e9800998ecf8427e",
        "root@kiosk: 3 @ 5 s",
    ],
)
def test_everything_else_stays(text: str) -> None:
    assert scrubbed(text) == text


def test_every_text_of_an_event_is_cleaned() -> None:
    token = ids.new_id()
    event = {
        "event": "sent to +33612345678",
        "correlation_id": token,
        "delivery": token,
        "database_file": "kiosk-000001-20261124T033000Z.db",
        "took_ms": 12,
        "receivers": ["+33612345678", {"number": "06 12 34 56 78"}],
        "answer": {"url": f"/x/{token}", "+33612345678": ("0033612345678", 7)},
        "nothing": None,
    }
    assert redact(None, "info", event) == {
        "event": "sent to [phone]",
        "correlation_id": token,
        "delivery": token,
        "database_file": "kiosk-000001-20261124T033000Z.db",
        "took_ms": 12,
        "receivers": ["[phone]", {"number": "[phone]"}],
        "answer": {"url": "/x/[token]", "[phone]": ["[phone]", 7]},
        "nothing": None,
    }


def test_libraries_pass_through_the_same_net() -> None:
    """In a process of its own: logging belongs to the whole process."""
    script = (
        "import logging\n"
        "from kiosk_appliance import logs\n"
        "logs.configure(level='INFO')\n"
        "log = logging.getLogger('somebody')\n"
        "log.warning('calling %s', '+33612345678')\n"
        "log.info('with', extra={'receiver': '06 12 34 56 78'})\n"
        "logging.getLogger('httpx').info('GET https://x/secret')\n"
        "try:\n    raise ValueError('no route to 0033612345678')\n"
        "except ValueError:\n    log.exception('failed')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    lines = [json.loads(line) for line in ended.stdout.splitlines()]
    assert [line["event"] for line in lines] == ["calling [phone]", "with", "failed"]
    assert lines[1]["receiver"] == "[phone]"
    assert "no route to [phone]" in lines[2]["exception"]
    assert ended.stderr == ""


def test_an_event_of_ours_is_one_line_of_json_whatever_it_holds() -> None:
    script = (
        "import structlog\n"
        "from kiosk_appliance import logs\n"
        "logs.configure(level='INFO')\n"
        "log = structlog.get_logger('replay')\n"
        "log.info('sent', receiver='0612345678', took_ms=12, of={1: 'a'}, kind=int, many=2**70)\n"
        "log.debug('never seen')\n"
        "try:\n    raise ValueError('no route to 0033612345678')\n"
        "except ValueError:\n    log.exception('failed')\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    sent, failed = (json.loads(line) for line in ended.stdout.splitlines())
    assert (sent["event"], sent["level"], sent["logger"]) == ("sent", "info", "replay")
    assert sent["receiver"] == "[phone]"
    assert str(2**70) in str(sent["many"])
    assert failed["level"] == "error"
    assert "no route to [phone]" in failed["exception"]
    assert ended.stderr == ""


def test_rows_stay_out_of_the_log_at_its_lowest_level() -> None:
    script = (
        "import asyncio, aiosqlite\n"
        "from kiosk_appliance import logs\n"
        "logs.configure(level='DEBUG')\n"
        "async def go():\n"
        "    async with aiosqlite.connect(':memory:') as database:\n"
        "        await database.execute('select ?', ('Marie Dupont',))\n"
        "asyncio.run(go())\n"
    )
    ended = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=30, check=True
    )
    assert (ended.stdout, ended.stderr) == ("", "")


def test_a_log_that_nobody_reads_is_given_up_quietly() -> None:
    script = (
        "import logging, os\n"
        "from kiosk_appliance import logs\n"
        "logs.configure(level='INFO')\n"
        "for _ in range(3):\n    logging.getLogger('somebody').warning('x')\n"
        "os._exit(0)\n"
    )
    read, write = os.pipe()
    os.close(read)
    ended = subprocess.run(
        [sys.executable, "-c", script],
        stdout=write,
        stderr=subprocess.PIPE,
        text=True,
        timeout=30,
        check=True,
    )
    os.close(write)
    assert ended.stderr == ""
