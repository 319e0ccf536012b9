"""Receipts of delivered SMS: which are asked for now, and what was told.

Knows no claim: only one ask at a time is made, and a row is written only while its receipt is still
open.
"""

from kiosk_appliance.domain.delivery import Receipt
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import Delivery, Run, delivery_of

# The longest wait from one ask to the next is shorter.
_DAY_MS = 24 * 3600 * 1000


class Receipts:
    """The open receipts in the table of deliveries."""

    def __init__(self, database: Database, run: Run) -> None:
        self._database = database
        self._run = run

    async def due(self, channel: str, mono: int, limit: int) -> list[Delivery]:
        """Return at most `limit` delivered rows whose receipt is asked for now.

        Due times of another boot count as due, and so do those further off than any wait.
        """
        rows = await self._database.all(
            """
            select * from deliveries
            where channel = ? and receipt = 'pending'
              and (due_boot <> ? or due_mono <= ? or due_mono > ?)
            order by seq limit ?
            """,
            (channel, self._run.boot, mono, mono + _DAY_MS, limit),
        )
        return [delivery_of(row) for row in rows]

    async def put(
        self, delivery: Delivery, receipt: Receipt, reason: str | None, due_mono: int
    ) -> None:
        """Note what was told; an open one is asked for again at `due_mono`."""

        def work(tx: Transaction) -> None:
            tx.execute(
                """
                update deliveries
                set receipt = ?, receipt_asks = receipt_asks + 1, last_error = ?,
                    due_boot = ?, due_mono = ?
                where id = ? and receipt = 'pending'
                """,
                (receipt, reason, self._run.boot, due_mono, delivery.id),
            )

        await self._database.write(work)
