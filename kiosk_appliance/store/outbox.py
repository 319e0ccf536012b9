"""The outbox: rows of deliveries, their claim and their outcome.

A claim is one committed update that counts the attempt before the network is touched, and bears
the id of this run of the process: at start every running row of another run is an orphan by proof,
so that no lease and no time-out is needed. An outcome is written only while the very claim, or the
very doubt, that it answers still stands.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count

from kiosk_appliance.domain.capture import Capture
from kiosk_appliance.domain.delivery import State
from kiosk_appliance.domain.pace import LONGEST_BACKOFF_MS
from kiosk_appliance.errors import DiskFailing
from kiosk_appliance.store import captures, interventions, orphans
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import SUSPECT_FROM, Delivery, Run, delivery_of
from kiosk_appliance.store.interventions import cancel_dependents

_FRESH_MS = 15 * 60 * 1000
# Whoever settles a delivery must still hold the claim, or the doubt that was looked up.
_HELD = """
    id = :id and state = :held and run_id is :claim
    and attempts = :attempts and look_ups = :look_ups and resends = :resends
"""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A delivery to attempt now, and its capture; None where that has gone or can't be read."""

    delivery: Delivery
    capture: Capture | None


class Outbox:
    """The table of deliveries as replay and the status pages see it."""

    def __init__(self, database: Database, run: Run) -> None:
        self._database = database
        self._run = run
        self._claims = count(1)

    async def lull(self) -> None:
        """Return while nobody commits: a claim is as large as there is room for by then."""
        await self._database.lull()

    async def next_up(
        self, channel: str, now: int, mono: int, *, backlog: bool = True
    ) -> Delivery | None:
        """Return what a lane has to do next: an uncertain delivery to look up, or one to claim.

        Parked ones (no due time) never. Asked of the reader, so that an idle lane leaves the writer
        alone.
        """
        row = await self._database.one(
            f"select * from deliveries where seq = coalesce({_DOUBT}, {_NEXT})",
            self._as_of(channel, now, mono, suspects=True, backlog=backlog),
        )
        return delivery_of(row) if row else None

    async def claim(
        self,
        channel: str,
        now: int,
        mono: int,
        *,
        most: int = 1,
        suspects: bool = True,
        backlog: bool = True,
    ) -> list[Claimed]:
        """Claim the next due deliveries, fresh guests first, then the oldest; counts the attempts.

        Suspects come after everything else, and not at all without `suspects`; without `backlog`
        only what a guest asked for within the last quarter of an hour is claimed.
        """
        parameters = self._as_of(channel, now, mono, suspects=suspects, backlog=backlog)
        names = [f"{self._run.id}.{next(self._claims)}" for _ in range(most)]
        try:
            return await self._database.write(lambda tx: _claimed(tx, names, parameters))
        except DiskFailing:
            # A capture that can't be read fails at its own attempt, and holds nobody else up.
            return await self._database.write(
                lambda tx: _claimed(tx, names, parameters, alone=True)
            )

    def _as_of(
        self, channel: str, now: int, mono: int, *, suspects: bool, backlog: bool
    ) -> dict[str, str | int | None]:
        return {
            "channel": channel,
            "boot": self._run.boot,
            "mono": mono,
            "now": now,
            "fresh": now - _FRESH_MS,
            "longest": LONGEST_BACKOFF_MS,
            "suspects": int(suspects),
            "backlog": int(backlog),
        }

    async def delivered(
        self, delivery: Delivery, reference: str, now: int, first_receipt: int | None = None
    ) -> bool:
        """End it as delivered and free what waited for it; False where the claim was lost.

        Its receipt is asked for at `first_receipt` (monotonic milliseconds); None: nobody will say.
        """

        def settle(tx: Transaction) -> bool:
            cursor = tx.execute(
                f"""
                update deliveries
                set state = 'delivered', reference = :reference, ended_at = :now,
                    last_error = null, run_id = null, crashes = 0,
                    receipt = iif(:first_receipt is null, '', 'pending'),
                    due_boot = iif(:first_receipt is null, due_boot, :boot),
                    due_mono = iif(:first_receipt is null, due_mono, :first_receipt)
                where {_HELD}
                """,
                self._fence(delivery)
                | {"reference": reference, "now": now, "first_receipt": first_receipt},
            )
            if cursor.rowcount:
                _free_dependents(tx, delivery)
            return cursor.rowcount > 0

        return await self._database.write(settle)

    async def ended(
        self,
        delivery: Delivery,
        state: State,
        reason: str,
        now: int,
        *,
        uncounted: bool = False,
        barred: bool = False,
    ) -> bool:
        """End it otherwise, with the reason; whatever waited for it is cancelled with it.

        `barred` remembers that its recipient can't be reached at all.
        """

        def settle(tx: Transaction) -> bool:
            cursor = tx.execute(
                f"""
                update deliveries
                set state = :state, ended_at = :now, last_error = :reason, run_id = null,
                    attempts = attempts - :back, receipt = iif(:barred, 'barred', '')
                where {_HELD}
                """,
                self._fence(delivery)
                | {
                    "state": state,
                    "now": now,
                    "reason": reason,
                    "back": int(uncounted),
                    "barred": int(barred),
                },
            )
            if cursor.rowcount:
                cancel_dependents(tx, delivery.id, now)
            return cursor.rowcount > 0

        return await self._database.write(settle)

    async def put_back(
        self,
        delivery: Delivery,
        reason: str | None,
        due_mono: int,
        *,
        uncounted: bool = False,
        own: bool = False,
    ) -> bool:
        """Let it wait until `due_mono`; `uncounted` gives the attempt back, `own` counts a failure.

        A failure is the item's own; what the world does to it is never counted.
        """
        return await self._move(
            delivery,
            "state = 'waiting', attempts = attempts - :back, failures = failures + :own",
            {"reason": reason, "due": due_mono, "back": int(uncounted), "own": int(own)},
        )

    async def doubt(self, delivery: Delivery, reason: str, due_mono: int | None) -> bool:
        """Mark it uncertain; looked up at `due_mono`, parked for the operator where None."""
        return await self._move(
            delivery, "state = 'uncertain', look_ups = 0", {"reason": reason, "due": due_mono}
        )

    async def looked_up(self, delivery: Delivery, reason: str, due_mono: int | None) -> bool:
        """Count an answered look-up that found nothing, and set the next."""
        return await self._move(
            delivery, "look_ups = look_ups + 1", {"reason": reason, "due": due_mono}
        )

    async def look_up_later(self, delivery: Delivery, reason: str, due_mono: int | None) -> bool:
        """Set the next look-up without counting one; None parks it."""
        return await self._move(delivery, "state = state", {"reason": reason, "due": due_mono})

    async def wait_anew(self, waits: Sequence[int], mono: int) -> None:
        """Begin the waits for look-ups that another boot had set anew, at `mono`.

        `waits` are milliseconds by the number of answered look-ups. Nobody knows how long the
        machine was off, and a look-up that comes too early proves nothing.
        """

        def renew(tx: Transaction) -> None:
            for look_ups, wait in enumerate(waits):
                tx.execute(
                    """
                    update deliveries set due_boot = ?, due_mono = ?
                    where state = 'uncertain' and due_mono is not null and due_boot <> ?
                      and max(look_ups, 0) = ?
                    """,
                    (self._run.boot, mono + wait, self._run.boot, look_ups),
                )

        await self._database.write(renew)

    async def resend(self, delivery: Delivery, reason: str) -> bool:
        """Let an uncertain delivery be sent once more, with its old tag."""
        return await self._move(
            delivery,
            "state = 'waiting', resends = resends + 1, look_ups = 0",
            {"reason": reason, "due": 0},
        )

    async def _move(
        self, delivery: Delivery, change: str, parameters: dict[str, str | int | None]
    ) -> bool:
        def settle(tx: Transaction) -> bool:
            cursor = tx.execute(
                f"""
                update deliveries
                set {change}, run_id = null, crashes = 0, due_boot = :boot, due_mono = :due,
                    last_error = coalesce(:reason, last_error)
                where {_HELD}
                """,
                parameters | self._fence(delivery),
            )
            return cursor.rowcount > 0

        return await self._database.write(settle)

    def _fence(self, delivery: Delivery) -> dict[str, str | int | None]:
        return {
            "id": delivery.id,
            "held": delivery.state,
            "claim": delivery.claim,
            "attempts": delivery.attempts,
            "look_ups": delivery.look_ups,
            "resends": delivery.resends,
            "boot": self._run.boot,
        }

    async def reopen(self, delivery_ids: Sequence[str], reason: str) -> None:
        """Let refused deliveries wait again, with those that were cancelled for them; uncounted."""

        def work(tx: Transaction) -> None:
            for delivery_id in delivery_ids:
                interventions.reopen(tx, delivery_id, reason, uncounted=True)

        await self._database.write(work)

    async def hurry(self, delivery_ids: Sequence[str]) -> None:
        """Make waiting deliveries due at once."""
        if not delivery_ids:
            return

        def work(tx: Transaction) -> None:
            for delivery_id in delivery_ids:
                interventions.hurry(tx, delivery_id)

        await self._database.write(work)

    async def adopt_orphans(self, repeatable: set[str], mono: int, first_look_up: int) -> int:
        """Decide every delivery that another run left running; returns how many there were."""
        return await orphans.adopt(self._database, self._run, repeatable, mono, first_look_up)


