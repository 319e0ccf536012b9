"""The photos and frames of the benchmark, drawn by code: rich in noise, a hard case for codecs."""

import cv2
import numpy as np
from numpy.typing import NDArray

# Width, height, and at most this many bytes: what a webcam and a good phone hand in.
SIZES = {"2 MP": (1920, 1080, 1_400_000), "12 MP": (4000, 3000, 8_300_000)}
_BAND = 860 / 1080


def photo(size: str) -> bytes:
    """Return the JPEG of that size: soft shapes under a sensor's noise, as good as fits."""
    width, height, most = SIZES[size]
    chance = np.random.default_rng(1)
    soft = chance.integers(0, 256, (12, 16, 3), dtype=np.uint8)
    shapes = cv2.resize(soft, (width, height), interpolation=cv2.INTER_CUBIC).astype(np.int16)
    noise = np.round(chance.normal(np.zeros(shapes.shape), 5)).astype(np.int16)
    pixels = np.clip(shapes + noise, 0, 255).astype(np.uint8)
    low, high = 50, 99
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if len(_jpeg(pixels, middle)) <= most else (low, middle - 1)
    return _jpeg(pixels, low)


def frame(width: int, height: int) -> bytes:
    """Return a PNG over the whole photo: a half-clear band with words, clear above it."""
    pixels = np.zeros((height, width, 4), np.uint8)
    band = round(height * _BAND)
    pixels[band:] = (80, 30, 200, 180)
    at = (60, band + (height - band) * 2 // 3)
    cv2.putText(pixels, "Bienvenue", at, cv2.FONT_HERSHEY_SIMPLEX, 4, (255,) * 4, 12, cv2.LINE_AA)
    return cv2.imencode(".png", pixels)[1].tobytes()


def _jpeg(pixels: NDArray[np.uint8], quality: int) -> bytes:
    return cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, quality])[1].tobytes()
