"""The backgrounds that come with the appliance: our own, made by `draw`."""

from importlib import resources
from typing import NamedTuple


class Original(NamedTuple):
    """A background of ours: its name for guests, its mode, its file beside this module."""

    name: str
    mode: str
    filename: str


ORIGINALS: tuple[Original, ...] = (
    Original("Plage au crépuscule", "person", "plage.webp"),
    Original("Montagnes", "person", "montagnes.webp"),
    Original("Ville la nuit", "person", "ville.webp"),
    Original("Étoiles", "person", "etoiles.webp"),
    Original("Soir de fête", "person", "pluie.webp"),
    Original("Studio", "person", "studio.webp"),
    Original("Confettis", "frame", "confettis.webp"),
    Original("Guirlande", "frame", "guirlande.webp"),
)


def read(original: Original) -> bytes:
    """Return the bytes of its picture."""
    return resources.files(__name__).joinpath(original.filename).read_bytes()
