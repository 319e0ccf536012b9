"""The only source of randomness.

Identifiers and tokens are opaque, URL-safe, unguessable, and never start with a dash.
"""

import secrets
import string

_ALPHABET = string.ascii_letters + string.digits
# 21 characters of 62 are 125 bits; the contract asks for at least 120.
_LENGTH = 21
_TAG_ALPHABET = string.ascii_lowercase + "234567"


def new_id() -> str:
    """Return a fresh identifier or token of 125 random bits."""
    return _word(_ALPHABET, _LENGTH)


def new_tag() -> str:
    """Return an SMS tag: 16 base32 characters (80 bits); OVH allows 20 at most."""
    return _word(_TAG_ALPHABET, 16)


def fraction() -> float:
    """Return a random number in (0, 1], to spread what would otherwise come at once."""
    return (secrets.randbits(32) + 1) / 2**32


def _word(alphabet: str, length: int) -> str:
    # One call to the system for the whole word instead of one or more for each letter.
    number, letters = secrets.randbelow(len(alphabet) ** length), []
    for _ in range(length):
        number, letter = divmod(number, len(alphabet))
        letters.append(alphabet[letter])
    return "".join(letters)
