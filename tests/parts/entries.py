"""Entries for a central database, and the parcels that carry them."""

from dataclasses import replace
from pathlib import Path
from typing import Any

from kiosk_appliance.domain.delivery import Parcel
from kiosk_appliance.domain.entry import Entry
from kiosk_appliance.ids import new_id

PHONE, EMAIL = "+33612345678", "guest@example.com"


def an_entry(**changes: Any) -> Entry:
    """Return an entry of a capture of its own."""
    capture = new_id()
    entry = Entry(
        kiosk="kiosk-1",
        capture=capture,
        version=1,
        created_at=1_795_000_000_123,
        phone=PHONE,
        email=EMAIL,
        consent_sms=True,
        consent_marketing=False,
        background_id="bg",
        download_url=f"https://k.example/{capture}",
        width=1200,
        height=800,
        file_size=345_678,
    )
    return replace(entry, **changes)


def parcel_of(entry: Entry) -> Parcel:
    """Return the parcel of an entry; its photo is nowhere."""
    return Parcel("delivery", entry.capture, "token", 1, Path("nowhere"), entry=entry)
