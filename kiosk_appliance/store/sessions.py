"""Who is logged in: a token holds only while its session has a row here."""

from kiosk_appliance.store.database import Database, Transaction

# More than any kiosk's admins and scripts; the ones that would end first go first.
MOST_SESSIONS = 1_000


async def is_open(database: Database, session_id: str) -> bool:
    """Say whether a session has neither ended nor been revoked."""
    return await database.one("select 1 from sessions where id = ?", (session_id,)) is not None


def begin(
    tx: Transaction, session_id: str, expires_at: int, now: int, most: int = MOST_SESSIONS
) -> None:
    """Add a session; times are UTC milliseconds. Those that are over go."""
    tx.execute("delete from sessions where expires_at <= ?", (now,))
    tx.execute("insert into sessions (id, expires_at) values (?, ?)", (session_id, expires_at))
    tx.execute(
        "delete from sessions where id in"
        " (select id from sessions order by expires_at desc limit -1 offset ?)",
        (most,),
    )


def end(tx: Transaction, session_id: str) -> bool:
    """Revoke one session; False where there is none."""
    return tx.execute("delete from sessions where id = ?", (session_id,)).rowcount > 0


def end_all(tx: Transaction) -> None:
    """Revoke every session."""
    tx.execute("delete from sessions")
