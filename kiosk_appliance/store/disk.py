"""What a full or a failing disk means for the guest and the operator."""

import errno

from kiosk_appliance.errors import Unavailable

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})


def disk_fault(error: OSError) -> Unavailable:
    """Return the error to answer with when a write failed."""
    return disk_full() if error.errno in _FULL else disk_failing()


def disk_full() -> Unavailable:
    """Return 507 `insufficient-storage`."""
    return Unavailable(
        "The disk is full: free some space on the kiosk.",
        code="insufficient-storage",
        title="Disk full",
        status=507,
    )


def disk_failing() -> Unavailable:
    """Return 503 `storage-failed`."""
    return Unavailable(
        "The disk does not answer properly: have the kiosk's disk checked.",
        code="storage-failed",
        title="Disk failing",
    )
