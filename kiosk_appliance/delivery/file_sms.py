r"""SMS into a file, as the guests would read them: the channel of a kiosk without an SMS account.

One line each: time, number, text, with tabs between; a tab, a line end and a backslash within the
text are written \t, \n, \r and \\. Owns that file and nothing else.

A line is one append and one fsync, and a torn end of a power cut is closed before the next. An
append could still come twice, so the channel is not repeatable. The line holds no tag: a look-up
compares number and text among the last lines, and so takes an equal earlier SMS for this one.
"""

import errno
import os
from io import FileIO
from pathlib import Path

from kiosk_appliance.clock import Clock, rfc3339
from kiosk_appliance.domain.delivery import (
    Delivered,
    Found,
    LanePaused,
    LookUp,
    LookUpFailed,
    NotFound,
    Outcome,
    Parcel,
    Uncertain,
)

# Tens of thousands of SMS: all that a rebuilt database may have in doubt.
_TAIL_BYTES = 8 * 1024 * 1024
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_ESCAPES = str.maketrans({"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"})


class FileSmsChannel:
    """The lane `sms` into `path`, which is made with mode 0600; its directory must exist."""

    name = "sms"
    remote = False
    concurrency = 1
    repeatable = False

    def __init__(self, path: Path, clock: Clock) -> None:
        self._path = path
        self._clock = clock

    def deliver(self, parcel: Parcel) -> Outcome:
        """Append the line; it is on the disk when this returns Delivered."""
        now = rfc3339(self._clock.now_ms())
        line = f"{now}\t{_fields(parcel)}\n".encode("utf-8", "backslashreplace")
        try:
            with self._opened() as file:
                size = _append(file.fileno(), line)
                return self._made_durable(file.fileno(), new=size == 0)
        except OSError as error:
            return self._paused(error)

    def look_up(self, parcel: Parcel) -> LookUp:
        """Look for number and text among the last 8 MiB."""
        try:
            tail = self._tail()
        except FileNotFoundError:
            return NotFound()
        except OSError as error:
            return LookUpFailed(f"{self._path.name} can't be read: {error.strerror}.")
        # With its line end: what follows the last one is torn, or empty.
        wanted = b"\t" + _fields(parcel).encode("utf-8", "backslashreplace") + b"\n"
        return Found(self._path.name) if wanted in tail else NotFound()

    def probe(self) -> Outcome:
        """Open the file for appending, and make it where it is missing."""
        try:
            self._opened().close()
        except OSError as error:
            return self._paused(error)
        return Delivered(self._path.name)

    def public_base(self) -> str | None:
        """Return None: a line has no address."""
        return None

    def close(self) -> None:
        """Do nothing: no file is kept open."""

    def _opened(self) -> FileIO:
        flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
        descriptor = os.open(self._path, flags, 0o600)
        file = FileIO(descriptor, "r+")
        os.fchmod(descriptor, 0o600)
        return file

    def _made_durable(self, descriptor: int, *, new: bool) -> Outcome:
        try:
            os.fsync(descriptor)
            if new:
                self._keep_name()
        except OSError as error:
            return Uncertain(f"{self._path.name} may not be on the disk: {error.strerror}.")
        return Delivered(self._path.name)

    def _keep_name(self) -> None:
        directory = os.open(self._path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(directory)
        finally:
            os.close(directory)

    def _tail(self) -> bytes:
        with self._path.open("rb") as file:
            size = file.seek(0, os.SEEK_END)
            file.seek(max(0, size - _TAIL_BYTES))
            return file.read()

    def _paused(self, error: OSError) -> LanePaused:
        if error.errno in _FULL:
            return LanePaused(f"The disk is full: {self._path.name} can't grow.")
        return LanePaused(f"{self._path.name} can't be written: {error.strerror}.")


def _append(descriptor: int, line: bytes) -> int:
    """Write the line whole or not at all, and return the size before it."""
    size = os.fstat(descriptor).st_size
    if size and os.pread(descriptor, 1, size - 1) != b"\n":
        line = b"\n" + line
    if os.write(descriptor, line) == len(line):
        return size
    os.ftruncate(descriptor, size)
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _fields(parcel: Parcel) -> str:
    return f"{parcel.recipient}\t{parcel.text.translate(_ESCAPES)}"
