"""Photos with their thumbnails and records on disk, and what a power cut leaves of them.

Order for a photo and its record: temporary files, fsync, rename, one fsync of the folder; each
step left out loses photos at a power cut (measured). A thumbnail can be made again, and is not
fsynced.
"""

import os
import stat
from collections.abc import Callable, Collection, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress
from pathlib import Path

import structlog

from kiosk_appliance.store.directory import Layout
from kiosk_appliance.store.disk import disk_fault, reason
from kiosk_appliance.store.files import sync_folder, write

log = structlog.get_logger("files")

# A photo and its record for each thread of the darkroom.
_WRITERS = 6
_QUARANTINE_MS = 24 * 3600 * 1000


class Photos:
    """Final photos, their thumbnails and their records, one of each for each capture id."""

    def __init__(self, layout: Layout) -> None:
        self._layout = layout
        self._disk = ThreadPoolExecutor(_WRITERS, "disk")

    def path(self, capture_id: str) -> Path:
        """Return where the final JPEG lies."""
        return self._layout.photos / f"{capture_id}.jpg"

    def thumbnail(self, capture_id: str) -> Path:
        """Return where the thumbnail lies; may be missing or empty after a power cut."""
        return self._layout.photos / f"{capture_id}.thumbnail.jpg"

    def keep(
        self, capture_id: str, jpeg: bytes, thumbnail: Callable[[], bytes], record: bytes
    ) -> None:
        """Write all three; when this returns photo and record survive a power cut.

        The thumbnail is made while the disk takes the others. Raises Unavailable (507, 503) where
        the disk is full or fails; nothing is left then, or what a failing disk keeps is set aside
        at the next start.
        """
        recording = self._disk.submit(write, self._layout.record(capture_id), record, sync=True)
        writing = self._disk.submit(self._write_photo, capture_id, jpeg, recording)
        try:
            write(self.thumbnail(capture_id), thumbnail())
            writing.result()
        except OSError as error:
            wait([recording, writing])
            self.abandon(capture_id)
            raise disk_fault(error) from error

    def _write_photo(self, capture_id: str, jpeg: bytes, recording: Future[None]) -> None:
        write(self.path(capture_id), jpeg, sync=True)
        # The record was handed in before, so that a thread has it or had it: nobody waits for ever.
        recording.result()
        sync_folder(self._layout.photos)

    def close(self) -> None:
        """End the threads that write."""
        self._disk.shutdown()

    def abandon(self, capture_id: str) -> None:
        """Remove all three as far as the disk lets us: nobody was answered for them."""
        # The record first: alone it would be a capture to whoever rebuilds the database.
        self.disown(capture_id)
        for path in (self.path(capture_id), self.thumbnail(capture_id)):
            with suppress(OSError):
                path.unlink()

    def erase(self, capture_ids: Iterable[str]) -> None:
        """Remove photos and thumbnails durably, wherever they lie; gone ones are no fault.

        Raises Unavailable where the disk fails.
        """
        try:
            for capture_id in capture_ids:
                for path in (self.path(capture_id), self.thumbnail(capture_id)):
                    path.unlink(missing_ok=True)
                    (self._layout.quarantine / path.name).unlink(missing_ok=True)
            sync_folder(self._layout.photos)
        except OSError as error:
            raise disk_fault(error) from error

    def disown(self, capture_id: str) -> None:
        """Remove the record alone, as far as the disk lets us."""
        with suppress(OSError):
            self._layout.record(capture_id).unlink()

    def reconcile(
        self, known: set[str], now_ms: int, photoless: Collection[str] = ()
    ) -> tuple[int, list[str]]:
        """Clean up after a sudden stop: (photos set aside, ids whose photo is missing).

        Half-written files go; a photo without a row was never answered for and is set aside for
        a day. A row without its photo must never happen and is the caller's alarm; of those that
        are `photoless` only the record stays. What is no regular file, and what the disk refuses
        to move, is logged and stays: nothing raises.
        """
        present: set[str] = set()
        set_aside = 0
        for path in _regular_files(self._layout.photos):
            if path.name.startswith("."):
                with _staying_at_worst(path):
                    path.unlink(missing_ok=True)
            elif (owner := path.name.split(".", 1)[0]) in known:
                present.add(path.name)
            elif owner in photoless:
                if path.suffix != ".json":
                    with _staying_at_worst(path):
                        path.unlink(missing_ok=True)
            else:
                with _staying_at_worst(path):
                    self._set_aside(path, now_ms)
                    set_aside += path.suffixes == [".jpg"]
        self._empty_quarantine(now_ms)
        missing = sorted(i for i in known if f"{i}.jpg" not in present)
        return set_aside, missing

    def _set_aside(self, path: Path, now_ms: int) -> None:
        # Its day counts from now: the time goes on before the move, which is all or nothing.
        os.utime(path, (now_ms / 1000, now_ms / 1000))
        path.replace(self._layout.quarantine / path.name)

    def _empty_quarantine(self, now_ms: int) -> None:
        for path in _regular_files(self._layout.quarantine):
            with _staying_at_worst(path):
                if now_ms - path.stat().st_mtime * 1000 > _QUARANTINE_MS:
                    path.unlink(missing_ok=True)


def _regular_files(folder: Path) -> Iterator[Path]:
    with _staying_at_worst(folder):
        for path in sorted(folder.iterdir()):
            with _staying_at_worst(path):
                if stat.S_ISREG(path.lstat().st_mode):
                    yield path
                else:
                    log.warning("left_alone", folder=folder.name, name=path.name, reason="no file")


@contextmanager
def _staying_at_worst(path: Path) -> Iterator[None]:
    """Log what the disk refuses: no clean-up is worth a kiosk that does not start."""
    try:
        yield
    except OSError as error:
        log.warning("left_alone", folder=path.parent.name, name=path.name, reason=reason(error))
