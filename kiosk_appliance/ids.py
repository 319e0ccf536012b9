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
    return "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))


def new_tag() -> str:
    """Return an SMS tag: 16 base32 characters (80 bits); OVH allows 20 at most."""
    return "".join(secrets.choice(_TAG_ALPHABET) for _ in range(16))


def fraction() -> float:
    """Return a random number in (0, 1], to spread what would otherwise come at once."""
    return (secrets.randbits(32) + 1) / 2**32
