"""Draw the originals again: `python -m kiosk_appliance.imaging.originals.draw [NAME...]`.

Writes the files beside this module; they are kept in the repository, and a kiosk never draws.
"""

import sys
from pathlib import Path
from types import ModuleType

from PIL import Image

from kiosk_appliance.imaging.layers import layered
from kiosk_appliance.imaging.originals import (
    confettis,
    etoiles,
    guirlande,
    montagnes,
    plage,
    pluie,
    studio,
    ville,
)

_FRAMES = (confettis, guirlande)
_SCENES = (plage, montagnes, ville, etoiles, pluie, studio)
_QUALITY = 88


def main(wanted: list[str]) -> None:
    """Write the pictures of these names, or all."""
    here = Path(__file__).parent
    for drawing in (*_FRAMES, *_SCENES):
        name = drawing.__name__.rpartition(".")[2]
        if wanted and name not in wanted:
            continue
        target = here / f"{name}.webp"
        if drawing in _SCENES:
            target.write_bytes(_scene(drawing))
            continue
        image = Image.fromarray(drawing.draw().pixels(), "RGBA")
        # The opacity lossless, the colours nearly: they end in a JPEG anyway, at half the size.
        image.save(target, "WEBP", quality=92, alpha_quality=100, method=6)


def _scene(drawing: ModuleType) -> bytes:
    front = drawing.front().pixels() if hasattr(drawing, "front") else None
    return layered(drawing.back(), front, drawing.ZONE, _QUALITY)


if __name__ == "__main__":
    main(sys.argv[1:])
