"""Everything that is asked of `imaging`, and the pool of threads that does it.

The picture libraries take a third of a second to load, and guests are answered before that: they
are loaded at first use, or by `warm_up` once the appliance serves.
"""

import errno
import importlib
import os
import threading
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from kiosk_appliance import heap
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import NotFound
from kiosk_appliance.settings import Settings
from kiosk_appliance.settings.declarations import Photo

if TYPE_CHECKING:
    from kiosk_appliance.imaging.backgrounds import BackgroundFacts
    from kiosk_appliance.imaging.composition import Composer, Picture
    from kiosk_appliance.imaging.photo import PhotoLimits

log = structlog.get_logger("darkroom")

# Each may hold a picture of 160 MB while it works.
_MOST_THREADS = 3


# What keeps a library from being opened now, and may be over in a moment.
_PASSING = tuple(os.strerror(code) for code in (errno.EMFILE, errno.ENFILE, errno.EIO))

_loading = threading.Lock()
_interrupted, _spoilt = threading.Event(), threading.Event()


def _load() -> None:
    """Load the libraries, one thread at a time; raises OSError where no file can be opened now.

    While OpenCV loads it puts another module in its own place: a second thread that imports from it
    meanwhile would find half of it, and fail. ImportError is for an installation that lacks them.
    """
    with _loading:
        try:
            importlib.import_module("kiosk_appliance.imaging.composition")
        except OSError:
            _interrupted.set()
            raise
        except ImportError as error:
            # A shared object that can't be opened is told so.
            if any(words in str(error) for words in _PASSING):
                _interrupted.set()
            if not _interrupted.is_set():
                raise
            # NumPy and OpenCV load once in a process or never. A new process does.
            _spoilt.set()
            log.critical("picture_libraries_spoilt", reason=str(error))
            raise OSError(errno.EMFILE, "The picture libraries are not loaded") from error


def _begin() -> None:
    # What can't be loaded now fails the job that needs it, not the thread.
    with suppress(ImportError, OSError):
        _load()


class Darkroom:
    """Makes pictures; its methods block, and are called from its pool."""

    def __init__(self, settings: Settings, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._settings: Callable[[], Settings] = lambda: settings
        self._monotonic = monotonic
        self._made: tuple[Photo, Composer] | None = None
        self._complaint: str | None = None
        # One more than there are processors: one is usually waiting for the disk.
        threads = min(_MOST_THREADS, (os.cpu_count() or 1) + 1)
        self.pool = ThreadPoolExecutor(threads, "darkroom", initializer=_begin)

    def go_by(self, settings: Callable[[], Settings]) -> None:
        """Ask here for the settings from now on."""
        self._settings = settings

    def compose(
        self,
        photo: bytes,
        background: Background | None,
        file: Path | None,
        screen: tuple[int, int] | None = None,
    ) -> "Picture":
        """Return the final picture, or that very picture as it fits on a screen (pixels).

        `file` is the background's. Raises PhotoRefused and OSError.
        """
        composer = self._composer()
        if background is None or file is None:
            return composer.compose(photo, None, screen)
        from kiosk_appliance.imaging.composition import Backdrop  # noqa: PLC0415

        backdrop = Backdrop(background.id, background.version, background.mode, file.read_bytes)
        return composer.compose(photo, backdrop, screen)

    def inspect(self, picture: bytes) -> "BackgroundFacts":
        """Check and measure a background's picture. Raises InvalidRequest."""
        from kiosk_appliance.imaging.backgrounds import inspect  # noqa: PLC0415

        return inspect(picture, _limits(self._settings().photo))

    def modes(self) -> Iterable[str]:
        """Return the names of the background modes."""
        from kiosk_appliance.imaging.modes import MODES  # noqa: PLC0415

        return MODES.keys()

    def mask(self, frame: bytes) -> bytes:
        """Return where people are on a preview's small frame: a grey PNG of 256 x 256.

        Raises PhotoRefused for the frame, NotFound where this kiosk has no network for it.
        """
        from kiosk_appliance.imaging.models import ModelUnusable  # noqa: PLC0415
        from kiosk_appliance.imaging.preview import mask_of  # noqa: PLC0415

        try:
            return mask_of(frame)
        except ModelUnusable as unusable:
            raise NotFound(f"This kiosk can't tell people from what is behind: {unusable}") from (
                unusable
            )

    @property
    def is_spoilt(self) -> bool:
        """Say whether no picture can be made until the process is started anew."""
        return _spoilt.is_set()

    @property
    def complaint(self) -> str | None:
        """Return what keeps people from being cut out, as far as has been looked."""
        return self._complaint

    def drop_idle(self) -> None:
        """Give memory back where nobody has had a picture for a while.

        Each time: what is done in the background (uploads, backups) leaves some, too.
        """
        if self._made is None:
            return
        from kiosk_appliance.imaging.networks import SHARED  # noqa: PLC0415

        SHARED.drop_idle()
        # While somebody is looked at live, her background stays ready for her photo.
        if not SHARED.is_loaded and self._made[1].rest():
            heap.return_memory()

    def draw_qr(self, url: str, size: int, *, svg: bool) -> bytes:
        """Return the QR code of a link, `size` pixels a side (64 to 2048)."""
        from kiosk_appliance.imaging.qr import render  # noqa: PLC0415

        return render(url, size, svg=svg)

    def warm_up(self) -> None:
        """Load the libraries, so that the first guest does not wait for them."""
        self._composer()
        from kiosk_appliance.imaging.networks import SHARED  # noqa: PLC0415

        self._complaint = SHARED.complaint()
        if self._complaint is not None:
            log.error("nobody_is_cut_out", reason=self._complaint)

    def close(self) -> None:
        """Finish what is in the pool, then end its threads."""
        self.pool.shutdown()

    def _composer(self) -> "Composer":
        _load()
        from kiosk_appliance.imaging.composition import Composer  # noqa: PLC0415

        photo, made = self._settings().photo, self._made
        if made is None or made[0] != photo:
            composer = Composer(_limits(photo), photo.long_side, photo.quality, self._monotonic)
            made = photo, composer
            self._made = made
        return made[1]


def _limits(photo: Photo) -> "PhotoLimits":
    from kiosk_appliance.imaging.photo import PhotoLimits  # noqa: PLC0415

    return PhotoLimits(photo.max_pixels, frozenset(photo.formats))
