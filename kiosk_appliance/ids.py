"""Identifiers and tokens: opaque, URL-safe, unguessable, never starting with a dash."""

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


def looks_like_id(text: str) -> bool:
    """Say whether a path part could be one of ours, before any database or file is asked."""
    return len(text) == _LENGTH and text.isascii() and text.isalnum()
