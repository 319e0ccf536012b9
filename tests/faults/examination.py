"""What is looked at after each cut or kill: the disk, then what the restarted appliance answers."""

import http.client
import random

from tests.faults.guests import Shot
from tests.faults.ledger import Fault, Ledger
from tests.parts.appliance import Appliance

_ASKED_OVER_HTTP = 25


class Examination:
    """One appliance's promises, through as many cuts as there are.

    `refusals` are the statuses by which a capture may be refused meanwhile.
    """

    def __init__(
        self, appliance: Appliance, rng: random.Random, refusals: tuple[str, ...] = ("503",)
    ) -> None:
        self._refusals = refusals
        self._appliance = appliance
        self._rng = rng
        self._ledger = Ledger(appliance.data_dir)
        self._fresh: list[Shot] = []

    def of_disk(
        self, shots: list[Shot], by: float = float("inf"), gone_at: float = float("inf")
    ) -> list[Fault]:
        """Look at the disk while the appliance is down; `by` is the last moment of an answer.

        `gone_at` is when there was no disk any more: whoever was promised something later is held
        to be promised it, and what was refused then is not looked at.
        """
        self._fresh = [shot for shot in shots if shot.answer and shot.answered_at < by]
        self._ledger.add(self._fresh, [shot for shot in shots if shot not in self._fresh])
        wrong = [
            Fault("wrong answer", word)
            for shot in shots
            # A disk that is gone can't be read: a background on it is no longer there.
            if shot.answered_at < min(by, gone_at)
            for word in shot.refusals
            if not word.startswith(self._refusals)
        ]
        return wrong + self._counted_once(self._ledger.held_against_disk())

    def of_service(self) -> tuple[list[Fault], int]:
        """Ask the restarted appliance, and send once more what was under way.

        Returns what is wrong, and how many more captures it has answered.
        """
        faults = list(self._ledger.held_against_folders())
        again = self._ledger.open
        self._send(again)
        faults += [
            Fault("refused after the cut", shot.refusals[0]) for shot in again if shot.refusals
        ]
        taken = [shot for shot in again if shot.answer]
        self._ledger.add(taken, [])
        kept = [shot for shot in self._fresh if shot in self._ledger.answered]
        asked = self._rng.sample(kept, min(len(kept), _ASKED_OVER_HTTP)) + taken
        with self._appliance.client() as client:
            faults += self._counted_once(list(self._ledger.held_against_answers(client, asked)))
        return faults, len(taken)

    def _counted_once(self, faults: list[Fault]) -> list[Fault]:
        self._ledger.forget(faults)
        return faults

    def _send(self, shots: list[Shot]) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._appliance.port, timeout=20)
        for shot in shots:
            shot.answer, shot.refusals = None, []
            shot.send(connection)
        connection.close()
