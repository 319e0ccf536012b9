"""What a background mode is: the one protocol that each file in `modes/` fulfils.

A mode turns the background's picture into a `Stage` once; the stage then takes in photo after
photo, from several threads at a time. A later mode that cuts people out keeps its layers in
its own stage.
"""

from dataclasses import dataclass
from typing import Protocol

from kiosk_appliance.imaging.pixels import Frame, Plane, Size


@dataclass(frozen=True, slots=True)
class Artwork:
    """A background's picture in memory: straight (not premultiplied) colours, and its opacity.

    `canvas` is the size of the pictures to be made; the pixels may be larger.
    """

    pixels: Frame
    alpha: Plane | None
    canvas: Size


class Stage(Protocol):
    """A background made ready. Immutable, so that threads can share it."""

    @property
    def canvas(self) -> Size:
        """The size of every picture made with it."""
        ...

    @property
    def nbytes(self) -> int:
        """The memory that it holds."""
        ...

    def take_in(self, photo: Frame) -> Frame:
        """Return the composed picture; `photo` has the canvas's size and may be overwritten."""
        ...


class Mode(Protocol):
    """One way of joining a photo and a background."""

    @property
    def name(self) -> str:
        """The word for it in the API and the database."""
        ...

    def prepare(self, artwork: Artwork) -> Stage:
        """Do once whatever every photo would need again."""
        ...
