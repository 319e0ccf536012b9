"""From whatever colours a file has to blue-green-red sRGB.

Profiles go through Little CMS, the rest is arithmetic. A profile that can't be understood is
ignored, as browsers do: the picture is whole all the same.
"""

import io
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from PIL import Image, ImageCms

from kiosk_appliance.imaging.pixels import Frame, Plane, flatten_on_white

Space = Literal["gray", "bgr", "cmyk"]

MOST_PROFILE_BYTES = 4_000_000
# ICC.1:2022, 7.2.6: the data colour space stands at byte 16 of the profile's header.
_SIGNATURES: dict[Space, bytes] = {"gray": b"GRAY", "bgr": b"RGB ", "cmyk": b"CMYK"}
_MODES: dict[Space, str] = {"gray": "L", "bgr": "RGB", "cmyk": "CMYK"}
# Profiles that call themselves sRGB differ by a step or two in their rounding.
_SAME = 3


@dataclass(frozen=True, slots=True)
class Raster:
    """Decoded samples before colour conversion; `cmyk` is inverted, as Adobe stores it in JPEG."""

    samples: Plane
    space: Space
    alpha: Plane | None = None


def to_frame(raster: Raster, profile: bytes) -> Frame:
    """Return the raster as an sRGB frame on white; it may be overwritten."""
    transform = _transform(profile, raster.space) if profile else None
    if transform is not None:
        frame = _converted(raster, transform)
    elif raster.space == "gray":
        frame = np.asarray(cv2.cvtColor(raster.samples, cv2.COLOR_GRAY2BGR), np.uint8)
    elif raster.space == "cmyk":
        frame = _from_inks(raster.samples)
    else:
        frame = raster.samples
    if raster.alpha is not None:
        flatten_on_white(frame, raster.alpha)
    return frame


def _from_inks(inverted: Plane) -> Frame:
    """Mix inks without a profile: what paper reflects of one ink, times that of black."""
    cyan, magenta, yellow, black = cv2.split(inverted)
    reflected = cv2.merge((yellow, magenta, cyan))
    cv2.multiply(reflected, cv2.cvtColor(black, cv2.COLOR_GRAY2BGR), dst=reflected, scale=1 / 255)
    return np.asarray(reflected, np.uint8)


def _converted(raster: Raster, transform: ImageCms.ImageCmsTransform) -> Frame:
    samples = raster.samples
    if raster.space == "bgr":
        samples = np.asarray(cv2.cvtColor(samples, cv2.COLOR_BGR2RGB), np.uint8)
    elif raster.space == "cmyk":
        samples = np.asarray(cv2.bitwise_not(samples), np.uint8)
    height, width = samples.shape[:2]
    image = Image.frombuffer(_MODES[raster.space], (width, height), np.ascontiguousarray(samples))
    managed = ImageCms.applyTransform(image, transform)
    if managed is None:  # only with inPlace, which isn't asked for
        raise TypeError
    return np.asarray(cv2.cvtColor(np.asarray(managed), cv2.COLOR_RGB2BGR), np.uint8)


@lru_cache(maxsize=8)
def _transform(profile: bytes, space: Space) -> ImageCms.ImageCmsTransform | None:
    """Return the way from a profile to sRGB; None when there is nothing to do or it is broken."""
    if len(profile) > MOST_PROFILE_BYTES or profile[16:20] != _SIGNATURES[space]:
        return None
    try:
        transform = ImageCms.buildTransform(
            ImageCms.ImageCmsProfile(io.BytesIO(profile)),
            ImageCms.createProfile("sRGB"),
            _MODES[space],
            "RGB",
            renderingIntent=ImageCms.Intent.PERCEPTUAL,
        )
        return None if space == "bgr" and _changes_nothing(transform) else transform
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None


def _changes_nothing(transform: ImageCms.ImageCmsTransform) -> bool:
    """Try a lattice of colours: most photos bear some sRGB profile, and needn't be converted."""
    steps = np.linspace(0, 255, 9).astype(np.uint8)
    lattice = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(27, 27, 3)
    after = ImageCms.applyTransform(Image.fromarray(lattice), transform)
    return int(np.abs(np.asarray(after).astype(np.int16) - lattice).max()) <= _SAME
