"""What a background mode is: the one protocol that each file in `modes/` fulfils.

A mode turns the background's picture into a stage once; the stage then takes in photo after
photo, from several threads at a time.
"""

from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol, runtime_checkable

from kiosk_appliance.imaging.pixels import Frame, Plane, Size

# How people came onto a background: cut out, or their whole photo as a print laid on it, since
# the cut would have been ugly.
CutOut = Literal["clean", "framed"]


class Zone(NamedTuple):
    """Where on a background people look well, as shares of its width and height."""

    left: float = 0.0
    top: float = 0.06
    right: float = 1.0
    bottom: float = 1.0


EVERYWHERE = Zone()


def zone_of(hundredths: tuple[int, int, int, int]) -> Zone:
    """Return a zone given in hundredths; one that leaves no room is none."""
    left, top, right, bottom = (min(value, 100) / 100 for value in hundredths)
    return Zone(left, top, right, bottom) if left < right and top < bottom else EVERYWHERE


class Layer(NamedTuple):
    """What stands in front of the guests: straight colours and opacity, the background's size."""

    pixels: Frame
    alpha: Plane


@dataclass(frozen=True, slots=True)
class Artwork:
    """A background's picture in memory: straight (not premultiplied) colours, and its opacity.

    `canvas` is the size of the pictures to be made; the pixels may be larger.
    """

    pixels: Frame
    alpha: Plane | None
    canvas: Size
    front: Layer | None = None
    zone: Zone = EVERYWHERE


@runtime_checkable
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


@runtime_checkable
class CuttingStage(Stage, Protocol):
    """One that is better given the whole photo, and finds a place for who is on it."""

    def join(self, photo: Frame) -> tuple[Frame, CutOut]:
        """Return the composed picture, and how it came about."""
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
