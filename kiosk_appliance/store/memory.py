"""Small facts that outlive a restart, such as the container's public address."""

from kiosk_appliance.store.database import Database, Transaction


class Memory:
    """A table of words by name."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def recall(self, key: str) -> str | None:
        """Return what was remembered under this name."""
        row = await self._database.one("select value from remembered where key = ?", (key,))
        return str(row["value"]) if row else None

    async def remember(self, key: str, value: str) -> None:
        """Remember it in place of what was there."""

        def work(tx: Transaction) -> None:
            tx.execute(
                "insert into remembered (key, value) values (?, ?)"
                " on conflict (key) do update set value = excluded.value",
                (key, value),
            )

        await self._database.write(work)
