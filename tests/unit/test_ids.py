"""Identifiers, tokens, tags and randomness."""

import re
from collections import Counter

from kiosk_appliance.ids import fraction, new_id, new_tag


def test_ids_are_long_url_safe_and_never_the_same() -> None:
    made = [new_id() for _ in range(2_000)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"[A-Za-z0-9]{21}", one) for one in made)
    assert len(set("".join(made))) == 62


def test_no_letter_is_likelier_than_another() -> None:
    seen = Counter("".join(new_id() for _ in range(5_000)))
    # 105,000 letters, 1,694 of each: seven times the standard deviation either way.
    assert max(abs(times - 105_000 / 62) for times in seen.values()) < 290


def test_tags_fit_what_ovh_allows() -> None:
    made = [new_tag() for _ in range(2_000)]
    assert len(set(made)) == len(made)
    assert all(re.fullmatch(r"[a-z2-7]{16}", one) for one in made)


def test_a_fraction_is_above_zero_and_at_most_one() -> None:
    made = [fraction() for _ in range(2_000)]
    assert 0 < min(made) < 0.1
    assert 0.9 < max(made) <= 1
