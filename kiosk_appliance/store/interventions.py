"""Changes to deliveries out of their turn: reopened, retried, cancelled, expired.

Each is one update that looks at the state it changes, so that an attempt under way is never
overtaken. Knows no claim: a running delivery is left alone.
"""

from kiosk_appliance.clock import Stamp
from kiosk_appliance.store.database import Database, Transaction

_NO_LINK = "The photo could not be uploaded, so its link would not open."
_NO_LINK_IN_DOUBT = f"It may have been sent. {_NO_LINK}"
TOO_OLD = "It could not be sent in time."
_ONCE_MORE = "The operator has it sent once more."


def cancel_dependents(tx: Transaction, delivery_id: str, now: int) -> None:
    """Cancel what waits for a delivery that will never be made: its link would not open.

    An erasure that waited for an upload's end has its turn now.
    """
    tx.execute(
        "update deliveries set depends_on = null"
        " where depends_on = ? and channel in ('erase-storage', 'erase-postgres')",
        (delivery_id,),
    )
    tx.execute(
        """
        update deliveries
        set state = 'cancelled', ended_at = ?, depends_on = null, last_error = ?
        where depends_on = ? and state = 'waiting'
        """,
        (now, _NO_LINK, delivery_id),
    )
    # In doubt and yet dependent is only what a rebuilt database brought back.
    tx.execute(
        "update deliveries set due_mono = null, depends_on = null, last_error = ?"
        " where depends_on = ? and state = 'uncertain'",
        (_NO_LINK_IN_DOUBT, delivery_id),
    )


def reopen(
    tx: Transaction, delivery_id: str, reason: str | None, *, uncounted: bool = False
) -> bool:
    """Let a refused delivery wait again, due at once, and with it what was cancelled for it.

    `reason` stays to be seen; `uncounted` gives its last attempt back.
    """
    cursor = tx.execute(
        """
        update deliveries
        set state = 'waiting', ended_at = null, due_boot = '', due_mono = 0, failures = 0,
            crashes = 0, receipt = '', last_error = :reason,
            attempts = max(attempts - :back, 0),
            depends_on = (select upload.id from deliveries upload
                          where deliveries.channel = 'sms' and upload.channel = 'storage'
                              and upload.capture_id = deliveries.capture_id
                              and upload.state <> 'delivered')
        where id = :id and state = 'refused'
        """,
        {"reason": reason, "back": int(uncounted), "id": delivery_id},
    )
    if cursor.rowcount:
        tx.execute(
            """
            update deliveries
            set state = 'waiting', ended_at = null, last_error = null, depends_on = upload.id
            from (select id, capture_id from deliveries where id = ? and channel = 'storage') upload
            where deliveries.capture_id = upload.capture_id and state = 'cancelled'
                and last_error = ?
            """,
            (delivery_id, _NO_LINK),
        )
    return cursor.rowcount > 0


def hurry(tx: Transaction, delivery_id: str) -> bool:
    """Make a waiting delivery due at once, and forget what is held against it."""
    cursor = tx.execute(
        "update deliveries set due_boot = '', due_mono = 0, failures = 0, crashes = 0"
        " where id = ? and state = 'waiting'",
        (delivery_id,),
    )
    return cursor.rowcount > 0


def hurry_all(tx: Transaction, boot: str, mono: int) -> int:
    """Make all that waits due at once; returns how many deliveries wait.

    Suspects stay so. What waits for another delivery is due as soon as that one has been made.
    """
    tx.execute(
        "update deliveries set due_boot = '', due_mono = 0"
        " where state = 'waiting' and depends_on is null and due_boot = ? and due_mono > ?",
        (boot, mono),
    )
    row = tx.execute(
        """
        select
            (select count(*) from deliveries where state = 'waiting' and depends_on is null)
            + (select count(*) from deliveries where state = 'waiting' and depends_on is not null)
        """
    ).fetchone()
    return int(row[0])


def send_again(tx: Transaction, delivery_id: str) -> bool:
    """Let a parked delivery wait again: somebody has seen that it was not taken.

    It is sent with its old tag, and in doubt again it is parked again.
    """
    cursor = tx.execute(
        "update deliveries set state = 'waiting', due_boot = '', due_mono = 0, look_ups = 0,"
        " resends = resends + 1, last_error = ?"
        " where id = ? and state = 'uncertain' and due_mono is null",
        (_ONCE_MORE, delivery_id),
    )
    return cursor.rowcount > 0


def look_up_now(tx: Transaction, delivery_id: str, boot: str) -> bool:
    """Look a delivery in doubt up at once.

    This is one look-up more than the usual ones: asking often must bring no resend nearer, for
    a provider may show late what it has taken.
    """
    cursor = tx.execute(
        "update deliveries set due_boot = ?, due_mono = 0, look_ups = max(look_ups - 1, -1)"
        " where id = ? and state = 'uncertain' and due_mono is not null",
        (boot, delivery_id),
    )
    return cursor.rowcount > 0


def cancel(tx: Transaction, delivery_id: str, reason: str, now: int) -> bool:
    """End a delivery that waits or is in doubt, and with it what waits for it."""
    cursor = tx.execute(
        """
        update deliveries
        set state = 'cancelled', ended_at = ?, depends_on = null, last_error = ?
        where id = ? and state in ('waiting', 'uncertain')
        """,
        (now, reason, delivery_id),
    )
    if cursor.rowcount:
        cancel_dependents(tx, delivery_id, now)
    return cursor.rowcount > 0


# Within one boot the monotonic clock tells the age; of another boot the dates do, where that one
# and the present one can be believed. Each half by its own index, so that the SMS of years are
# never looked through.
_IS_TOO_OLD = """
    seq in (select seq from deliveries
            where channel = 'sms' and state = 'waiting' and depends_on is null
            union all
            select seq from deliveries
            where channel = 'sms' and state = 'waiting' and depends_on is not null)
    and iif(created_boot = :boot, created_mono <= :mono - :life,
            :believed and dated and created_at <= :now - :life)
"""


async def is_any_too_old(database: Database, at: Stamp, life_ms: int) -> bool:
    """Say whether a waiting SMS is older than `life_ms`."""
    row = await database.one(
        f"select 1 from deliveries where {_IS_TOO_OLD} limit 1", _as_of(at, life_ms)
    )
    return row is not None


def expire_sms(tx: Transaction, at: Stamp, life_ms: int) -> int:
    """End each waiting SMS that is older than `life_ms`; returns how many there were."""
    cursor = tx.execute(
        f"""
        update deliveries
        set state = 'expired', ended_at = :now, depends_on = null, last_error = :reason
        where {_IS_TOO_OLD}
        """,
        _as_of(at, life_ms) | {"reason": TOO_OLD},
    )
    return cursor.rowcount


def _as_of(at: Stamp, life_ms: int) -> dict[str, str | int | None]:
    return {
        "now": at.at_ms,
        "believed": int(at.dated),
        "boot": at.boot,
        "mono": at.mono_ms,
        "life": life_ms,
    }
