"""The neural networks' files beside this module: put here by the build, and trusted by digest only.

Knows what a whole file is, not what it is good for.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent


class ModelUnusable(Exception):
    """A network's file is missing, cut short, or another than it should be."""


@dataclass(frozen=True, slots=True)
class Model:
    """A network's file, and its SHA-256 (hexadecimal)."""

    filename: str
    sha256: str


FINDER = Model(
    "selfie_segmentation.tflite",
    "8d13b7fae74af625c641226813616a2117bd6bca19eb3b75574621fc08557f27",
)
MATTER = Model(
    "modnet.onnx",
    "07c308cf0fc7e6e8b2065a12ed7fc07e1de8febb7dc7839d7b7f15dd66584df9",
)
EVERY = (FINDER, MATTER)


def read(model: Model, folder: Path = FOLDER) -> bytes:
    """Return the bytes of a network. Raises ModelUnusable with a sentence for the operator."""
    try:
        data = (folder / model.filename).read_bytes()
    except OSError as error:
        raise ModelUnusable(f"{model.filename} can't be read ({error.strerror}).") from error
    if hashlib.sha256(data).hexdigest() != model.sha256:
        raise ModelUnusable(f"{model.filename} is damaged: it is not the file it should be.")
    return data


def complaint(folder: Path = FOLDER) -> str | None:
    """Say what is wrong with the files, None where all are whole; none is held in memory."""
    for model in EVERY:
        try:
            with (folder / model.filename).open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            return f"{model.filename} can't be read ({error.strerror})."
        if digest != model.sha256:
            return f"{model.filename} is damaged: it is not the file it should be."
    return None
