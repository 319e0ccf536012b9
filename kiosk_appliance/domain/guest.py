"""What a guest may give: a phone number and an e-mail address, parsed and masked.

Knows no request and no provider. Number plans come from libphonenumber's own data.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat, PhoneNumberType

from kiosk_appliance.errors import InvalidRequest, NumberReason, NumberRefused

_TEXTABLE = frozenset({PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE})
_CHARGED = frozenset({PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST})
_EMAIL = re.compile(
    r"[^@\s\x00-\x1f\x7f]{1,64}@(?:[^@\s.\x00-\x1f\x7f]{1,63}\.)+[^@\s.\x00-\x1f\x7f]{2,63}"
)
_EMAIL_MAX = 254
_TYPED_MAX = 40
# Shorter ones would show too much of themselves.
_MASKED_FROM = 7


@dataclass(frozen=True, slots=True)
class Phone:
    """A valid number: E.164, and whether an SMS can reach it at all."""

    e164: str
    textable: bool


def parse_phone(typed: str, countries: Sequence[str]) -> Phone:
    """Read a number as people write it (`06 12 34 56 78`, `+33 6…`, `0033…`).

    `countries` are the allowed ISO codes; a number written without its country is read as one of
    the first of them that knows it. Raises NumberRefused.
    """
    if len(typed) > _TYPED_MAX:
        raise _wrong("That is too long for a phone number.")
    if any(character.isalpha() for character in typed):
        # The library would read them as the keys of an old telephone: a wrong person's number.
        raise _wrong("A phone number has no letters; write it as 06 12 34 56 78.")
    # French typography has blanks that the library does not know.
    number = _first_valid(" ".join(typed.split()), countries)
    region = phonenumbers.region_code_for_number(number)
    if region not in countries:
        allowed = ", ".join(countries)
        raise _wrong(
            f"Numbers of this country can't be texted from here (allowed: {allowed}).", "country"
        )
    kind = phonenumbers.number_type(number)
    if kind in _CHARGED:
        raise _wrong("This is a premium-rate number; give an ordinary mobile number.", "premium")
    e164 = phonenumbers.format_number(number, PhoneNumberFormat.E164)
    return Phone(e164=e164, textable=kind in _TEXTABLE)


def calling_code(region: str) -> str:
    """Return the digits after the plus of a country's numbers."""
    return str(phonenumbers.country_code_for_region(region))


def masked_phone(e164: str) -> str:
    """Return a number as an operator may see it: country, first digit and the last two."""
    return f"{e164[:4]}{'*' * (len(e164) - 6)}{e164[-2:]}" if len(e164) > _MASKED_FROM else ""


def _first_valid(typed: str, countries: Sequence[str]) -> phonenumbers.PhoneNumber:
    for region in countries:
        try:
            number = phonenumbers.parse(typed, region)
        except NumberParseException as error:
            raise _wrong("That is no phone number; write it as 06 12 34 56 78.") from error
        if number.extension is None and phonenumbers.is_valid_number(number):
            return number
    raise _wrong("This number does not exist; check each digit.")


def _wrong(detail: str, reason: NumberReason = "unknown") -> NumberRefused:
    return NumberRefused(detail, reason)


def parse_email(typed: str) -> str:
    """Return the address without surrounding blanks; raises InvalidRequest `email-invalid`."""
    email = typed.strip()
    if len(email) > _EMAIL_MAX or not _EMAIL.fullmatch(email):
        raise InvalidRequest.field(
            "email",
            "That is no e-mail address; write it as name@example.com.",
            code="email-invalid",
            title="E-mail address invalid",
        )
    return email
