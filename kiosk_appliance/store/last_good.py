"""Keeps the last kiosk.toml that was good, for a start that finds it broken; mode 0600.

It may hold secrets, as kiosk.toml may, and no backup takes it along. `settings/last_good` reads it.
"""

from dataclasses import dataclass
from pathlib import Path

from kiosk_appliance.store.disk import disk_fault
from kiosk_appliance.store.files import write_durably


@dataclass(frozen=True, slots=True)
class LastGood:
    """The copy."""

    path: Path

    def keep(self, content: bytes) -> None:
        """Put this in place of what was there, durably; raises Unavailable for the disk."""
        try:
            if not self._holds(content):
                write_durably(self.path, content)
        except OSError as error:
            raise disk_fault(error) from error

    def _holds(self, content: bytes) -> bool:
        try:
            return self.path.read_bytes() == content
        except FileNotFoundError:
            return False