def _claimed(
    tx: Transaction,
    names: Sequence[str],
    parameters: dict[str, str | int | None],
    *,
    alone: bool = False,
) -> list[Claimed]:
    claimed: list[Claimed] = []
    for name in names:
        (seq,) = tx.execute(f"select {_NEXT}", parameters).fetchone()
        if seq is None:
            break
        tx.execute(_CLAIM, (name, seq))
        delivery = delivery_of(
            tx.execute("select * from deliveries where seq = ?", (seq,)).fetchone()
        )
        capture = None if alone else captures.get_for_update(tx, delivery.capture_id)
        claimed.append(Claimed(delivery, capture))
    return claimed


def _free_dependents(tx: Transaction, delivery: Delivery) -> None:
    # Nearly always there are none, and an update that finds none costs four times the look.
    found = tx.execute("select seq from deliveries where depends_on = ?", (delivery.id,))
    for (seq,) in found.fetchall():
        tx.execute("update deliveries set depends_on = null where seq = ?", (seq,))


# The delivery to claim next. A due time further off than the longest back-off comes from a clock
# that no longer counts, and is due. The sign before the channel's name makes it a mere value: by a
# bare parameter SQLite would plan the statement anew at each execution, which costs four times the
# claim, since there are indexes for one channel only.
_DUE = """
    channel = +:channel and state = 'waiting' and depends_on is null
    and (due_boot <> :boot or due_mono <= :mono or due_mono > :mono + :longest)
"""
_DOUBT = """
    (select seq from deliveries
     where channel = +:channel and state = 'uncertain' and due_boot = :boot and due_mono <= :mono
     order by seq limit 1)
"""
_SOUND = f"crashes < {SUSPECT_FROM}"
_NEXT = f"""
    coalesce(
        (select seq from deliveries
         where {_DUE} and {_SOUND} and created_at between :fresh and :now
         order by created_at, seq limit 1),
        (select seq from deliveries where {_DUE} and {_SOUND} and :backlog
         order by created_at, seq limit 1),
        (select seq from deliveries where {_DUE} and :suspects and :backlog
         order by created_at, seq limit 1))
"""
# By its key alone, and without "returning": SQLite would build a temporary table for each claim.
_CLAIM = """
    update deliveries set state = 'running', run_id = ?, attempts = attempts + 1 where seq = ?
"""
