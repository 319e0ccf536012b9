"""Phone numbers and addresses as people write them, on whatever keyboard."""

# ruff: noqa: RUF001

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat

from kiosk_appliance.domain.guest import parse_email, parse_phone
from kiosk_appliance.errors import InvalidRequest, NumberRefused

OVERSEAS = ("GP", "MQ", "GF", "RE", "YT", "PM", "NC", "PF")
FR = ("FR",)
MOBILE = "+33612345678"

# What is typed, which countries are allowed, what comes out, and whether it can be texted.
TAKEN = [
    ("0612345678", FR, MOBILE, True),
    ("06 12 34 56 78", FR, MOBILE, True),
    ("06.12.34.56.78", FR, MOBILE, True),
    ("06-12-34-56-78", FR, MOBILE, True),
    ("06/12/34/56/78", FR, MOBILE, True),
    ("06\u00a012\u00a034\u00a056\u00a078", FR, MOBILE, True),
    ("06\u202f12\u202f34\u202f56\u202f78", FR, MOBILE, True),
    ("06\u200912\u200934\u200956\u200978", FR, MOBILE, True),
    ("06\u201112\u201134\u201156\u201178", FR, MOBILE, True),
    ("06–12–34–56–78", FR, MOBILE, True),
    ("06\t12 34 56 78", FR, MOBILE, True),
    ("  0612345678\n", FR, MOBILE, True),
    ("(06) 12 34 56 78", FR, MOBILE, True),
    ("+33612345678", FR, MOBILE, True),
    ("+33 6 12 34 56 78", FR, MOBILE, True),
    ("+33(0)6 12 34 56 78", FR, MOBILE, True),
    ("+33 (0) 6 12 34 56 78", FR, MOBILE, True),
    ("0033612345678", FR, MOBILE, True),
    ("00 33 6 12 34 56 78", FR, MOBILE, True),
    ("33612345678", FR, MOBILE, True),
    ("٠٦١٢٣٤٥٦٧٨", FR, MOBILE, True),
    ("٠٦ ١٢ ٣٤ ٥٦ ٧٨", FR, MOBILE, True),
    ("06१२३४५६७८", FR, MOBILE, True),
    ("０６１２３４５６７８", FR, MOBILE, True),
    ("+33 6 12 34 56 78\u200e", FR, MOBILE, True),
    ("07 45 67 89 01", FR, "+33745678901", True),
    ("06 95 12 34 56", FR, "+33695123456", True),
    # landlines, one of each zone, and boxes: valid, and never texted
    ("01 42 68 53 00", FR, "+33142685300", False),
    ("02 99 28 53 00", FR, "+33299285300", False),
    ("03 88 60 90 90", FR, "+33388609090", False),
    ("04 91 13 89 00", FR, "+33491138900", False),
    ("05 56 00 66 00", FR, "+33556006600", False),
    ("09 72 39 39 39", FR, "+33972393939", False),
    ("0800 12 34 56", FR, "+33800123456", False),
    # overseas: numbers of their own country code
    ("0690 12 34 56", ("FR", *OVERSEAS), "+590690123456", True),
    ("+590 690 12 34 56", ("FR", *OVERSEAS), "+590690123456", True),
    ("0590 20 12 34", ("FR", *OVERSEAS), "+590590201234", False),
    ("0696 12 34 56", ("FR", *OVERSEAS), "+596696123456", True),
    ("+596 696 12 34 56", ("FR", *OVERSEAS), "+596696123456", True),
    ("0694 20 12 34", ("FR", *OVERSEAS), "+594694201234", True),
    ("0692 12 34 56", ("FR", *OVERSEAS), "+262692123456", True),
    ("0693 12 34 56", ("FR", *OVERSEAS), "+262693123456", True),
    ("+262 639 69 12 34", ("FR", *OVERSEAS), "+262639691234", True),
    ("0639 69 12 34", ("FR", *OVERSEAS), "+262639691234", True),
    ("+508 55 12 34", ("FR", *OVERSEAS), "+508551234", True),
    ("+687 75 12 34", ("FR", *OVERSEAS), "+687751234", True),
    ("+689 87 12 34 56", ("FR", *OVERSEAS), "+68987123456", True),
    ("0690 12 34 56", ("GP",), "+590690123456", True),
    # neighbours
    ("+377 6 12 34 56 78", ("FR", "MC"), "+377612345678", True),
    ("+377 93 15 00 00", ("FR", "MC"), "+37793150000", False),
    ("+32 470 12 34 56", ("FR", "BE"), "+32470123456", True),
    ("0470 12 34 56", ("BE", "FR"), "+32470123456", True),
    ("+41 79 123 45 67", ("FR", "CH"), "+41791234567", True),
    ("+352 621 123 456", ("FR", "LU"), "+352621123456", True),
    ("+34 612 34 56 78", ("FR", "ES"), "+34612345678", True),
    ("+39 312 345 6789", ("FR", "IT"), "+393123456789", True),
    ("+44 7400 123456", ("FR", "GB"), "+447400123456", True),
    ("+49 1512 3456789", ("FR", "DE"), "+4915123456789", True),
    ("+1 506-234-5678", ("FR", "CA"), "+15062345678", True),
]

