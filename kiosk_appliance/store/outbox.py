"""The outbox: rows of deliveries, their claim and their outcome.

A claim is one committed update that counts the attempt before the network is touched, and bears
the id of this run of the process: at start every running row of another run is an orphan by proof,
so that no lease and no time-out is needed. An outcome is written only while the very claim, or the
very doubt, that it answers still stands.
"""

from dataclasses import dataclass
from itertools import count

from kiosk_appliance.domain.delivery import State
from kiosk_appliance.domain.pace import LONGEST_BACKOFF_MS
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Delivery, delivery_of

_FRESH_MS = 15 * 60 * 1000
_NO_LINK = "The photo could not be uploaded, so its link would not open."
_CUT = "The appliance stopped in the middle of the attempt."
_CUT_TWICE = f"{_CUT} It was the second: see OVH's list of outgoing SMS, then retry or cancel."
# Whoever settles a delivery must still hold the claim, or the doubt that was looked up.
_HELD = """
    id = :id and state = :held and run_id is :claim
    and attempts = :attempts and look_ups = :look_ups and resends = :resends
"""


@dataclass(frozen=True, slots=True)
class Run:
    """This run of the process: its id, and the boot whose monotonic clock counts."""

    id: str
    boot: str


class Outbox:
    """The table of deliveries as replay and the status pages see it."""

    def __init__(self, database: Database, run: Run) -> None:
        self._database = database
        self._run = run
        self._claims = count(1)

    async def claim(self, channel: str, now: int, mono: int) -> Delivery | None:
        """Claim the next due delivery, fresh guests first, then the oldest; counts the attempt."""
        parameters: dict[str, str | int | None] = {
            "channel": channel,
            "claim": f"{self._run.id}.{next(self._claims)}",
            "boot": self._run.boot,
            "mono": mono,
            "fresh": now - _FRESH_MS,
            "longest": LONGEST_BACKOFF_MS,
        }
        # Asked of the reader first, so that an idle lane never takes the writer.
        if await self._database.one(f"select {_NEXT} as id", parameters) is None:
            return None

        async def update(tx: Transaction) -> Delivery | None:
            async with tx.execute(
                f"""
                update deliveries
                set state = 'running', run_id = :claim, attempts = attempts + 1
                where id = {_NEXT}
                returning *
                """,
                parameters,
            ) as cursor:
                rows = list(await cursor.fetchall())
            return delivery_of(rows[0]) if rows else None

        return await self._database.write(update)

    async def in_doubt(self, channel: str, mono: int) -> Delivery | None:
        """Return an uncertain delivery whose look-up is due; parked ones (no due time) never."""
        row = await self._database.one(
            """
            select * from deliveries
            where channel = ? and state = 'uncertain' and due_mono is not null
              and (due_boot <> ? or due_mono <= ?)
            order by seq limit 1
            """,
            (channel, self._run.boot, mono),
        )
        return delivery_of(row) if row else None

    async def delivered(self, delivery: Delivery, reference: str, now: int) -> bool:
        """End it as delivered and free what waited for it; False where the claim was lost."""

        async def settle(tx: Transaction) -> bool:
            cursor = await tx.execute(
                f"""
                update deliveries
                set state = 'delivered', reference = :reference, ended_at = :now,
                    last_error = null, run_id = null
                where {_HELD}
                """,
                self._fence(delivery) | {"reference": reference, "now": now},
            )
            if cursor.rowcount:
                await tx.execute(
                    "update deliveries set depends_on = null where depends_on = ?", (delivery.id,)
                )
            return cursor.rowcount > 0

        return await self._database.write(settle)

    async def ended(
        self, delivery: Delivery, state: State, reason: str, now: int, *, uncounted: bool = False
    ) -> bool:
        """End it otherwise, with the reason; whatever waited for it is cancelled with it."""

        async def settle(tx: Transaction) -> bool:
            cursor = await tx.execute(
                f"""
                update deliveries
                set state = :state, ended_at = :now, last_error = :reason, run_id = null,
                    attempts = attempts - :back
                where {_HELD}
                """,
                self._fence(delivery)
                | {"state": state, "now": now, "reason": reason, "back": int(uncounted)},
            )
            if cursor.rowcount:
                await tx.execute(
                    """
                    update deliveries
                    set state = 'cancelled', ended_at = ?, depends_on = null, last_error = ?
                    where depends_on = ? and state = 'waiting'
                    """,
                    (now, _NO_LINK, delivery.id),
                )
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
        async def settle(tx: Transaction) -> bool:
            cursor = await tx.execute(
                f"""
                update deliveries
                set {change}, run_id = null, due_boot = :boot, due_mono = :due,
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

    async def adopt_orphans(self, repeatable: set[str], first_look_up: int) -> int:
        """Decide every delivery that another run left running; returns how many there were.

        A repeatable channel's goes back to waiting; another's may have been taken, and is looked
        up at `first_look_up` (monotonic milliseconds), or parked where it was a resend.
        """
        ours = f"{self._run.id}.%"
        names = ",".join("?" for _ in repeatable)

        async def sweep(tx: Transaction) -> int:
            again = await tx.execute(
                f"""
                update deliveries
                set state = 'waiting', crashes = crashes + 1, attempts = attempts - 1,
                    run_id = null, due_mono = 0, last_error = ?
                where state = 'running' and run_id not like ? and channel in ({names})
                """,
                (_CUT, ours, *sorted(repeatable)),
            )
            doubtful = await tx.execute(
                """
                update deliveries
                set state = 'uncertain', crashes = crashes + 1, run_id = null, look_ups = 0,
                    due_boot = ?, due_mono = iif(resends = 0, ?, null),
                    last_error = iif(resends = 0, ?, ?)
                where state = 'running' and run_id not like ?
                """,
                (self._run.boot, first_look_up, _CUT, _CUT_TWICE, ours),
            )
            return again.rowcount + doubtful.rowcount

        return await self._database.write(sweep)


# The delivery to claim next. A due time further off than the longest back-off comes from a clock
# that no longer counts, and is due.
_DUE = """
    channel = :channel and state = 'waiting' and depends_on is null
    and (due_boot <> :boot or due_mono <= :mono or due_mono > :mono + :longest)
"""
_NEXT = f"""
    coalesce(
        (select id from deliveries where {_DUE} and created_at >= :fresh
         order by created_at, seq limit 1),
        (select id from deliveries where {_DUE} order by created_at, seq limit 1))
"""
