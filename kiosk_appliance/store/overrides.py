"""What an admin has set in place of kiosk.toml, as JSON by key: in the database, and in a copy.

The copy is a file beside the database, for the day when that is lost; the database decides as long
as it is there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec
import structlog

from kiosk_appliance.store.database import Database, Transaction
from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import write_durably

log = structlog.get_logger("overrides")

_json = msgspec.json.Decoder(dict[str, msgspec.Raw])


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


def restore(tx: Transaction, values: Mapping[str, str]) -> None:
    """Put these in place of all that were there."""
    tx.execute("delete from overrides")
    for key, value in values.items():
        put(tx, key, value)


@dataclass(frozen=True, slots=True)
class OverridesCopy:
    """The copy, mode 0600."""

    path: Path

    def read(self) -> dict[str, str] | None:
        """Return what is in it; None where there is none yet, or none that can be read."""
        try:
            found = _json.decode(self.path.read_bytes())
        except FileNotFoundError:
            return None
        except (OSError, msgspec.DecodeError) as error:
            log.error("overrides_unreadable", reason=type(error).__name__)  # noqa: TRY400 - no bug
            return None
        return {key: bytes(value).decode() for key, value in found.items()}

    def write(self, values: Mapping[str, str]) -> None:
        """Put these in place of what was there, durably; raises Unavailable for the disk."""
        if (self.read() or {}) == dict(values):
            return
        raw = {key: msgspec.Raw(value.encode()) for key, value in values.items()}
        try:
            write_durably(self.path, msgspec.json.encode(raw))
        except OSError as error:
            raise disk_fault(error) from error
