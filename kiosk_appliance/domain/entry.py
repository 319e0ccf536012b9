"""What the central database of a fleet holds of one capture; knows no database.

The fields bear the names of the table's columns.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Entry:
    """One capture as its kiosk knows it; `created_at` is UTC milliseconds, sizes pixels and bytes.

    Of two entries of one capture the one with the higher `version` is the newer.
    """

    kiosk: str
    capture: str
    version: int
    created_at: int
    phone: str | None = field(repr=False)
    email: str | None = field(repr=False)
    consent_sms: bool
    consent_marketing: bool
    background_id: str | None
    download_url: str = field(repr=False)
    width: int
    height: int
    file_size: int
