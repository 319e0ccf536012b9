"""What a full or a failing disk means for the guest and the operator."""

import errno

import structlog

from kiosk_appliance.errors import DiskFailing, DiskFull, Unavailable

log = structlog.get_logger("disk")

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_TOO_MANY_OPEN = frozenset({errno.EMFILE, errno.ENFILE})
_COME_BACK_S = 2


def disk_fault(error: OSError) -> Unavailable:
    """Return the error to answer with when a file can't be written or read, and log its cause.

    `insufficient-storage` (507), `overloaded` where too much is open at once, `storage-failed`.
    """
    fault = _meaning(error)
    # Guests see a code of ours only; which fault it was, the technician reads here.
    log.error("disk_fault", errno=reason(error), answered=fault.code)
    return fault


def reason(error: OSError) -> str:
    """Return the errno's name, such as `EIO`; a path might hold what must not be logged."""
    return errno.errorcode.get(error.errno or 0, type(error).__name__)


def too_many_open(error: OSError) -> bool:
    """Say whether the process or the machine has no room for one more open file."""
    return error.errno in _TOO_MANY_OPEN


def _meaning(error: OSError) -> Unavailable:
    if error.errno in _FULL:
        return disk_full()
    if too_many_open(error):
        return Unavailable(
            "Too many connections at once; try again in a moment.", retry_after_s=_COME_BACK_S
        )
    return disk_failing()


def disk_full() -> DiskFull:
    """Return 507 `insufficient-storage`."""
    return DiskFull("The disk is full: free some space on the kiosk; it goes on by itself.")


def disk_failing() -> DiskFailing:
    """Return 503 `storage-failed`."""
    return DiskFailing("The disk does not answer properly: have the kiosk's disk checked.")
