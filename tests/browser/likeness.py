"""What a photo must look like, drawn by Pillow from the camera's picture and the backdrop's file.

None of the appliance's own code: two ways to the same pixels.
"""

from io import BytesIO
from typing import Final

import cv2
import numpy as np
from PIL import Image, ImageOps

from tests.browser.chromium import Picture

#: Of 255, in the worst square: what the camera's I420 and two JPEG encodings leave.
SAME: Final = 12
#: Side of the squares that are compared by their mean: JPEG and the camera's halved chroma blur
#: what is smaller.
_SQUARE: Final = 8


def opened(data: bytes) -> Picture:
    """Return a picture file as (height, width, 3), RGB."""
    return np.asarray(Image.open(BytesIO(data)).convert("RGB"))


def framed(scene: Picture, frame: bytes) -> Picture:
    """Return the camera's picture, upright and not mirrored, filling a frame that lies over it."""
    over = Image.open(BytesIO(frame)).convert("RGBA")
    photo = ImageOps.fit(Image.fromarray(scene), over.size, Image.Resampling.BICUBIC)
    return np.asarray(Image.alpha_composite(photo.convert("RGBA"), over).convert("RGB"))


def before(scenery: bytes) -> Picture:
    """Return a backdrop of one or two layers with nobody between them."""
    layers = Image.open(BytesIO(scenery))
    back = layers.convert("RGBA")
    if getattr(layers, "n_frames", 1) > 1:
        layers.seek(1)
        back = Image.alpha_composite(back, layers.convert("RGBA"))
    return np.asarray(back.convert("RGB"))


def differences(one: Picture, other: Picture) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """Return how far squares of 8 pixels differ, each by its worst channel, from 0 to 255."""
    assert one.shape == other.shape, (one.shape, other.shape)
    height, width = one.shape[0] // _SQUARE, one.shape[1] // _SQUARE
    small = [
        cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA).astype(np.int64)
        for picture in (one, other)
    ]
    return np.asarray(np.abs(small[0] - small[1]).max(axis=2))
