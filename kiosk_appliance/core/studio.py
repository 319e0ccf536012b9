"""Where photos become final pictures on disk, beside the event loop.

Owns admission: past the limit a guest is told to try again, and nothing is queued without bound.
"""

import asyncio
import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import structlog

from kiosk_appliance.core.crowd import Crowd
from kiosk_appliance.core.darkroom import Darkroom
from kiosk_appliance.domain.background import Background
from kiosk_appliance.errors import InvalidRequest, Unavailable
from kiosk_appliance.store.backgrounds import Backgrounds
from kiosk_appliance.store.disk import disk_fault, reason, too_many_open
from kiosk_appliance.store.photos import Photos
from kiosk_appliance.store.records import Record

if TYPE_CHECKING:
    from kiosk_appliance.imaging.composition import Picture

log = structlog.get_logger("studio")

# The contract asks for 8; each may hold a body of 13 MB until its turn in the pool comes.
MOST_AT_ONCE = 12
_GIVE_WAY_S = 0.5


class Shown(NamedTuple):
    """A picture that nobody keeps (JPEG), and how people came onto its background, or None."""

    jpeg: bytes
    cut_out: str | None


@dataclass(frozen=True, slots=True)
class StoredPicture:
    """What lies on disk, durably: pixels, bytes, SHA-256 (hexadecimal); how people were cut out."""

    width: int
    height: int
    file_size: int
    sha256: str
    cut_out: str | None = None


class Studio:
    """Makes final pictures and keeps them."""

    def __init__(self, *, darkroom: Darkroom, photos: Photos, backgrounds: Backgrounds) -> None:
        self._darkroom = darkroom
        self._photos = photos
        self._backgrounds = backgrounds
        self._captures = Crowd()
        self._waiting = Crowd()

    @contextmanager
    def place(self) -> Iterator[None]:
        """Hold one of the places for captures in progress; raises Unavailable `overloaded`."""
        if self._captures.size >= MOST_AT_ONCE:
            raise Unavailable("Too many photos at once; try again in a moment.", retry_after_s=2)
        with self._captures.joined(), self._waiting.joined():
            yield

    async def quiet(self) -> None:
        """Return once nobody waits for a picture, or after half a second in which somebody did.

        What goes on behind the guests asks for it, so that it takes no processor from them.
        """
        await self._waiting.gone(_GIVE_WAY_S)

    async def give_way(self) -> None:
        """Return once no photo is being taken; raises Unavailable after half a second of waiting.

        What is merely shown asks for it. Between two photos of a batch there is such a moment.
        """
        if not await self._captures.gone(_GIVE_WAY_S):
            raise Unavailable("Photos are being taken; ask again in a moment.", retry_after_s=1)

    async def make(
        self,
        capture_id: str,
        photo: bytes,
        background_id: str | None,
        record: Callable[[StoredPicture], Record],
    ) -> Record:
        """Compose, write and fsync; when this returns picture and record survive a power cut.

        `record` is called once the picture is known, in a thread of the pool. Raises
        PhotoRefused, InvalidRequest `background-unknown`, Unavailable for the disk.
        """
        background = await self._chosen(background_id) if background_id is not None else None
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(
            self._darkroom.pool, self._make, capture_id, photo, background, record
        )

    async def show(self, photo: bytes, background_id: str, screen: tuple[int, int] | None) -> Shown:
        """Return the picture that `make` would keep, as it fits on a screen, and keep nothing.

        Without a screen (width and height in pixels) it is that very file. Raises as `make` does.
        """
        background = await self._chosen(background_id)
        loop = asyncio.get_running_loop()
        with self._waiting.joined():
            picture = await loop.run_in_executor(
                self._darkroom.pool, self._composed, photo, background, screen
            )
        return Shown(picture.jpeg, picture.cut_out)

    def discard(self, capture_id: str) -> None:
        """Drop a picture whose capture could not be recorded, and its record."""
        self._photos.abandon(capture_id)

    def disown(self, capture_id: str) -> None:
        """Drop the record alone: whether its capture has its row, nobody knows."""
        self._photos.disown(capture_id)

    def _make(
        self,
        capture_id: str,
        photo: bytes,
        background: Background | None,
        record: Callable[[StoredPicture], Record],
    ) -> Record:
        picture = self._composed(photo, background)
        made = record(
            StoredPicture(
                width=picture.width,
                height=picture.height,
                file_size=len(picture.jpeg),
                sha256=hashlib.sha256(picture.jpeg).hexdigest(),
                cut_out=picture.cut_out,
            )
        )
        self._photos.keep(capture_id, picture.jpeg, lambda: picture.thumbnail, made.encoded())
        return made

    def _composed(
        self,
        photo: bytes,
        background: Background | None,
        screen: tuple[int, int] | None = None,
    ) -> "Picture":
        file = None if background is None else self._backgrounds.picture(background)
        try:
            return self._darkroom.compose(photo, background, file, screen)
        except OSError as error:
            # The picture libraries are files, too, where a first photo comes very early.
            if background is None or too_many_open(error):
                raise disk_fault(error) from error
            log.error("background_unreadable", background=background.name, errno=reason(error))  # noqa: TRY400 - no bug
            raise _unknown() from error
        except InvalidRequest as error:
            if background is None:
                raise
            # It was a good picture when it was added: its file has changed on disk since.
            log.error("background_damaged", background=background.name, reason=error.detail)  # noqa: TRY400 - no bug
            raise _unknown() from error

    async def _chosen(self, background_id: str) -> Background:
        background = await self._backgrounds.get(background_id)
        if background is None or not background.is_active:
            raise _unknown()
        return background


def _unknown() -> InvalidRequest:
    return InvalidRequest.field(
        "background_id",
        "There is no such background; choose one of GET /api/backgrounds.",
        code="background-unknown",
        title="Background unknown",
    )
