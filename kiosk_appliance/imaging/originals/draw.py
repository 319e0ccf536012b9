"""Draw the originals again: `python -m kiosk_appliance.imaging.originals.draw`.

Writes the files beside this module; they are kept in the repository, and a kiosk never draws.
"""

from pathlib import Path

from PIL import Image

from kiosk_appliance.imaging.originals import confettis, guirlande


def main() -> None:
    """Write both pictures."""
    here = Path(__file__).parent
    for drawing in (confettis, guirlande):
        target = here / f"{drawing.__name__.rpartition('.')[2]}.webp"
        image = Image.fromarray(drawing.draw().pixels(), "RGBA")
        # The opacity lossless, the colours nearly: they end in a JPEG anyway, at half the size.
        image.save(target, "WEBP", quality=92, alpha_quality=100, method=6)


if __name__ == "__main__":
    main()