# What is typed, which countries are allowed, and a word of the reason.
REFUSED = [
    ("", FR, "no phone number"),
    (" ", FR, "no phone number"),
    ("0", FR, "no phone number"),
    ("bonjour", FR, "letters"),
    ("06 12 34 56 7O", FR, "letters"),
    ("06 12 34 FLOW", FR, "letters"),
    ("tel:+33612345678", FR, "letters"),
    ("0612345678 poste 5", FR, "letters"),
    ("0612345678 ext. 5", FR, "letters"),
    ("0612345678x5", FR, "letters"),
    ("06 12 34 56", FR, "does not exist"),
    ("06 12 34 56 789", FR, "does not exist"),
    ("06123456789012345678", FR, "no phone number"),
    ("0" * 41, FR, "too long"),
    (" " * 100 + "0612345678", FR, "too long"),
    ("00 00 00 00 00", FR, "does not exist"),
    ("17", FR, "does not exist"),
    ("112", FR, "does not exist"),
    ("3615", FR, "does not exist"),
    ("0690 12 34 56", FR, "does not exist"),
    ("+590 690 12 34 56", FR, "country"),
    ("+377 6 12 34 56 78", FR, "country"),
    ("+32 470 12 34 56", FR, "country"),
    ("+1 506-234-5678", FR, "country"),
    ("+7 912 345-67-89", FR, "country"),
    ("+883 5100 123456", FR, ""),
    ("0899 12 34 56", FR, "premium"),
    ("0897 12 34 56", FR, "premium"),
    ("08 92 68 32 68", FR, "premium"),
    ("+33 899 12 34 56", FR, "premium"),
    ("+999 12 34 56 78", FR, ""),
    ("+", FR, "no phone number"),
    ("0612345678;rm -rf", FR, "letters"),
    ("06\x0012345678", FR, "no phone number"),
    ("06,12,34,56,78", FR, "no phone number"),
]


@pytest.mark.parametrize(("typed", "countries", "e164", "textable"), TAKEN)
def test_taken(typed: str, countries: tuple[str, ...], e164: str, textable: bool) -> None:
    phone = parse_phone(typed, countries)
    assert (phone.e164, phone.textable) == (e164, textable)


@pytest.mark.parametrize(("typed", "countries", "word"), REFUSED)
def test_refused(typed: str, countries: tuple[str, ...], word: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_phone(typed, countries)
    assert (caught.value.status, caught.value.code) == (422, "phone-invalid")
    assert word in caught.value.detail
    assert isinstance(caught.value, NumberRefused)
    assert caught.value.reason == (word if word in {"country", "premium"} else "unknown")
    assert [error.field for error in caught.value.errors] == ["phone"]


@given(
    number=st.sampled_from([row[2] for row in TAKEN]),
    form=st.sampled_from((PhoneNumberFormat.INTERNATIONAL, PhoneNumberFormat.E164)),
)
def test_a_number_written_out_reads_back_the_same(number: str, form: int) -> None:
    written = phonenumbers.format_number(phonenumbers.parse(number), form)
    region = str(phonenumbers.region_code_for_number(phonenumbers.parse(number)))
    phone = parse_phone(written, (region,))
    assert phone.e164 == number
    assert parse_phone(phone.e164, (region,)) == phone


@given(digits=st.from_regex(r"\A0[67]\d{8}\Z"), gaps=st.lists(st.sampled_from(" .-\u00a0\u202f/")))
def test_the_way_it_is_written_never_matters(digits: str, gaps: list[str]) -> None:
    written = "".join(
        digit + (gaps[index % len(gaps)] if gaps else "") for index, digit in enumerate(digits)
    )
    try:
        plain = parse_phone(digits, FR)
    except InvalidRequest:
        with pytest.raises(InvalidRequest):
            parse_phone(written, FR)
    else:
        assert parse_phone(written, FR) == plain


@given(st.text(max_size=60))
def test_whatever_is_typed_is_a_number_or_a_sentence(typed: str) -> None:
    try:
        phone = parse_phone(typed, ("FR", "BE", "GP"))
    except InvalidRequest:
        return
    assert phone.e164.startswith(("+33", "+32", "+590"))


@pytest.mark.parametrize(
    "typed", ["user@example.com", " a.b+c@sub.example.fr ", "é@exemple.fr", "a@b.co"]
)
def test_addresses_taken(typed: str) -> None:
    assert parse_email(typed) == typed.strip()


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "a",
        "a@b",
        "@b.co",
        "a@.co",
        "a@b..co",
        "a b@c.de",
        "a@b.c",
        "a@b.co\nBcc: x@y.zz",
        f"{'a' * 65}@b.co",
        f"a@{'b.' * 130}co",
        "a@b@c.de",
    ],
)
def test_addresses_refused(typed: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        parse_email(typed)
    assert caught.value.code == "email-invalid"
