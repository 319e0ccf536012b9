"""A photo and perhaps a background in, the final JPEG and its thumbnail out.

Owns shapes, encoding, and a small memory of backgrounds made ready. Same bytes in, same bytes
out. Knows no file: a background's bytes are asked for only when they are needed.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import simplejpeg

from kiosk_appliance import heap
from kiosk_appliance.imaging.backgrounds import open_artwork
from kiosk_appliance.imaging.mode import CutOut, CuttingStage, Stage
from kiosk_appliance.imaging.modes import MODES
from kiosk_appliance.imaging.networks import IDLE_S
from kiosk_appliance.imaging.photo import PhotoLimits, open_photo, pixels_of
from kiosk_appliance.imaging.pixels import (
    Frame,
    Size,
    filling,
    needed_to_fill,
    resized,
    size_of,
    turned,
)
from kiosk_appliance.imaging.source import Source

THUMBNAIL_LONG_SIDE = 480
_THUMBNAIL_QUALITY = 82
_ENOUGH_TO_FILL = 0.9
_MOST_STAGES = 8
_MOST_STAGE_BYTES = 20_000_000


class Picture:
    """The final JPEG, its size in pixels, and its thumbnail (also JPEG), made when asked for.

    `cut_out` says how people came onto their background, None where nobody is cut out.
    """

    def __init__(self, composite: Frame, quality: int, cut_out: CutOut | None = None) -> None:
        """Encode a composed picture at a JPEG quality of 1 to 100."""
        self.cut_out = cut_out
        size = size_of(composite)
        self.width, self.height = size.width, size.height
        self.jpeg = encoded(composite, quality)
        self._composite = composite

    @cached_property
    def thumbnail(self) -> bytes:
        """Return the small picture: the caller may have the large one on its way to disk."""
        self.forget_pixels()
        return encoded(self._composite, _THUMBNAIL_QUALITY)

    def forget_pixels(self) -> None:
        """Hold no more of the composite than the thumbnail needs."""
        size = size_of(self._composite).within(THUMBNAIL_LONG_SIDE)
        self._composite = resized(self._composite, size)


@dataclass(frozen=True, slots=True)
class Backdrop:
    """A background to compose with.

    `version` changes whenever the file or the mode does; `data` reads the file, and is called
    only when this version is not remembered. What `data` raises goes through to the caller.
    """

    id: str
    version: str
    mode: str
    data: Callable[[], bytes]


class Composer:
    """Makes final pictures. Threads may share one."""

    def __init__(
        self,
        limits: PhotoLimits,
        long_side: int,
        quality: int,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._monotonic = monotonic
        self._used = monotonic()
        self._limits = limits
        self._long_side = long_side
        self._quality = quality
        self._stages: OrderedDict[tuple[str, str], Stage] = OrderedDict()
        self._lock = threading.Lock()
        # Held for what needs much memory beside the networks: a cut, a background's layers.
        self._large = threading.Lock()

    def compose(
        self, data: bytes, backdrop: Backdrop | None, screen: tuple[int, int] | None = None
    ) -> Picture:
        """Return the final picture of a photo, or that very picture as it fits on a screen.

        A screen is its width and height in pixels.
        Without a backdrop it has the photo's shape, else the backdrop's; its long side is at
        most `long_side`, and a photo alone is never enlarged. Raises PhotoRefused for the
        photo, InvalidRequest for a backdrop that is no usable picture.
        """
        self._used = self._monotonic()
        photo = open_photo(data, self._limits)
        stage = None if backdrop is None else self._remembered(backdrop)
        if backdrop is not None and (stage is None or isinstance(stage, CuttingStage)):
            # Whoever waits for her turn holds no stage meanwhile: each has ten megabytes.
            del stage
            with self._large:
                stage = self._stage(backdrop)
                if isinstance(stage, CuttingStage):
                    return self._cut(photo, stage, screen)
        return self._filled(photo, stage, screen)

    def _filled(
        self, photo: Source, stage: Stage | None, screen: tuple[int, int] | None
    ) -> Picture:
        """Return a photo that fills the picture, with the stage over it."""
        canvas = photo.size.within(self._long_side) if stage is None else stage.canvas
        lying = canvas.transposed() if photo.lies_on_its_side else canvas
        pixels = pixels_of(photo, want=needed_to_fill(photo.stored, lying))
        upright = turned(filling(pixels, lying), photo.orientation)
        composite = upright if stage is None else stage.take_in(upright)
        return Picture(_fitting(composite, screen), self._quality)

    def _cut(self, photo: Source, stage: CuttingStage, screen: tuple[int, int] | None) -> Picture:
        """Return whoever is on a photo, on the stage; what that left in memory is given back."""
        canvas = stage.canvas
        lying = canvas.transposed() if photo.lies_on_its_side else canvas
        composite, cut_out = stage.join(_whole(photo, lying))
        picture = Picture(_fitting(composite, screen), self._quality, cut_out)
        del composite
        picture.forget_pixels()
        heap.return_rest()
        return picture

    def forget(self, background_id: str) -> None:
        """Drop whatever is remembered of a background that has changed or gone."""
        with self._lock:
            for key in [key for key in self._stages if key[0] == background_id]:
                del self._stages[key]

    def rest(self) -> bool:
        """Forget every background when nobody came for a minute; say whether anything is idle."""
        with self._lock:
            if self._monotonic() - self._used < IDLE_S:
                return False
            self._stages.clear()
            return True

    def _stage(self, backdrop: Backdrop) -> Stage:
        known = self._remembered(backdrop)
        if known is not None:
            return known
        stage = self._prepared(backdrop)
        heap.return_rest()
        with self._lock:
            self._stages[backdrop.id, backdrop.version] = stage
            self._shrink()
        return stage

    def _remembered(self, backdrop: Backdrop) -> Stage | None:
        key = (backdrop.id, backdrop.version)
        with self._lock:
            known = self._stages.get(key)
            if known is not None:
                self._stages.move_to_end(key)
            return known

    def _prepared(self, backdrop: Backdrop) -> Stage:
        artwork = open_artwork(backdrop.data(), self._limits.max_pixels, self._long_side)
        return MODES[backdrop.mode].prepare(artwork)

    def _shrink(self) -> None:
        held = sum(stage.nbytes for stage in self._stages.values())
        while len(self._stages) > 1 and (
            len(self._stages) > _MOST_STAGES or held > _MOST_STAGE_BYTES
        ):
            held -= self._stages.popitem(last=False)[1].nbytes


def _whole(photo: Source, canvas: Size) -> Frame:
    """Return a photo upright and uncropped, no larger than it takes to fill the canvas."""
    want = needed_to_fill(photo.stored, canvas)
    # A little less will do, where a decoder's next scale takes four times the memory.
    pixels = pixels_of(photo, want=want.within(round(_ENOUGH_TO_FILL * want.long_side)))
    return turned(resized(pixels, want.within(size_of(pixels).long_side)), photo.orientation)


def _fitting(composite: Frame, screen: tuple[int, int] | None) -> Frame:
    return composite if screen is None else resized(composite, size_of(composite).inside(screen))


def encoded(pixels: Frame, quality: int) -> bytes:
    """Return a baseline 4:2:0 JPEG with nothing in it but the picture."""
    data: bytes = simplejpeg.encode_jpeg(
        pixels, quality=quality, colorspace="BGR", colorsubsampling="420", fastdct=False
    )
    return data
