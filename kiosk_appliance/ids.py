"""The only source of randomness.

Identifiers and tokens are opaque, URL-safe, unguessable, and never start with a dash.
"""

import secrets
import string

# 21 characters of 62 are 125 bits; the contract asks for at least 120.
_LENGTH, _ALPHABET = 21, string.ascii_letters + string.digits
# Typed by a person who reads it off a screen: nothing that looks like something else.
_CODE_LENGTH, _CODE_ALPHABET = 12, "ABCDEFGHJKMNPQRSTVWXYZ"
_TAG_LENGTH, _TAG_ALPHABET = 16, string.ascii_lowercase + "234567"


def new_id() -> str:
    """Return a fresh identifier or token of 125 random bits."""
    return _word(_LENGTH, *_LETTERS)


def new_tag() -> str:
    """Return an SMS tag: 16 base32 characters (80 bits); OVH allows 20 at most."""
    return _word(_TAG_LENGTH, *_TAG_LETTERS)


def new_code() -> str:
    """Return a code to be typed once: 12 letters (53 bits) in groups of four."""
    word = _word(_CODE_LENGTH, *_CODE_LETTERS)
    return "-".join(word[at : at + 4] for at in range(0, _CODE_LENGTH, 4))


def new_key() -> bytes:
    """Return a key of 256 random bits."""
    return secrets.token_bytes(32)


def fraction() -> float:
    """Return a random number in (0, 1], to spread what would otherwise come at once."""
    return (secrets.randbits(32) + 1) / 2**32


def _table(alphabet: str) -> tuple[bytes, bytes]:
    """Return what `bytes.translate` makes letters of, and the bytes that would favour some."""
    fair = 256 - 256 % len(alphabet)
    letters = bytes(ord(alphabet[byte % len(alphabet)]) for byte in range(256))
    return letters, bytes(range(fair, 256))


_LETTERS, _TAG_LETTERS = _table(_ALPHABET), _table(_TAG_ALPHABET)
_CODE_LETTERS = _table(_CODE_ALPHABET)


def _word(length: int, letters: bytes, unfair: bytes) -> str:
    word = b""
    while len(word) < length:
        # One call to the system is nearly always enough for a word.
        word += secrets.token_bytes(2 * length).translate(letters, unfair)
    return word[:length].decode()
