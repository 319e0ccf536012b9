"""The error tree: everything a caller can act on.

KioskError (code, title, status of its own, and a sentence that says what to do)
├── InvalidRequest       malformed or wrong input, with the fields
│   └── NumberRefused    no number that can get an SMS, and which kind of reason
├── PhotoRefused         the photo's own fault: unreadable, too large, too many pixels, wrong type
├── Unauthenticated      nobody has proved who asks
├── NotFound             no such thing, or no longer
├── Gone                 it was here and has been erased
├── Conflict             well-formed, but not possible now
├── TooMany              a cap or a rate
├── Unavailable          overload, another program holds the database
│   ├── DiskFull         no room on the disk
│   └── DiskFailing      the disk answers with errors
└── SettingsInvalid      kiosk.toml can't be used

Expected outcomes of a delivery are values (`domain.delivery`), not errors. Anything that is no
KioskError is a bug, and answers 500.
"""

from dataclasses import dataclass
from typing import Literal

#: Not an allowed country; a landline or another number without SMS; premium rate; no number.
NumberReason = Literal["country", "landline", "premium", "unknown"]


@dataclass(frozen=True, slots=True)
class FieldError:
    """One wrong field of a request: its JSON or query name (or `body`), and what is wrong."""

    field: str
    message: str


class KioskError(Exception):
    """A failure that the caller can act on."""

    status: int = 500
    code: str = "internal-error"
    title: str = "Internal error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        title: str | None = None,
        status: int | None = None,
        errors: tuple[FieldError, ...] = (),
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.code
        self.title = title or self.title
        self.status = status or self.status
        self.errors = errors
        self.retry_after_s = retry_after_s


class InvalidRequest(KioskError):
    """The request can't be understood (400) or a field of it is wrong (422)."""

    status = 422
    code = "invalid-request"
    title = "Invalid request"

    @classmethod
    def field(
        cls, name: str, message: str, *, code: str | None = None, title: str | None = None
    ) -> "InvalidRequest":
        """Return the 422 for one wrong field; its message is also the detail."""
        return cls(message, code=code, title=title, errors=(FieldError(name, message),))

    @classmethod
    def malformed(cls, detail: str) -> "InvalidRequest":
        """Return the 400 for a body that is not what its content type says."""
        return cls(detail, status=400, title="Malformed request")


class NumberRefused(InvalidRequest):
    """The number can't get an SMS; `reason` is for whoever says why in other words."""

    code = "phone-invalid"
    title = "Phone number invalid"

    def __init__(self, detail: str, reason: NumberReason) -> None:
        super().__init__(detail, errors=(FieldError("phone", detail),))
        self.reason = reason


class PhotoRefused(KioskError):
    """The photo can't be taken in."""

    status = 422
    code = "photo-unreadable"
    title = "Photo unreadable"


class Unauthenticated(KioskError):
    """Nobody has proved who asks: no token, key or password, or a wrong one."""

    status = 401
    code = "unauthenticated"
    title = "Not logged in"


class NotFound(KioskError):
    """There is no such thing."""

    status = 404
    code = "not-found"
    title = "Not found"


class Gone(KioskError):
    """It was here and has been erased."""

    status = 410
    code = "gone"
    title = "Erased"


class Conflict(KioskError):
    """Well-formed, but not possible in the present state."""

    status = 409
    code = "delivery-ended"
    title = "Not possible now"


class TooMany(KioskError):
    """A cap or a rate has been reached."""

    status = 429
    code = "rate-limited"
    title = "Too many requests"


class Unavailable(KioskError):
    """The appliance can't do it at the moment."""

    status = 503
    code = "overloaded"
    title = "Too busy"


class DiskFull(Unavailable):
    """The disk has no room."""

    status = 507
    code = "insufficient-storage"
    title = "Disk full"


class DiskFailing(Unavailable):
    """The disk answers with errors; whether the last write is on it, nobody knows."""

    code = "storage-failed"
    title = "Disk failing"


class SettingsInvalid(KioskError):
    """kiosk.toml can't be used; `detail` is the full report for a technician."""

    code = "settings-invalid"
    title = "kiosk.toml has mistakes"
