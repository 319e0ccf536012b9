"""The dates of what this boot of the machine has made, put right once the time is known."""

from kiosk_appliance.store.database import Transaction

# Rounding, and what a clock is slewed by: not worth a write.
_SLACK_MS = 2_000


def mend(tx: Transaction, boot: str, ahead_ms: int, *, believed: bool) -> int:
    """Date this boot's captures and deliveries by `ahead_ms` (UTC minus monotonic time).

    Dates that are believed already are moved only by a word that is. Returns how many deliveries
    changed. What this boot has made is the end of the table.
    """
    parameters: dict[str, str | int | None] = {
        "boot": boot,
        "ahead": ahead_ms,
        "believed": int(believed),
        "slack": _SLACK_MS,
    }
    cursor = tx.execute(
        f"""
        update deliveries set created_at = created_mono + :ahead, dated = :believed
        where {_OF_THIS_BOOT} and dated <= :believed
          and (dated < :believed or abs(created_at - created_mono - :ahead) > :slack)
        """,
        parameters,
    )
    if cursor.rowcount:
        tx.execute(
            f"""
            update captures
            set created_at = upload.created_at, dated = upload.dated, version = version + 1
            from (select capture_id, created_at, dated from deliveries
                  where {_OF_THIS_BOOT} and channel = 'storage') as upload
            where upload.capture_id = captures.id
              and (captures.dated, captures.created_at) <> (upload.dated, upload.created_at)
            """,
            parameters,
        )
    return cursor.rowcount


_OF_THIS_BOOT = """
    created_boot = :boot
    and seq > coalesce(
        (select seq from deliveries where created_boot <> :boot order by seq desc limit 1), 0)
"""
