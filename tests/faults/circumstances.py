"""The settings and the states of a kiosk in which faults show."""

import time

from tests.parts.appliance import UNREACHABLE_CLOUD, Appliance, Tables

# 1,000 pages, where SQLite makes its checkpoint.
_FULL_LOG = 1000 * 4096
_FILLED_WITHIN_S = 15.0


def tables(url: str, *, offline: bool) -> Tables:
    """Return kiosk.toml for a small kiosk with many guests."""
    found: Tables = {
        "log": {"level": "WARNING"},
        "photo": {"long_side": 320},
        "sms": {"per_day": 1_000_000},
        "links": {"base_url": url},
        "disk": {"warn_below": "1 MB", "refuse_below": "1 MB", "reserve": "1 MB"},
    }
    if offline:
        # An upload into a folder syncs it, and with it whatever the photo's own steps have left
        # undone: offline, those stand alone.
        found["storage"] = UNREACHABLE_CLOUD
    return found


def fill_the_log(appliance: Appliance) -> None:
    """Wait until SQLite's log has its full size and is written over from its start.

    While it grows, each commit's sync takes along whatever the file system's journal holds, the
    photo's name too: a kiosk some hours old has no such luck, nor has this one.
    """
    log = appliance.data_dir / "kiosk.db-wal"
    deadline = time.monotonic() + _FILLED_WITHIN_S
    while log.stat().st_size < _FULL_LOG and time.monotonic() < deadline:
        time.sleep(0.05)
