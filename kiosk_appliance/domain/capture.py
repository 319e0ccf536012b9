"""A capture: one photo that a guest kept, with what she agreed to.

The photo's bytes are final when a capture exists, and never change. Knows no file and no row.
"""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Consent:
    """What the guest agreed to; nothing unless she said so."""

    sms: bool = False
    marketing: bool = False


@dataclass(frozen=True, slots=True)
class Capture:
    """One kept photo; times are UTC milliseconds, sizes pixels and bytes.

    `sha256` is that of the final JPEG, hexadecimal. `version` grows with each change.
    `dated` says that `created_at` can be believed. Once it is erased it says nothing of its guest;
    `given_up_at` is since when only the cloud has its photo.
    """

    id: str
    token: str
    created_at: int
    download_url: str
    width: int
    height: int
    file_size: int
    sha256: str
    phone: str | None = None
    email: str | None = None
    consent: Consent = field(default_factory=Consent)
    background_id: str | None = None
    erased_at: int | None = None
    version: int = 1
    dated: bool = False
    given_up_at: int | None = None
