"""What each fault of the disk is answered with, and that its cause is logged."""

import errno

import pytest
from structlog.testing import capture_logs

from kiosk_appliance.store.disk import disk_fault


@pytest.mark.parametrize(
    ("number", "status", "code", "come_back"),
    [
        (errno.ENOSPC, 507, "insufficient-storage", False),
        (errno.EDQUOT, 507, "insufficient-storage", False),
        (errno.EMFILE, 503, "overloaded", True),
        (errno.ENFILE, 503, "overloaded", True),
        (errno.EIO, 503, "storage-failed", False),
        (errno.EACCES, 503, "storage-failed", False),
    ],
)
def test_a_fault_is_answered_and_logged_with_its_cause(
    number: int, status: int, code: str, come_back: bool
) -> None:
    with capture_logs() as lines:
        fault = disk_fault(OSError(number, "refused"))
    assert (fault.status, fault.code) == (status, code)
    assert (fault.retry_after_s is not None) is come_back
    (line,) = lines
    assert (line["errno"], line["answered"]) == (errno.errorcode[number], code)


def test_a_fault_without_a_number_is_a_failing_disk() -> None:
    assert disk_fault(OSError("broken")).code == "storage-failed"
