"""What another run of the process left running, decided at the start.

Needs no lease and no time-out: one process holds the directory, so every running row of another
run is an orphan by proof.
"""

from kiosk_appliance.domain.pace import LONGEST_BACKOFF_MS
from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.deliveries import IS_IN_DOUBT, SUSPECT_FROM, Run

CUT = "The appliance stopped in the middle of the attempt."
_CUT_TWICE = f"{CUT} It may have been sent: look at the provider's list, then retry or cancel it."
_SUSPECT = "The appliance ended several times while this was under way: it waits longer each time."
# How much longer a delivery waits after each end of the process in a row that it was part of.
_PROBATION = f"""
    case when crashes < {SUSPECT_FROM - 1} then 0 when crashes < {SUSPECT_FROM} then 10000
         when crashes < {SUSPECT_FROM + 1} then 60000 when crashes < {SUSPECT_FROM + 2} then 600000
         else {LONGEST_BACKOFF_MS} end
"""


async def adopt(
    database: Database, run: Run, repeatable: set[str], mono: int, first_look_up: int
) -> int:
    """Decide every delivery that another run left running; returns how many there were.

    A repeatable channel's goes back to waiting; another's may have been taken, and is looked
    up at `first_look_up` (monotonic milliseconds), or parked where it was a resend. One that
    was under way at several ends of the process in a row is suspected to be their cause: it
    waits longer each time, and never delays the others.
    """
    ours = f"{run.id}.%"
    names = ",".join("?" for _ in repeatable)

    def sweep(tx: Transaction) -> int:
        again = tx.execute(
            f"""
            update deliveries
            set state = 'waiting', crashes = crashes + 1, attempts = attempts - 1,
                run_id = null, due_boot = ?, due_mono = ? + {_PROBATION},
                last_error = iif(crashes < {SUSPECT_FROM - 1}, ?, ?)
            where state = 'running' and run_id not like ? and channel in ({names})
              and {IS_IN_DOUBT}
            """,
            (run.boot, mono, CUT, _SUSPECT, ours, *sorted(repeatable)),
        )
        doubtful = tx.execute(
            f"""
            update deliveries
            set state = 'uncertain', crashes = crashes + 1, run_id = null, look_ups = 0,
                due_boot = ?, due_mono = iif(resends = 0, ?, null),
                last_error = iif(resends = 0, ?, ?)
            where state = 'running' and run_id not like ?
              and {IS_IN_DOUBT}
            """,
            (run.boot, first_look_up, CUT, _CUT_TWICE, ours),
        )
        return again.rowcount + doubtful.rowcount

    return await database.write(sweep)
