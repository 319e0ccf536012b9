"""What makes a password good enough: its length, and that it is none that attackers try first.

One rule for every way in which a password is set. Knows no hash and no file but its own list.
"""

import unicodedata
from functools import cache
from importlib import resources
from itertools import pairwise

from kiosk_appliance.settings.kinds import Wrong
from kiosk_appliance.settings.special import SecretText
from kiosk_appliance.settings.values import Secret

SHORTEST, LONGEST = 12, 256
# Control characters, and halves of what is no text at all.
_UNTYPED = frozenset({"Cc", "Cs"})


class Password(SecretText):
    """A password that somebody chooses; messages never show it."""

    def read(self, raw: object) -> Secret:
        """Return the password; raises Wrong for one that is too short, too long or well known."""
        secret = super().read(raw)
        problem = weakness(secret.reveal())
        if problem is not None:
            raise Wrong(problem, hidden=True)
        return secret

    def allowed(self) -> str:
        """Return the rule."""
        return f"{SHORTEST} to {LONGEST} characters that nobody would try first"


def normalised(password: str) -> str:
    """Return one spelling of what two keyboards may write as different characters."""
    return unicodedata.normalize("NFC", password)


def weakness(password: str) -> str | None:
    """Say why a password is not good enough, or None."""
    password = normalised(password)
    if any(unicodedata.category(character) in _UNTYPED for character in password):
        return "the password holds a character that no keyboard types"
    if len(password) < SHORTEST:
        return f"the password is too short: {SHORTEST} characters are the least"
    if len(password) > LONGEST:
        return f"the password is too long: {LONGEST} characters are the most"
    word = password.casefold()
    if word in _common() or _is_run(word) or word in (word + word)[1:-1]:
        return "the password is one of those that are tried first: choose another"
    return None


def _is_run(word: str) -> bool:
    """Say whether each character follows from the one before, as in 123456789012."""
    return len({(ord(after) - ord(before)) % 10 for before, after in pairwise(word)}) == 1


@cache
def _common() -> frozenset[str]:
    lines = (resources.files(__package__) / "common_passwords.txt").read_text("utf-8").splitlines()
    return frozenset(line for line in lines if not line.startswith("#"))
