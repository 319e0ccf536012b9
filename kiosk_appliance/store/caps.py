"""What the caps on SMS are counted by, inside the transaction that queues one."""

from kiosk_appliance.store.database import Transaction
from kiosk_appliance.store.reader import Parameters


def count_sms(tx: Transaction, since: int, now: int, recipient: str | None = None) -> int:
    """Count the SMS queued since `since` (UTC milliseconds), to one number or to all.

    One that is dated after `now` comes from a clock that was wrong.
    """
    sql = (
        "select count(*) from deliveries"
        " where channel = 'sms' and created_at between ? and ?"
        " and attempts + (ended_at is null) > 0"
    )
    parameters: Parameters = (since, now)
    if recipient is not None:
        sql, parameters = f"{sql} and recipient = ?", (since, now, recipient)
    row = tx.execute(sql, parameters).fetchone()
    return int(row[0]) if row else 0


def count_sms_of(tx: Transaction, capture_id: str) -> int:
    """Count the SMS of one capture, however they ended."""
    row = tx.execute(
        "select count(*) from deliveries where capture_id = ? and channel = 'sms'", (capture_id,)
    ).fetchone()
    return int(row[0]) if row else 0


def is_barred(tx: Transaction, recipient: str) -> bool:
    """Say whether an SMS to this number was turned away for good before."""
    barred = (
        "select 1 from deliveries where channel = 'sms' and recipient = ? and receipt = 'barred'"
    )
    return tx.execute(barred, (recipient,)).fetchone() is not None
