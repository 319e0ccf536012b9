"""What an admin has set in place of kiosk.toml, as JSON by key."""

from kiosk_appliance.store.database import Database, Transaction


async def every(database: Database) -> dict[str, str]:
    """Return all of them."""
    rows = await database.all("select key, value from overrides")
    return {row["key"]: row["value"] for row in rows}


def put(tx: Transaction, key: str, value: str) -> None:
    """Keep a value in place of what was there."""
    tx.execute(
        "insert into overrides (key, value) values (?, ?)"
        " on conflict (key) do update set value = excluded.value",
        (key, value),
    )


def drop(tx: Transaction, key: str) -> None:
    """Let kiosk.toml decide again."""
    tx.execute("delete from overrides where key = ?", (key,))
