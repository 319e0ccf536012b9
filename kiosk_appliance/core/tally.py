"""How the attempts of each channel have come out since the start: plain numbers in memory."""

import re
from collections import Counter
from collections.abc import Mapping

from kiosk_appliance.domain.delivery import Outcome


class Tally:
    """Counts outcomes; there are as many lines as channels times kinds of outcome."""

    def __init__(self) -> None:
        self._counts: Counter[tuple[str, str]] = Counter()

    def note(self, channel: str, outcome: Outcome) -> None:
        """Count one attempt."""
        self._counts[channel, _word(outcome)] += 1

    @property
    def counts(self) -> Mapping[tuple[str, str], int]:
        """Return the number of attempts by (channel, outcome), such as `("sms", "not_sent")`."""
        return self._counts


def _word(outcome: Outcome) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", type(outcome).__name__).lower()
